"""Rooms, sessions and what hangs on them."""

from .row import EVERYBODY, SIGNED_IN, Ref, Row, form, may

PLANS = "publisher staff"
ADMINISTERS = "org_admin staff"
MARKS = {"marks": [{"enrollment": Ref("enrollment"), "minutes": 30}]}
PROVIDES = "teacher publisher staff"
MEMBERS = "teacher publisher reviewer coordinator org_admin staff"
RUN_CODE = {"code": Ref("offering", "code")}
SCHOOL = {"slug": Ref("provider", "slug")}
PARTAKES = "worker teacher publisher staff"
PARTAKES = "worker teacher publisher staff"
ROOM = {"pk": Ref("room")}
SESSION = {"pk": Ref("session")}
RUN = {"pk": Ref("offering")}
NEW_ROOM = {"location": Ref("location"), "name": "Lokaal 7", "capacity": 12}
NEW_SESSION = {
    "offering": Ref("offering", "code", shared=True),
    "starts_at": "2099-03-02T09:00",
    "ends_at": "2099-03-02T12:00",
}
NEW_SERIES = {
    "offering": Ref("offering", "code", shared=True),
    "first": "2099-03-02",
    "begins": "13:00",
    "ends": "15:00",
    "times": 2,
}

SESSIONS: dict[str, Row] = {
    "room-list GET": may(SIGNED_IN),
    "room-list POST": may(ADMINISTERS, body=NEW_ROOM),
    "room-detail GET": may(SIGNED_IN, **ROOM, public=True),
    "room-detail PATCH": may(ADMINISTERS, **ROOM, body={"capacity": 9}, visible=True),
    "room-detail DELETE": may(ADMINISTERS, **ROOM, visible=True),
    "session-list GET": may(EVERYBODY),
    "session-list POST": may(PLANS, body=NEW_SESSION | {"teacher": Ref("teacher", "email", shared=True)}),
    "session-series POST": may(PLANS, body=NEW_SERIES),
    "session-detail GET": may("worker hr teacher publisher staff", pk=Ref("reserved_session")),
    "session-detail PATCH": may(PLANS, **SESSION, body={"title": {"nl": "Anders"}}, visible=True),
    "session-cancel POST": may(PLANS, **SESSION, visible=True),
    "enrollment-session-list GET": may("worker teacher publisher staff", enrollment=Ref("enrollment")),
    "attendance-list GET": may(PROVIDES, session=Ref("running_session")),
    "attendance-list POST": may(PROVIDES, session=Ref("running_session"), body=MARKS),
    "enrollments:attendance GET": may(PROVIDES, pk=Ref("running_session")),
    "enrollments:attendance POST": form(PROVIDES, pk=Ref("running_session")),
    "enrollments:my_agenda GET": may(SIGNED_IN),
    "enrollments:my_agenda POST": form(SIGNED_IN),
    "enrollments:end_feed POST": form(SIGNED_IN),
    "enrollments:session GET": may(PARTAKES, pk=Ref("running_session")),
    "enrollments:session_file GET": may(PARTAKES, pk=Ref("session")),
    "enrollments:offering_file GET": may(PARTAKES, code=Ref("offering", "code"), visible=True),
    "enrollments:feed GET": may(EVERYBODY, secret=Ref("feed"), public=True),
    "courses:agenda GET": may(PROVIDES),
    "courses:offerings GET": may("teacher publisher reviewer staff"),
    "courses:archive_offering GET": may(PLANS, **RUN_CODE, visible=True),
    "courses:archive_offering POST": form(PLANS, **RUN_CODE, visible=True),
    "courses:sessions GET": may(PROVIDES, **RUN_CODE, visible=True),
    "courses:new_session GET": may(PLANS, **RUN_CODE, visible=True),
    "courses:new_session POST": form(PLANS, **RUN_CODE, visible=True),
    "courses:new_series GET": may(PLANS, **RUN_CODE, visible=True),
    "courses:new_series POST": form(PLANS, **RUN_CODE, visible=True),
    "courses:move_session GET": may(PLANS, **SESSION, visible=True),
    "courses:move_session POST": form(PLANS, **SESSION, visible=True),
    "courses:cancel_session GET": may(PLANS, **SESSION, visible=True),
    "courses:cancel_session POST": form(PLANS, **SESSION, visible=True),
    "organizations:places GET": may(MEMBERS, **SCHOOL),
    "organizations:new_location GET": may(ADMINISTERS, **SCHOOL),
    "organizations:new_location POST": form(ADMINISTERS, **SCHOOL),
    "organizations:location GET": may(ADMINISTERS, **SCHOOL, pk=Ref("location")),
    "organizations:location POST": form(ADMINISTERS, **SCHOOL, pk=Ref("location")),
    "organizations:new_room GET": may(ADMINISTERS, **SCHOOL, pk=Ref("location")),
    "organizations:new_room POST": form(ADMINISTERS, **SCHOOL, pk=Ref("location")),
    "organizations:room GET": may(ADMINISTERS, **SCHOOL, pk=Ref("room")),
    "organizations:room POST": form(ADMINISTERS, **SCHOOL, pk=Ref("room")),
    "organizations:delete_room POST": form(ADMINISTERS, **SCHOOL, pk=Ref("room")),
    "offering-archive POST": may(PLANS, **RUN, visible=True),
}

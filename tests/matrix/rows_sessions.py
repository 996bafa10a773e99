"""Rooms, sessions and what hangs on them."""

from .row import EVERYBODY, SIGNED_IN, Ref, Row, form, may

PLANS = "publisher staff"
ADMINISTERS = "org_admin staff"
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
    "enrollments:my_agenda GET": may(SIGNED_IN),
    "enrollments:my_agenda POST": form(SIGNED_IN),
    "enrollments:end_feed POST": form(SIGNED_IN),
    "enrollments:session GET": may(PARTAKES, pk=Ref("running_session")),
    "enrollments:session_file GET": may(PARTAKES, pk=Ref("session")),
    "enrollments:offering_file GET": may(PARTAKES, code=Ref("offering", "code"), visible=True),
    "enrollments:feed GET": may(EVERYBODY, secret=Ref("feed"), public=True),
    "offering-archive POST": may(PLANS, **RUN, visible=True),
}

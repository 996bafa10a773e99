"""Doors of programmes. A published one is for everybody, so these name a draft."""

from .row import EVERYBODY, Ref, Row, form, may

AUTHORS, PUBLISHES = "teacher publisher staff", "publisher staff"
SEES = "teacher publisher reviewer staff"
DRAFT = {"pk": Ref("draft_programme")}
TITLE = {"nl": "Titel"}
PROGRAMMES: dict[str, Row] = {
    "courses:programmes GET": may(EVERYBODY),
    "courses:own_programmes GET": may(SEES),
    "courses:new_programme GET": may(AUTHORS),
    "courses:new_programme POST": form(AUTHORS),
    "courses:authored_programme GET": may(SEES, **DRAFT),
    "courses:authored_programme POST": form(AUTHORS, **DRAFT),
    "courses:arrange_programme POST": form(AUTHORS, **DRAFT, fields={"revision": 0}),
    "courses:publish_programme POST": form(PUBLISHES, **DRAFT),
    "courses:retire_programme POST": form(PUBLISHES, **DRAFT),
    "enrollments:programme GET": may(SEES, provider=Ref("provider", "slug"), code=Ref("draft_programme", "code")),
    "programme-list GET": may(EVERYBODY),
    "programme-list POST": may(AUTHORS, body={"provider": Ref("provider", "slug"), "code": "nieuw", "title": TITLE}),
    "programme-detail GET": may(SEES, **DRAFT),
    "programme-detail PATCH": may(AUTHORS, **DRAFT, body={"revision": 0, "title": TITLE}),
    "programme-arrange POST": may(AUTHORS, **DRAFT, body={"revision": 0, "modules": []}),
    "programme-publish-check GET": may(SEES, **DRAFT),
    "programme-publish POST": may(PUBLISHES, **DRAFT),
    "programme-retire POST": may(PUBLISHES, **DRAFT),
}

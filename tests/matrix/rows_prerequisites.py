"""Doors of what a module asks beforehand, and of letting people in without."""

from .row import EVERYBODY, SIGNED_IN, Ref, Row, form, may

PUBLISHES, AUTHORS = "publisher staff", "teacher publisher staff"
MODULE = {"pk": Ref("module"), "visible": True}
PREREQUISITES: dict[str, Row] = {
    "courses:prerequisites GET": may(PUBLISHES, **MODULE),
    "courses:prerequisites POST": form(PUBLISHES, **MODULE),
    "prerequisite-list GET": may(EVERYBODY),
    "prerequisite-list POST": may(PUBLISHES, body={"module": Ref("module"), "requires": []}),
    "enrollments:overrides GET": may(AUTHORS, **MODULE),
    "enrollments:overrides POST": form(AUTHORS, **MODULE),
    "prerequisite-override-list GET": may(SIGNED_IN),
    "prerequisite-override-list POST": may(
        "hr " + AUTHORS,
        body={
            "module": Ref("module", shared=True),  # HR lets its own staff in wherever they enroll
            "email": Ref("worker", "email", shared=True),
            "reason": "Intake",
        },
    ),
}

"""Doors of moving people to a newer version."""

from .row import Ref, Row, form, may

SEES_PEOPLE = "teacher publisher staff"
PLANS = "publisher staff"
DRAFT, VERSION = {"pk": Ref("draft")}, {"pk": Ref("version"), "visible": True}
MOVES: dict[str, Row] = {
    "enrollments:transition GET": may(SEES_PEOPLE, **DRAFT),
    "enrollments:transition POST": form(PLANS, **DRAFT),
    "enrollments:switch_offering POST": form(PLANS, **VERSION, code=Ref("offering", "code")),
    "version-move-effect GET": may(SEES_PEOPLE, **DRAFT),
    "version-move-halfway GET": may(SEES_PEOPLE, **DRAFT),
    "version-move-move POST": may(
        PLANS, **VERSION, body={"offerings": [Ref("offering", "code", shared=True)], "redo_changed": False}
    ),
    "offering-switch POST": may(PLANS, pk=Ref("offering"), visible=True, body={"version": Ref("version", shared=True)}),
}

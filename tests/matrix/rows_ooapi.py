"""Doors of the Open Education API."""

from .row import EVERYBODY, SIGNED_IN, Ref, Row, may

SEES = "worker hr teacher publisher staff"
WITHDRAWS = "worker hr staff"
ASSOCIATION = {"pk": Ref("enrollment")}
ORGANIZATION = {"organization": Ref("provider")}
COURSE = {"course": Ref("module")}
PROGRAMME = {"program": Ref("programme")}


def _both(name: str, **said: object) -> dict[str, Row]:
    """The same row for the spelling of version 5 and of version 6."""
    return {f"ooapi-v{version}-{name} GET": may(EVERYBODY, public=True, **said) for version in (5, 6)}


OOAPI: dict[str, Row] = {
    "courses:for_systems GET": may(EVERYBODY),
    "ooapi-service GET": may(EVERYBODY),
    "ooapi-courses GET": may(EVERYBODY),
    "ooapi-course GET": may(EVERYBODY, pk=Ref("module"), public=True),
    **_both("organizations"),
    **_both("organization", pk=Ref("provider")),
    **_both("organization-courses", **ORGANIZATION),
    **_both("organization-programs", **ORGANIZATION),
    **_both("organization-offerings", **ORGANIZATION),
    **_both("programs"),
    **_both("program", pk=Ref("programme")),
    **_both("program-courses", **PROGRAMME),
    **_both("program-offerings", **PROGRAMME),
    **_both("course-offerings", **COURSE),
    **_both("offering", pk=Ref("offering")),
    "ooapi-v5-components GET": may(EVERYBODY, **COURSE, public=True),
    "ooapi-v5-component GET": may(EVERYBODY, pk=Ref("text"), public=True),
    "ooapi-v6-learning-components GET": may(EVERYBODY, **COURSE, public=True),
    "ooapi-v6-test-components GET": may(EVERYBODY, **COURSE, public=True),
    "ooapi-v6-learning-component GET": may(EVERYBODY, pk=Ref("text"), public=True),
    "ooapi-v6-test-component GET": may(EVERYBODY, pk=Ref("quiz"), public=True),
    "ooapi-v6-outcomes GET": may(EVERYBODY),
    "ooapi-v6-outcome GET": may(EVERYBODY, pk=Ref("skill"), public=True),
    "ooapi-me GET": may(SIGNED_IN),
    "ooapi-person GET": may(SEES, pk=Ref("worker")),
    "ooapi-v5-person-associations GET": may(SEES, person=Ref("worker")),
    "ooapi-v6-person-associations GET": may(SEES, person=Ref("worker")),
    "ooapi-v5-offering-associations GET": may(SIGNED_IN, offering=Ref("offering"), public=True),
    "ooapi-v6-offering-associations GET": may(SIGNED_IN, offering=Ref("offering"), public=True),
    "ooapi-v5-association GET": may(SEES, **ASSOCIATION),
    "ooapi-v6-association GET": may(SEES, **ASSOCIATION),
    "ooapi-v5-association PATCH": may(WITHDRAWS, **ASSOCIATION, body={"remoteState": "canceled"}),
    "ooapi-v6-association PATCH": may(WITHDRAWS, **ASSOCIATION, body={"remoteState": "cancelled"}),
    "ooapi-unknown GET": may("", path="niets"),
}

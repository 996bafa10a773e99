"""What authors do to a draft beyond its facts and its tree."""

from .row import Ref, Row, form, may

AUTHORS = "teacher publisher staff"
DRAFT = {"pk": Ref("draft")}

AUTHORING: dict[str, Row] = {
    "courses:rule GET": may(AUTHORS, **DRAFT),
    "courses:rule POST": form(AUTHORS, **DRAFT),
    "courses:rule_sentence POST": form(AUTHORS, **DRAFT),
}

"""What authors do to a draft beyond its facts and its tree."""

from .row import SIGNED_IN, Ref, Row, form, may

AUTHORS = "teacher publisher staff"
DRAFT = {"pk": Ref("draft")}

MODULE = {"pk": Ref("draft_module")}
FILE = {"pk": Ref("file")}
SEES_DRAFTS = "teacher publisher reviewer staff"

AUTHORING: dict[str, Row] = {
    "courses:rule GET": may(AUTHORS, **DRAFT),
    "courses:rule POST": form(AUTHORS, **DRAFT),
    "courses:rule_sentence POST": form(AUTHORS, **DRAFT),
    "courses:preview_text POST": form(AUTHORS, pk=Ref("unit"), language="nl"),
    "courses:preview_learning GET": may(SEES_DRAFTS, **DRAFT),
    "courses:preview_unit POST": form(SEES_DRAFTS, pk=Ref("unit")),
    "courses:library GET": may(SEES_DRAFTS, **MODULE),
    "courses:file GET": may(SEES_DRAFTS, **FILE),
    "courses:delete_file POST": form(AUTHORS, **FILE),
    "courses:delete_image POST": form(AUTHORS, pk=Ref("image")),
    "file-list GET": may(SIGNED_IN),
    "file-list POST": form(AUTHORS, fields={"module": Ref("draft_module")}, incomplete=True),
    "file-detail GET": may(SEES_DRAFTS, **FILE),
    "file-detail DELETE": may(AUTHORS, **FILE),
    "image-detail DELETE": may(AUTHORS, pk=Ref("image")),
    "enrollments:file GET": may("worker", pk=Ref("taking"), file_pk=Ref("document")),
    "enrollment-unit-file GET": may("worker", enrollment=Ref("taking"), pk=Ref("document_unit"), file=Ref("document")),
}

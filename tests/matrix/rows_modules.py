"""A module as a whole: its named people, copies, retiring it, and what changed between its versions."""

from .row import SIGNED_IN, Ref, Row, form, may

AUTHORS = "teacher publisher staff"
PUBLISHES = "publisher staff"
SEES_DRAFTS = "teacher publisher reviewer staff"
MODULE = {"pk": Ref("draft_module")}
PUBLISHED = {"pk": Ref("module")}
MEMBER = {"pk": Ref("module_member")}
NAMED = {"email": Ref("worker", "email", shared=True), "role": "co_author"}
COPY = {"provider": Ref("provider", "slug"), "code": "kopie"}

MODULES: dict[str, Row] = {
    "module-member-list GET": may(SIGNED_IN),
    "module-member-list POST": may(AUTHORS, body={"module": Ref("draft_module"), **NAMED}),
    "module-member-detail GET": may(SEES_DRAFTS, **MEMBER),
    "module-member-detail DELETE": may(AUTHORS, **MEMBER),
    "module-copy POST": may(AUTHORS, **MODULE, body=COPY),
    "module-retire POST": may(PUBLISHES, **PUBLISHED, visible=True),
    "module-bring-back POST": may(PUBLISHES, **PUBLISHED, visible=True),
    "version-diff GET": may(SEES_DRAFTS, pk=Ref("second_draft")),
    "courses:members GET": may(SEES_DRAFTS, **MODULE),
    "courses:members POST": form(AUTHORS, **MODULE, fields=NAMED),
    "courses:remove_member POST": form(AUTHORS, **MEMBER),
    "courses:copy_module GET": may(AUTHORS, **MODULE),
    "courses:copy_module POST": form(AUTHORS, **MODULE),
    "courses:retire GET": may(PUBLISHES, **PUBLISHED, visible=True),
    "courses:retire POST": form(PUBLISHES, **PUBLISHED, visible=True),
    "courses:bring_back POST": form(PUBLISHES, **PUBLISHED, visible=True),
    "courses:difference GET": may(SEES_DRAFTS, pk=Ref("second_draft")),
}

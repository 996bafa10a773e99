"""Exchange: modules and offerings on the provider's own codes, and in files."""

from .row import Ref, Row, form, may

AUTHORS = "teacher publisher staff"
SEES_DRAFTS = "teacher publisher reviewer staff"
PLANS = "publisher staff"
PROVIDER = {"slug": Ref("provider", "slug")}

EXCHANGE: dict[str, Row] = {
    "exchanged-modules GET": may(SEES_DRAFTS, **PROVIDER, code=Ref("draft_module", "code")),
    "exchanged-modules PUT": may(AUTHORS, **PROVIDER, code="nieuw", body={"title": {"nl": "Nieuw"}, "track": "mbo"}),
    "exchanged-offerings GET": may(PLANS, **PROVIDER, code=Ref("offering", "code")),
    "exchanged-offerings PUT": may(
        PLANS, **PROVIDER, code="nieuw-aanbod", body={"module": Ref("module", "code", shared=True)}
    ),
    "exchange-files GET": may(SEES_DRAFTS, incomplete=True),
    "exchange-files POST": form(SEES_DRAFTS, incomplete=True),
    "courses:exchange GET": may(SEES_DRAFTS),
    "courses:exchange POST": form(SEES_DRAFTS),
    "courses:exchange_template GET": may(SEES_DRAFTS),
    "courses:exchange_export GET": may(SEES_DRAFTS, **PROVIDER, kind="json"),
    "courses:module_import GET": may("publisher", pk=Ref("module_import")),
    "courses:confirm_import POST": form("publisher", pk=Ref("module_import")),
}

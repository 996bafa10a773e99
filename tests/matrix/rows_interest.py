"""Interest without a date: one's own alone; providers see counts."""

from .row import SIGNED_IN, Ref, Row, form, may

SEES_DRAFTS = "teacher publisher reviewer staff"
MODULE = {"provider": Ref("provider", "slug"), "code": Ref("quiet_module", "code")}

INTEREST: dict[str, Row] = {
    "interest-list GET": may(SIGNED_IN),
    "interest-list POST": may(SIGNED_IN, body={"module": Ref("quiet_module", shared=True)}),
    "interest-detail DELETE": may("worker", pk=Ref("interest")),
    "demand-list GET": may(SEES_DRAFTS),
    "enrollments:interest GET": may(SIGNED_IN, **MODULE, public=True),
    "enrollments:interest POST": form(SIGNED_IN, **MODULE, public=True),
    "enrollments:take_back_interest POST": form("worker", **MODULE),
    "enrollments:demand GET": may(SEES_DRAFTS),
}

"""Requests of workers: who asks, who decides, who says how."""

from .row import SIGNED_IN, Ref, Row, form, may

SEES = "worker hr staff"
HR = "hr staff"
REQUEST = {"pk": Ref("request")}
ASK = {
    "offering": Ref("wished", "code", shared=True),
    "employer": Ref("employer", "slug"),
    "motivation": "Graag",
}
POLICY = {"slug": Ref("employer", "slug")}

REQUESTS: dict[str, Row] = {
    "request-list GET": may(SIGNED_IN),
    "request-list POST": may("worker", body=ASK),
    "request-detail GET": may(SEES, **REQUEST),
    "request-approve POST": may(HR, **REQUEST, body={"step": 1}),
    "request-refuse POST": may(HR, **REQUEST, body={"step": 1, "reason": "Nee"}),
    "request-withdraw POST": may("worker", **REQUEST),
    "approval-policy-detail GET": may(HR, **POLICY),
    "approval-policy-detail PATCH": may(HR, **POLICY, body={"remind_after_days": 2}),
    "enrollments:my_requests GET": may(SIGNED_IN),
    "enrollments:to_decide GET": may(SIGNED_IN),
    "enrollments:ask GET": may("worker", code=Ref("wished", "code"), public=True),
    "enrollments:ask POST": form("worker", code=Ref("wished", "code"), public=True, fields={"motivation": "Graag"}),
    "enrollments:request GET": may(SEES, **REQUEST),
    "enrollments:request POST": form(HR, **REQUEST, fields={"step": 1, "decision": "approve"}),
    "enrollments:withdraw_request POST": form("worker", **REQUEST),
    "enrollments:approval_policy GET": may(HR, **POLICY),
    "enrollments:approval_policy POST": form(HR, **POLICY, fields={"remind_after_days": 2, "escalate_after_days": 4}),
}

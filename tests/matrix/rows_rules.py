"""What people must have: who says so, who sees it, whose it is."""

from .row import SIGNED_IN, Ref, Row, form, may

HR = "hr staff"
SEES = "worker hr staff"
RULE = {"pk": Ref("rule")}
DUTY = {"pk": Ref("duty")}
NEW = {"employer": Ref("employer", "slug"), "module": Ref("asked_module", shared=True)}

RULES: dict[str, Row] = {
    "training-rule-list GET": may(SIGNED_IN),
    "training-rule-list POST": may(HR, body=NEW),
    "training-rule-preview POST": may(HR, body=NEW),
    "training-rule-detail GET": may(HR, **RULE),
    "training-rule-end POST": may(HR, **RULE),
    "training-duty-list GET": may(SIGNED_IN),
    "training-duty-detail GET": may(SEES, **DUTY),
    "training-duty-show POST": may("worker", **DUTY),
    "enrollments:rules GET": may(HR),
    "enrollments:new_rule GET": may(HR),
    "enrollments:new_rule POST": form(HR),
    "enrollments:rule GET": may(HR, **RULE),
    "enrollments:end_rule GET": may(HR, **RULE),
    "enrollments:end_rule POST": form(HR, **RULE),
    "enrollments:duties GET": may(SIGNED_IN),
    "enrollments:show_completion GET": may("worker", **DUTY),
    "enrollments:show_completion POST": form("worker", **DUTY),
}

"""Training needs: HR posts and sees its own; a hub coordinator sees those of all employers of the region."""

from .row import SIGNED_IN, Ref, Row, form, may

HR = "hr staff"
SEES = "hr coordinator staff"
NEED = {"pk": Ref("need")}
ASKED = {"employer": Ref("employer", "slug"), "people": 2, "skills": [Ref("skill", "uri", shared=True)]}

NEEDS: dict[str, Row] = {
    "training-need-list GET": may(SIGNED_IN, region="coordinator"),
    "training-need-list POST": may(HR, body=ASKED),
    "training-need-detail GET": may(SEES, **NEED, region="coordinator"),
    "training-need-matches GET": may(SEES, **NEED, region="coordinator"),
    "training-need-take-back POST": may(HR, **NEED, region="coordinator"),
    "enrollments:needs GET": may(HR),
    "enrollments:new_need GET": may(HR),
    "enrollments:new_need POST": form(HR),
    "enrollments:need GET": may(SEES, **NEED, region="coordinator"),
    "enrollments:take_back_need GET": may(HR, **NEED, region="coordinator"),
    "enrollments:take_back_need POST": form(HR, **NEED, region="coordinator"),
}

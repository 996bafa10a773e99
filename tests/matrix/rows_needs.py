"""Training needs: HR posts and sees its own; a hub coordinator sees those of all employers of the region; providers see
bundles once they are asked, whoever asks.
"""

from .row import SIGNED_IN, Ref, Row, form, may

HR = "hr staff"
COORDINATES = "coordinator staff"
ANSWERS = "publisher staff"
SEES = "hr coordinator staff"
SEES_BUNDLE = "hr coordinator publisher staff"
NEED = {"pk": Ref("need")}
ASKED_NEED = {"pk": Ref("asked_need")}
GATHERING = {"pk": Ref("gathering")}
ASKED = {"pk": Ref("asked_bundle")}
REGION = {"region": "coordinator"}
OF_ALL = {"region": "coordinator publisher"}
POSTED = {"employer": Ref("employer", "slug"), "people": 2, "skills": [Ref("skill", "uri", shared=True)]}
NEW_BUNDLE = {"coordinator": Ref("provider", "slug"), "title": "Lassen", "needs": [Ref("need", shared=True)]}
ANSWER = {
    "offering": Ref("offering", "code", shared=True),
    "places": [{"key": Ref("asked_need", shared=True), "places": 1}],
    "until": "2099-01-01",
}

NEEDS: dict[str, Row] = {
    "training-need-list GET": may(SIGNED_IN, **REGION),
    "training-need-list POST": may(HR, body=POSTED),
    "training-need-detail GET": may(SEES, **NEED, **REGION),
    "training-need-matches GET": may(SEES, **NEED, **REGION),
    "training-need-take-back POST": may(HR, **NEED, **REGION),
    "training-need-met POST": may(HR, **NEED, **REGION),
    "training-need-decline POST": may(HR, **ASKED_NEED, **REGION, incomplete=True),
    "need-bundle-list GET": may(SIGNED_IN, **REGION),
    "need-bundle-list POST": may(COORDINATES, body=NEW_BUNDLE),
    "need-bundle-detail GET": may(SEES, **GATHERING, **REGION),
    "need-bundle-add POST": may(
        COORDINATES, **GATHERING, body={"needs": [Ref("need", shared=True)]}, region="coordinator"
    ),
    "need-bundle-take-out POST": may(
        COORDINATES, **GATHERING, body={"needs": [Ref("gathered_need", shared=True)]}, region="coordinator"
    ),
    "need-bundle-ask POST": may(COORDINATES, **GATHERING, region="coordinator"),
    "need-bundle-close POST": may(COORDINATES, **GATHERING, region="coordinator"),
    "need-bundle-answer POST": may(ANSWERS, **ASKED, **OF_ALL, body=ANSWER),
    "enrollments:needs GET": may(HR),
    "enrollments:new_need GET": may(HR),
    "enrollments:new_need POST": form(HR),
    "enrollments:need GET": may(SEES, **NEED, **REGION),
    "enrollments:take_back_need GET": may(HR, **NEED, **REGION),
    "enrollments:take_back_need POST": form(HR, **NEED, **REGION),
    "enrollments:decide_need POST": form(HR, **NEED, **REGION, fields={"do": "met"}),
    "enrollments:regional_needs GET": may(COORDINATES, **REGION),
    "enrollments:bundles GET": may("coordinator publisher staff", **REGION),
    "enrollments:make_bundle POST": form(COORDINATES, fields={"need": [Ref("need", shared=True)]}),
    "enrollments:bundle GET": may(SEES_BUNDLE, **ASKED, **OF_ALL),
    "enrollments:change_bundle POST": form(COORDINATES, **GATHERING, **REGION, fields={"do": "ask"}),
    "enrollments:answer_bundle GET": may(ANSWERS, **ASKED, **OF_ALL),
    "enrollments:answer_bundle POST": form(ANSWERS, **ASKED, **OF_ALL),
}

NEEDS |= {
    "skill-gap-list GET": may("hr staff"),
    "enrollments:skill_gap GET": may("hr staff"),
    "enrollments:skill_gap_people GET": may("hr staff"),
    "enrollments:skill_gap_file GET": may("hr staff", form="csv"),
}

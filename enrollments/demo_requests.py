"""What workers of the demo story ask their employer, and how far that is."""

from decimal import Decimal

from courses.models import Offering
from enrollments.models import ApprovalPolicy, ApprovalStep, Enrollment
from enrollments.services.deciding import approve_request, refuse_request, set_approval_policy
from enrollments.services.requesting import request_place
from lms.accounts.models import User
from lms.organizations.demo.moments import ago
from lms.organizations.models import Employment, Organization

CHANTAL = "chantal.vandermeulen@zwaluwstaal.example"
ANNEKE = "anneke.veldhuis@zwaluwstaal.example"
WELDERS = ("bert.hoogeveen@zwaluwstaal.example", "michal.wisniewski@zwaluwstaal.example")
DENNIS = "dennis.zuidema@loozerveld.example"


def tell_requests() -> None:
    """One waits for a manager and was reminded of, one for HR because of its price, one was refused with a reason."""
    anneke, zwaluwstaal = _person(ANNEKE), Organization.objects.get(slug="zwaluwstaal")
    with ago(60, by=anneke):
        set_approval_policy(by=anneke, policy=ApprovalPolicy(employer=zwaluwstaal, hr_above=Decimal(500)))
    dennis, bert, michal = (_person(name) for name in (DENNIS, *WELDERS))
    _ask(5, dennis, "lean-op-de-werkvloer-doorlopend", "Wij beginnen met 5S, ik wil daarbij helpen.")
    asked = _ask(6, bert, "cnc-veilig-instellen-najaar", "Dan kan ik ook instellen als het bij lassen rustig is.")
    with ago(4, by=(chantal := _person(CHANTAL))):
        approve_request(by=chantal, step=_step(asked), remark="Goed voor de planning: in de zomer hebben we dit nodig.")
    refused = _ask(20, michal, "data-analyse-najaar", "Ik wil leren werken met de cijfers van de lasrobot.")
    with ago(18, by=chantal):
        reason = "Eerst het TIG-lassen afronden. Vraag het in het voorjaar gerust opnieuw aan."
        refuse_request(by=chantal, step=_step(refused), reason=reason)


def _ask(days: int, worker: User, code: str, motivation: str) -> Enrollment:
    employer = Employment.objects.current().select_related("employer").get(user=worker).employer
    with ago(days, by=worker):
        offering = Offering.objects.get(code=code)
        return request_place(by=worker, employer=employer, offering=offering, motivation=motivation)


def _step(request: Enrollment) -> ApprovalStep:
    return ApprovalStep.objects.get(enrollment=request, decided_at=None)


def _person(email: str) -> User:
    return User.objects.get(email=email)

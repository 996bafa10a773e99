"""What employers bought in the demo story: an agreement that is nearly used up, and a run that two employers share."""

from datetime import timedelta
from decimal import Decimal

from courses.models import Offering
from courses.services.offerings import plan_offering
from courses.services.reserving import reserve_places
from enrollments.models import Enrollment
from enrollments.services.agreements import accept_agreement, propose_agreement
from enrollments.services.enrolling import enroll_staff, withdraw_enrollment
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.demo.moments import ago
from lms.organizations.models import Organization

SHARED = "cnc-veilig-instellen-samen"
HARM = "harm.nijenhuis@reestdal.example"
ANNEKE = "anneke.veldhuis@zwaluwstaal.example"
WILCO = "wilco.tenbrinke@loozerveld.example"


def tell_agreements() -> None:
    """Zwaluwstaal bought four seats for CNC; in a shared run a place came free for somebody of Loozerveld."""
    harm, anneke, wilco = (User.objects.get(email=email) for email in (HARM, ANNEKE, WILCO))
    milling = Offering.objects.select_related("version__module", "provider").get(code="cnc-veilig-instellen-najaar")
    steel, plastics = (Organization.objects.get(slug=slug) for slug in ("zwaluwstaal", "loozerveld"))
    with ago(20, by=harm):
        agreement = propose_agreement(
            by=harm,
            employer=steel,
            provider=milling.provider,
            by_provider=True,
            reference="CNC voor Zwaluwstaal",
            starts_on=today(),
            ends_on=today() + timedelta(days=365),
            seats=4,
            release_days=14,
            only_priced=True,
            prices={milling.version.module: Decimal(490)},
        )
    with ago(18, by=anneke):
        accept_agreement(by=anneke, agreement=agreement, terms=agreement.terms)
    with ago(16, by=harm):
        shared = _shared_run(harm, milling)
        reserve_places(by=harm, offering=shared, employer=steel, places=2, price=Decimal(500))
        reserve_places(by=harm, offering=shared, employer=plastics, places=1)
    _enroll(14, anneke, steel, shared, "chantal.vandermeulen", "michal.wisniewski", "bert.hoogeveen")
    _enroll(13, wilco, plastics, shared, "noor.elamrani", "johan.reinders")
    michal = Enrollment.objects.get(learner__email__startswith="michal.wisniewski@", offering=shared)
    with ago(0, hours=2, by=michal.learner):
        withdraw_enrollment(by=michal.learner, enrollment=michal)


def _shared_run(by: User, milling: Offering) -> Offering:
    starts_on = today() + timedelta(days=80)
    return plan_offering(
        by=by,
        version=milling.version,
        code=SHARED,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=40),
        capacity=4,
        price=Decimal(525),
        delivery=milling.delivery,
        location=milling.location,
    )


def _enroll(days: int, by: User, employer: Organization, offering: Offering, *names: str) -> None:
    people = [User.objects.get(email__startswith=f"{name}@") for name in names]
    with ago(days, by=by):
        enroll_staff(by=by, employer=employer, offering=offering, learners=people)

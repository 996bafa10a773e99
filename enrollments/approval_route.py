"""Whose turn it is to decide on a request: the manager first, then HR where the employer's policy says so."""

from dataclasses import dataclass
from decimal import Decimal

from courses.models import Offering
from lms.accounts.models import User
from lms.organizations.models import Employment, Organization

from .models import ApprovalPolicy, Approver, Enrollment
from .wallets import prices_of


@dataclass(frozen=True)
class Turn:
    """Somebody's, or HR's."""

    approver: Approver
    manager: User | None = None


def policy_of(employer: Organization) -> ApprovalPolicy:
    """The employer's own, or the usual one (not stored)."""
    return ApprovalPolicy.objects.filter(employer=employer).first() or ApprovalPolicy(employer=employer)


def employer_of(request: Enrollment) -> Organization:
    """Whom the worker asks."""
    if request.employer is None:
        raise LookupError(f"{request.pk} is no request: it names no employer.")
    return request.employer


def first_turn(employer: Organization, learner: User) -> Turn:
    """The manager's, or HR's where there is none who may decide."""
    manager = deciding_manager(employer, learner)
    return Turn(Approver.MANAGER, manager) if manager else Turn(Approver.HR)


def deciding_manager(employer: Organization, learner: User) -> User | None:
    """The learner's manager there: somebody else, with an account that works, who works there today too."""
    present = Employment.objects.current().filter(employer=employer)
    mine = present.filter(user=learner, manager__is_active=True, manager__in=present.values("user"))
    employment = mine.exclude(manager=learner).select_related("manager").first()
    return employment.manager if employment else None


def needs_hr(policy: ApprovalPolicy, cost: Decimal) -> bool:
    """HR decides after the manager: always, or above an amount."""
    return policy.hr_always or (policy.hr_above is not None and cost > policy.hr_above)


def cost_of(employer: Organization, offering: Offering) -> Decimal:
    """What a place costs this employer, ex VAT: as agreed with the provider, else the offering's price."""
    return prices_of([(employer.pk, offering)])[employer.pk, offering.pk]


def is_joinable(offering: Offering) -> bool:
    """Who asked in time can still get in: the enrollment window counts for asking, not for the answer."""
    return not (offering.is_over or offering.archived_at)

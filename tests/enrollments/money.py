"""Employers that bought from a provider, for tests of seats, money and the waiting list."""

from datetime import timedelta
from decimal import Decimal

from enrollments.models import Agreement, EntryKind
from enrollments.services.paying import grant
from lms.core.clock import now, today
from lms.organizations.models import Organization
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, person_with_role


def agreement_of(employer: Organization, provider: Organization, seats=None, budget=None, **fields) -> Agreement:
    """An accepted agreement for this year, with what was granted in its ledger."""
    period = {"starts_on": today() - timedelta(days=30), "ends_on": today() + timedelta(days=300)}
    accepted = {"accepted_at": now() - timedelta(days=20)}
    limits = {"seats_left": None if seats is None else 0, "budget_left": None if budget is None else Decimal(0)}
    facts = {"reference": f"A{Agreement.objects.count() + 1}"} | period | accepted | limits | fields
    agreement = Agreement.objects.create(employer=employer, provider=provider, **facts)
    money = Decimal(budget or 0)
    grant(agreement, seats or 0, money, by=None, reason="", kind=EntryKind.GRANT)
    return agreement


def employer_with_staff(count):
    """An employer, its HR and so many people."""
    employer = OrganizationFactory()
    people = [EmploymentFactory(employer=employer).user for _ in range(count)]
    return employer, person_with_role(employer, Role.HR_MANAGER), people


def balance(agreement):
    """What is left, as the row says."""
    agreement.refresh_from_db()
    return agreement.seats_left, agreement.budget_left

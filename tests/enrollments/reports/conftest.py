"""An employer with a tree of departments and enrollments of every kind, made at random but always the same."""

import datetime as dt
import random
from dataclasses import dataclass

import pytest

from enrollments.models import ArrangedBy, Enrollment, EnrollmentState
from lms.core.clock import now, today
from lms.organizations.models import Department, Employment, Organization
from lms.permissions.roles import Role
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
)


@dataclass
class Works:
    """An employer, its HR, who leads people there, and what there is to choose from."""

    employer: Organization
    hr: object
    leader: object
    departments: list[Department]
    offerings: list
    staff: list[Employment]


def random_works(seed: int, people: int = 30) -> Works:
    """Staff, some of whom left, came back or lead others; enrollments in every state, some on their own account."""
    chance = random.Random(seed)
    employer = OrganizationFactory()
    departments = _departments(chance, employer)
    leader = EmploymentFactory(employer=employer, department=departments[0]).user
    day = today()
    staff = [
        EmploymentFactory(
            employer=employer,
            department=chance.choice([*departments, None]),
            job_title=chance.choice(["lasser", "operator", ""]),
            manager=chance.choice([leader, None]),
            starts_on=day - dt.timedelta(days=900),
            ends_on=chance.choice([None, None, None, day - dt.timedelta(days=20)]),
        )
        for _n in range(people)
    ]
    for left in [one for one in staff if one.ends_on][:2]:
        EmploymentFactory(employer=employer, user=left.user, starts_on=day - dt.timedelta(days=3))
    providers = ProviderFactory.create_batch(2)
    offerings = [
        offering_of(
            published_version(chance.choice(providers), title={"nl": f"Café lassen {n}"}),
            starts_on=day - dt.timedelta(days=chance.choice([10, 100])),
            ends_on=chance.choice([None, day - dt.timedelta(days=1), day, day + dt.timedelta(days=29 + n)]),
            price=chance.choice([0, 250]),
        )
        for n in range(5)
    ]
    for employment in staff:
        for offering in chance.sample(offerings, 3):
            random_enrollment(chance, employment, offering)
    return Works(employer, person_with_role(employer, Role.HR_MANAGER), leader, departments, offerings, staff)


def _departments(chance: random.Random, employer: Organization) -> list[Department]:
    made = [Department.objects.create(employer=employer, name="Fabriek")]
    for number in range(5):
        made.append(Department.objects.create(employer=employer, name=f"Hal {number}", parent=chance.choice(made)))
    return made


def random_enrollment(chance: random.Random, employment: Employment, offering, **fields) -> Enrollment:
    """In any state, begun or not, with or without a deadline of its own."""
    state = chance.choice([*EnrollmentState.values, "active", "active", "completed"])
    ended = chance.choice([1, 40, 200]) if state not in ("active", "waitlisted", "requested", "approved") else None
    made = {
        "learner": employment.user,
        "offering": offering,
        "version": offering.version,
        "provider": offering.provider,
        "employer": employment.employer,
        "arranged_by": chance.choice([ArrangedBy.EMPLOYER] * 4 + [ArrangedBy.LEARNER]),
        "mandatory": chance.choice([True, False]),
        "state": state,
        "created_at": now() - dt.timedelta(days=300),
        "activated_at": now() - dt.timedelta(days=290),
        "ended_at": now() - dt.timedelta(days=ended) if ended else None,
        "due_on": chance.choice([None, None, today() + dt.timedelta(days=chance.randrange(-9, 60))]),
        "answer_by": now() + dt.timedelta(days=3) if state == "offered" else None,
        "units_required": 4,
        "units_done": 4 if state == "completed" else chance.randrange(4),
        "last_activity_at": chance.choice([None, now() - dt.timedelta(days=chance.randrange(90))]),
    }
    return Enrollment.objects.create(**made | fields)


@pytest.fixture
def works(db):
    return random_works(7)


@pytest.fixture
def other_hr(db):
    return person_with_role(OrganizationFactory(), Role.HR_MANAGER)


@pytest.fixture
def stranger(db):
    return UserFactory()

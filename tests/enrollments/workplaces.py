"""An employer with a worker, the worker's manager and HR, and an offering to ask for."""

from dataclasses import dataclass

from courses.models import Offering
from enrollments.models import ApprovalPolicy, ApprovalStep, Enrollment
from enrollments.services.requesting import request_place
from lms.accounts.models import User
from lms.organizations.models import Employment, Organization
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, offering_of, person_with_role


@dataclass
class Workplace:
    """Who works there, and what can be asked for."""

    employer: Organization
    worker: User
    manager: User
    hr: User
    offering: Offering

    def policy(self, **facts) -> ApprovalPolicy:
        """The employer's own way to decide."""
        return ApprovalPolicy.objects.create(employer=self.employer, **facts)

    def employment(self, person: User) -> Employment:
        """Of one of the people."""
        return Employment.objects.get(employer=self.employer, user=person)

    def ask(self, **facts) -> Enrollment:
        """The worker asks."""
        asked = {"by": self.worker, "employer": self.employer, "offering": self.offering, "motivation": "Graag."}
        return request_place(**asked | facts)

    def step(self, enrollment: Enrollment) -> ApprovalStep:
        """The latest turn."""
        return ApprovalStep.objects.filter(enrollment=enrollment).select_related("enrollment").latest("number")


def workplace(**offering) -> Workplace:
    """A worker with a manager, at an employer with one HR manager."""
    employer = OrganizationFactory()
    manager = EmploymentFactory(employer=employer, user=UserFactory(family_name="Baas")).user
    worker = EmploymentFactory(employer=employer, manager=manager).user
    hr = person_with_role(employer, Role.HR_MANAGER)
    return Workplace(employer, worker, manager, hr, offering_of(**offering))

"""An employer that says what its people must have."""

from datetime import timedelta

from courses.models import Unit
from enrollments.models import TrainingDuty, TrainingRule
from enrollments.services.enrolling import enroll_staff
from enrollments.services.learning import mark_unit_done
from enrollments.services.training_rules import make_rule
from lms.core.clock import today
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, offering_of, person_with_role, published_version


class Shop:
    """An employer, its HR, and a module of one lesson that people must have."""

    def __init__(self):
        self.employer = OrganizationFactory()
        self.hr = person_with_role(self.employer, Role.HR_MANAGER)
        self.version = published_version(units=("text",))

    def hire(self, **facts):
        facts = {"starts_on": today() - timedelta(days=400)} | facts
        return EmploymentFactory(employer=self.employer, **facts).user

    def rule(self, **facts):
        facts = {"employer": self.employer, "module": self.version.module, "due_days": 30} | facts
        return make_rule(by=self.hr, rule=TrainingRule(**facts))

    def arrange(self, *people, offering=None, **facts):
        offering = offering or offering_of(self.version)
        outcome = enroll_staff(by=self.hr, employer=self.employer, offering=offering, learners=list(people), **facts)
        return outcome.active + outcome.waitlisted

    def complete(self, enrollment):
        unit = Unit.objects.get(section__version=enrollment.version_id)
        mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=unit)

    def duty(self, person, **facts):
        return TrainingDuty.objects.select_related("rule").get(learner=person, **facts)

    def cycles(self, person):
        duties = TrainingDuty.objects.filter(learner=person).order_by("cycle")
        return [(duty.cycle, duty.state) for duty in duties]

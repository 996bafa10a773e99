"""Twenty presses on one turn at the same moment: one counts. With a control without the lock, which must fail."""

import pytest

from enrollments.models import ApprovalStep, Enrollment
from enrollments.services.deciding import approve_request, refuse_request
from enrollments.services.enrolling import withdraw_enrollment
from lms.core.errors import Forbidden
from lms.permissions.roles import Role
from tests.enrollments.test_races import THREADS, crowd, locks_off, nobody_listens, rounds_that_broke
from tests.enrollments.workplaces import workplace
from tests.factories import EmploymentFactory, offering_of, person_with_role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
__all__ = ["crowd", "locks_off", "nobody_listens"]


def deciding_together(crowd):
    """Two of HR press yes and no ten times each, while the worker withdraws."""
    place = workplace()
    people = [person_with_role(place.employer, Role.HR_MANAGER) for _n in range(2)]

    def play():
        worker = EmploymentFactory(employer=place.employer).user
        enrollment = place.ask(by=worker, offering=offering_of(place.offering.version, capacity=1))
        step = place.step(enrollment)
        counted = []

        def press(verb, **said):
            def once():
                verb(**said)
                counted.append(verb)

            return once

        presses = [press(withdraw_enrollment, by=worker, enrollment=enrollment)]
        presses += [press(approve_request, by=people[n % 2], step=step) for n in range(9)]
        presses += [press(refuse_request, by=people[n % 2], step=step, reason="Nee") for n in range(THREADS - 10)]
        errors = [error for error in crowd(presses) if not isinstance(error, Forbidden)]
        state = Enrollment.objects.get(pk=enrollment.pk).state
        decisions = list(ApprovalStep.objects.filter(enrollment=enrollment).values_list("decision", flat=True))
        right = {"active": ["approved"], "refused": ["refused"], "withdrawn": ["withdrawn"]}
        late = withdraw_enrollment in counted and state == "withdrawn" and decisions == ["approved"]
        allowed = 2 if late else 1  # who withdraws after the yes gives the place back
        return errors or len(counted) != allowed or not (late or decisions == right.get(state))

    return play


def test_one_decision_counts(crowd):
    assert rounds_that_broke(deciding_together(crowd)) == 0


def test_control_without_the_lock_several_decisions_count(crowd, locks_off):
    assert rounds_that_broke(deciding_together(crowd), most=1) == 1

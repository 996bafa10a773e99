"""Who is told what, once."""

import pytest
from django.core import mail

from courses.models import Offering, Unit
from enrollments.models import Enrollment
from enrollments.services.enrolling import enroll_self, enroll_staff, withdraw_enrollment
from enrollments.services.learning import mark_unit_done
from lms.events.services import deliver_due, record
from lms.notifications.models import SentMessage
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, UserFactory, offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db(transaction=True)


def told():
    deliver_due()
    found = sorted((message.to[0], message.subject) for message in mail.outbox)
    mail.outbox.clear()
    return found


def test_people_hear_that_they_are_enrolled_and_by_whom():
    employment = EmploymentFactory()
    hr = person_with_role(employment.employer, Role.HR_MANAGER)
    enroll_staff(by=hr, employer=employment.employer, offering=offering_of(), learners=[employment.user])
    deliver_due()
    (message,) = mail.outbox
    assert employment.employer.name in message.body
    assert f"http://localhost:8000/leren/{Enrollment.objects.get().pk}/" in message.body
    assert deliver_due() == 0


def test_somebody_with_an_invitation_is_not_told_twice():
    employment = EmploymentFactory(user__activated_at=None)
    hr = person_with_role(employment.employer, Role.HR_MANAGER)
    enroll_staff(by=hr, employer=employment.employer, offering=offering_of(), learners=[employment.user])
    assert told() == []


def test_who_waits_hears_so_and_again_when_there_is_a_place():
    offering = offering_of(capacity=1)
    first, second = UserFactory(), UserFactory(language="en")
    held = enroll_self(by=first, offering=offering)
    enroll_self(by=second, offering=offering)
    assert [to for to, subject in told()] == sorted([first.email, second.email])
    withdraw_enrollment(by=first, enrollment=held)
    assert told() == [(second.email, "There is a place for you: Veilig werken aan de draaibank")]


def test_more_places_go_to_who_waits():
    from django.db import transaction

    offering = offering_of(capacity=1)
    enroll_self(by=UserFactory(), offering=offering)
    waiting = enroll_self(by=UserFactory(), offering=offering)
    Offering.objects.filter(pk=offering.pk).update(capacity=2)
    with transaction.atomic():
        record("offering.changed", offering.pk, {"capacity_raised": True})
    deliver_due()
    assert Enrollment.objects.get(pk=waiting.pk).state == "active"


def test_completing_is_congratulated():
    learner = UserFactory()
    enrollment = enroll_self(by=learner, offering=offering_of(published_version(units=("text",))))
    told()
    mark_unit_done(by=learner, enrollment=enrollment, unit=Unit.objects.get())
    deliver_due()
    assert SentMessage.objects.get(kind="completed", state="sent").recipient == learner


def test_a_title_is_written_as_it_is_in_a_mail():
    learner = UserFactory(language="en")
    version = published_version(units=("text",), title={"nl": "Frezen & <draaien>"})
    enroll_self(by=learner, offering=offering_of(version))
    assert told() == [(learner.email, "You are enrolled: Frezen & <draaien>")]

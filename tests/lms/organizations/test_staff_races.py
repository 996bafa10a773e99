"""Two HR managers at the same instant. Each race has a control in which the locks are switched off, which must fail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from lms.core.errors import DomainError
from lms.notifications.models import SentMessage
from lms.organizations.models import Department, Employment
from lms.organizations.services import change_department, change_employment, invite_staff
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, person_with_role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 30


@pytest.fixture
def at_once():
    """Runs two calls at the same moment; a refusal in words is an answer, anything else is not."""
    barrier = Barrier(2)

    def call(verb):
        barrier.wait(30)
        try:
            verb()
        except DomainError:
            return
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        yield lambda *verbs: list(pool.map(call, verbs))


@pytest.fixture
def locks_off(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())


def circles_of_departments(at_once):
    """Lassen goes below Draaien while Draaien goes below Lassen; how often both did."""
    employer = OrganizationFactory()
    hr = person_with_role(employer, Role.HR_MANAGER)
    made = 0
    for _round in range(ROUNDS):
        Department.objects.filter(employer=employer).update(parent=None)
        one, two = (Department.objects.get_or_create(employer=employer, name=name)[0] for name in ("Lassen", "Draaien"))
        at_once(
            lambda one=one, two=two: change_department(by=hr, department=one, name=one.name, parent=two),
            lambda one=one, two=two: change_department(by=hr, department=two, name=two.name, parent=one),
        )
        made += Department.objects.filter(employer=employer).exclude(parent=None).count() == 2
    return made


def test_two_moves_at_once_make_no_circle(at_once):
    assert circles_of_departments(at_once) == 0


def test_without_the_lock_they_do(at_once, locks_off):
    assert circles_of_departments(at_once) > 0


def circles_of_managers(at_once):
    """Each becomes the other's manager at the same moment; how often both did."""
    employer = OrganizationFactory()
    hr = person_with_role(employer, Role.HR_MANAGER)
    one, two = (EmploymentFactory(employer=employer) for _n in range(2))
    made = 0
    for _round in range(ROUNDS):
        Employment.objects.filter(employer=employer).update(manager=None)
        at_once(
            lambda: change_employment(by=hr, employment=one, manager=two.user),
            lambda: change_employment(by=hr, employment=two, manager=one.user),
        )
        made += Employment.objects.filter(employer=employer).exclude(manager=None).count() == 2
    return made


def test_two_people_do_not_become_each_others_manager(at_once):
    assert circles_of_managers(at_once) == 0


def test_without_the_lock_they_become(at_once, locks_off):
    assert circles_of_managers(at_once) > 0


def mails_more_than_one(at_once):
    """Two people press "send again" for the same person; how often that was told twice."""
    employer = OrganizationFactory()
    hr = person_with_role(employer, Role.HR_MANAGER)
    twice = 0
    for _round in range(ROUNDS):
        pending = EmploymentFactory(employer=employer, user=UserFactory(activated_at=None))
        at_once(*[lambda pending=pending: invite_staff(by=hr, employer=employer, employments=[pending])] * 2)
        twice += SentMessage.objects.filter(recipient=pending.user).count() > 1
    return twice


def test_pressed_twice_is_told_once(at_once):
    assert mails_more_than_one(at_once) == 0


def test_without_the_lock_it_is_told_twice(at_once, locks_off):
    assert mails_more_than_one(at_once) > 0

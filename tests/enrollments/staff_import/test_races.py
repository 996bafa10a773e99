"""One staff list sent many times at once: every person exists once. With a control in which the locks are off."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from courses.models import Offering
from enrollments.models import Enrollment, StaffImport
from enrollments.staff_import.services import confirm_staff_import, import_staff, upload_staff_list
from enrollments.staff_import.telling import tell_imported
from lms.accounts.models import Invitation, User
from lms.events.models import DomainEvent
from lms.events.registry import registry
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.enrollments.staff_import.sheets import csv_file
from tests.factories import OrganizationFactory, offering_of, person_with_role, published_version

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS, THREADS, STAFF = 10, 8, 12


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr(registry, "subscribed", {})
    monkeypatch.setattr("lms.notifications.services.wake_sender", lambda: None)


def at_once(verbs):
    """Runs all at the same moment; returns what they raised."""
    barrier = Barrier(len(verbs))

    def call(verb):
        barrier.wait(30)
        try:
            verb()
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(verbs)) as pool:
        return [error for error in pool.map(call, verbs) if error]


def staff_list(mark):
    rows = [[f"{mark}-{n}", f"Naam{n} Bos", f"{mark}{n}@metaal.test" if n % 3 else ""] for n in range(STAFF)]
    return csv_file(rows, headers=["Personeelsnummer", "Naam", "E-mail"])


def rounds_that_broke(play, most=ROUNDS):
    version = published_version(units=("text",))
    broken = 0
    for number in range(ROUNDS):
        broken += bool(play(offering_of(version, capacity=STAFF + 5), f"r{number}"))
        if broken >= most:
            break
    return broken


def play_one_employer(offering, mark):
    """The same list, straight through the service, at one employer."""
    employer = OrganizationFactory()
    content = staff_list(mark)
    errors = at_once(
        [lambda: import_staff(by=None, employer=employer, offering=offering, content=content) for _n in range(THREADS)]
    )
    events = list(DomainEvent.objects.filter(name="enrollment.imported", payload__employer=str(employer.pk)))
    errors += at_once([lambda event=event: tell_imported(event) for event in events for _twice in range(4)])
    counts = (
        Employment.objects.filter(employer=employer).count(),
        Enrollment.objects.filter(offering=offering).count(),
        Invitation.objects.filter(organization_name=employer.name).count(),
        Offering.objects.get(pk=offering.pk).taken,
    )
    return errors or counts != (STAFF, STAFF, len([n for n in range(STAFF) if n % 3]), STAFF)


def test_the_same_list_at_once_makes_everybody_once():
    assert rounds_that_broke(play_one_employer) == 0


def test_control_without_locks_it_breaks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())
    assert rounds_that_broke(play_one_employer, most=1) > 0


def test_two_employers_that_share_people_make_each_account_once():
    def play(offering, mark):
        employers = [OrganizationFactory() for _n in range(4)]
        rows = [[f"Naam{n} Bos", f"{mark}{n}@metaal.test"] for n in range(STAFF)]
        lists = [csv_file(rows[::step], headers=["Naam", "E-mail"]) for step in (1, -1, 1, -1)]
        errors = at_once(
            [
                lambda employer=employer, content=content: import_staff(
                    by=None, employer=employer, offering=offering, content=content
                )
                for employer, content in zip(employers, lists, strict=True)
            ]
        )
        accounts = User.objects.filter(email__startswith=mark, email__endswith="@metaal.test").count()
        jobs = Employment.objects.filter(employer__in=employers).count()
        return errors or (accounts, jobs, Enrollment.objects.filter(offering=offering).count()) != (
            STAFF,
            STAFF * 4,
            STAFF,
        )

    assert rounds_that_broke(play) == 0


def test_confirming_twice_at_once_carries_it_out_once():
    def play(offering, mark):
        employer = OrganizationFactory()
        hr = person_with_role(employer, Role.HR_MANAGER)
        sent = upload_staff_list(
            by=hr, employer=employer, offering=offering, content=staff_list(mark), file_name="lijst.csv"
        )
        errors = at_once([lambda: confirm_staff_import(by=hr, staff_import=sent) for _n in range(THREADS)])
        report = StaffImport.objects.get(pk=sent.pk).report
        return errors or (report["created"], Enrollment.objects.filter(offering=offering).count()) != (STAFF, STAFF)

    assert rounds_that_broke(play) == 0

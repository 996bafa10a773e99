"""A list without an offering is the staff list itself: new, changed, left; the tree of departments; who leads whom."""

import datetime as dt

import pytest

from enrollments.models import Enrollment, ImportRow, TrainingDuty, TrainingRule
from enrollments.services.deciding import pass_on_stale_turns
from enrollments.services.duties import keep_changed_duties
from enrollments.services.training_rules import make_rule
from enrollments.staff_import.services import import_staff
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Conflict
from lms.notifications.models import SentMessage
from lms.organizations.models import Department, Employment
from lms.organizations.services.employments import end_employment
from lms.permissions.roles import Role
from tests.enrollments.staff_import.sheets import csv_file
from tests.enrollments.workplaces import workplace
from tests.factories import EmploymentFactory, OrganizationFactory, person_with_role, published_version

pytestmark = pytest.mark.django_db

HEADERS = ["Pers.nr.", "Naam", "E-mail", "Afdeling", "Functie", "Leidinggevende", "In dienst", "Uit dienst"]
CHEF = ["1", "Chef Bos", "chef@x.test", "Productie", "Chef", "", "", ""]
BO = ["2", "Bo Bos", "bo@x.test", "Productie > Verspaning", "Draaier", "1", "1-3-2020", ""]
AN = ["3", "An Smit", "", "Productie > Lasserij", "Lasser", "chef@x.test", "", ""]


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def send(employer):
    hr = person_with_role(employer, Role.HR_MANAGER)

    def run(*rows, **options):
        return import_staff(by=hr, employer=employer, content=csv_file(rows, headers=HEADERS), **options)

    return run


BY_LIST = ("enrollments.import_parcel", "enrollments.import_leavers")


def counts(report):
    return report.added, report.changed, report.left, report.existing, report.rejected


def test_new_people_with_departments_as_a_tree_and_managers_further_down(send):
    assert counts(send(AN, BO, CHEF)) == (3, 0, 0, 0, 0)
    bo = Employment.objects.get(personnel_number="2")
    assert (bo.department.name, bo.department.parent.name, bo.starts_on) == (
        "Verspaning",
        "Productie",
        dt.date(2020, 3, 1),
    )
    managed = Employment.objects.filter(manager__email="chef@x.test").values_list("personnel_number", flat=True)
    assert sorted(managed) == ["2", "3"]
    assert not Enrollment.objects.exists()
    assert not SentMessage.objects.exists()


def test_the_same_list_again_changes_nothing_and_a_trial_foretells(send):
    assert counts(send(CHEF, BO, AN, dry_run=True)) == (3, 0, 0, 0, 0)
    assert not Employment.objects.exists()
    send(CHEF, BO, AN)
    assert counts(send(CHEF, BO, AN, dry_run=True)) == counts(send(CHEF, BO, AN)) == (0, 0, 0, 3, 0)
    assert Department.objects.count() == 3


def test_what_changed_is_kept_with_what_was_before(send):
    send(CHEF, BO, AN)
    changed = [*BO[:4], "Instelmonteur", "3", *BO[6:]]
    assert counts(send(CHEF, changed, AN)) == (0, 1, 0, 2, 0)
    bo = Employment.objects.get(personnel_number="2")
    assert (bo.job_title, bo.manager.family_name) == ("Instelmonteur", "Smit")
    row = ImportRow.objects.filter(staff="changed").get()
    assert row.before["job_title"] == "Draaier"


def test_a_last_day_in_the_past_ends_the_employment_and_one_to_come_is_kept(send):
    send(CHEF, BO, AN)
    report = send([*BO[:7], "1-4-2021"], [*AN[:7], f"{today() + dt.timedelta(days=30):%d-%m-%Y}"])
    assert counts(report) == (0, 1, 1, 0, 0)
    assert Employment.objects.get(personnel_number="2").ends_on == dt.date(2021, 4, 1)
    again = send(BO)
    assert (again.rejected, again.problems[0].column) == (1, "E-mail")


def test_who_is_not_on_the_list_of_the_whole_staff_has_left(send):
    others = [[str(n), f"Ed Nummer{n}", "", "", "", "", "", ""] for n in range(10, 16)]
    send(CHEF, BO, AN, *others)
    foretold = send(CHEF, BO, *others, whole_staff=True, dry_run=True)
    done = send(CHEF, BO, *others, whole_staff=True)
    assert counts(done) == counts(foretold) == (0, 0, 1, 8, 0)
    an = Employment.objects.get(personnel_number="3")
    assert an.ends_on in (today() - dt.timedelta(days=1), an.starts_on)
    assert ImportRow.objects.get(staff="left").employment == an


def test_half_a_list_is_asked_about_twice(send):
    send(CHEF, BO, AN)
    with pytest.raises(Conflict) as refused:
        send(CHEF, whole_staff=True)
    assert refused.value.code == "many_leave"
    assert Employment.objects.current().count() == 3
    assert send(CHEF, whole_staff=True, many_leave=True).left == 2


def test_who_stands_on_a_refused_row_stays(send):
    send(CHEF, BO, AN)
    report = send(CHEF, ["", "Bo Bos", "bo@", *BO[3:]], AN, whole_staff=True)
    assert counts(report) == (0, 0, 0, 2, 1)


def test_a_manager_unknown_here_is_told_and_the_row_goes_in(send):
    assert counts(send(CHEF, [*BO[:5], "99", "", ""])) == (2, 0, 0, 0, 0)
    column, value, reason = ImportRow.objects.get(personnel_number="2").problems[0]
    assert (column, value) == ("Leidinggevende", "99")
    assert reason


def by_hand(place):
    yesterday = today() - dt.timedelta(days=1)
    end_employment(by=place.hr, employment=place.employment(place.worker), ends_on=yesterday)


def by_a_list_without_them(place):
    _send_staff_of(place, whole_staff=True, many_leave=True)


def by_a_last_day_on_the_list(place):
    _send_staff_of(place, [place.worker.email, f"{today() - dt.timedelta(days=1):%d-%m-%Y}"])


def _send_staff_of(place, *more, **options):
    staying = User.objects.filter(employments__employer=place.employer).exclude(pk=place.worker.pk)
    rows = [[person.email, ""] for person in staying]
    content = csv_file([*rows, *more], headers=["E-mail", "Uit dienst"])
    import_staff(by=place.hr, employer=place.employer, content=content, **options)


@pytest.mark.parametrize("leave", [by_hand, by_a_list_without_them, by_a_last_day_on_the_list])
def test_what_follows_when_somebody_leaves_is_the_same_by_every_door(leave):
    place = workplace()
    led = EmploymentFactory(employer=place.employer, manager=place.worker).user
    Employment.objects.filter(employer=place.employer).update(starts_on=today() - dt.timedelta(days=400))
    make_rule(by=place.hr, rule=TrainingRule(employer=place.employer, module=published_version().module, due_days=30))
    own, of_led = place.ask(), place.ask(by=led)

    leave(place)
    keep_changed_duties()
    pass_on_stale_turns()
    lifted = set(TrainingDuty.objects.exclude(lifted_at=None).values_list("learner", flat=True))
    assert lifted == {place.worker.pk}
    own.refresh_from_db()
    assert own.state == "withdrawn"
    assert place.step(of_led).approver == "hr"
    assert place.employment(place.worker).is_over
    audited = AuditEntry.objects.filter(organization_id=place.employer.pk)
    assert audited.filter(action__in=("organizations.end_employment", *BY_LIST)).count() == 1

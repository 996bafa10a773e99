"""The staff list carried out: accounts, employments, enrollments, mails; again; and not at all in a dry run."""

import datetime as dt
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Offering
from enrollments.models import Enrollment, ImportRow
from enrollments.staff_import.kinds_of_file import Unreadable
from enrollments.staff_import.services import import_staff
from lms.accounts.models import Invitation, User
from lms.audit.models import AuditEntry
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.events.services import deliver_due
from lms.notifications.models import SentMessage
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.enrollments.staff_import.sheets import STAFF, csv_file, xlsx_file
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db

HEADERS = ["Personeelsnummer", "Naam", "E-mail", "Afdeling"]


@pytest.fixture
def employer():
    return OrganizationFactory(name="Metaal BV")


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def offering():
    return offering_of()


@pytest.fixture
def run(employer, hr, offering):
    def run_import(rows=STAFF, *, headers=None, content=None, **options):
        content = content or csv_file(rows, **({"headers": headers} if headers else {}))
        return import_staff(**({"by": hr, "employer": employer, "offering": offering, "content": content} | options))

    return run_import


def counts(report):
    return {
        name: getattr(report, name) for name in ("created", "existing", "waitlisted", "invited", "added", "rejected")
    }


def shown_to_employer(report):
    return report.for_employer(), report.lines, report.problems


RECORDS = {"enrollments.StaffImport", "enrollments.ImportRow", "audit.AuditEntry"}  # that a list came, and its rows


def database():
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.label not in RECORDS
    }


def told():
    """What the relay does after the commit."""
    return deliver_due()


def test_unknown_people_become_pending_accounts_with_an_invitation(run, employer, offering):
    report = run()
    assert counts(report) == {"created": 3, "existing": 0, "waitlisted": 0, "invited": 3, "added": 3, "rejected": 0}
    jose = User.objects.get(email="jose@metaal.test")
    assert (jose.given_name, jose.name_prefix, jose.family_name) == ("José", "van der", "Vélde")
    assert jose.is_pending
    assert not jose.has_usable_password()
    job = jose.employments.get()
    assert (job.employer, job.personnel_number, str(job.department)) == (employer, "124", "Lasserij")
    assert job.starts_on == dt.date(2021, 11, 15)
    assert Enrollment.objects.filter(offering=offering, state="active", arranged_by="employer").count() == 3
    told()
    message = SentMessage.objects.get(kind="invitation", recipient=jose)
    assert message.context["organization_name"] == "Metaal BV"
    assert "/uitnodiging/" in message.context["link"]
    assert Invitation.objects.filter(user=jose, used_at=None).count() == 1


def test_the_same_file_again_changes_nothing(run):
    run()
    told()
    before = database()
    assert counts(run()) == {"created": 0, "existing": 3, "waitlisted": 0, "invited": 0, "added": 0, "rejected": 0}
    assert (
        counts(run(content=xlsx_file([["Roepnaam", "E-mail"], *[[row[1], row[4].upper()] for row in STAFF]])))[
            "existing"
        ]
        == 3
    )
    assert database() == before


def test_a_dry_run_writes_nothing_and_foretells_exactly(run, offering):
    offering.capacity = 2
    offering.save()
    rows = [*STAFF, ["126", "Bo", "", "Bos", "bo@", "", ""]]
    before = database()
    foretold = run(rows, dry_run=True)
    assert database() == before
    assert mail.outbox == []
    done = run(rows)
    assert counts(done) == counts(foretold)
    assert done.lines == foretold.lines
    assert done.problems == foretold.problems
    assert counts(done) == {"created": 3, "existing": 0, "waitlisted": 1, "invited": 3, "added": 3, "rejected": 1}


def test_who_does_not_fit_waits_in_the_order_of_the_sheet(run, offering):
    offering.capacity = 1
    offering.save()
    run()
    states = dict(Enrollment.objects.values_list("learner__email", "state"))
    assert states["anouk.jansen@metaal.test"] == "active"
    assert sorted(states.values()) == ["active", "waitlisted", "waitlisted"]
    assert Offering.objects.get(pk=offering.pk).taken == 1


def test_shop_floor_staff_without_address_are_known_by_number_and_name(run, employer):
    rows = [["0017", "Smit, Wim de", "", "Lasserij"]]
    report = run(rows, headers=HEADERS)
    assert (report.created, report.invited) == (1, 0)
    wim = User.objects.get(email=None)
    assert (wim.given_name, wim.name_prefix, wim.family_name) == ("Wim", "de", "Smit")
    assert run(rows, headers=HEADERS).existing == 1
    assert run([["17", "W. de Smit", "", ""]], headers=HEADERS).existing == 1  # Excel dropped the zeros
    other = run([["0017", "Karin Bos", "", ""]], headers=HEADERS)
    assert [(p.row, p.column, p.value) for p in other.problems] == [(2, "Personeelsnummer", "0017")]


def test_an_address_that_comes_later_reaches_the_same_person(run):
    run([["17", "Wim Smit", "", ""]], headers=HEADERS)
    report = run([["17", "Wim Smit", "wim@metaal.test", ""]], headers=HEADERS, offering=offering_of())
    assert (report.created, report.invited, report.added) == (1, 1, 0)
    assert User.objects.get(email="wim@metaal.test").employments.get().personnel_number == "17"


def test_equal_names_are_never_a_match(run, employer):
    EmploymentFactory(employer=employer, user__given_name="Anouk", user__family_name="Jansen", personnel_number="9")
    assert run([["10", "Anouk Jansen", "", ""]], headers=HEADERS).added == 1


def test_somebody_with_an_account_elsewhere_keeps_it_and_its_name(run, employer):
    known = UserFactory(email="anouk.jansen@metaal.test", given_name="Noukie", family_name="J.")
    EmploymentFactory(user=known)
    stranger = run(dry_run=True)
    report = run()
    told()
    assert User.objects.filter(email="anouk.jansen@metaal.test").count() == 1
    known.refresh_from_db()
    assert (known.given_name, known.family_name) == ("Noukie", "J.")
    assert known.employments.filter(employer=employer).exists()
    assert (report.created, report.added) == (3, 3)
    assert not SentMessage.objects.filter(kind="invitation", recipient=known).exists()
    shown = str(shown_to_employer(stranger))
    assert "invited" not in shown
    assert "Noukie" not in shown
    assert {line.is_new for line in stranger.lines} == {True}


def test_what_hr_sees_is_the_same_whether_an_address_has_an_account_or_not(run):
    before = shown_to_employer(run(dry_run=True))
    UserFactory(email="anouk.jansen@metaal.test")
    assert shown_to_employer(run(dry_run=True)) == before


def test_a_number_of_somebody_else_is_refused_without_telling_about_others(run, employer):
    EmploymentFactory(employer=employer, personnel_number="124", user__email="piet@metaal.test")
    UserFactory(email="zoe@metaal.test")
    unknown, known_elsewhere = run([STAFF[1]]), run([["124", *STAFF[2][1:]]])
    assert [(p.row, p.column) for p in unknown.problems] == [(2, "Pers.nr.")]
    assert unknown.problems[0].reason == known_elsewhere.problems[0].reason


def test_a_number_that_differs_from_what_is_known_is_refused(run, employer):
    EmploymentFactory(employer=employer, personnel_number="999", user__email="jose@metaal.test")
    report = run()
    assert [(p.row, p.column, p.value) for p in report.problems] == [(3, "Pers.nr.", "124")]
    assert "999" in report.problems[0].reason


def test_what_the_sheet_says_anew_about_an_employment_is_kept(run, employer):
    job = EmploymentFactory(employer=employer, personnel_number="", user__email="jose@metaal.test", department="Oud")
    old = job.department_id
    run()
    job.refresh_from_db()
    assert (job.personnel_number, str(job.department)) == ("124", "Lasserij")
    row = ImportRow.objects.get(employment=job)
    assert (row.staff, row.before["personnel_number"]) == ("changed", "")
    assert UUID(row.before["department"]) == old
    run([[*STAFF[1][:5], "", ""]])
    job.refresh_from_db()
    assert str(job.department) == "Lasserij"


@pytest.mark.parametrize("ends_on", [-1, -400])
def test_who_left_is_refused(run, employer, ends_on):
    EmploymentFactory(
        employer=employer,
        user__email="jose@metaal.test",
        personnel_number="124",
        starts_on=today() - dt.timedelta(days=500),
        ends_on=today() + dt.timedelta(days=ends_on),
    )
    report = run()
    assert [(p.row, p.column) for p in report.problems] == [(3, "E-mailadres")]
    assert report.created == 2


def test_who_leaves_later_still_goes_in(run, employer):
    EmploymentFactory(
        employer=employer,
        user__email="jose@metaal.test",
        personnel_number="124",
        ends_on=today() + dt.timedelta(days=9),
    )
    assert run().created == 3


def test_one_person_on_two_rows_by_address_and_by_number(run, employer):
    EmploymentFactory(
        employer=employer,
        personnel_number="7",
        user__email="jan@x.test",
        user__given_name="Jan",
        user__family_name="Smit",
    )
    report = run([["", "Jan Smit", "jan@x.test", ""], ["7", "Jan Smit", "", ""]], headers=HEADERS)
    assert report.created == 1
    assert [(p.row, p.column) for p in report.problems] == [(3, "Personeelsnummer")]


def test_an_expired_invitation_is_renewed_with_the_next_enrollment_and_an_open_one_kept(run):
    run()
    told()
    open_digest = Invitation.objects.get(user__email="jose@metaal.test").digest
    Invitation.objects.filter(user__email="zoe@metaal.test").update(expires_at=now())
    assert run(offering=offering_of()).invited == 1
    told()
    assert Invitation.objects.get(user__email="jose@metaal.test").digest == open_digest


def test_an_inactive_account_is_refused(run):
    UserFactory(email="jose@metaal.test", is_active=False)
    assert run().rejected == 1


def test_rights_are_asked_before_anything_is_told(run, employer):
    other = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    for dry_run in (True, False):
        with pytest.raises(Forbidden):
            run(by=other, dry_run=dry_run)
        with pytest.raises(NotFound):
            run(offering=offering_of(visibility="employers"), dry_run=dry_run)
        with pytest.raises(Conflict):
            run(offering=offering_of(enroll_until=today() - dt.timedelta(days=1)), dry_run=dry_run)
        with pytest.raises(Unreadable):
            run(content=b"%PDF-1.7", dry_run=dry_run)
    assert not Employment.objects.filter(employer=employer).exists()


def test_an_offering_for_other_employers_stays_closed_to_the_platform_too(run):
    with pytest.raises(Forbidden):
        run(by=None, offering=offering_of(visibility="employers"))


def test_those_who_wait_go_before_newcomers(run, offering, employer, hr):
    offering.capacity = 1
    offering.save()
    run(STAFF[:2])
    Offering.objects.filter(pk=offering.pk).update(capacity=2)
    foretold = run(dry_run=True)
    assert counts(run()) == counts(foretold)
    states = dict(Enrollment.objects.values_list("learner__email", "state"))
    assert states["jose@metaal.test"] == "active"
    assert states["zoe@metaal.test"] == "waitlisted"


def test_a_parcel_is_one_entry_and_each_row_says_what_became_of_the_person(run, employer, hr):
    run([*STAFF, ["126", "Bo", "", "Bos", "bo@", "", ""]])
    entry = AuditEntry.objects.get(action="enrollments.import_parcel", organization_id=employer.pk)
    assert entry.changes["new"] == [None, 3]
    rows = ImportRow.objects.order_by("number")
    assert [(row.number, row.outcome, row.staff) for row in rows] == [
        (2, "active", "new"),
        (3, "active", "new"),
        (4, "active", "new"),
        (5, "rejected", ""),
    ]
    assert [row.user.email for row in rows[:3]] == [row[4] for row in STAFF]
    assert [row.employment.personnel_number for row in rows[:3]] == ["00123", "124", "125"]


def many(count, mark="m"):
    people = [[f"{mark}{n}", f"Voor{n}", "", "Bos", f"{mark}{n}@metaal.test", "A", ""] for n in range(count)]
    return csv_file(people)


def test_the_number_of_queries_does_not_grow_with_the_rows(run):
    def queries(content, **options):
        with CaptureQueriesContext(connection) as captured:
            run(content=content, **options)
        return len([query for query in captured if "executemany" not in query["sql"]])

    run(content=many(3, "w"))
    few = queries(many(20))
    assert few == queries(many(400, "n"), offering=offering_of())
    assert few < 80
    assert queries(many(400), offering=offering_of(), dry_run=True) < 60

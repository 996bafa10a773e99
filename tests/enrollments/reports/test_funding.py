"""The evidence for the subsidy office: complete or it says what is missing, claimed once, equal everywhere."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from enrollments.models import Attendance, Enrollment, FundingRecord, Invoice
from enrollments.reports.filters import read_filters
from enrollments.reports.funding import FUNDING, LABELS
from enrollments.services.enrolling import enroll_staff
from enrollments.services.funding import record_funding, withdraw_claim
from enrollments.services.learning import mark_unit_done
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.organizations.models import Organization
from lms.organizations.services import end_employment
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, offering_of, person_with_role, published_version, session_of

from .conftest import random_works
from .test_people import api_of, client_of, csv_rows, xlsx_rows

pytestmark = pytest.mark.django_db
FACTS = {"wage_hours": Decimal("7.5"), "invoice_number": "F-1"}


@pytest.fixture
def finished():
    """Somebody who completed a module with one meeting, of an employer and a provider whose codes are known."""
    employment = EmploymentFactory()
    hr = person_with_role(employment.employer, Role.HR_MANAGER)
    offering = offering_of(published_version(units=("text",)), price=250, ends_on=today() + dt.timedelta(days=5))
    Organization.objects.filter(pk=employment.employer_id).update(kvk="12345678")
    Organization.objects.filter(pk=offering.provider_id).update(brin="25AB")
    enrollment = enroll_staff(
        by=hr, employer=employment.employer, offering=offering, learners=[employment.user]
    ).active[0]
    session = session_of(offering, hours=-5, lasts=2)
    Attendance.objects.create(enrollment=enrollment, session=session, minutes=90)
    mark_unit_done(by=employment.user, enrollment=enrollment, unit=offering.version.sections.get().units.get())
    return hr, Enrollment.objects.get(pk=enrollment.pk)


def claim(hr, *enrollments, dossier="D-1", **facts):
    employer = enrollments[0].employer
    keys = [one.pk for one in enrollments]
    return record_funding(
        by=hr, employer=employer, enrollments=keys, scheme="SLIM", dossier_number=dossier, facts=facts or FACTS
    )


def line_of(hr, enrollment):
    (line,) = FUNDING.lines(read_filters(hr, {}), [enrollment.pk])
    return line


def test_every_field_of_the_office_is_there(finished):
    hr, enrollment = finished
    claim(hr, enrollment)
    line = line_of(hr, enrollment)
    assert line["lacks"] == []
    expected = {
        "employer_kvk": "12345678",
        "provider_codes": "25AB",
        "planned_hours": 2,
        "attended_hours": Decimal("1.5"),
        "sessions": 1,
        "sessions_attended": 1,
        "fee": 250,
        "wage_hours": Decimal("7.5"),
        "invoice_number": "F-1",
        "scheme": "SLIM",
        "dossier_number": "D-1",
        "result_on": today(),
        "masked": None,
    }
    assert {name: line[name] for name in expected} == expected
    assert line["certificate_number"]
    assert f"/verify/{enrollment.completion.certificates.get().code}" in line["certificate_url"]
    assert set(line) == {column.key for column in FUNDING.columns} | {"id", "lacks"}
    assert FUNDING.count(read_filters(hr, {})) == {"complete": 1, "incomplete": 0, "unclaimed": 0}


def test_what_is_missing_is_said_with_who_mends_it(finished):
    hr, enrollment = finished
    Organization.objects.update(kvk="", brin="")
    session_of(enrollment.offering, hours=-3, lasts=1)
    claim(hr, enrollment, practice_weeks=1)
    line = line_of(hr, enrollment)
    assert line["lacks"] == ["employer_kvk", "provider_codes", "attended_hours", "invoice_number", "wage_hours"]
    assert all(str(LABELS[column]) in line["mend"] for column in line["lacks"])
    assert FUNDING.count(read_filters(hr, {}))["incomplete"] == 1


def test_an_invoice_under_an_agreement_counts_by_itself(finished):
    hr, enrollment = finished
    assert "invoice_number" in line_of(hr, enrollment)["lacks"]
    assert Invoice.objects.count() == 0


def test_the_same_participant_and_offering_is_claimed_once(finished):
    hr, enrollment = finished
    claim(hr, enrollment)
    with pytest.raises(Conflict) as refused:
        claim(hr, enrollment, dossier="D-2")
    assert "D-1" in refused.value.errors[0].message
    alike = ("learner", "offering", "version", "provider", "employer", "arranged_by", "activated_at")
    again = Enrollment.objects.create(state="withdrawn", **{name: getattr(enrollment, name) for name in alike})
    claimed = {"learner": again.learner, "offering": again.offering, "scheme": "A", "dossier_number": "B"}
    with pytest.raises(IntegrityError), transaction.atomic():
        FundingRecord.objects.create(enrollment=again, **claimed)
    claim(hr, enrollment, practice_hours=12)
    record = FundingRecord.objects.get()
    assert (record.practice_hours, record.wage_hours) == (12, Decimal("7.50"))
    withdraw_claim(by=hr, employer=enrollment.employer, enrollment=enrollment.pk)
    assert claim(hr, enrollment, dossier="D-2") == 1


def test_all_or_none_and_only_ones_own(finished, works):
    hr, enrollment = finished
    foreign = FUNDING.query(read_filters(works.hr, {})).first()
    with pytest.raises(NotFound):
        claim(hr, enrollment, foreign)
    assert not FundingRecord.objects.exists()
    with pytest.raises(Forbidden):
        claim(works.hr, enrollment)


def test_of_who_left_nothing_newer_is_shown_and_the_reason_is_said(finished):
    hr, _enrollment = finished
    employment = EmploymentFactory(
        employer=hr.memberships.get().organization, starts_on=today() - dt.timedelta(days=50)
    )
    offering = offering_of(published_version(units=("text",)), starts_on=today() - dt.timedelta(days=40))
    enrollment = enroll_staff(
        by=hr, employer=employment.employer, offering=offering, learners=[employment.user]
    ).active[0]
    long_ago = now() - dt.timedelta(days=40)
    Enrollment.objects.filter(pk=enrollment.pk).update(created_at=long_ago, activated_at=long_ago)
    end_employment(by=hr, employment=employment, ends_on=today() - dt.timedelta(days=5))
    enrollment.refresh_from_db()
    mark_unit_done(by=employment.user, enrollment=enrollment, unit=offering.version.sections.get().units.get())
    line = line_of(hr, enrollment)
    assert line["state"] == "active" or line["state"] == "actief"
    assert (line["result_on"], line["certificate_number"], line["certificate_url"]) == (None, None, None)
    assert "result_on" in line["lacks"]
    assert line["masked"]


@pytest.mark.parametrize("seed", [4, 5])
def test_a_figure_is_the_rows_it_opens_to_everywhere(seed):
    works = random_works(seed, people=14)
    api, page = api_of(works.hr), client_of(works.hr)
    some = list(FUNDING.query(read_filters(works.hr, {})).values_list("pk", flat=True)[:9])
    for pk in some[::2]:
        one = Enrollment.objects.select_related("employer").get(pk=pk)
        if not FundingRecord.objects.filter(learner=one.learner_id, offering=one.offering_id).exists():
            claim(works.hr, one)
    for said in ({}, {"mandatory": "yes"}, {"department": str(works.departments[0].pk)}, {"function": "lasser"}):
        asked = read_filters(works.hr, said)
        figures = {one["key"]: one["count"] for one in api.get("/api/v1/reports/funding/", said).json()["figures"]}
        assert FUNDING.query(asked).count() == sum(figures.values())
        for key, count in figures.items():
            opened = said | {"figure": key}
            rows = api.get("/api/v1/reports/funding/rows/", opened | {"page_size": 250}).json()["results"]
            assert len(rows) == count
            assert all(bool(row["lacks"]) == (key == "incomplete") for row in rows if key != "unclaimed")
            in_csv = csv_rows(page.get("/rapporten/subsidie/regels.csv", opened))
            in_xlsx = xlsx_rows(page.get("/rapporten/subsidie/regels.xlsx", opened))
            assert [row[3] for row in in_csv] == [row[3] for row in in_xlsx] == [row["name"] for row in rows]

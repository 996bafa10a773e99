"""Who completed what, and until when it counts."""

import datetime as dt

import pytest

from enrollments.models import Enrollment, TrainingDuty, TrainingRule
from enrollments.reports.expiry import EXPIRY, matrix_of, people_of
from enrollments.reports.filters import read_filters
from enrollments.services.enrolling import enroll_staff
from enrollments.services.learning import mark_unit_done
from lms.core.clock import now, today
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, offering_of, person_with_role, published_version

from .conftest import random_works
from .test_people import api_of, client_of, csv_rows, xlsx_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return EmploymentFactory().employer


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def completed(hr, employment, version):
    offering = offering_of(version)
    outcome = enroll_staff(by=hr, employer=employment.employer, offering=offering, learners=[employment.user])
    mark_unit_done(by=employment.user, enrollment=outcome.active[0], unit=version.sections.get().units.get())
    return Enrollment.objects.get(pk=outcome.active[0].pk)


def figure_of(hr, enrollment):
    asked = read_filters(hr, {})
    rows = EXPIRY.query(asked).filter(pk=enrollment.pk)
    return [figure.key for figure in EXPIRY.figures if rows.filter(figure.fits("")).exists()]


def test_validity_comes_from_certificate_and_rule_whichever_ends_first(hr, employer):
    employment = EmploymentFactory(employer=employer)
    endless = completed(hr, employment, published_version(units=("text",)))
    yearly = completed(hr, employment, published_version(units=("text",), validity_months=12))
    assert figure_of(hr, endless) == ["for_good"]
    assert figure_of(hr, yearly) == ["valid"]
    rule = TrainingRule.objects.create(employer=employer, module=yearly.version.module, valid_months=1)
    duty = TrainingDuty.objects.create(
        rule=rule, employer=employer, learner=employment.user, due_on=today(), enrollment=yearly, met_at=now()
    )
    for days, figure in ((-1, "expired"), (0, "soon"), (29, "soon"), (30, "later"), (89, "later"), (90, "valid")):
        TrainingDuty.objects.filter(pk=duty.pk).update(valid_until=today() + dt.timedelta(days=days))
        assert figure_of(hr, yearly) == [figure]


def test_the_matrix_says_what_nobody_did_and_counts_the_latest(hr, employer):
    done, never = EmploymentFactory(employer=employer), EmploymentFactory(employer=employer)
    version = published_version(units=("text",), validity_months=12)
    completed(hr, done, version)
    rule = TrainingRule.objects.create(employer=employer, module=version.module)
    TrainingDuty.objects.create(rule=rule, employer=employer, learner=never.user, due_on=today())
    asked = read_filters(hr, {})
    titles, rows, left = matrix_of(asked, list(people_of(asked)))
    cells = {employment.pk: row[0] for employment, row in rows}
    assert (len(titles), left) == (1, 0)
    assert cells[done.pk].look == "pos"
    assert cells[done.pk].until
    assert cells[never.pk].look == "neg"
    page = client_of(hr).get("/rapporten/geldigheid/")
    assert cells[never.pk].words
    assert page.status_code == 200
    assert len(page.context["people"]) == 3


def test_a_figure_is_the_rows_it_opens_to_everywhere():
    works = random_works(8, people=14)
    api, page = api_of(works.hr), client_of(works.hr)
    for said in ({}, {"department": str(works.departments[0].pk)}, {"function": "lasser"}):
        figures = {one["key"]: one["count"] for one in api.get("/api/v1/reports/expiry/", said).json()["figures"]}
        assert EXPIRY.query(read_filters(works.hr, said)).count() == sum(figures.values())
        for key, count in figures.items():
            opened = said | {"figure": key}
            rows = api.get("/api/v1/reports/expiry/rows/", opened | {"page_size": 250}).json()["results"]
            in_csv = csv_rows(page.get("/rapporten/geldigheid/regels.csv", opened))
            in_xlsx = xlsx_rows(page.get("/rapporten/geldigheid/regels.xlsx", opened))
            assert len(rows) == len(in_csv) == len(in_xlsx) == count

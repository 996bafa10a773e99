"""Training needs by state: people asked for, places kept and taken, opened down to the needs."""

import datetime as dt

import pytest

from courses.models import ReservedPlaces
from enrollments.models import NeedAnswer, NeedState, TrainingNeed
from enrollments.reports.needs import FIGURES, NEEDS, needs_by_department
from lms.core.clock import now, today
from lms.core.errors import Forbidden
from lms.organizations.models import Department
from tests.enrollments.need_worlds import build_region, post_again
from tests.factories import EmploymentFactory, offering_of

from .test_people import api_of, client_of, csv_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    """One employer has an open need, one taken back, and two in a bundle for which places are kept."""
    region = build_region()
    bundle = region.bundle(needs=[region.needs[0], post_again(region, 0, people=6), region.needs[1]])
    offering = offering_of(region.version, starts_on=today() + dt.timedelta(days=30))
    NeedAnswer.objects.create(bundle=bundle, provider=region.provider, offering=offering)
    ReservedPlaces.objects.create(offering=offering, employer=region.employers[0], places=5, taken=2)
    ReservedPlaces.objects.create(offering=offering, employer=region.employers[1], places=3)
    gone = offering_of(region.version, starts_on=today() + dt.timedelta(days=40), cancelled_at=now())
    NeedAnswer.objects.create(bundle=bundle, provider=region.provider, offering=gone)
    ReservedPlaces.objects.create(offering=gone, employer=region.employers[0], places=9)
    hall = Department.objects.create(employer=region.employers[0], name="Hal")
    post_again(region, 0, people=11)
    taken_back = post_again(region, 0, people=1)
    TrainingNeed.objects.filter(pk=taken_back.pk).update(
        state=NeedState.TAKEN_BACK,
        taken_back_at=now(),
        department=Department.objects.create(employer=hall.employer, name="Lijn", parent=hall),
    )
    return region


def test_places_count_once_and_every_figure_opens_to_its_needs(region):
    hr = region.hr[0]
    asked = NEEDS.ask(hr, {})
    amounts = NEEDS.amounts(asked)
    assert amounts["bundled"] == {"people": 10, "reserved": 5, "taken": 2}
    assert amounts["open"] == {"people": 11, "reserved": 0, "taken": 0}
    assert amounts["taken_back"]["people"] == 1
    for figure in FIGURES:
        lines = list(NEEDS.stream(NEEDS.ask(hr, {"figure": figure.key})))
        assert len(lines) == NEEDS.count(asked)[figure.key]
        assert sum(line["reserved"] for line in lines) == amounts[figure.key]["reserved"]
        assert sum(line["people"] for line in lines) == amounts[figure.key]["people"]
    for row in needs_by_department(asked):
        there = NEEDS.ask(hr, {"department": str(row["department"])})
        assert NEEDS.count(there) == row["figures"]
        assert NEEDS.amounts(there) == row["amounts"]
    names = [(row["name"], row["depth"]) for row in needs_by_department(asked)]
    assert names == [("Hal", 0), ("Lijn", 1), ("", 0)]


def test_doors_of_the_need_report(region, django_assert_max_num_queries):
    page = client_of(region.hr[0])
    with django_assert_max_num_queries(30):
        shown = page.get("/rapporten/opleidingsbehoeften/").content.decode()
    assert "/rapporten/opleidingsbehoeften/regels/" in shown
    assert len(csv_rows(page.get("/rapporten/opleidingsbehoeften/regels.csv?figure=bundled"))) == 2
    future = (today() + dt.timedelta(days=2)).isoformat()
    rows = api_of(region.hr[0]).get(f"/api/v1/reports/needs/rows/?since={future}").json()["results"]
    assert rows == []
    assert len(api_of(region.hr[1]).get("/api/v1/reports/needs/rows/").json()["results"]) == 1
    leader = EmploymentFactory(employer=region.employers[0])
    EmploymentFactory(employer=region.employers[0], manager=leader.user)
    with pytest.raises(Forbidden):
        NEEDS.ask(leader.user, {})

"""Seats and budget: the sums of the ledger, opened down to its entries; where an agreement goes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollments.models import Enrollment, Invoice, LedgerEntry, SeatReservation
from enrollments.reports.budget import BUDGET, FIGURES, amounts_by_department, amounts_by_month
from enrollments.reports.forecast import Forecast, forecast_of, standings
from enrollments.services.enrolling import enroll_staff, withdraw_enrollment
from enrollments.services.paying import use
from enrollments.services.scheduling import schedule_report, send_due_reports
from lms.core.clock import now, today
from lms.core.errors import Forbidden, Invalid
from lms.notifications.models import SentMessage
from tests.enrollments.money import agreement_of
from tests.factories import ProviderFactory, offering_of, published_version

from .test_people import api_of, client_of, csv_rows, xlsx_rows

pytestmark = pytest.mark.django_db
FATES = {
    "reserved": ("reservation",),
    "used": ("reservation", "use"),
    "released": ("reservation", "release"),
    "used, then released": ("reservation", "use", "release"),
}
SIGN = {"reservation": -1, "use": 0, "release": 1}


def enter(agreement, kind, *, seats=0, amount=0, enrollment=None, days_ago=0):
    LedgerEntry.objects.create(
        agreement=agreement,
        kind=kind,
        seats=seats,
        amount=Decimal(amount),
        enrollment=enrollment,
        reason="so" if kind == "correction" else "",
        at=now() - dt.timedelta(days=days_ago),
    )


def random_ledger(works, seats, corrections, limited):
    agreement = agreement_of(works.employer, ProviderFactory(), seats=40 if limited else None, budget=40_000)
    for number in corrections:
        enter(agreement, "correction", seats=number if limited else 0, amount=number * 10)
    people = Enrollment.objects.filter(employer=works.employer, arranged_by="employer").order_by("id")
    for enrollment, (fate, price, days_ago) in zip(people, seats, strict=False):
        SeatReservation.objects.create(agreement=agreement, enrollment=enrollment, amount=price, state=fate.split()[-1])
        for kind in FATES[fate]:
            moved = {"seats": SIGN[kind], "amount": SIGN[kind] * price}
            enter(agreement, kind, enrollment=enrollment, days_ago=days_ago, **moved)
    return agreement, seats[: people.count()]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seats=st.lists(st.tuples(st.sampled_from(sorted(FATES)), st.integers(0, 900), st.integers(0, 80)), max_size=25),
    corrections=st.lists(st.integers(-3, 9).filter(bool), max_size=3),
    limited=st.booleans(),
)
def test_figures_are_the_sums_of_the_ledger_and_open_to_its_entries(works, seats, corrections, limited):
    with transaction.atomic():
        agreement, seats = random_ledger(works, seats, corrections, limited)
        asked = BUDGET.ask(works.hr, {"agreement": str(agreement.pk)})
        counts, amounts = BUDGET.count(asked), BUDGET.amounts(asked)
        for key in ("reserved", "used", "released"):
            prices = [price for fate, price, _days in seats if fate.split()[-1] == key]
            assert amounts[key] == {"seats": len(prices), "money": sum(prices)}, key
        entries = list(LedgerEntry.objects.filter(agreement=agreement))
        assert amounts["left"]["money"] == sum(entry.amount for entry in entries)
        assert amounts["left"]["seats"] == (sum(entry.seats for entry in entries) if limited else 0)
        opened = {key: list(BUDGET.stream(BUDGET.ask(works.hr, asked.parameters | {"figure": key}))) for key in counts}
        assert {key: len(lines) for key, lines in opened.items()} == counts
        seen = [line["id"] for figure in FIGURES for line in opened[figure.key]]
        assert sorted(seen) == sorted(entry.pk for entry in entries)  # every entry lies in one figure
        (standing,) = standings(asked)
        assert {limit.key: limit.left for limit in standing.limits}.items() <= amounts["left"].items()
        months = amounts_by_month(asked)
        for figure in FIGURES:
            assert sum(row["amounts"][figure.key]["money"] for row in months) == amounts[figure.key]["money"]
        transaction.set_rollback(True)


def test_a_department_and_a_month_open_to_what_they_say(works):
    for number in range(3):
        seats = [(fate, 100 + n, 20 * n) for n, fate in enumerate([*FATES] * 3)] if number == 0 else []
        random_ledger(works, seats, [2], limited=True)
    asked = BUDGET.ask(works.hr, {})
    rows = amounts_by_department(asked)
    assert rows
    for row in rows:
        there = BUDGET.ask(works.hr, {"department": str(row["department"])})
        assert {key: BUDGET.count(there)[key] for key in row["figures"]} == row["figures"]
        assert {key: BUDGET.amounts(there)[key] for key in row["amounts"]} == row["amounts"]
    tops = [row for row in rows if row["depth"] == 0]
    for key in ("reserved", "used", "released"):
        assert sum(row["amounts"][key]["money"] for row in tops) == BUDGET.amounts(asked)[key]["money"]
    for row in amounts_by_month(asked):
        last = (row["month"] + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        within = BUDGET.ask(works.hr, {"since": row["month"].isoformat(), "until": last.isoformat()})
        assert {key: BUDGET.amounts(within)[key] for key in ("used", "agreed")} == {
            key: row["amounts"][key] for key in ("used", "agreed")
        }
        assert "left" not in {figure.key for figure in BUDGET.shown(within)}


@pytest.fixture
def bought(works):
    """Three places paid from an agreement with seats and money: one used and invoiced, one given back, one reserved."""
    provider = ProviderFactory()
    offering = offering_of(published_version(provider), price=250, starts_on=today() + dt.timedelta(days=9))
    period = {"starts_on": today() - dt.timedelta(days=60), "ends_on": today() + dt.timedelta(days=40)}
    agreement = agreement_of(works.employer, provider, seats=12, budget=3000, reference="RT-7", **period)
    people = [one.user for one in works.staff if one.ends_on is None][:3]
    outcome = enroll_staff(by=works.hr, employer=works.employer, offering=offering, learners=people)
    assert len(outcome.active) == 3
    first, second, _third = outcome.active
    with transaction.atomic():
        use(SeatReservation.objects.filter(enrollment=first))
    withdraw_enrollment(by=works.hr, enrollment=second)
    facts = {"provider": provider, "employer": works.employer, "dated_on": today()}
    invoice = Invoice.objects.create(agreement=agreement, number="F-1", amount=250, **facts)
    SeatReservation.objects.filter(enrollment=first).update(invoice=invoice)
    return agreement


def test_page_rows_files_and_api_tell_the_same(works, bought, django_assert_max_num_queries):
    page = client_of(works.hr)
    with django_assert_max_num_queries(40):
        shown = page.get("/rapporten/plaatsen-en-budget/").content.decode()
    for words in ("RT-7", "data-part", "/regels/?employer="):
        assert words in shown
    api = api_of(works.hr)
    found = api.get("/api/v1/reports/budget/").json()
    amounts = {one["key"]: one["amounts"] for one in found["figures"]}
    assert amounts["used"] == {"seats": 1, "money": 250.0}
    assert amounts["left"] == {"seats": 10, "money": 2500.0}
    assert [one["count"] for one in found["figures"]] == [1, 0, 1, 2, 2, 6]
    rows = api.get("/api/v1/reports/budget/rows/?figure=used").json()["results"]
    assert [(row["seats"], row["invoice_number"]) for row in rows] == [(0, "F-1"), (-1, "F-1")]
    query = "?figure=left"
    assert len(csv_rows(page.get(f"/rapporten/plaatsen-en-budget/regels.csv{query}"))) == 6
    assert len(xlsx_rows(page.get(f"/rapporten/plaatsen-en-budget/regels.xlsx{query}"))) == 6
    assert page.get(f"/rapporten/plaatsen-en-budget/regels/{query}").status_code == 200
    (standing,) = api.get("/api/v1/reports/budget/agreements/").json()
    assert (standing["reference"], standing["invoiced"], standing["not_invoiced"]) == ("RT-7", "250.00", "0.00")
    assert standing["lapses"] is True
    assert {one["key"]: one["left"] for one in standing["limits"]} == {"seats": "10.00", "money": "2500.00"}
    assert standing["limits"][0]["forecast"]["unused"] == "9"  # two in 61 days, 40 days to go
    assert len(api.get("/api/v1/reports/budget/months/").json()) >= 1
    schedule_report(report=BUDGET, asked=BUDGET.ask(works.hr, {}), frequency="weekly").__class__.objects.update(
        next_on=today()
    )
    assert send_due_reports() == 1
    assert SentMessage.objects.filter(kind="scheduled_report").count() == 1


def test_where_an_agreement_goes(works):
    long_ago, later = today() - dt.timedelta(days=99), today() + dt.timedelta(days=200)
    agreement = agreement_of(works.employer, ProviderFactory(), seats=100, starts_on=long_ago, ends_on=later)
    runs_out = forecast_of(agreement, 50, 25)  # half a seat a day
    assert runs_out == Forecast(Decimal("15.2"), runs_out=today() + dt.timedelta(days=50))
    assert forecast_of(agreement, 10, 90) == Forecast(Decimal("3.0"), unused=Decimal(70))
    assert forecast_of(agreement, 0, 100) == Forecast(Decimal("0.0"), unused=Decimal(100))
    assert forecast_of(agreement, 100, 0) == Forecast(Decimal("30.4"), runs_out=today())
    agreement.starts_on = today() - dt.timedelta(days=5)
    assert forecast_of(agreement, 3, 97) == Forecast(None)
    agreement.ends_on = today() - dt.timedelta(days=1)
    assert forecast_of(agreement, 3, 97) is None


def test_money_is_hr_s_alone(works, other_hr, bought):
    with pytest.raises(Forbidden):
        BUDGET.ask(works.leader, {})
    leader = client_of(works.leader)
    assert leader.get("/rapporten/plaatsen-en-budget/").status_code == 403
    assert "plaatsen-en-budget" not in leader.get("/rapporten/mijn-mensen/").content.decode()
    assert api_of(works.leader).get("/api/v1/reports/budget/agreements/").status_code == 403
    assert not BUDGET.query(BUDGET.ask(other_hr, {})).exists()
    with pytest.raises(Invalid, match="agreement"):
        BUDGET.ask(other_hr, {"agreement": str(bought.pk)})

"""Agreements: proposed by one side, accepted by the other as it was read; added to, corrected, ended; invoiced."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from enrollments.ledger import find_mismatches
from enrollments.models import Agreement, Enrollment, Invoice, LedgerEntry
from enrollments.services.agreements import (
    accept_agreement,
    add_to_agreement,
    correct_agreement,
    end_agreement,
    propose_agreement,
    set_price,
)
from enrollments.services.enrolling import enroll_staff, withdraw_enrollment
from enrollments.services.invoicing import enter_invoice, mark_paid
from enrollments.tasks import check_ledgers
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.services import deliver_due
from lms.notifications.models import SentMessage
from lms.notifications.services import send_queued_messages
from lms.permissions.roles import Role
from tests.factories import ModuleFactory, UserFactory, offering_of, person_with_role, published_version

from .money import balance, employer_with_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def offering():
    starts = today() + timedelta(days=30)
    version = published_version(units=("text",))
    return offering_of(version, price=Decimal(400), starts_on=starts, ends_on=starts + timedelta(days=5))


@pytest.fixture
def planner(offering):
    return person_with_role(offering.provider, Role.PUBLISHER)


@pytest.fixture
def party():
    return employer_with_staff(3)


def proposed(planner, party, offering, **facts):
    terms = {"reference": "Techniek", "starts_on": today(), "ends_on": today() + timedelta(days=99), "seats": 2}
    sides = {"employer": party[0], "provider": offering.provider, "by_provider": True}
    return propose_agreement(by=planner, **(sides | terms | facts))


def accepted(planner, party, offering, **facts):
    agreement = proposed(planner, party, offering, **facts)
    return accept_agreement(by=party[1], agreement=agreement, terms=agreement.terms)


def enroll(party, offering):
    return enroll_staff(by=party[1], employer=party[0], offering=offering, learners=party[2])


def test_a_proposal_pays_nothing_until_the_other_side_accepts(planner, party, offering):
    agreement = proposed(planner, party, offering)
    assert (agreement.state, len(enroll(party, offering).active)) == ("proposed", 3)
    with pytest.raises(Forbidden):
        accept_agreement(by=planner, agreement=agreement, terms=agreement.terms)
    accept_agreement(by=party[1], agreement=agreement, terms=agreement.terms)
    assert balance(agreement) == (2, None)
    assert LedgerEntry.objects.get().kind == "grant"
    with pytest.raises(Conflict):
        accept_agreement(by=party[1], agreement=agreement, terms=agreement.terms)


def test_what_was_read_is_what_is_accepted(planner, party, offering):
    agreement = proposed(planner, party, offering)
    read = agreement.terms
    set_price(by=planner, agreement=agreement, module=offering.version.module, price=Decimal(390))
    with pytest.raises(Conflict, match="changed meanwhile"):
        accept_agreement(by=party[1], agreement=agreement, terms=read)
    agreement = Agreement.objects.get()
    accept_agreement(by=party[1], agreement=agreement, terms=agreement.terms)
    with pytest.raises(Conflict):
        set_price(by=planner, agreement=agreement, module=offering.version.module, price=Decimal(1))


def test_both_sides_are_told_once(planner, party, offering):
    accepted(planner, party, offering)
    deliver_due(50)
    told = SentMessage.objects.filter(kind__startswith="agreement").order_by("kind")
    assert [(message.kind, message.recipient) for message in told] == [
        ("agreement_accepted", planner),
        ("agreement_proposed", party[1]),
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"seats": None}, "seats"),
        ({"seats": 0, "budget": Decimal(5)}, "seats"),
        ({"ends_on": today() - timedelta(days=1)}, "ends_on"),
        ({"seats": None, "budget": Decimal("0.001")}, "budget"),
        ({"reference": ""}, "reference"),
    ],
)
def test_a_proposal_that_makes_no_sense_names_the_field(planner, party, offering, facts, field):
    with pytest.raises(Invalid) as raised:
        proposed(planner, party, offering, **facts)
    assert raised.value.errors[0].field == field
    assert not Agreement.objects.exists()


def test_a_price_is_of_a_module_of_the_provider(planner, party, offering):
    with pytest.raises(Invalid):
        proposed(planner, party, offering, prices={ModuleFactory(): Decimal(10)})


def test_more_seats_come_from_the_provider_and_go_to_who_waits(planner, party, offering):
    agreement = accepted(planner, party, offering)
    outcome = enroll(party, offering)
    assert len(outcome.waitlisted) == 1
    with pytest.raises(Forbidden):
        add_to_agreement(by=party[1], agreement=agreement, seats=1)
    with pytest.raises(Conflict, match="no budget"):
        add_to_agreement(by=party[1], agreement=agreement, budget=Decimal(10))
    add_to_agreement(by=planner, agreement=agreement, seats=1)
    deliver_due(50)
    assert Enrollment.objects.get(pk=outcome.waitlisted[0].pk).state == "offered"
    assert balance(agreement)[0] == 0


def test_a_correction_says_why_and_never_goes_below_zero(planner, party, offering):
    agreement = accepted(planner, party, offering)
    with pytest.raises(Invalid):
        correct_agreement(by=planner, agreement=agreement, seats=-1, reason=" ")
    with pytest.raises(Conflict):
        correct_agreement(by=planner, agreement=agreement, seats=-3, reason="Verkeerd geteld")
    with pytest.raises(Forbidden):
        correct_agreement(by=party[1], agreement=agreement, seats=1, reason="Verkeerd geteld")
    correct_agreement(by=planner, agreement=agreement, seats=-1, reason="Verkeerd geteld")
    assert balance(agreement)[0] == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(seats_left=-1)


def test_after_its_end_nothing_new_is_paid_and_what_is_reserved_stays(planner, party, offering):
    agreement = accepted(planner, party, offering)
    first = enroll((party[0], party[1], party[2][:1]), offering).active[0]
    end_agreement(by=party[1], agreement=agreement, reason="Andere aanbieder")
    enroll(party, offering)
    assert (balance(agreement)[0], Agreement.objects.get().state) == (1, "ended")
    withdraw_enrollment(by=party[1], enrollment=first)
    assert balance(agreement)[0] == 2
    with pytest.raises(Conflict):
        add_to_agreement(by=planner, agreement=agreement, seats=1)


def test_strangers_do_not_know_of_it(planner, party, offering):
    agreement = accepted(planner, party, offering)
    for stranger in (employer_with_staff(0)[1], person_with_role(offering_of().provider, Role.PUBLISHER)):
        assert not Agreement.objects.visible_to(stranger).exists()
        with pytest.raises(NotFound):
            end_agreement(by=stranger, agreement=agreement, reason="x")


def test_the_ledger_is_checked(planner, party, offering):
    agreement = accepted(planner, party, offering)
    enroll(party, offering)
    call_command("check_ledger")
    Agreement.objects.update(seats_left=1)
    assert [(found.what, found.about) for found in find_mismatches()] == [("seats", agreement.pk)]
    with pytest.raises(CommandError):
        call_command("check_ledger")


def test_administrators_hear_once_a_day_of_what_does_not_agree(planner, party, offering):
    administrator = UserFactory(is_superuser=True, language="nl")
    agreement = accepted(planner, party, offering)
    deliver_due()
    assert check_ledgers() == 0
    Agreement.objects.update(seats_left=1)
    assert (check_ledgers(), check_ledgers()) == (1, 1)
    (told,) = SentMessage.objects.filter(kind="ledger_disagrees")
    assert told.recipient == administrator
    send_queued_messages()
    (message,) = [one for one in mail.outbox if administrator.email in one.to]
    assert str(agreement.pk) in message.body


def test_a_place_without_its_enrollment_is_found(offering):
    type(offering).objects.update(taken=2)
    assert [found.what for found in find_mismatches()] == ["places"]


def bill(planner, agreement, enrollments, **facts):
    number = {"number": "2026-118", "dated_on": today(), "amount": Decimal(800), "vat": Decimal(168)}
    ids = [enrollment.pk for enrollment in enrollments]
    return enter_invoice(by=planner, agreement=agreement, enrollments=ids, **(number | facts))


def test_an_invoice_is_entered_once_under_its_own_number(planner, party, offering):
    agreement = accepted(planner, party, offering)
    active = enroll(party, offering).active
    invoice = bill(planner, agreement, active)
    assert bill(planner, agreement, active) == invoice
    with pytest.raises(Conflict, match="another amount"):
        bill(planner, agreement, active, amount=Decimal(801))
    with pytest.raises(Invalid, match="billed by another invoice"):
        bill(planner, agreement, active[:1], number="2026-119")
    with pytest.raises(Forbidden):
        bill(party[1], agreement, [], number="2026-120")
    assert Invoice.objects.get().reservations.count() == 2
    with pytest.raises(Invalid):
        mark_paid(by=planner, invoice=invoice, paid_on=today() - timedelta(days=1))
    assert mark_paid(by=planner, invoice=invoice, paid_on=today()).paid_on == today()


def test_what_was_released_is_not_billed(planner, party, offering):
    agreement = accepted(planner, party, offering)
    enrollment = enroll(party, offering).active[0]
    withdraw_enrollment(by=party[1], enrollment=enrollment)
    with pytest.raises(Invalid, match="not paid from agreement"):
        bill(planner, agreement, [enrollment])


def test_the_pages_tell_both_sides_the_same(client, planner, party, offering):
    agreement = accepted(planner, party, offering, budget=Decimal(5000))
    enroll(party, offering)
    correct_agreement(by=planner, agreement=agreement, seats=1, reason="Verkeerd geteld")
    for keeper in (planner, party[1]):
        client.force_login(keeper)
        page = client.get(reverse("enrollments:agreement", args=[agreement.pk])).content.decode()
        assert "Verkeerd geteld" in page
        assert str(party[2][0]) in page
    filtered = client.get(reverse("enrollments:agreement", args=[agreement.pk]) + "?kind=reservation")
    assert [line["seats_after"] for line in filtered.context["lines"]] == [0, 1]


def test_the_api_proposes_accepts_and_lists(client, planner, party, offering):
    client.force_login(planner)
    facts = {
        "employer": party[0].slug,
        "provider": offering.provider.slug,
        "by_provider": True,
        "reference": "Per API",
        "starts_on": str(today()),
        "ends_on": str(today()),
        "budget": "1000.00",
        "prices": [{"module": str(offering.version.module_id), "price": "250.00"}],
    }
    made = client.post("/api/v1/agreements/", facts, content_type="application/json")
    assert made.status_code == 201
    client.force_login(party[1])
    url = f"/api/v1/agreements/{made.json()['id']}/accept/"
    answer = client.post(url, {"terms": made.json()["terms"]}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "in_force")
    enroll(party, offering)
    lines = client.get(f"/api/v1/ledger-entries/?agreement={made.json()['id']}&kind=reservation").json()["results"]
    assert [line["amount"] for line in lines] == ["-250.00"] * 3

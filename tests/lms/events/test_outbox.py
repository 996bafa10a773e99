"""The outbox: a fact stands or falls with its transaction, is delivered at least once, and never gets lost."""

import io
import threading
import time
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction

from lms.audit.models import AuditEntry
from lms.audit.services import record_audit
from lms.core.actor import Actor, acting, current_actor
from lms.core.clock import now
from lms.core.commit import on_commit_once
from lms.events import services
from lms.events.models import Delivery, DeliveryState, DomainEvent
from lms.events.registry import join, reconcile, registry, subscribe
from lms.events.services import deliver_due, reconcile_all, record, record_many

FACT = "test.happened"


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    """Handlers of a test are gone after it."""
    for part in ("joined", "subscribed", "checks"):
        monkeypatch.setattr(registry, part, {})


@pytest.fixture
def told():
    """A subscribed handler that remembers what it was told."""
    events = []
    subscribe(FACT, "test.remember", events.append)
    return events


def happen(subject=None, **payload):
    with transaction.atomic():
        return record(FACT, subject or uuid.uuid4(), payload)


def happen_and_fail():
    with transaction.atomic():
        record(FACT, uuid.uuid4())
        raise ZeroDivisionError


def state_of(event):
    return Delivery.objects.values_list("state", "attempts").get(event=event)


pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_fact_needs_the_transaction_that_makes_it_true():
    with pytest.raises(transaction.TransactionManagementError, match="inside the transaction"):
        record(FACT, uuid.uuid4())


def test_the_subscriber_is_told_after_commit(told):
    event = happen(what="x", when=now())
    assert told == []
    assert deliver_due() == 1
    assert [fact.pk for fact in told] == [event.pk]
    assert told[0].payload["what"] == "x"
    assert state_of(event) == ("done", 1)
    assert deliver_due() == 0


def test_a_fact_that_is_rolled_back_is_told_to_nobody(told):
    with pytest.raises(ZeroDivisionError):
        happen_and_fail()
    assert deliver_due() == 0
    assert (told, DomainEvent.objects.count()) == ([], 0)


def test_a_joined_handler_stands_or_falls_with_the_transaction():
    join(FACT, "test.join", lambda event: record_audit("test.joined", event))
    happen()
    assert AuditEntry.objects.filter(action="test.joined").count() == 1
    with pytest.raises(ZeroDivisionError):
        happen_and_fail()
    assert AuditEntry.objects.filter(action="test.joined").count() == 1


def test_a_joined_handler_that_fails_takes_the_change_with_it():
    def refuse(event):
        raise ValueError("no certificate, no completion")

    join(FACT, "test.refuse", refuse)
    with pytest.raises(ValueError, match="no certificate"):
        happen()
    assert DomainEvent.objects.count() == 0


def test_each_handler_has_its_own_delivery(told):
    def fail(event):
        raise ValueError("away")

    subscribe(FACT, "test.fail", fail)
    event = happen()
    deliver_due()
    states = dict(Delivery.objects.filter(event=event).values_list("handler", "state"))
    assert states == {"test.remember": "done", "test.fail": "pending"}
    assert len(told) == 1


def test_many_facts_take_a_bounded_number_of_statements(told, django_assert_max_num_queries):
    with transaction.atomic(), django_assert_max_num_queries(12):
        record_many(FACT, [(uuid.uuid4(), {"row": row}) for row in range(500)])
    assert Delivery.objects.count() == 500


def test_one_transaction_wakes_the_relay_once(told, monkeypatch, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for _ in range(5):
            record(FACT, uuid.uuid4())
    assert callbacks == [services.wake_relay]


def test_a_savepoint_that_is_rolled_back_does_not_take_the_wake_up_with_it(django_capture_on_commit_callbacks):
    def wake():
        pass

    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        with transaction.atomic():
            on_commit_once(wake)
            transaction.set_rollback(True)
        with transaction.atomic():
            on_commit_once(wake)
        on_commit_once(wake)
        on_commit_once(wake)
    assert wake in callbacks


def test_failing_is_tried_again_later_each_time_then_becomes_a_dead_letter():
    def fail(event):
        raise ValueError("the printer is away")

    subscribe(FACT, "test.fail", fail)
    waits = []
    with time_machine.travel(now(), tick=False) as clock:
        event = happen()
        for attempt in range(1, services.MAX_ATTEMPTS + 1):
            assert deliver_due() == 1
            assert deliver_due() == 0, "it waits before it is tried again"
            delivery = Delivery.objects.get(event=event)
            assert delivery.attempts == attempt
            waits.append(delivery.due_at - now())
            clock.shift(waits[-1])
    assert delivery.state == DeliveryState.DEAD
    assert "the printer is away" in delivery.last_error
    assert waits == sorted(waits)
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]


def test_a_handler_that_kills_its_process_each_time_becomes_a_dead_letter(told):
    """Nobody lives to count the failure: the claim itself counts."""
    event = happen()
    Delivery.objects.filter(event=event).update(attempts=services.MAX_ATTEMPTS)
    deliver_due()
    assert told == []
    delivery = Delivery.objects.get(event=event)
    assert (delivery.state, delivery.last_error) == ("dead", "The process died during every attempt.")


def test_a_delivery_whose_lease_ran_out_is_taken_over(told):
    event = happen()
    claimed = services._claim()
    assert claimed.event_id == event.pk
    assert deliver_due() == 0, "somebody is at work on it"
    with time_machine.travel(now() + services.LEASE + timedelta(seconds=1)):
        assert deliver_due() == 1
    assert state_of(event) == ("done", 2)


def test_the_one_that_was_too_slow_does_not_spoil_what_the_next_one_does():
    subscribe(FACT, "test.slow", lambda event: None)
    event = happen()
    slow = services._claim()
    with time_machine.travel(now() + services.LEASE + timedelta(seconds=1)):
        next_one = services._claim()
        services._keep_failure(slow, ValueError("too late"))
        delivery = Delivery.objects.get(event=event)
    assert (delivery.due_at, delivery.last_error) == (next_one.due_at, "")


def test_a_handler_that_is_gone_is_named():
    subscribe(FACT, "test.renamed", lambda event: None)
    event = happen()
    registry.subscribed.clear()
    deliver_due()
    assert "'test.renamed'" in Delivery.objects.get(event=event).last_error


def test_the_handler_acts_for_the_person_who_caused_it(told):
    actors = []
    subscribe(FACT, "test.actor", lambda event: actors.append(current_actor()))
    person = uuid.uuid4()
    with acting(Actor(person, via="request", origin="192.0.2.1")):
        happen()
    deliver_due()
    assert actors == [Actor(person, via="task", origin="test.actor")]
    assert current_actor() == Actor()


def test_a_portion_that_was_full_asks_for_the_next(told, monkeypatch):
    from lms.events import tasks

    woken = []
    monkeypatch.setattr(services, "wake_relay", lambda: woken.append(True))
    monkeypatch.setattr(services, "PORTION", 2)
    monkeypatch.setattr(services, "deliver_due", lambda: 2)
    tasks.relay()
    monkeypatch.setattr(services, "deliver_due", lambda: 1)
    tasks.relay()
    assert woken == [True]


def test_a_broker_that_is_away_does_not_fail_the_change(told, monkeypatch, django_capture_on_commit_callbacks):
    from lms.events import tasks

    def away(*arguments, **options):
        raise ConnectionRefusedError("broker")

    monkeypatch.setattr(tasks.relay, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        event = happen()
    assert state_of(event) == ("pending", 0)


def test_the_command_shows_dead_letters_and_gives_them_a_fresh_start(told):
    event = happen()
    Delivery.objects.filter(event=event).update(state="dead", attempts=8, last_error="ValueError('away')")
    assert "dead: test.happened" in run_command()
    assert "ValueError('away')" in run_command()
    output = run_command("--retry", "--relay")
    assert "1 dead letters will be tried again." in output
    assert (len(told), state_of(event)) == (1, ("done", 1))


def run_command(*options):
    output = io.StringIO()
    call_command("events", *options, stdout=output)
    return output.getvalue()


def test_one_check_that_fails_does_not_stop_the_others():
    actors = []

    def fail():
        raise ValueError("broken")

    reconcile("test.fails", fail)
    reconcile("test.mends", lambda: actors.append(current_actor()) or 3)
    assert reconcile_all() == {"test.fails": -1, "test.mends": 3}
    assert actors == [Actor(via="task", origin="test.mends")]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "negative control"])
def test_two_relays_never_run_one_delivery_at_once(monkeypatch, locked):
    """With the row lock switched off the same delivery is claimed by several: the test would see it."""
    counts = []
    guard = threading.Lock()

    def count(event):
        with guard:
            counts.append(event.pk)

    subscribe(FACT, "test.count", count)
    monkeypatch.setattr(services, "wake_relay", lambda: None)
    with transaction.atomic():
        record_many(FACT, [(uuid.uuid4(), {}) for _ in range(40)])
    if not locked:
        monkeypatch.setattr(Delivery.objects.none().__class__, "select_for_update", lambda rows, **_options: rows)
    monkeypatch.setattr(services, "now", lambda: time.sleep(0.002) or now())  # between reading and claiming
    start = threading.Barrier(4)

    def relay():
        try:
            connection.ensure_connection()
            start.wait(10)
            deliver_due()
        finally:
            connection.close()

    relays = [threading.Thread(target=relay) for _ in range(4)]
    for thread in relays:
        thread.start()
    for thread in relays:
        thread.join(60)
    twice = len(counts) - len(set(counts))
    assert set(counts) == set(DomainEvent.objects.values_list("pk", flat=True))
    assert twice == 0 if locked else twice > 0

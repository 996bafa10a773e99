"""Many bookings of one room, or one teacher, at the same moment; with a control in which the locks are off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from courses.models import Session
from courses.services.sessions import plan_session
from lms.accounts.models import User
from lms.core.clock import now
from lms.core.errors import Conflict
from lms.events.registry import registry
from lms.permissions.roles import Role
from tests.factories import ProviderFactory, offering_of, person_with_role, published_version, room_at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS, THREADS = 25, 10


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr(registry, "subscribed", {})


@pytest.fixture
def constraints_off():
    """The check in the service alone, as on SQLite."""
    names = ("session_room_free", "session_teacher_free")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ANY(%s)", [list(names)]
        )
        definitions = dict(cursor.fetchall())
        for name in definitions:
            cursor.execute(f"ALTER TABLE courses_session DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE courses_session CASCADE")
        for name, definition in definitions.items():
            cursor.execute(f"ALTER TABLE courses_session ADD CONSTRAINT {name} {definition}")
    assert set(definitions) == set(names)


@pytest.fixture
def locks_off(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())


def bookings(shared):
    """Rounds in which ten offerings book the same room or teacher at once: (sessions kept, unexpected errors)."""
    provider = ProviderFactory()
    publisher = person_with_role(provider, Role.PUBLISHER)
    version = published_version(provider, units=("text",))
    offerings = [offering_of(version) for _n in range(THREADS)]
    facts = {"room": room_at(provider)} if shared == "room" else {"teacher": publisher}
    barrier = Barrier(THREADS)

    def book(offering, day):
        by = User.objects.get(pk=publisher.pk)
        starts_at = now() + timedelta(days=day)
        barrier.wait(30)
        try:
            plan_session(by=by, offering=offering, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **facts)
        except Conflict:
            return None
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        for day in range(1, ROUNDS + 1):
            before = Session.objects.count()
            errors = [error for error in pool.map(book, offerings, [day] * THREADS) if error]
            yield Session.objects.count() - before, errors


@pytest.mark.parametrize("shared", ["room", "teacher"])
def test_one_room_and_one_teacher_go_to_one_session(shared, constraints_off):
    assert list(bookings(shared)) == [(1, [])] * ROUNDS


@pytest.mark.parametrize("shared", ["room", "teacher"])
def test_control_without_the_locks_several_get_it(shared, constraints_off, locks_off):
    assert any(kept > 1 for kept, _errors in bookings(shared))


@pytest.mark.parametrize("shared", ["room", "teacher"])
def test_without_the_locks_the_database_still_refuses(shared, locks_off):
    assert list(bookings(shared)) == [(1, [])] * ROUNDS

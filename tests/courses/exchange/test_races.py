"""Two systems put the same code at once. With a control in which the locks are switched off, and which must fail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from courses.exchange.applying import put_module
from courses.models import Module, ModuleVersion, Unit
from lms.accounts.models import User
from lms.permissions.roles import Role
from tests.factories import ProviderFactory, person_with_role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS, THREADS = 10, 6


@pytest.fixture
def rounds():
    """Plays rounds in which six systems put the same new code; tells in how many something went wrong."""
    provider = ProviderFactory()
    by = User.objects.get(pk=person_with_role(provider, Role.PUBLISHER).pk)
    barrier = Barrier(THREADS)

    def put(code, number):
        units = [{"kind": "text", "title": {"nl": f"Les {number}-{n}"}} for n in range(1 + number)]
        given = {
            "title": {"nl": "Stand"},
            "track": "mbo",
            "sections": [{"title": {"nl": "A"}, "units": units}],
        }
        barrier.wait(30)
        try:
            return put_module(by=by, provider=provider, code=code, given=given).outcome
        except Exception as error:
            return repr(error)
        finally:
            connection.close()

    def play(code, pool):
        outcomes = list(pool.map(lambda number: put(code, number), range(THREADS)))
        versions = list(ModuleVersion.objects.filter(module__code=code))
        found = Unit.objects.filter(section__version__in=versions)
        units = list(found.values_list("title__nl", flat=True))
        right = sorted(outcomes) == ["changed"] * (THREADS - 1) + ["created"]
        whole = len(versions) == 1 and len({title[:-2] for title in units}) == 1 and len(units) == 1 + int(units[0][4])
        return not (right and whole and Module.objects.filter(code=code).count() == 1)

    def run(most=ROUNDS):
        broken = 0
        with ThreadPoolExecutor(THREADS) as pool:
            for number in range(ROUNDS):
                broken += play(f"code-{number}", pool)
                if broken >= most:
                    break
        return broken

    return run


def test_the_same_new_code_at_once_is_one_module_that_holds_one_body_whole(rounds):
    assert rounds() == 0


def test_control_without_the_locks_bodies_get_mixed_or_refused(rounds, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())
    assert rounds(most=1) == 1

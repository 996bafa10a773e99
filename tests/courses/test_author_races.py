"""Two authors save at once, from the same revision: exactly one wins, the other is told, and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from courses.models import ModuleVersion, Section, Unit
from courses.services import authoring
from lms.core.errors import Conflict
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, ProviderFactory, person_with_role, text_unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS, AUTHORS = 50, 2


@pytest.fixture
def locks_off(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())


@pytest.fixture
def authors():
    provider = ProviderFactory()
    return [person_with_role(provider, Role.TEACHER) for _n in range(AUTHORS)]


@pytest.fixture
def draft(authors):
    version = ModuleVersionFactory(module__provider=authors[0].memberships.get().organization)
    text_unit(Section.objects.create(version=version, position=0, title={"nl": "Begin"}))
    return version


@pytest.fixture
def at_once():
    """Runs the calls at the same moment; returns of each what it saved, or `stale`."""
    barrier = Barrier(AUTHORS)

    def call(verb):
        barrier.wait(30)
        try:
            return verb()
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(AUTHORS) as pool:
        yield lambda verbs: list(pool.map(call, verbs))
        list(pool.map(lambda _n: (barrier.wait(30), connection.close()), range(AUTHORS)))


def facts_at_once(at_once, authors, draft):
    revision = ModuleVersion.objects.get(pk=draft.pk).revision

    def save(author):
        words = {"nl": f"Van {author.pk} na {revision}"}
        authoring.edit_version(by=author, version=draft, revision=revision, facts={"summary": words})
        return words

    return at_once(
        [lambda author=author: save(author) for author in authors]
    ), lambda: ModuleVersion.objects.get(pk=draft.pk).summary


def texts_at_once(at_once, authors, draft):
    unit = Unit.objects.get(section__version=draft)

    def save(author):
        data = {"body": {"nl": f"Van {author.pk} na {unit.revision}"}}
        authoring.edit_unit(by=author, unit=unit, revision=unit.revision, data=data)
        return data

    return at_once(
        [lambda author=author: save(author) for author in authors]
    ), lambda: Unit.objects.get(pk=unit.pk).data


def broken(play, *world, most=ROUNDS):
    """In how many rounds not exactly one saved, the other was not told, or what was saved is not there."""
    count = 0
    for _round in range(ROUNDS):
        outcomes, stored = play(*world)
        saved = [outcome for outcome in outcomes if outcome != "stale"]
        count += len(saved) != 1 or stored() != saved[0]
        if count >= most:
            break
    return count


@pytest.mark.parametrize("play", [facts_at_once, texts_at_once])
def test_one_wins_and_the_other_is_told(play, at_once, authors, draft):
    assert broken(play, at_once, authors, draft) == 0


@pytest.mark.parametrize("play", [facts_at_once, texts_at_once])
def test_control_without_the_lock_one_overwrites_the_other(play, at_once, authors, draft, locks_off):
    assert broken(play, at_once, authors, draft, most=1) == 1

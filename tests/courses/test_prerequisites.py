"""What a module asks beforehand, and never in a circle."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from courses.models import Prerequisite
from courses.services import prerequisites
from courses.services.prerequisites import set_prerequisites, way_to
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, ProviderFactory, UserFactory, person_with_role, published_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def publisher(provider):
    return person_with_role(provider, Role.PUBLISHER)


def module(provider, title="Les"):
    return published_version(provider, units=("text",), title={"nl": title}).module


def asked(row):
    return set(row.prerequisites.values_list("requires", flat=True))


def test_a_publisher_says_what_is_asked_and_takes_it_back(provider, publisher):
    first, second, foreign = module(provider), module(provider), module(ProviderFactory())
    set_prerequisites(by=publisher, module=second, requires=[first, foreign, first])
    assert asked(second) == {first.pk, foreign.pk}
    set_prerequisites(by=publisher, module=second, requires=[foreign])
    assert asked(second) == {foreign.pk}
    set_prerequisites(by=publisher, module=second, requires=[foreign])
    assert AuditEntry.objects.filter(action="courses.set_prerequisites").count() == 2


def test_who_may_and_what_can_be_asked(provider, publisher):
    first, second = module(provider), module(provider)
    draft = ModuleVersionFactory(module__provider=provider).module
    with pytest.raises(Invalid):
        set_prerequisites(by=publisher, module=second, requires=[draft])
    for stranger in (person_with_role(provider, Role.TEACHER), UserFactory()):
        with pytest.raises(Forbidden):
            set_prerequisites(by=stranger, module=second, requires=[first])
    with pytest.raises(NotFound):
        set_prerequisites(by=UserFactory(), module=draft, requires=[])


def test_a_circle_is_refused_with_the_way_round(provider, publisher):
    a, b, c = (module(provider, title) for title in ("Aap", "Beer", "Civet"))
    set_prerequisites(by=publisher, module=a, requires=[b])
    set_prerequisites(by=publisher, module=b, requires=[c])
    with pytest.raises(Conflict) as refused:
        set_prerequisites(by=publisher, module=c, requires=[a])
    assert "Aap → Beer → Civet" in refused.value.detail.replace("Civet → ", "", 1)
    with pytest.raises(Conflict):
        set_prerequisites(by=publisher, module=a, requires=[a])
    with pytest.raises(IntegrityError), transaction.atomic():
        Prerequisite.objects.create(module=a, requires=a)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30))
def test_no_order_of_adding_makes_a_circle(edges):
    asks = defaultdict(set)
    for start, goal in edges:
        if not way_to(start, goal, asks):
            asks[start].add(goal)
    left = {node: set(goals) for node, goals in asks.items()}
    while left:  # whoever asks nothing that is left can be taken: that empties exactly what has no circle
        free = [node for node, goals in left.items() if not goals & left.keys()]
        assert free, f"circle in {dict(asks)}"
        for node in free:
            del left[node]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30), st.integers(0, 7), st.integers(0, 7))
def test_the_way_is_a_way(edges, start, goal):
    asks = defaultdict(set)
    for before, after in edges:
        asks[before].add(after)
    way = way_to(goal, start, asks)
    if way:
        assert (way[0], way[-1]) == (start, goal)
        assert all(after in asks[before] for before, after in pairwise(way))
    else:
        reached, waiting = {start}, [start]
        while waiting:
            for further in asks[waiting.pop()] - reached:
                reached.add(further)
                waiting.append(further)
        assert goal not in reached


def closing_together(rounds=20):
    """Four publishers close a circle of four at the same moment: at most three get through. Returns broken rounds."""
    provider = ProviderFactory()
    by = person_with_role(provider, Role.PUBLISHER)
    broken = 0
    with ThreadPoolExecutor(4) as pool:
        for _round in range(rounds):
            ring, barrier = [module(provider) for _n in range(4)], Barrier(4)

            def close(place, ring=ring, barrier=barrier):
                user = User.objects.get(pk=by.pk)
                barrier.wait(30)
                try:
                    set_prerequisites(by=user, module=ring[place], requires=[ring[(place + 1) % 4]])
                except Conflict:
                    return False
                finally:
                    connection.close()
                return True

            broken += sum(pool.map(close, range(4))) != 3
            if broken:
                break
    return broken


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_circle_closed_by_four_at_once_stays_open():
    assert closing_together() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_four_close_a_circle(monkeypatch):
    monkeypatch.setattr(prerequisites, "_lock_graph", lambda: None)
    assert closing_together() == 1


def test_by_page(client, provider, publisher):
    first, second = module(provider, "Meten"), module(provider, "Frezen")
    User.objects.update(language="en")
    client.force_login(publisher)
    page = reverse("courses:prerequisites", args=[second.pk])
    assert page in client.get(reverse("courses:authored_module", args=[second.pk])).content.decode()
    assert str(first.pk) in client.get(page, {"q": "meten"}).content.decode()
    client.post(page + "?q=meten", {"module": first.pk, "do": "add"})
    assert asked(second) == {first.pk}
    circle = client.post(
        reverse("courses:prerequisites", args=[first.pk]), {"module": second.pk, "do": "add"}, follow=True
    )
    assert "That would be a circle" in circle.content.decode()
    client.post(page, {"module": "x", "do": "add"})
    client.post(page, {"module": first.pk, "do": "remove"})
    assert asked(second) == set()


def test_by_api(provider, publisher):
    first, second = module(provider), module(provider)
    api = APIClient()
    api.force_authenticate(publisher)
    body = {"module": str(second.pk), "requires": [str(first.pk)]}
    assert api.post("/api/v1/prerequisites/", body, format="json").json()[0]["requires"] == str(first.pk)
    back = {"module": str(first.pk), "requires": [str(second.pk)]}
    assert api.post("/api/v1/prerequisites/", back, format="json").status_code == 409
    listed = APIClient().get(f"/api/v1/prerequisites/?module={second.pk}").json()["results"]
    assert [row["requires"] for row in listed] == [str(first.pk)]

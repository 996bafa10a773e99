"""A real worker on a real broker: what is committed is delivered, whatever dies in between."""

import shutil
import sqlite3

import psycopg
import pytest
from kombu.utils.url import parse_url

from tests.servers import postgres, redis

from .house import House, kill

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def postgres_url():
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory):
    """A migrated SQLite database, copied by each test."""
    house = House(tmp_path_factory.mktemp("migrated"))
    house.run("manage.py", "migrate", "--verbosity=0")
    return house.folder / "db.sqlite3"


@pytest.fixture(scope="module")
def migrated_database(postgres_url, tmp_path_factory):
    """A migrated database in the module's cluster, copied by each test."""
    _execute(postgres_url, "CREATE DATABASE migrated")
    house = House(tmp_path_factory.mktemp("migrated"), {"DATABASE_URL": _beside(postgres_url, "migrated")})
    house.run("manage.py", "migrate", "--verbosity=0")
    return postgres_url


@pytest.fixture
def embedded(tmp_path, migrated_file):
    """SQLite and the folder that stands in for a broker."""
    shutil.copy(migrated_file, tmp_path / migrated_file.name)
    return House(tmp_path)


@pytest.fixture
def own_database(migrated_database):
    """A migrated database of one's own."""
    _execute(migrated_database, "DROP DATABASE IF EXISTS house WITH (FORCE)")
    _execute(migrated_database, "CREATE DATABASE house TEMPLATE migrated")
    return _beside(migrated_database, "house")


@pytest.fixture
def with_redis(tmp_path, own_database):
    """PostgreSQL and Redis."""
    with redis() as url:
        yield House(tmp_path, {"DATABASE_URL": own_database, "CELERY_BROKER_URL": url})


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _beside(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


@pytest.fixture(params=["embedded", "with_redis"])
def house(request):
    return request.getfixturevalue(request.param)


def test_what_is_committed_is_delivered_once(house):
    with house.worker():
        for _ in range(3):
            house.happen("well")
        house.eventually(lambda: house.deliveries() == [("done", 1)] * 3)
    assert house.effects() == 3


def test_a_worker_killed_in_the_middle_loses_nothing(house):
    with house.worker() as worker:
        house.happen("slow")
        house.eventually((house.folder / "hanging").exists)
        kill(worker)
    assert (house.deliveries(), house.effects()) == ([("pending", 1)], 0)
    with house.worker():
        let_leases_run_out(house)
        house.eventually(lambda: house.deliveries() == [("done", 2)])
    assert house.effects() == 1


def test_what_fails_is_seen_and_can_be_revived(house):
    with house.worker():
        house.happen("broken")
        house.eventually(lambda: house.deliveries() == [("pending", 1)])
        house.rows("UPDATE events_delivery SET attempts = 7")
        let_leases_run_out(house)
        house.eventually(lambda: house.deliveries() == [("dead", 8)])
        assert "ValueError('the printer is away')" in house.run("manage.py", "events")
        (house.folder / "mended").touch()
        assert "1 dead letters will be tried again." in house.run("manage.py", "events", "--retry")
        house.eventually(lambda: house.deliveries() == [("done", 1)])
    assert house.effects() == 1


def test_a_broker_that_is_away_delays_and_loses_nothing(tmp_path, own_database):
    with redis() as url:
        away = url
    house = House(tmp_path, {"DATABASE_URL": own_database, "CELERY_BROKER_URL": away})
    assert house.happen("well") < 3, "nobody waits for a broker"
    assert (house.deliveries(), house.effects()) == ([("pending", 0)], 0)
    with redis(port=parse_url(away)["port"]), house.worker():
        house.eventually(lambda: house.deliveries() == [("done", 1)])
    assert house.effects() == 1


def let_leases_run_out(house):
    """Time passes: leases and waits lie in the past."""
    try:
        house.rows("UPDATE events_delivery SET due_at = '2020-01-01 00:00:00+00:00' WHERE state = 'pending'")
    except sqlite3.OperationalError:  # a relay was writing: the next round gets it
        return

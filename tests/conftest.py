"""What every test gets: no network but loopback, no N+1, files in a folder of its own, eager jobs, an empty cache."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from . import strict

# A busy machine is no finding: what a test asserts counts, not how long an example took.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure():
    strict.refuse_network()
    strict.watch_files()


def pytest_report_header():
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config, items):
    """Races and locks need PostgreSQL; what is the same on every database runs on SQLite alone."""
    mark = "any_database" if connection.vendor == "postgresql" else "postgres"
    left_out = [item for item in items if item.get_closest_marker(mark)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files that a test writes are its own, and none land in the project."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    with strict.files_written() as written:
        yield
    assert not written, f"The test left files in the project: {sorted(set(written))}"


@pytest.fixture(autouse=True)
def own_language(settings):
    """A page asked for in English leaves its language behind in the thread: each test begins in the product's own."""
    with translation.override(settings.LANGUAGE_CODE):
        yield

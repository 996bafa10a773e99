"""Probes: alive whatever happens, ready only with a database that has every migration."""

from unittest import mock

import pytest
from django.db import OperationalError


def test_alive_without_a_database(client):
    """No database access is allowed in this test."""
    assert client.get("/livez").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_the_database_has_every_migration(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_not_ready_without_database(client):
    with mock.patch("lms.core.health.MigrationExecutor", side_effect=OperationalError("away")):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "away")


def test_not_ready_with_a_migration_to_apply(client):
    with mock.patch("lms.core.health.MigrationExecutor") as executor:
        executor.return_value.migration_plan.return_value = [object()]
        response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "1 to apply")

"""Migrations point down like imports do, and none of them locks or breaks a running system."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel

# From the ground up; the same order as in .importlinter.
LEVELS = [
    ["audit", "events", "permissions", "web", "core"],
    ["accounts"],
    ["notifications"],
    ["organizations"],
    ["courses"],
    ["enrollments"],
    ["certificates"],
]
LEVEL = {label: level for level, labels in enumerate(LEVELS) for label in labels}


def own_apps():
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("lms.") or config.name in ("courses", "enrollments", "certificates")
    }


def test_every_own_app_has_its_level():
    assert own_apps() == set(LEVEL), "give a new app its place in LEVELS"


def test_no_migration_depends_on_a_higher_app():
    loader = MigrationLoader(None)
    upward = [
        f"{label}.{name} depends on {dependency[0]}.{dependency[1]}"
        for (label, name), migration in loader.disk_migrations.items()
        for dependency in [*migration.dependencies, *migration.run_before]
        if label in LEVEL and dependency[0] in LEVEL and LEVEL[dependency[0]] > LEVEL[label]
    ]
    assert upward == []


def test_the_check_sees_models():
    """The graph above is not empty: every app with models has migrations."""
    loader = MigrationLoader(None)
    made = {
        label
        for (label, _name), migration in loader.disk_migrations.items()
        if any(isinstance(operation, CreateModel) for operation in migration.operations)
    }
    assert {config.label for config in apps.get_app_configs() if any(config.get_models())} & own_apps() <= made


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_migrations_are_safe_under_traffic():
    """The linter reads the SQL of every own migration after an app's first: no lock on a table full of rows."""
    labels = sorted(label for label in own_apps() if apps.get_app_config(label).models_module)
    call_command("lintmigrations", include_apps=labels, no_cache=True, quiet=["ok", "ignore", "warning"])

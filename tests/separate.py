"""A database and a folder for processes of their own: on the cluster of this run, or on SQLite."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL")


def embedded_environment(folder: Path, **variables: str) -> dict[str, str]:
    """The environment of a process that runs the product itself, embedded, with everything in `folder`."""
    left_out = (*SERVICES, "SECRET_KEY", "ALLOWED_HOSTS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"DJANGO_SETTINGS_MODULE": "lms.settings", "VAR_DIR": str(folder)} | variables


@contextmanager
def separate_database(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that share a fresh, migrated database, on what this run tests on."""
    environment = embedded_environment(folder)
    server = os.environ.get("DATABASE_URL")
    name = f"separate_{uuid.uuid4().hex[:12]}"
    if server:
        _administer(server, f'CREATE DATABASE "{name}"')
        environment |= {
            "DATABASE_URL": urlunsplit(urlsplit(server)._replace(path=f"/{name}")),
            "SECRET_KEY": os.environ["SECRET_KEY"],
            "ALLOWED_HOSTS": "localhost",
        }
    try:
        manage(environment, "migrate", "-v0")
        yield environment
    finally:
        if server:
            _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command in that environment; returns what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)

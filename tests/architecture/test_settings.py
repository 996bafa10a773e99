"""One list of variables: the reference is made from it, and nothing reads the environment past it."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["lms", "courses", "enrollments", "certificates"]
SERVICES = {
    "DATABASE_URL": "postgres://lms@localhost/lms",
    "CELERY_BROKER_URL": "redis://localhost/0",
    "EMAIL_URL": "smtp://localhost",
}


def start_up(tmp_path, **environment):
    """`manage.py check` in a bare environment."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )


def test_the_reference_is_up_to_date():
    written = io.StringIO()
    call_command("settings_reference", stdout=written)
    stored = (ROOT / "docs" / "settings.md").read_text()
    assert stored == written.getvalue(), "run: manage.py settings_reference > docs/settings.md"


@pytest.mark.parametrize("name", SERVICES)
def test_with_a_real_service_a_missing_secret_stops_start_up(tmp_path, name):
    stopped = start_up(tmp_path, **{name: SERVICES[name]})
    assert stopped.returncode == 78
    assert stopped.stderr == "Settings: SECRET_KEY is missing: set it to a long random text (50 characters or more).\n"


def test_with_a_real_service_a_missing_host_list_stops_start_up(tmp_path):
    stopped = start_up(tmp_path, EMAIL_URL="smtp://localhost", SECRET_KEY="x" * 60)
    assert stopped.returncode == 78
    assert stopped.stderr.startswith("Settings: ALLOWED_HOSTS is missing")
    assert len(stopped.stderr.splitlines()) == 1


def test_without_any_variable_it_starts_and_keeps_its_key(tmp_path):
    assert start_up(tmp_path).returncode == 0
    key = (tmp_path / "secret_key").read_text()
    assert len(key) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert start_up(tmp_path).returncode == 0
    assert (tmp_path / "secret_key").read_text() == key


def test_nothing_reads_the_environment_past_the_list():
    """`serve` hands its environment on to the processes it starts; Django's own variable is Django's."""
    readers = re.compile(r"os\.environ|os\.getenv|environ\.Env\(")
    allowed = {"lms/settings/variables.py", "lms/settings/data.py", "lms/core/management/commands/serve.py"}
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if readers.search(path.read_text().replace('os.environ.setdefault("DJANGO_SETTINGS_MODULE"', ""))
    }
    assert found <= allowed

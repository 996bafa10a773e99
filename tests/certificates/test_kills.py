"""A process killed at any point of making the document loses nothing and doubles nothing."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection

from certificates.models import CertificateDocument
from certificates.services.documents import make_document, read_document
from lms.notifications.models import SentMessage

from .conftest import completed_by

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """The document is not made before the process that is killed."""
    monkeypatch.setattr("lms.events.tasks.relay.delay", lambda *_args, **_kwargs: None)


SCRIPT = """
import os, signal, sys
import django
django.setup()
from django.core.files.storage import default_storage
from certificates.models import Certificate, CertificateDocument
from certificates.rendering import engine
from certificates.services import documents

def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def write_half(name, content):
    path = default_storage.path(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = content.read()
    with open(path, "wb") as file:
        file.write(data[: len(data) // 2])
    die()

where, pk = sys.argv[1:]
if where == "rendering":
    engine.render_pdf = die
elif where == "writing the file":
    default_storage.save = write_half
elif where == "between file and row":
    CertificateDocument.objects.create = die
elif where == "before the commit":
    documents.notify = die
documents.make_document(Certificate.objects.get(pk=pk))
die()
"""


@pytest.mark.parametrize(
    "where", ["rendering", "writing the file", "between file and row", "before the commit", "after the commit"]
)
def test_killed_and_finished_by_the_next(where, settings, tmp_path):
    certificate = completed_by()
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "DATABASE_URL": url,
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": project.SECRET_KEY,
        "ALLOWED_HOSTS": "localhost",
    }
    killed = subprocess.run(
        [sys.executable, "-c", SCRIPT, where, str(certificate.pk)], env=environment, cwd=project.BASE_DIR, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert CertificateDocument.objects.count() == (where == "after the commit")

    document = make_document(certificate)

    assert CertificateDocument.objects.count() == 1
    assert SentMessage.objects.filter(kind="certificate_ready").count() == 1
    (stored,) = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == document.sha256
    assert read_document(certificate) == stored.read_bytes()

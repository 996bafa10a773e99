"""Twenty at once: one certificate and one document, and a control that shows the constraint does it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections

from certificates.models import Certificate, CertificateDocument
from certificates.rendering.engine import render_pdf
from certificates.services import documents
from certificates.services.issuing import issue_certificate
from enrollments.models import Completion
from enrollments.services.enrolling import enroll_self
from tests.factories import UserFactory, offering_of, published_version

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS, ROUNDS = 20, 50


@pytest.fixture(autouse=True)
def no_documents(monkeypatch):
    """Only the rows race here."""
    monkeypatch.setattr("lms.events.tasks.relay.delay", lambda *_args, **_kwargs: None)


def at_once(task):
    """Run `task` in twenty threads that start together, each on a connection of its own."""
    barrier = Barrier(THREADS)

    def run(_number):
        try:
            connection.ensure_connection()
            barrier.wait()
            return task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def issue(completion):
    with suppress(Certificate.MultipleObjectsReturned):  # only where the constraint is off
        issue_certificate(completion)


def issue_in_rounds(rounds):
    """Twenty issue the same completion's certificate, so many times. Returns how many there are too many."""
    offering = offering_of(published_version(units=("text",)))
    for _ in range(rounds):
        completion = Completion.objects.create(enrollment=enroll_self(by=UserFactory(), offering=offering))
        at_once(lambda found=completion: issue(found))
    return Certificate.objects.count() - rounds


def test_twenty_at_once_issue_one_certificate():
    assert issue_in_rounds(ROUNDS) == 0


def test_without_the_constraint_they_issue_more():
    constraint = next(found for found in Certificate._meta.constraints if found.name == "certificate_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Certificate, constraint)
    try:
        assert issue_in_rounds(5) > 0
    finally:
        Certificate.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Certificate, constraint)


def test_twenty_at_once_store_one_document(settings):
    offering = offering_of(published_version(units=("text",)))
    certificate = issue_certificate(
        Completion.objects.create(enrollment=enroll_self(by=UserFactory(), offering=offering))
    )
    pdf = render_pdf(certificate)
    made = at_once(lambda: documents._keep(certificate, pdf).pk)
    assert len(set(made)) == CertificateDocument.objects.count() == 1
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1

"""The stored document: once, the same bytes, whatever is killed or damaged."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from certificates.models import CertificateDocument
from certificates.rendering.engine import render_pdf
from certificates.services import documents
from certificates.services.documents import Damaged, NotReady, make_document, make_forgotten_documents, read_document
from lms.core.clock import now
from lms.events.services import deliver_due
from lms.notifications.models import SentMessage

pytestmark = pytest.mark.django_db


def files(settings):
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_the_event_leads_to_a_document_and_one_message(certificate, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        deliver_due()
    document = CertificateDocument.objects.get(certificate=certificate)
    (stored,) = files(settings)
    digest = hashlib.sha256(stored.read_bytes()).hexdigest()
    assert document.file.name == f"certificates/{digest[:2]}/{digest}.pdf"
    assert (document.sha256, document.size) == (digest, stored.stat().st_size)
    assert SentMessage.objects.get(kind="certificate_ready").recipient == certificate.holder


def test_the_message_is_in_the_holders_language(certificate, mailoutbox, django_capture_on_commit_callbacks):
    certificate.holder.language = "en"
    certificate.holder.save()
    with django_capture_on_commit_callbacks(execute=True):
        make_document(certificate)
    (mail,) = mailoutbox
    assert mail.subject == "Your document is ready: Veilig werken aan de draaibank"
    assert f"http://localhost:8000/certificaten/{certificate.pk}/" in mail.body
    assert mail.attachments == []


def test_making_it_again_changes_nothing(certificate, settings):
    first = make_document(certificate)
    assert make_document(certificate) == first
    assert len(files(settings)) == 1
    assert SentMessage.objects.count() == 1


def test_two_workers_that_rendered_at_once_store_one(certificate, settings):
    pdf = render_pdf(certificate)
    first = documents._keep(certificate, pdf)
    assert documents._keep(certificate, pdf) == first
    assert len(files(settings)) == 1


@pytest.mark.parametrize("share", [1.0, 0.5, 0.0])
def test_a_file_left_by_a_killed_process_is_finished(certificate, settings, share):
    pdf = render_pdf(certificate)
    digest = hashlib.sha256(pdf).hexdigest()
    default_storage.save(f"certificates/{digest[:2]}/{digest}.pdf", ContentFile(pdf[: int(len(pdf) * share)]))
    make_document(certificate)
    (stored,) = files(settings)
    assert stored.read_bytes() == pdf == read_document(certificate)


def test_the_reconciler_makes_what_is_missing(certificate, monkeypatch):
    assert make_forgotten_documents() == 0, "a worker may still be busy"
    monkeypatch.setattr(documents, "now", lambda: now() + documents.PATIENCE * 2)
    assert make_forgotten_documents() == 1
    assert make_forgotten_documents() == 0


def test_one_that_cannot_be_rendered_does_not_stop_the_others(certificate, monkeypatch):
    monkeypatch.setattr(documents, "now", lambda: now() + documents.PATIENCE * 2)
    monkeypatch.setattr("certificates.rendering.engine.render_pdf", lambda _certificate: 1 / 0)
    assert make_forgotten_documents() == 0


def test_not_there_yet(certificate):
    with pytest.raises(NotReady):
        read_document(certificate)


@pytest.mark.parametrize("damage", ["removed", "changed"])
def test_damage_is_noticed_and_can_be_repaired(certificate, settings, damage, capsys):
    document = make_document(certificate)
    original = read_document(certificate)
    call_command("check_certificates")
    (stored,) = files(settings)
    stored.unlink() if damage == "removed" else stored.write_bytes(original.replace(b"%PDF", b"%PDX", 1))
    with pytest.raises(Damaged):
        read_document(certificate)
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("check_certificates")
    assert certificate.serial in capsys.readouterr().out
    call_command("check_certificates", "--repair")
    assert read_document(certificate) == original
    assert document.sha256 == hashlib.sha256(original).hexdigest()

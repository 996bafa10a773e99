"""The one stored document of a certificate: made after the commit, kept for good, checked at each use."""

import hashlib
from datetime import timedelta

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateDocument
from lms.core.clock import now
from lms.core.errors import Conflict, DomainError
from lms.core.texts import localized
from lms.notifications.services import Notice, notify

log = structlog.get_logger(__name__)

PATIENCE = timedelta(minutes=2)  # how long a worker may take before the reconciler makes the document itself


class NotReady(Conflict):
    """The document is still being made."""

    code = "not_ready"


class Damaged(DomainError):
    """The stored file is gone or is not what was stored."""

    status = 500
    code = "document_damaged"


def make_document(certificate: Certificate) -> CertificateDocument:
    """Render and store the certificate's PDF and tell its holder; nothing happens where it is there already.

    Rendering holds no lock. Storing does: of two workers one stores, the other finds it done. A process killed between
    file and row leaves a file that the next one finds, checks and uses.
    """
    made = CertificateDocument.objects.filter(certificate=certificate).first()
    if made is not None:
        return made
    from certificates.rendering.engine import render_pdf

    return _keep(certificate, render_pdf(certificate))


def make_forgotten_documents(limit: int = 200) -> int:
    """Reconciler: certificates still without a document get it. Returns how many did."""
    forgotten = Certificate.objects.filter(document=None, issued_at__lt=now() - PATIENCE).order_by("id")[:limit]
    made = 0
    for certificate in forgotten:
        try:
            make_document(certificate)
            made += 1
        except Exception:
            log.exception("document_not_made", certificate=str(certificate.pk))
    return made


def read_document(certificate: Certificate) -> bytes:
    """The stored bytes, proved to be those that were stored. Raises NotReady; Damaged, which is logged for staff."""
    document = CertificateDocument.objects.filter(certificate=certificate).first()
    if document is None:
        raise NotReady(_("The document is being made. Try again in a minute."))
    content = stored_bytes(document)
    if content is None:
        log.error("certificate_document_damaged", certificate=str(certificate.pk), file=document.file.name)
        raise Damaged(_("The stored document is damaged or missing. It has been reported; please try again later."))
    return content


def stored_bytes(document: CertificateDocument) -> bytes | None:
    """The file's content when it still has the recorded hash; None when it is missing or differs."""
    return _bytes_with_hash(document.file.storage, document.file.name or "", document.sha256)


def restore_document(document: CertificateDocument) -> bool:
    """Render a damaged or missing file again and put it back. False when the bytes are not those of before."""
    from certificates.rendering.engine import render_pdf

    pdf = render_pdf(document.certificate)
    if hashlib.sha256(pdf).hexdigest() != document.sha256:
        return False
    _store(pdf, document.sha256)
    return True


@transaction.atomic
def _keep(certificate: Certificate, pdf: bytes) -> CertificateDocument:
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("holder").get(pk=certificate.pk)
    made = CertificateDocument.objects.filter(certificate=certificate).first()
    if made is not None:
        return made
    from certificates.rendering.v1 import TEMPLATE

    digest = hashlib.sha256(pdf).hexdigest()
    document = CertificateDocument.objects.create(
        certificate=certificate, template=TEMPLATE, file=_store(pdf, digest), sha256=digest, size=len(pdf)
    )
    notify([_ready(certificate)])
    return document


def _store(pdf: bytes, digest: str) -> str:
    """Write the file under its own hash, once; half a file that a killed process left is written anew."""
    name = f"certificates/{digest[:2]}/{digest}.pdf"
    if _bytes_with_hash(default_storage, name, digest) is None:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(pdf))
    return name


def _bytes_with_hash(storage: Storage, name: str, digest: str) -> bytes | None:
    try:
        with storage.open(name, "rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _ready(certificate: Certificate) -> Notice:
    facts = certificate.snapshot
    return Notice(
        kind="certificate_ready",
        recipient_id=certificate.holder_id,
        about=str(certificate.pk),
        context={
            "title": localized(facts["module"]["title"], certificate.holder.language),
            "path": reverse("certificates:detail", args=[certificate.pk]),
            "name_known": facts["holder"]["name_known"],
            "provider": facts["provider"]["name"],
        },
    )

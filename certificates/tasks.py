"""Celery entry points: thin, idempotent, safe to lose and safe to run twice."""

from uuid import UUID

from celery import shared_task

from .models import Certificate
from .services.documents import make_document


@shared_task(name="certificates.render")
def render(certificate_id: str) -> str:
    """Make the certificate's document."""
    return make_document(Certificate.objects.get(pk=UUID(certificate_id))).sha256

"""The document as an answer to a download, the same for page and API."""

from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.text import slugify

from lms.core.texts import localized

from .models import Certificate
from .services.documents import read_document


def pdf_response(request: Any, certificate: Certificate) -> HttpResponse:
    """The stored bytes, or 304 for who has them already. Raises NotReady, Damaged."""
    content = read_document(certificate)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(certificate)}"'
    answer["ETag"] = f'"{certificate.document.sha256}"'
    answer["Cache-Control"] = "private, no-cache"
    conditional = get_conditional_response(getattr(request, "_request", request), etag=answer["ETag"], response=answer)
    return conditional or answer


def file_name(certificate: Certificate) -> str:
    """Such as `certificaat-veilig-werken-aan-de-draaibank-2026-7kq4-0m9x-vt2h.pdf`."""
    facts = certificate.snapshot
    parts = (facts["document"]["title"], facts["module"]["title"])
    words = slugify(" ".join(localized(part, certificate.language) for part in parts))[:80].strip("-")
    return f"{words}-{certificate.serial.lower()}.pdf"

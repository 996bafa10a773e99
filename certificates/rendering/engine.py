"""A certificate's document, from its snapshot alone: our own fonts and pictures are all that is read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from certificates.models import Certificate
from lms.documents.engine import AssetFetcher, Typography, qr_png, typography, write_pdf

from .v1 import TEMPLATE, page_words

SCHEME = "certificate:"
QR_NAME = "qr.png"
ASSETS = Path(__file__).resolve().parent.parent / "templates" / "certificates" / "pdf"


def render_pdf(certificate: Certificate) -> bytes:
    """The certificate's document."""
    words = page_words(certificate) | {"qr": SCHEME + QR_NAME}
    html = render_to_string(f"certificates/pdf/{TEMPLATE}/certificate.html", words)
    fetcher = asset_fetcher({QR_NAME: qr_png(words["verify_url"])})
    return write_pdf(html, fetcher=fetcher, typography=page_typography(), identifier=_identifier(certificate))


def asset_fetcher(pictures: Mapping[str, bytes] | None = None) -> AssetFetcher:
    """Knows the template's pictures, and those given."""
    return AssetFetcher(SCHEME, {**_pictures(), **(pictures or {})})


@cache
def page_typography() -> Typography:
    """Parsed once per process: half the work of a render."""
    return typography((ASSETS / TEMPLATE / "certificate.css").read_text(), asset_fetcher())


@cache
def _pictures() -> dict[str, bytes]:
    return {f"{TEMPLATE}/{path.name}": path.read_bytes() for path in (ASSETS / TEMPLATE).glob("*.jpg")}


def _identifier(certificate: Certificate) -> bytes:
    return hashlib.sha256(f"{TEMPLATE} {certificate.code}".encode()).hexdigest()[:32].encode()

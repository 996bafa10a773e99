"""WeasyPrint, kept on a short leash: our own fonts and pictures are all it can read.

PDF/A-3a and PDF/UA-1 in one file, with fixed dates and identifier, so that bytes can be made again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
from django.template.loader import render_to_string
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from certificates.models import Certificate

from .fonts import FOLDER as FONTS
from .fonts import font_rules
from .v1 import TEMPLATE, page_words
from .xmp import with_pdfua

# Importing WeasyPrint makes Pillow accept truncated pictures everywhere in the process: uploads rely on it refusing.
ImageFile.LOAD_TRUNCATED_IMAGES = False

SCHEME = "certificate:"
QR_NAME = "qr.png"
ASSETS = Path(__file__).resolve().parent.parent / "templates" / "certificates" / "pdf"
MEDIA_TYPES = {".woff2": "font/woff2", ".png": "image/png", ".jpg": "image/jpeg"}

_one_at_a_time = Lock()  # a font configuration is not made for two threads


class AssetFetcher(URLFetcher):
    """Answers `certificate:<name>` from files known beforehand and pictures given; refuses everything else.

    No handler of the parent is ever reached: no file, no network, no redirect, no `data:`.
    """

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._known = {**_assets(), **(pictures or {})}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset. Raises ValueError, which WeasyPrint logs and passes over, for anything else."""
        name = url.removeprefix(SCHEME)
        if name == url or name not in self._known:
            raise ValueError("Only our own assets are served.")
        media_type = MEDIA_TYPES[Path(name).suffix]
        return URLFetcherResponse(url, self._known[name], {"Content-Type": media_type})


def render_pdf(certificate: Certificate) -> bytes:
    """The certificate's document, from its snapshot alone."""
    words = page_words(certificate) | {"qr": SCHEME + QR_NAME}
    html = render_to_string(f"certificates/pdf/{TEMPLATE}/certificate.html", words)
    fetcher = AssetFetcher({QR_NAME: qr_png(words["verify_url"])})
    with _one_at_a_time:
        fonts, stylesheet = _typography()
        document = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=[stylesheet]
        )
        with_pdfua(document.metadata)
        pdf = document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=_identifier(certificate))
    return bytes(pdf)


def qr_png(text: str) -> bytes:
    """A QR code that survives a fold and a coffee stain (error correction M), as PNG."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=4, border=2)
    return out.getvalue()


def _identifier(certificate: Certificate) -> bytes:
    return hashlib.sha256(f"{TEMPLATE} {certificate.code}".encode()).hexdigest()[:32].encode()


@cache
def _assets() -> dict[str, bytes]:
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in FONTS.glob("*.woff2")}
    pictures = {f"{TEMPLATE}/{path.name}": path.read_bytes() for path in (ASSETS / TEMPLATE).glob("*.jpg")}
    return fonts | pictures


@cache
def _typography() -> tuple[FontConfiguration, CSS]:
    """Parsed once per process: half the work of a render."""
    fonts = FontConfiguration()
    rules = font_rules(SCHEME + "fonts/")
    layout = (ASSETS / TEMPLATE / "certificate.css").read_text()
    return fonts, CSS(string=rules + layout, font_config=fonts, url_fetcher=AssetFetcher(), base_url=SCHEME)

"""WeasyPrint, kept on a short leash: the fonts and pictures it was given are all it can read.

PDF/A-3a and PDF/UA-1 in one file; a given identifier and dates in the HTML let the bytes be made again.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from .fonts import FOLDER, font_rules
from .xmp import with_pdfua

# Importing WeasyPrint makes Pillow accept truncated pictures everywhere in the process: uploads rely on it refusing.
ImageFile.LOAD_TRUNCATED_IMAGES = False

MEDIA_TYPES = {".woff2": "font/woff2", ".png": "image/png", ".jpg": "image/jpeg"}
FONTS = "fonts/"

_one_at_a_time = Lock()  # a font configuration is not made for two threads

Typography = tuple[FontConfiguration, CSS]


class AssetFetcher(URLFetcher):
    """Answers `<scheme><name>` from our fonts and the pictures given; refuses everything else.

    No handler of the parent is ever reached: no file, no network, no redirect, no `data:`.
    """

    def __init__(self, scheme: str, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.scheme = scheme
        self._known = {**_fonts(), **pictures}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset. Raises ValueError, which WeasyPrint logs and passes over, for anything else."""
        name = url.removeprefix(self.scheme)
        if name == url or name not in self._known:
            raise ValueError("Only our own assets are served.")
        media_type = MEDIA_TYPES[Path(name).suffix]
        return URLFetcherResponse(url, self._known[name], {"Content-Type": media_type})


def typography(layout: str, fetcher: AssetFetcher) -> Typography:
    """Our typefaces and a layout (CSS), parsed: to be kept by who renders, for it is half the work."""
    fonts = FontConfiguration()
    rules = font_rules(fetcher.scheme + FONTS)
    return fonts, CSS(string=rules + layout, font_config=fonts, url_fetcher=fetcher, base_url=fetcher.scheme)


def write_pdf(html: str, *, fetcher: AssetFetcher, typography: Typography, identifier: bytes) -> bytes:
    """The document, with tags, language and title from the HTML."""
    fonts, stylesheet = typography
    with _one_at_a_time:
        document = HTML(string=html, base_url=fetcher.scheme, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=[stylesheet]
        )
        with_pdfua(document.metadata)
        return bytes(document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=identifier))


def qr_png(text: str) -> bytes:
    """A QR code that survives a fold and a coffee stain (error correction M), as PNG."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=4, border=2)
    return out.getvalue()


@cache
def _fonts() -> dict[str, bytes]:
    return {FONTS + path.name: path.read_bytes() for path in FOLDER.glob("*.woff2")}

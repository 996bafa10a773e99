"""A conformant certificate (PDF/A-3a and PDF/UA-1, QR code, own fonts)."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from weasyprint import HTML

from certificates.rendering import engine
from certificates.rendering.v1 import TEMPLATE, page_words
from lms.documents.engine import qr_png
from tests.benchmarks.frame import Action, benchmark
from tests.certificates.conftest import completed_by


@benchmark(
    "certificate-pdf",
    target=1.15,
    rounds=15,
    note="PDF/A-3a and PDF/UA-1 with QR code, from the row, against a bare WeasyPrint render of the same page",
)
def certificate_pdf() -> Iterator[tuple[Action, Action]]:
    """Both with fonts and styles parsed once."""
    certificate = completed_by()
    words = page_words(certificate) | {"qr": engine.SCHEME + engine.QR_NAME}
    html = render_to_string(f"certificates/pdf/{TEMPLATE}/certificate.html", words)
    fetcher = engine.asset_fetcher({engine.QR_NAME: qr_png(words["verify_url"])})

    def limit() -> None:
        fonts, stylesheet = engine.page_typography()
        HTML(string=html, base_url=engine.SCHEME, url_fetcher=fetcher).write_pdf(
            font_config=fonts, stylesheets=[stylesheet]
        )

    def product() -> None:
        engine.render_pdf(certificate)

    while True:
        yield limit, product

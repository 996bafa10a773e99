"""Activation letters on paper: one page per person, in the employer's name and the person's language."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation

from lms.core.clock import today
from lms.documents.engine import AssetFetcher, Typography, qr_png, typography, write_pdf

from .models import Organization
from .services.inviting import Letter

SCHEME = "letter:"
LAYOUT = Path(__file__).resolve().parent / "templates" / "organizations" / "letters" / "letter.css"


def render_letters(employer: Organization, letters: list[Letter]) -> bytes:
    """One document with all the letters, in the order given."""
    languages = {letter.employment.user.language for letter in letters}
    language = languages.pop() if len(languages) == 1 else "nl"
    links = [
        f"{settings.BASE_URL}{reverse('organizations:activate_by_code', args=[letter.code])}" for letter in letters
    ]
    pages = [_page(employer, letter, f"{SCHEME}{number}.png") for number, letter in enumerate(letters)]
    with translation.override(language):
        words = {"language": language, "employer": employer, "pages": pages, "site_name": settings.SITE_NAME}
        html = render_to_string("organizations/letters/letters.html", words)
    fetcher = AssetFetcher(SCHEME, {f"{number}.png": qr_png(link) for number, link in enumerate(links)})
    identifier = hashlib.sha256("".join(links).encode()).hexdigest()[:32].encode()
    return write_pdf(html, fetcher=fetcher, typography=_typography(), identifier=identifier)


def grouped(code: str) -> str:
    """As it is printed, to be read aloud and typed: `7K3M-9QXT-2BND-HV8C`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _page(employer: Organization, letter: Letter, qr: str) -> str:
    person = letter.employment.user
    host = settings.BASE_URL.split("://")[-1]
    with translation.override(person.language):
        words: dict[str, Any] = {
            "language": person.language,
            "employer": employer,
            "employment": letter.employment,
            "again": not person.is_pending,
            "code": grouped(letter.code),
            "qr": qr,
            "address": f"{host}{reverse('organizations:activate')}".rstrip("/"),
            "sign_in_address": f"{host}{reverse('organizations:sign_in_by_number')}".rstrip("/"),
            "written_on": formats.date_format(today(), "DATE_FORMAT"),
            "valid_until": formats.date_format(timezone.localdate(letter.expires_at), "DATE_FORMAT"),
            "site_name": settings.SITE_NAME,
        }
        return render_to_string("organizations/letters/letter.html", words)


@cache
def _typography() -> Typography:
    return typography(LAYOUT.read_text(), AssetFetcher(SCHEME, {}))

"""What one cell says: text without invisible characters, a day, a personnel number, an e-mail address."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from lms.core.clock import today

_INVISIBLE = {
    code: None
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0xFEFF, 0xFEFF), (0xAD, 0xAD))
    for code in range(first, last + 1)
}
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
_MISREAD = re.compile(r"[ÃÂâÅÄ]")  # how UTF-8 looks to a program that took it for Windows-1252
_DASHES = frozenset({"-", "--", "–", "—", "_", ".", "?", "/", "n.v.t.", "n.v.t", "nvt"})
_BLANKS = _DASHES | {"n/a", "geen", "onbekend", "none"}  # in names, these could be names
_EXCEL_ERROR = re.compile(
    r"#(N/A|N/B|NAME\?|NAAM\?|REF!|VERW!|VALUE!|WAARDE!|DIV/0!|DEEL/0!|NULL!|LEEG!|NUM!|GETAL!|SPILL!|CALC!)", re.I
)
_CUT_NUMBER = re.compile(r"\d([.,]\d+)?E\+?\d+", re.I)
_EXCEL_EPOCH = date(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february febr", "maart mrt mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "augustus aug august", "september sep sept", "oktober okt oct october",
            "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*@[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+)*\.[A-Za-z]{2,24}"
)
_PLAIN_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9'-]*(?: [A-Za-z0-9'-]+)*")
_valid_email = EmailValidator()
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.I)


class Unusable(ValueError):
    """The cell holds something that cannot be used; the message says why, and how to mend it."""


def clean(text: str) -> str:
    """Trimmed, single spaces, no invisible characters, accents as one character, misread UTF-8 put right."""
    if not text.isascii():
        if _MISREAD.search(text):
            text = _reread(text)
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(text.split())


def _is_blank(text: str) -> bool:
    return not text or text.lower() in _BLANKS


def as_text(text: str, longest: int) -> str:
    """A name, department or function. Raises Unusable."""
    if 3 < len(text) <= longest and _PLAIN_WORDS.fullmatch(text):
        return text
    text = clean(text)
    if not text or text.lower() in _DASHES:
        return ""
    _require_sound(text)
    if text[0] in "=+@" or (text[0] == "-" and len(text) > 1):
        raise Unusable(_("This starts like a formula (%(sign)s): type the text itself.") % {"sign": text[0]})
    if len(text) > longest:
        raise Unusable(_("Too long: at most %(longest)d characters.") % {"longest": longest})
    return text


def as_name(text: str, longest: int) -> str:
    """Part of a person's name. Raises Unusable."""
    if 0 < len(text) <= longest and text.isascii() and text.isalpha() and text.lower() not in _DASHES:
        return text
    text = as_text(text, longest)
    if "@" in text:
        raise Unusable(_("This is an e-mail address, not a name: were the columns swapped?"))
    if text and not any(character.isalpha() for character in text):
        raise Unusable(_("This is not a name: it has no letters."))
    return text


def as_number(text: str) -> str:
    """A personnel number, which may have letters. Leading zeros stay; Excel's '1234.0' is 1234. Raises Unusable."""
    if text.isascii() and text.isdecimal() and len(text) <= 40 and text.strip("0"):
        return text
    text = clean(text)
    if text[:1] == "'" and text[1:2].isdigit():
        text = text[1:]  # how people keep Excel from dropping the zeros
    if _is_blank(text):
        return ""
    _require_sound(text)
    if _CUT_NUMBER.fullmatch(text):
        raise Unusable(_("Excel shortened this number. Make the column Text and type the number in full."))
    text = re.sub(r"^(\d+)[.,]0+$", r"\1", text)
    if text[0] in "=+@-":
        raise Unusable(_("This starts like a formula (%(sign)s): type the text itself.") % {"sign": text[0]})
    if len(text) > 40:
        raise Unusable(_("Too long: at most %(longest)d characters.") % {"longest": 40})
    if "@" in text:
        raise Unusable(_("This is an e-mail address, not a personnel number: were the columns swapped?"))
    if not any(character.isalnum() for character in text):
        raise Unusable(_("This is not a personnel number."))
    if not text.strip("0"):
        raise Unusable(_("A personnel number of only zeros names nobody."))
    return text


def as_email(text: str) -> str:
    """An address in lower case, also out of 'Jan <jan@x.nl>', 'mailto:jan@x.nl' or 'jan@x.nl;'. Raises Unusable."""
    if len(text) <= 64 and _PLAIN_EMAIL.fullmatch(text):
        return text.lower()
    text = clean(text)
    if _is_blank(text):
        return ""
    _require_sound(text)
    if (inside := re.search(r"<([^<>]*)>", text)) is not None:
        text = inside.group(1)
    text = re.sub(r"^mailto:", "", text.strip(), flags=re.I).strip(" ;,.:'\"<>()[]")
    if _EMAIL.fullmatch(text) and len(text) <= 254 and _is_valid(text):
        return text.lower()
    raise Unusable(_why_no_email(text))


@lru_cache(maxsize=5_000)
def as_manager(text: str) -> str:
    """Who a manager is, by address or personnel number, also out of 'G. Assen (1011)'; empty for a name alone."""
    text = clean(text)
    if "@" in text:
        try:
            return as_email(text)
        except Unusable:
            return text[:254]
    inside = re.search(r"\(([^()\s]*\d[^()\s]*)\)", text)
    number = inside.group(1) if inside else re.sub(r"^(\S*\d\S*)\s+[-–:]?\s*\D+$", r"\1", text)
    return re.sub(r"^(\d+)[.,]0+$", r"\1", number)[:254] if re.search(r"\d", number) else ""


@lru_cache(maxsize=5_000)
def as_department(text: str) -> str:
    """A department, or a path to one from the top: 'Productie > Verspaning'. Raises Unusable."""
    parts = [as_text(part, 120) for part in re.split(r"[>»›→]", text)]
    return " > ".join(part for part in parts if part)


@lru_cache(maxsize=20_000)
def as_day(text: str) -> date | None:
    """A day as the Dutch write it (31-12-2026), as ISO or Excel's serial number, or with the month in words.

    Raises Unusable.
    """
    text = clean(text).lower()
    if _is_blank(text) or re.fullmatch(r"0+([-/.]0+)*", text):
        return None
    _require_sound(text)
    text = re.sub(r"[t ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?( ?[ap]m)?z?$", "", text)
    text = re.sub(r"^(ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)[., ]+", "", text)
    for pattern, read in _DAYS:
        if match := pattern.fullmatch(text):
            try:
                return read(*match.groups())
            except (ValueError, OverflowError, KeyError):
                raise Unusable(_("This day does not exist. Write day-month-year, such as 31-12-2026.")) from None
    raise Unusable(_("This is not a date. Write day-month-year, such as 31-12-2026."))


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year <= today().year % 100 + 20 else 1900)
    return year


def _serial(text: str) -> date:
    return _EXCEL_EPOCH + timedelta(days=int(text))


def _compact(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        day = None
    if day and 1900 <= day.year <= 2100:
        return day
    return datetime.strptime(text, "%d%m%Y").date()  # noqa: DTZ007


_DAYS: list[tuple[re.Pattern[str], Callable[..., date]]] = [
    (re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})"), lambda d, m, y: date(_year(y), int(m), int(d))),
    (re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})"), lambda y, m, d: date(int(y), int(m), int(d))),
    (
        re.compile(r"(\d{1,2})[-. ]+([a-z]+)[-. ]+(\d{4}|\d{2})"),
        lambda d, m, y: date(_year(y), _MONTHS[m], int(d)),
    ),
    (re.compile(r"(\d{8})"), _compact),
    (re.compile(r"([1-9]\d{4})(?:[.,]\d+)?"), _serial),
]


def _require_sound(text: str) -> None:
    if _EXCEL_ERROR.fullmatch(text):
        raise Unusable(_("The formula in this cell failed (%(error)s): type the value itself.") % {"error": text})
    if _UNREADABLE.search(text):
        raise Unusable(_("This holds unreadable characters: type it again, or save the file as CSV UTF-8."))


def _reread(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _is_valid(address: str) -> bool:
    try:
        _valid_email(address)
    except ValidationError:
        return False
    return True


def _why_no_email(text: str) -> str:
    if text.count("@") > 1:
        return _("More than one e-mail address in one cell: keep one.")
    if not text.isascii():
        return _("An e-mail address has no accents or special characters: check the spelling.")
    if " " in text:
        return _("An e-mail address has no spaces: check the spelling.")
    if "@" not in text:
        return _("This is not an e-mail address: the @ is missing.")
    return _("This is not a valid e-mail address: check the spelling, such as name@company.nl.")

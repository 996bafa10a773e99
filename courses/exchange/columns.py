"""The sheets of the workbook: Dutch headers, where each goes in the document, how its cells are read and written."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

Read = Callable[[Any], Any]


class Unusable(ValueError):
    """The cell cannot be read; the message says why and how to mend it."""


@dataclass(frozen=True)
class Column:
    """A column. `path` is where its value goes: `title/nl`; `words` translates fixed choices, Dutch to stored."""

    header: str
    path: str
    read: Read
    write: Read
    help: str = ""
    words: tuple[str, ...] = ()


def _text(value: Any) -> str:
    """What a person sees in the cell. A figure that Excel made of a code is that code again."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _code(value: Any) -> str:
    return _text(value).strip()


def _whole(value: Any) -> int | None:
    text = _code(value)
    if not text:
        return None
    if not text.lstrip("-").isdecimal() or len(text) > 9:
        raise Unusable(_("Give a whole figure."))
    return int(text)


def _amount(value: Any) -> str | None:
    text = _code(value).replace("€", "").replace("\xa0", "").replace(" ", "")
    if not text:
        return None
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        return f"{Decimal(text):f}"
    except (InvalidOperation, ValueError):
        raise Unusable(_("Give a figure, such as 12,5.")) from None


def _day(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = _code(value)
    if not text:
        return None
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise Unusable(_("This is not a date. Write day-month-year, such as 31-12-2026."))


def _yes(value: Any) -> bool:
    text = _code(value).lower()
    if text in ("ja", "j", "waar", "true", "1"):
        return True
    if text in ("nee", "n", "onwaar", "false", "0"):
        return False
    raise Unusable(_("Write ja or nee."))


def _list(value: Any) -> list[str]:
    return [
        item
        for item in (part.strip() for part in _text(value).replace(";", "\n").replace(",", "\n").split("\n"))
        if item
    ]


def _lines(value: Any) -> list[str]:
    return _text(value).split("\n") if _text(value) else []


def _json(value: Any) -> Any:
    try:
        return json.loads(_text(value), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unusable(_("This is not valid JSON: copy it from an export.")) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _as_is(value: Any) -> Any:
    return value


def _as_day(value: Any) -> Any:
    return date.fromisoformat(value) if value else None


def _as_figure(value: Any) -> Any:
    return None if value is None else Decimal(value)


def text(header: str, path: str, help: str = "") -> Column:
    """A text, kept as it was typed."""
    return Column(header, path, _text, _as_is, help)


def code(header: str, path: str, help: str = "") -> Column:
    """A code or short text, trimmed."""
    return Column(header, path, _code, _as_is, help)


def whole(header: str, path: str, help: str = "") -> Column:
    """A whole figure, or nothing."""
    return Column(header, path, _whole, _as_is, help)


def amount(header: str, path: str, help: str = "") -> Column:
    """A figure with decimals, with comma or point."""
    return Column(header, path, _amount, _as_figure, help)


def day(header: str, path: str, help: str = "") -> Column:
    """A day, as a date cell or as dd-mm-jjjj."""
    return Column(header, path, _day, _as_day, help or "datum, zoals 31-12-2026")


def listed(header: str, path: str, help: str = "") -> Column:
    """Codes with commas, semicolons or new lines between them."""
    return Column(header, path, _list, "\n".join, help)


def lines(header: str, path: str, help: str = "") -> Column:
    """One text per line."""
    return Column(header, path, _lines, "\n".join, help)


def yes(header: str, path: str) -> Column:
    """Ja or nee."""
    return Column(header, path, _yes, lambda value: "ja" if value else "nee", "ja of nee", ("ja", "nee"))


def as_json(header: str, path: str, help: str = "") -> Column:
    """What has no columns of its own."""
    return Column(header, path, _json, lambda value: json.dumps(value, ensure_ascii=False), help)


def choice(header: str, path: str, words: dict[str, str]) -> Column:
    """One of some words; the stored names are understood too."""
    known = {word.lower(): stored for word, stored in words.items()} | {stored: stored for stored in words.values()}
    shown = {stored: word for word, stored in words.items()}

    def read(value: Any) -> str:
        word = _code(value).lower()
        if word not in known:
            raise Unusable(_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(words)})
        return known[word]

    return Column(
        header, path, read, lambda value: shown.get(value, value), "een van: " + ", ".join(words), tuple(words)
    )


MODULES = (
    code("Code", "code", "uw eigen code; verandert nooit"),
    text("Titel", "title/nl"),
    text("Titel (Engels)", "title/en"),
    text("Samenvatting", "summary/nl"),
    text("Samenvatting (Engels)", "summary/en"),
    text("Omschrijving", "description/nl", "Markdown mag"),
    text("Omschrijving (Engels)", "description/en"),
    choice("Soort onderwijs", "track", {"mbo": "mbo", "hbo": "hbo", "wo": "wo"}),
    choice("Doel", "purpose", {"bijscholing": "upskilling", "omscholing": "retraining"}),
    whole("Niveau", "level", "NLQF, 1 tot en met 8"),
    choice(
        "Basis van het niveau", "nlqf_basis", {"indicatief": "indicative", "formeel": "formal", "register": "register"}
    ),
    code("NLQF-nummer", "nlqf_number"),
    amount("Studiebelasting", "load", "getal, zoals 12,5"),
    choice("Eenheid", "load_unit", {"uur": "hour", "SBU": "sbu", "EC": "ects"}),
    listed("Voertalen", "languages", "nl, en"),
    lines("Leeruitkomsten", "outcomes/nl", "één per regel in de cel (Alt+Enter)"),
    lines("Leeruitkomsten (Engels)", "outcomes/en", "in dezelfde volgorde"),
    listed("Branches", "sectors", "codes van NACE (SBI), zoals 25"),
    listed("Vaardigheden", "skills", "adressen (URI) uit ESCO of een ander raamwerk"),
    as_json("Afrondregel (JSON)", "rule", 'zoals {"units": "all"}'),
    choice(
        "Document",
        "document_type",
        {
            "bewijs van deelname": "participation",
            "certificaat": "certificate",
            "microcredential": "microcredential",
            "praktijkverklaring": "praktijkverklaring",
            "mbo-verklaring": "mbo_verklaring",
            "mbo-certificaat": "mbo_certificaat",
        },
    ),
    whole("Geldig (maanden)", "validity_months", "leeg: onbeperkt"),
    code("Crebo", "crebo"),
    code("Croho", "croho"),
    code("Certificaatcode", "certificate_code"),
    listed("Werkprocessen", "work_processes", "zoals B1-K1-W1"),
    code("Kwaliteitskader", "quality_framework/name"),
    code("Webadres kwaliteitskader", "quality_framework/url"),
    code("Toetsvorm", "assessment_type"),
    code("Deelnamevorm", "participation_form"),
    code("Identiteitscontrole", "identity_check"),
    code("ISCED-F", "isced"),
)

UNITS = (
    code("Module", "module", "code van de module"),
    whole("Hoofdstuk nr.", "section", "1, 2, 3: welk hoofdstuk"),
    text("Hoofdstuk", "section_title/nl"),
    text("Hoofdstuk (Engels)", "section_title/en"),
    text("Onderdeel", "title/nl", "leeg: een hoofdstuk zonder onderdelen"),
    text("Onderdeel (Engels)", "title/en"),
    choice("Soort", "kind", {"tekst": "text", "toets": "quiz", "bestand": "file", "video": "video"}),
    whole("Minuten", "minutes"),
    yes("Verplicht", "required"),
    whole("Punten", "points"),
    text("Tekst", "data/body/nl", "voor soort tekst; leeg: blijft zoals het is"),
    text("Tekst (Engels)", "data/body/en"),
    as_json("Inhoud (JSON)", "data", "voor andere soorten, met de antwoorden; leeg: blijft zoals het is"),
    code("Sleutel", "key", "niet wijzigen; leeg bij een nieuw onderdeel"),
)

OFFERINGS = (
    code("Code", "code", "uw eigen code"),
    code("Module", "module", "code van een gepubliceerde module"),
    day("Begin", "starts_on"),
    day("Eind", "ends_on", "leeg: doorlopend"),
    day("Inschrijven vanaf", "enroll_from"),
    day("Inschrijven tot en met", "enroll_until"),
    whole("Plaatsen", "capacity", "leeg: onbeperkt"),
    whole("Minimum", "minimum"),
    amount("Prijs ex btw", "price", "getal, zoals 1250,50"),
    amount("Btw (%)", "vat_percentage"),
    choice(
        "Vorm",
        "delivery",
        {
            "online": "online",
            "digitale klas": "digital_classroom",
            "op de hub": "hub",
            "op de werkplek": "workplace",
            "gemengd": "blended",
        },
    ),
    choice("Taal", "language", {"nl": "nl", "en": "en"}),
    code("Locatie", "location", "naam zoals in de lijst van locaties, of het id"),
    choice("Zichtbaar voor", "visibility", {"iedereen": "public", "gekozen werkgevers": "employers"}),
    listed("Werkgevers", "employers", "korte namen, als het voor gekozen werkgevers is"),
)

SHEETS = {"Modules": MODULES, "Onderdelen": UNITS, "Uitvoeringen": OFFERINGS}

"""The file of exchange in JSON: everything, quizzes with their answers too."""

import json
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from lms.core.errors import FieldError

from .documents import Document
from .parcels import Entry, Parcel, Place, Unreadable

FORMAT, VERSION = "modules-and-offerings", 1
KEYS = ("format", "version", "modules", "offerings")
MAX_DEPTH = 32


def write_json(modules: list[Document], offerings: list[Document]) -> bytes:
    """The file, to be read by people too."""
    whole = {"format": FORMAT, "version": VERSION, "modules": modules, "offerings": offerings}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def read_json(content: bytes) -> Parcel:
    """What is in the file. Raises: Unreadable."""
    try:
        given = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(_("Save the file as UTF-8.")) from error
    except RecursionError as error:
        raise Unreadable(_("The JSON is nested too deeply: at most %(max)d levels.") % {"max": MAX_DEPTH}) from error
    except ValueError as error:
        message = _("This is not valid JSON: %(error)s.") % {"error": str(error)[:200]}
        raise Unreadable(message) from error
    _require_format(given)
    _require_shallow(given)
    return Parcel(*(_entries(given.get(name, []), name) for name in ("modules", "offerings")))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a figure")


def _require_format(given: Any) -> None:
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise Unreadable(_('This is another kind of JSON: it should say "format": "%(format)s".') % {"format": FORMAT})
    if given.get("version") != VERSION:
        message = _("This is version %(given)s of the format; version %(known)d is read.")
        raise Unreadable(message % {"given": str(given.get("version"))[:20], "known": VERSION})
    unknown = [str(name)[:60] for name in given if name not in KEYS]
    if unknown:
        message = _("There is no field “%(name)s” here: check the spelling.") % {"name": unknown[0]}
        raise Unreadable(message)


def _require_shallow(given: Any) -> None:
    level = [given]
    for _depth in range(MAX_DEPTH):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise Unreadable(_("The JSON is nested too deeply: at most %(max)d levels.") % {"max": MAX_DEPTH})


def _entries(given: Any, name: str) -> list[Entry]:
    if not isinstance(given, list):
        raise Unreadable(_("Give “%(name)s” as a list.") % {"name": name})
    seen: set[str] = set()
    entries = []
    for index, item in enumerate(given):
        code = item.get("code") if isinstance(item, dict) else None
        errors: tuple[FieldError, ...] = ()
        if not isinstance(code, str) or not code:
            code, errors = "", (FieldError("code", "required", _("Give it a code of your own.")),)
        elif code in seen:
            errors = (FieldError("code", "twice", _("This code stands in the file twice: keep one.")),)
        seen.add(code)
        entries.append(Entry(code, partial(_itself, item), partial(_place, f"{name}/{index}"), errors))
    return entries


def _itself(item: Any, _current: Document | None) -> Any:
    return item


def _place(start: str, path: str) -> Place:
    return "", None, f"{start}/{path}".rstrip("/")

"""From rows of the three sheets to what can be put: a module with the units that stand in another sheet."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lms.core.errors import FieldError

from .columns import SHEETS
from .documents import Document
from .parcels import Entry, Parcel, Place

if TYPE_CHECKING:
    from .workbook import SheetRow

# An empty cell in these columns means: nothing. In the others that are no text or list it means: as it is.
CLEARED = {"level", "validity_months", "capacity", "minimum", "ends_on", "enroll_from", "enroll_until", "location"}
EMPTY_LISTS = {"languages", "sectors", "skills", "work_processes", "employers"}
EMPTY_TEXTS = {"nlqf_number", "crebo", "croho", "certificate_code", "assessment_type", "participation_form"} | {
    "identity_check",
    "isced",
}


@dataclass
class _ModuleRows:
    """The row of a module, if any, and its units by chapter and place."""

    row: "SheetRow | None" = None
    units: "list[SheetRow]" = field(default_factory=list)

    def sections(self) -> "list[list[SheetRow]]":
        """Rows of a chapter together, in the order of their numbers; without numbers a new title is a new chapter."""
        groups: dict[Any, list[SheetRow]] = {}
        for row in self.units:
            number = row.values.get("section")
            groups.setdefault(number if number is not None else row.values.get("section_title/nl"), []).append(row)
        if all(isinstance(key, int) for key in groups):
            return [groups[key] for key in sorted(groups)]
        return list(groups.values())


def entries_of(rows: "dict[str, list[SheetRow]]") -> Parcel:
    """What the sheets hold. A module may stand in one of the sheets only: the rest of it stays."""
    modules: dict[str, _ModuleRows] = {}
    twice: list[Entry] = []
    for row in rows.get("Modules", []):
        code = row.values.get("code") or ""
        if not code or code in modules:
            twice.append(_refused("Modules", row, code))
        else:
            modules[code] = _ModuleRows(row)
    for row in rows.get("Onderdelen", []):
        code = row.values.get("module") or ""
        if code:
            modules.setdefault(code, _ModuleRows()).units.append(row)
        else:
            twice.append(_refused("Onderdelen", row, code))
    parcel = Parcel([*(_module(code, found) for code, found in modules.items()), *twice])
    seen: set[str] = set()
    for row in rows.get("Uitvoeringen", []):
        code = row.values.get("code") or ""
        if not code or code in seen:
            parcel.offerings.append(_refused("Uitvoeringen", row, code))
        else:
            where = partial(_place, "Uitvoeringen", row)
            parcel.offerings.append(Entry(code, partial(_laid_over, row.values), where, tuple(row.errors)))
        seen.add(code)
    return parcel


def _refused(sheet: str, row: "SheetRow", code: str) -> Entry:
    message = _("This code stands in the file twice: keep one.") if code else _("Give it a code of your own.")
    error = FieldError(SHEETS[sheet][0].path, "code", message)
    return Entry(code, lambda _current: {}, partial(_place, sheet, row), (error,))


def _module(code: str, found: _ModuleRows) -> Entry:
    errors = [*(found.row.errors if found.row else [])]
    for index, section in enumerate(found.sections()):
        for place, row in enumerate(section):
            errors += [FieldError(f"sections/{index}/units/{place}/{e.field}", e.code, e.message) for e in row.errors]
    return Entry(code, partial(_built, found), partial(_module_place, found), tuple(errors))


def _built(found: _ModuleRows, current: Document | None) -> Document:
    document = _laid_over(found.row.values if found.row else {}, current)
    if found.units:
        held = {unit["key"]: unit for section in document.get("sections", []) for unit in section["units"]}
        document["sections"] = [_section(rows, held) for rows in found.sections()]
    return document


def _laid_over(values: Document, current: Document | None) -> Document:
    """What is there, with the cells laid over it."""
    document = copy.deepcopy(current) if current else {}
    for path, value in values.items():
        name, _slash, part = path.partition("/")
        if name == "outcomes":
            continue
        if part:
            held = document.setdefault(name, {})
            if value:
                held[part] = value
            else:
                held.pop(part, None)
        elif value is not None or name in CLEARED | EMPTY_LISTS | EMPTY_TEXTS:
            document[name] = value if value is not None else _nothing(name)
    if "outcomes/nl" in values or "outcomes/en" in values:
        document["outcomes"] = _outcomes(values, document.get("outcomes", []))
    return document


def _nothing(name: str) -> Any:
    if name in EMPTY_LISTS:
        return []
    return "" if name in EMPTY_TEXTS else None


def _outcomes(values: Document, held: list[Document]) -> list[Document]:
    """A line in Dutch and the line beside it in English are one outcome; a column that is left out stays."""
    sides = [
        (values[f"outcomes/{language}"] or [])
        if f"outcomes/{language}" in values
        else [outcome.get(language, "") for outcome in held]
        for language in ("nl", "en")
    ]
    pairs = [dict(zip(("nl", "en"), pair, strict=True)) for pair in zip_longest(*sides, fillvalue="")]
    return [kept for pair in pairs if (kept := {key: text for key, text in pair.items() if text})]


def _section(rows: "list[SheetRow]", held: dict[str, Document]) -> Document:
    title = _texts(rows[0].values, "section_title")
    return {"title": title, "units": [_unit(row.values, held) for row in rows if _is_unit(row.values)]}


def _is_unit(values: Document) -> bool:
    """A row may name a chapter only."""
    return any(values.get(path) for path in ("title/nl", "title/en", "kind", "key"))


def _unit(values: Document, held: dict[str, Document]) -> Document:
    key = values.get("key") or None
    unit = copy.deepcopy(held.get(key or "", {})) | {"key": key}
    if any(path in values for path in ("title/nl", "title/en")):
        unit["title"] = _texts(values, "title")
    for name in ("kind", "minutes", "required", "points", "data"):
        if values.get(name) is not None:
            unit[name] = values[name]
    body = _texts(values, "data/body")
    if body:
        unit["data"] = {**unit.get("data", {}), "body": body}
    return unit


def _texts(values: Document, name: str) -> Document:
    return {language: text for language in ("nl", "en") if (text := values.get(f"{name}/{language}"))}


def _place(sheet: str, row: "SheetRow", path: str) -> Place:
    return sheet, row.number, _header(sheet, _likely(path))


def _likely(path: str) -> list[str]:
    name = path.split("/", maxsplit=1)[0]
    return [path, name, f"{name}/nl"]


def _header(sheet: str, paths: Iterable[str]) -> str:
    for path in paths:
        for column in SHEETS[sheet]:
            if column.path == path:
                return column.header
    return ""


def _module_place(found: _ModuleRows, path: str) -> Place:
    parts = path.split("/")
    sections = found.sections()
    if parts[0] != "sections" or len(parts) < 2 or not parts[1].isdigit() or int(parts[1]) >= len(sections):
        number = found.row.number if found.row else None
        return ("Modules", number, _header("Modules", _likely(path)))
    rows = sections[int(parts[1])]
    if parts[2:3] != ["units"]:
        return "Onderdelen", rows[0].number, _header("Onderdelen", ["section_title/nl"])
    units = [row for row in rows if _is_unit(row.values) or row.errors]
    place = int(parts[3]) if len(parts) > 3 and parts[3].isdigit() else 0
    row = units[place] if place < len(units) else rows[0]
    rest = "/".join(parts[4:])
    return "Onderdelen", row.number, _header("Onderdelen", [rest, parts[4] if len(parts) > 4 else "", "title/nl"])

"""What somebody sends, read into a whole document. Unknown names are refused: a misspelt one would be lost silently."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from courses.models import ModuleVersion, Offering
from courses.services.facts import FACTS
from courses.services.offerings import OFFERING_FACTS
from courses.services.validity import refuse
from lms.core.errors import FieldError

from .documents import MODULE_KEYS, OFFERING_KEYS, SECTION_KEYS, UNIT_KEYS, Document, plain

MAX_SECTIONS, MAX_UNITS = 100, 500
UNIT_DEFAULTS: Document = {"minutes": 15, "required": True, "points": 1}


def read_module(given: Any, code: str) -> Document:
    """The whole document of a module; what is left out is as in a new module. Raises: Invalid naming every fault."""
    _require_object(given, MODULE_KEYS, ("title", "track"))
    _require_code(given, code)
    errors: list[FieldError] = []
    document = {"code": code, **_facts(ModuleVersion, FACTS, given, errors)}
    for name in ("sectors", "skills"):
        document[name] = _names(given, name, errors)
    document["sections"] = _sections(given.get("sections", []), errors)
    refuse(errors)
    return document


def read_offering(given: Any, code: str) -> Document:
    """The whole document of an offering; what is left out is as in a new one. Raises: Invalid naming every fault."""
    _require_object(given, OFFERING_KEYS, ("module",))
    _require_code(given, code)
    errors: list[FieldError] = []
    facts = _facts(Offering, [name for name in OFFERING_FACTS if name != "location"], given, errors)
    for name in ("module", "location"):
        if not isinstance(given.get(name), str | None):
            errors.append(FieldError(name, "type", _("Give a text.")))
    document = {"code": code, "module": given["module"], **facts, "location": given.get("location") or None}
    document["employers"] = _names(given, "employers", errors)
    refuse(errors)
    return document


def with_keys(document: Document, current: Document | None) -> Document:
    """The document with a key for each unit: that of the unit it was, told by kind and title, else by its place."""
    held = [
        (index, unit) for index, section in enumerate((current or {}).get("sections", [])) for unit in section["units"]
    ]
    used = {unit["key"] for section in document["sections"] for unit in section["units"] if unit["key"]}
    free = [(index, unit) for index, unit in held if unit["key"] not in used]
    sections = []
    for index, section in enumerate(document["sections"]):
        units = []
        for unit in section["units"]:
            key = unit["key"] or _key_of(unit, index, free) or str(uuid4())
            units.append(unit | {"key": key})
        sections.append(section | {"units": units})
    return document | {"sections": sections}


def _key_of(unit: Document, section: int, free: list[tuple[int, Document]]) -> str | None:
    alike = [found for found in free if found[1]["kind"] == unit["kind"]]
    titled = [found for found in alike if found[1]["title"] == unit["title"]]
    near = [found for found in titled or alike if titled or found[0] == section]
    if not near:
        return None
    free.remove(near[0])
    return str(near[0][1]["key"])


def _require_object(given: Any, known: Iterable[str], required: Iterable[str]) -> None:
    refuse([*_object_errors(given, known, required, "")])


def _object_errors(given: Any, known: Iterable[str], required: Iterable[str], path: str) -> Iterator[FieldError]:
    if not isinstance(given, dict):
        yield FieldError(path.rstrip("/"), "type", _("Give an object."))
        return
    for name in given:
        if name not in known:
            message = _("There is no field “%(name)s” here: check the spelling.") % {"name": str(name)[:60]}
            yield FieldError(f"{path}{name}"[:200], "unknown", message)
    for name in required:
        if given.get(name) in (None, "", {}):
            yield FieldError(f"{path}{name}", "required", _("This is needed."))


def _require_code(given: Document, code: str) -> None:
    if given.get("code", code) != code:
        message = _("This is not the code in the address, %(code)s: leave it out.") % {"code": code}
        refuse([FieldError("code", "other", message)])


def _facts(
    model: type[models.Model], names: Iterable[str], given: Document, errors: list[FieldError]
) -> dict[str, Any]:
    facts = {}
    for name in names:
        field: Any = model._meta.get_field(name)
        value = given[name] if name in given else field.get_default()
        try:
            facts[name] = plain(_figure(field, value))
        except ValidationError as error:
            errors.append(FieldError(name, "type", error.messages[0]))
    return facts


def _figure(field: Any, value: Any) -> Any:
    """The value in the field's own type, so that equal content is equal text. Raises: ValidationError."""
    if value is None:
        return value
    is_text = isinstance(field, models.CharField)
    if isinstance(value, bool) or (is_text and not isinstance(value, str)):
        raise ValidationError(_("Give a text.") if is_text else _("Give a figure."))
    if isinstance(field, models.DecimalField):
        return _amount(field, value)
    if isinstance(field, models.DateField):
        return value if isinstance(value, date) else field.to_python(value)
    if isinstance(field, models.IntegerField):
        if isinstance(value, float) and not value.is_integer():
            raise ValidationError(_("Give a whole figure."))
        return field.to_python(value)
    return value


def _amount(field: Any, value: Any) -> Decimal:
    """Judged before it is spelled out, because the digits of `1e999999999` fill a memory. Raises: ValidationError."""
    amount: Decimal = field.to_python(repr(value) if isinstance(value, float) else value)
    if not amount.is_finite():
        raise ValidationError(_("Give a figure."))
    digits = field.max_digits - field.decimal_places
    if amount.adjusted() >= digits:
        raise ValidationError(_("Give at most %(digits)d digits before the point.") % {"digits": digits})
    rounded = amount.quantize(Decimal(1).scaleb(-field.decimal_places))
    if rounded != amount:
        raise ValidationError(_("Give at most %(places)d decimals.") % {"places": field.decimal_places})
    return rounded


def _names(given: Document, name: str, errors: list[FieldError]) -> list[str]:
    value = given.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        errors.append(FieldError(name, "type", _("Give a list of texts.")))
        return []
    return sorted(set(value))


def _sections(given: Any, errors: list[FieldError]) -> list[Document]:
    if not isinstance(given, list) or len(given) > MAX_SECTIONS:
        errors.append(
            FieldError("sections", "type", _("Give a list of at most %(most)d sections.") % {"most": MAX_SECTIONS})
        )
        return []
    sections: list[Document] = []
    seen: set[str] = set()
    for index, section in enumerate(given):
        path = f"sections/{index}/"
        wrong = [*_object_errors(section, SECTION_KEYS, ("title",), path)]
        errors.extend(wrong)
        if not isinstance(section, dict):
            continue
        units = section.get("units", [])
        if not isinstance(units, list):
            errors.append(FieldError(f"{path}units", "type", _("Give a list of units.")))
            continue
        read = [_unit(unit, f"{path}units/{place}/", seen, errors) for place, unit in enumerate(units)]
        sections.append({"title": section.get("title"), "units": read})
    count = sum(len(section["units"]) for section in sections)
    if count > MAX_UNITS:
        errors.append(FieldError("sections", "many", _("A module has at most %(most)d units.") % {"most": MAX_UNITS}))
    return sections


def _unit(given: Any, path: str, seen: set[str], errors: list[FieldError]) -> Document:
    errors.extend(_object_errors(given, UNIT_KEYS, ("kind", "title"), path))
    if not isinstance(given, dict):
        return {"key": None}
    unit = {"key": None, "data": {}, **UNIT_DEFAULTS, **given}
    for name, kind in (("minutes", int), ("points", int), ("required", bool)):
        if type(unit[name]) is not kind:
            words = _("Give a whole figure.") if kind is int else _("Give true or false.")
            errors.append(FieldError(f"{path}{name}", "type", words))
    try:
        unit["key"] = str(UUID(unit["key"])) if unit["key"] else None
    except (ValueError, TypeError, AttributeError):
        errors.append(FieldError(f"{path}key", "key", _("Leave the key as it was exported, or leave it out.")))
    if unit["key"] in seen:
        errors.append(FieldError(f"{path}key", "twice", _("Another unit has this key: leave it out here.")))
    seen |= {unit["key"]} - {None}
    return {name: unit.get(name) for name in UNIT_KEYS}

"""What may be stored at all: said as errors that name the field. Whether it may be published is another question."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from courses.kinds.base import as_object, written
from lms.core.errors import FieldError, Invalid
from lms.core.texts import TextField, is_unkeepable

MAX_JSON = 500_000  # characters of one JSON field


def require_valid(row: models.Model, *, exclude: tuple[str, ...] = ()) -> None:
    """Check the row's own fields, without its uniqueness. Raises: Invalid naming every field at fault."""
    for field in row._meta.concrete_fields:
        if isinstance(field, models.JSONField):
            require_storable(field.name, getattr(row, field.name))
    try:
        row.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        refuse([*_field_errors(row, error)])
    refuse([*_left_unchecked(row)])


def require_storable(name: str, value: Any) -> None:
    """Refuse what a database cannot keep as JSON or nobody can read. Raises: Invalid."""
    for text in _texts(value):
        if is_unkeepable(text):
            refuse([FieldError(name, "character", _("This holds a character that cannot be stored: retype the text."))])
    try:
        size = len(json.dumps(value, default=str, allow_nan=False))
    except ValueError:
        refuse([FieldError(name, "figure", _("A figure is too large to be kept."))])
    if size > MAX_JSON:
        refuse([FieldError(name, "long", _("This is too long: split it up."))])


def require_dutch(name: str, text: Any) -> None:
    """The author's words in Dutch, in `{"nl": …}`. Raises: Invalid."""
    if not written(as_object(text), "nl"):
        refuse([FieldError(f"{name}/nl", "empty", _("Write this in Dutch."))])


def refuse(errors: list[FieldError]) -> None:
    """Raise Invalid when there are errors."""
    if errors:
        raise Invalid("; ".join(dict.fromkeys(error.message for error in errors[:5])), errors=errors)


def _field_errors(row: models.Model, error: ValidationError) -> Iterator[FieldError]:
    for name, problems in error.error_dict.items():
        for problem in problems:
            message = "; ".join(problem.messages)
            if problem.code == "invalid_choice":
                field: Any = row._meta.get_field(name)
                choices = ", ".join(str(value) for value, _label in field.choices or () if value != "")
                message = f"{message} {_('Choose from: %(choices)s.') % {'choices': choices}}"
            yield FieldError(name, str(problem.code or "invalid"), message)


def _left_unchecked(row: models.Model) -> Iterator[FieldError]:
    """Django does not look at empty values of fields that may be blank: null, or an empty list for a text."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is None and not field.null:
            yield FieldError(field.name, "null", _("Leave it empty, but do not give null."))
        elif isinstance(field, TextField) and not isinstance(value, dict):
            yield FieldError(field.name, "text", _("Give texts by language, such as {'nl': '...', 'en': '...'}."))


def _texts(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found

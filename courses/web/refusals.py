"""From what a service refused to the fields of a form."""

from typing import Any

from django import forms

from lms.core.errors import DomainError


def add_errors(form: forms.BaseForm, refused: DomainError) -> None:
    """Put each error at its field; what has no field of its own stands above the form."""
    placed = False
    for error in refused.errors:
        name = field_for(form.fields, error.field)
        form.add_error(name, error.message)
        placed = True
    if not placed:
        form.add_error(None, refused.detail)


def field_for(fields: Any, path: str) -> str | None:
    """The form field for a path: `title/nl` is `title_nl`, `outcomes/0/nl` is `outcomes_nl`, and so on."""
    parts = [part for part in path.split("/") if not part.isdigit()]
    for name in ("_".join(parts), f"{parts[0]}_nl", parts[0]):
        if name in fields:
            return name
    return None

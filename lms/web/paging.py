"""Keyset pagination of pages: page 1,000 costs what page 1 costs, and nothing is counted."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.http import HttpRequest

from lms.core.texts import is_unkeepable


@dataclass(frozen=True)
class Page:
    """A stretch of a list. `after` and `before` are cursors of the next and the previous page, or empty."""

    items: list[Any]
    after: str
    before: str

    def __iter__(self):
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def keyset_page(
    request: HttpRequest, queryset: models.QuerySet[Any], *, order: Sequence[str] = ("-id",), size: int = 50
) -> Page:
    """The page that `?after=` or `?before=` asks for, in `order`.

    Requires: `order` names non-null fields (paths such as `user__family_name` may be), all in one direction, the last
    one unique. A cursor that was tampered with shows the first page.
    """
    descending = order[0].startswith("-")
    keys = [name.lstrip("-") for name in order]
    backwards = "before" in request.GET
    cursor = _decode(queryset.model, keys, request.GET.get("before" if backwards else "after", ""))
    if cursor is None:
        backwards = False
    elif descending == backwards:
        queryset = queryset.filter(_beyond(keys, cursor, "gt"))
    else:
        queryset = queryset.filter(_beyond(keys, cursor, "lt"))
    sign = "-" if descending != backwards else ""
    rows = list(queryset.order_by(*(sign + key for key in keys))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else cursor is not None)
    return Page(
        items=rows,
        after=_encode(rows[-1], keys) if has_next else "",
        before=_encode(rows[0], keys) if has_previous else "",
    )


def _beyond(keys: list[str], values: list[Any], than: str) -> models.Q:
    """(a, b) > (x, y), spelled out: a > x, or a = x and b > y."""
    alternatives = [
        models.Q(**dict(zip(keys[:index], values[:index], strict=True)), **{f"{key}__{than}": values[index]})
        for index, key in enumerate(keys)
    ]
    return reduce(lambda left, right: left | right, alternatives)


def _encode(row: Any, keys: list[str]) -> str:
    values = [str(reduce(getattr, key.split("__"), row)) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(model: type[models.Model], keys: list[str], cursor: str) -> list[Any] | None:
    if not cursor:
        return None
    try:
        texts = [str(text) for text in json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))]
        if any(is_unkeepable(text) for text in texts):
            return None
        return [_field(model, key).to_python(text) for key, text in zip(keys, texts, strict=True)]
    except (ValueError, TypeError, RecursionError, ValidationError, FieldDoesNotExist):
        return None


def _field(model: type[models.Model], path: str) -> models.Field[Any, Any]:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    return model._meta.get_field(name)  # type: ignore[return-value]

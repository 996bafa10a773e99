"""The modules of a question, a page at a time. Page 1,000 costs what page 1 costs: pages start at a key."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, FloatField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from courses.models import ModuleVersion, Offering
from lms.web.paging import Page

from .narrowing import Narrowing, squared_km

DESCENDING = {"relevance", "newest"}
FAR_AWAY = 1e9
KEYS: dict[str, Callable[[str], Any]] = {
    "relevance": int,
    "newest": datetime.fromisoformat,
    "start": date.fromisoformat,
    "price": Decimal,
    "distance": float,
}


def list_versions(narrowing: Narrowing, *, after: str = "", before: str = "", size: int = 24) -> Page:
    """The page of current versions after or before a cursor. Two queries. A cursor of another order is the start."""
    page = _page_of_keys(narrowing, after=after, before=before, size=size)
    versions = {version.pk: version for version in _versions(page)}
    page.items[:] = [versions[pk] for _key, _entry, pk in page.items if pk in versions]
    return page


def _page_of_keys(narrowing: Narrowing, *, after: str, before: str, size: int) -> Page:
    order = narrowing.query.order
    backwards = bool(before)
    cursor = _decode(order, before or after)
    falling = (order in DESCENDING) != (backwards and cursor is not None)
    entries = _keyed(narrowing, order)
    if cursor is not None:
        than = "lt" if falling else "gt"
        key, entry = cursor
        beyond = Q(**{f"key__{than}": key}) | Q(**{"key": key, f"pk__{than}": entry})
        entries = entries.filter(Q(**{f"key__{than}e": key}) & beyond)  # the first part is what an index can start at
    sign = "-" if falling else ""
    rows = list(entries.order_by(f"{sign}key", f"{sign}pk").values_list("key", "pk", "version")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    backwards = backwards and cursor is not None
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else cursor is not None)
    return Page(
        items=rows,
        after=_encode(order, rows[-1]) if has_next else "",
        before=_encode(order, rows[0]) if has_previous else "",
    )


def _keyed(narrowing: Narrowing, order: str) -> QuerySet[Any]:
    """What fits, with the `key` it is ordered by. What has no such run comes last."""
    if order == "relevance":
        return narrowing.ranked().annotate(key=F("score"))
    found = narrowing.entries()
    if order == "newest":
        return found.annotate(key=F("listed_at"))
    runs = narrowing.fitting_runs().filter(version__module=OuterRef("module"))
    if order == "start":
        return found.annotate(key=Coalesce(_least(runs, "starts_on"), Value(date.max)))
    if order == "price":
        return found.annotate(key=Coalesce(_least(runs, "price"), Value(Decimal("9999999.99"))))
    place = narrowing.query.place
    if place is None:
        raise ValueError("ordering by distance needs a place")
    nearest = runs.annotate(squared_km=squared_km(place))
    return found.annotate(key=Coalesce(_least(nearest, "squared_km"), Value(FAR_AWAY, output_field=FloatField())))


def _least(runs: QuerySet[Offering], column: str) -> Subquery:
    return Subquery(runs.values("version__module").annotate(least=Min(column)).values("least"))


def _versions(page: Page) -> QuerySet[ModuleVersion]:
    found = ModuleVersion.objects.filter(pk__in=[version for _key, _entry, version in page.items])
    return found.select_related("module__provider")


def _encode(order: str, row: tuple[Any, int, Any]) -> str:
    key = row[0].isoformat() if isinstance(row[0], date) else str(row[0])
    return base64.urlsafe_b64encode(json.dumps([order, key, row[1]]).encode()).decode().rstrip("=")


def _decode(order: str, cursor: str) -> tuple[Any, int] | None:
    if not cursor:
        return None
    try:
        kind, key, entry = json.loads(base64.urlsafe_b64decode(cursor[:400] + "=" * (-len(cursor) % 4)))
        if kind != order or not 0 <= int(entry) < 2**63:
            return None
        return _key(order, str(key)), int(entry)
    except (ValueError, TypeError, ArithmeticError):
        return None


def _key(order: str, written: str) -> Any:
    """Raises ValueError where no row can have this key."""
    key = KEYS[order](written)
    if order == "newest":
        return key.astimezone(UTC)
    if order in ("relevance", "price", "distance") and not 0 <= key < FAR_AWAY * 2:
        raise ValueError("a key is a small number")
    return key

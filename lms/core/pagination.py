"""Keyset pagination: page 1,000 costs what page 1 costs, and no count by default."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class KeysetPagination(CursorPagination):
    """Newest first by the time-ordered id. `cursor` is opaque, `page_size` at most 250."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 250

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """OpenAPI 3.1 has no `nullable`: a link is a string or null."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


class RowPagination(KeysetPagination):
    """The same for lists that are read straight into dictionaries."""

    def paginate_rows(
        self,
        parts: Sequence[QuerySet[Any]],
        request: Request,
        columns_of: Callable[[QuerySet[Any]], QuerySet[Any, Any]],
    ) -> list[dict[str, Any]]:
        """The page's rows as `columns_of` gives them, in one statement; `id` is one of their columns.

        Of each part, which an index can give in this order, no more than a page is read; a row that is in several is
        shown once. What the columns join is joined to a page of ids, never to all that is wanted.
        """
        self.request, self.page_size = request, self.get_page_size(request) or self.page_size
        self.base_url, self.cursor = request.build_absolute_uri(), self.decode_cursor(request)
        _offset, reverse, position = self.cursor or (0, False, None)
        order = "id" if reverse else "-id"
        if position is not None:
            parts = [part.filter(**{"id__gt" if reverse else "id__lt": position}) for part in parts]
        ids = _first_ids(parts, order, self.page_size + 1)
        rows = list(columns_of(parts[0].model._default_manager.filter(pk__in=ids)).order_by(order))
        more, self.rows = len(rows) > self.page_size, rows[: self.page_size]
        if reverse:
            self.rows.reverse()
        self.has_next = bool(self.rows) and (more if not reverse else True)
        self.has_previous = bool(self.rows) and (more if reverse else position is not None)
        return self.rows

    def get_next_link(self) -> str | None:
        """Those that are older."""
        return self._link(self.rows[-1], reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Those that are newer."""
        return self._link(self.rows[0], reverse=True) if self.has_previous else None

    def _link(self, row: dict[str, Any], *, reverse: bool) -> str:
        position: Any = str(row["id"])
        return str(self.encode_cursor(Cursor(offset=0, reverse=reverse, position=position)))


def _first_ids(parts: Sequence[QuerySet[Any]], order: str, number: int) -> QuerySet[Any, Any]:
    first: QuerySet[Any, Any]
    first, *more = [part.order_by(order).values("id")[:number] for part in parts]
    if not more:
        return first
    # A page of its own, so that each part may be cut on SQLite too.
    model = parts[0].model._default_manager
    first, *more = [model.filter(pk__in=ids).order_by().values("id") for ids in (first, *more)]
    return first.union(*more).order_by(order)[:number]

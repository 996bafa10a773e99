"""Keyset pagination: page 1,000 costs what page 1 costs, and no count by default."""

from typing import Any

from rest_framework.pagination import CursorPagination


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

"""What every view of the Open Education API shares: the version, the parameters, pages, expanding."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import mapping_v5, mapping_v6
from .filters import Filter, refused
from .negotiation import Version5, Version6, VersionNegotiation
from .paging import page_of
from .problems import ooapi_problem

BOTH = ("5.0", "6.0")
V5 = ("5.0",)
V6 = ("6.0",)
HINTS = {"consumer", "fields"}  # the documents let a service disregard these


class OoapiView(APIView):
    """One path, in the versions that have it. `elsewhere`: how the other version spells it."""

    versions: tuple[str, ...] = BOTH
    elsewhere = ""
    mappings: ClassVar[dict[str, Any]] = {"5.0": mapping_v5, "6.0": mapping_v6}
    permission_classes = [AllowAny]
    content_negotiation_class = VersionNegotiation
    metadata_class = None
    schema: Any = None

    def get_renderers(self) -> list[Any]:
        return [renderer() for renderer in (Version5, Version6) if renderer.version in self.versions]

    def get_exception_handler(self) -> Any:
        return ooapi_problem

    @property
    def default_response_headers(self) -> dict[str, str]:
        return super().default_response_headers | {"Vary": "Accept, Authorization"}

    @property
    def version(self) -> str:
        """The version served."""
        return str(getattr(self.request.accepted_renderer, "version", ""))

    @property
    def mapping(self) -> Any:
        """How that version spells our rows."""
        return self.mappings[self.version]

    def parameters(self, known: Iterable[str]) -> dict[str, str]:
        """The query, each name once. A name that this path does not know is refused: its answer would be wrong."""
        known = {*known, *HINTS}
        for name, value in self.request.query_params.items():
            if name not in known:
                names = ", ".join(sorted(known))
                raise refused(
                    name, _("This path does not know this parameter; it knows: %(names)s.") % {"names": names}
                )
            if "\x00" in value:
                raise refused(name, _("It holds a character that cannot be kept (NUL)."))
        return {name: ",".join(self.request.query_params.getlist(name)) for name in self.request.query_params}

    def site(self, path: str) -> str:
        """A path as an address."""
        return str(self.request.build_absolute_uri(path))


class Collection(OoapiView):
    """A list. `shown` names the function of the mapping; `orders` what version 5 may sort by, the default first.

    `asks` are the filters of both versions, `asks_only` those of one.
    """

    shown = ""
    asks: ClassVar[dict[str, Filter]] = {}
    asks_only: ClassVar[dict[str, dict[str, Filter]]] = {}
    orders: ClassVar[dict[str, str]] = {}

    def find(self) -> QuerySet[Any]:
        """All rows that this user may see under the path."""
        raise NotImplementedError

    def get(self, request: Request, **path: Any) -> Response:
        sorting = {"sort"} if self.version == "5.0" else set()
        filters = self.asks | self.asks_only.get(self.version, {})
        asked = self.parameters({*filters, "pageSize", "pageNumber", *sorting})
        found = self.find()
        for name, narrow in filters.items():
            if name in asked:
                found = narrow(found, asked[name], self)
        page = page_of(self.ordered(found, asked.get("sort", "")), asked)
        return Response(page.body(self.bodies(page.items)))

    def bodies(self, rows: list[Any]) -> list[dict[str, Any]]:
        """The items of a page."""
        spell = getattr(self.mapping, self.shown)
        return [spell(row, self.site) for row in rows]

    def ordered(self, found: QuerySet[Any], sort: str) -> QuerySet[Any]:
        """By `sort`, or by the first of `orders`; equals by id, so that no page repeats another."""
        chosen = []
        for name in sort.split(",") if sort else [next(iter(self.orders))]:
            column = self.orders.get(name.removeprefix("-"))
            if column is None:
                raise refused("sort", _("One of: %(values)s.") % {"values": ", ".join(self.orders)})
            chosen.append(("-" if name.startswith("-") else "") + column)
        return found.order_by(*chosen, "pk")


class Item(OoapiView):
    """One row by its id. `shown` names the function of the mapping, and what may be expanded."""

    shown = ""
    lookup = "pk"

    def find(self) -> QuerySet[Any]:
        """All rows that this user may see."""
        raise NotImplementedError

    def seen(self, found: Any) -> Any:
        """The row as this user may know it."""
        return found

    def related(self, found: Any, name: str) -> Any:
        """The rows to show instead of their ids."""
        raise NotImplementedError

    def get(self, request: Request, pk: Any) -> Response:
        asked = self.parameters({"expand", "returnTimelineOverrides"})
        names = expanding(asked.get("expand", ""), self.mapping.EXPANDS[self.shown])
        found = self.seen(get_object_or_404(self.find(), **{self.lookup: pk}))
        expanded = {name: self.related(found, name) for name in names}
        body = getattr(self.mapping, self.shown)(found, self.site, expanded)
        if asked.get("returnTimelineOverrides") == "true":
            body["timelineOverrides"] = []
        return Response(body)


def expanding(asked: str, known: dict[str, str]) -> list[str]:
    """Our names of what is to be expanded; what nobody has here is left out, as the documents say. Raises Invalid."""
    names = asked.split(",") if asked else []
    for name in names:
        if name not in known:
            raise refused("expand", _("One of: %(values)s.") % {"values": ", ".join(known) or "-"})
    return [known[name] for name in names if known[name]]

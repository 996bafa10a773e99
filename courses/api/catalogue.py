"""The catalogue: searched, narrowed and counted as on the page, by the same names in the address."""

from collections.abc import Sequence
from typing import Any

from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from courses.catalogue import Facet, catalogue_entries, count_facets, list_versions, narrow, open_offerings, read_query
from courses.catalogue.query import DISTANCES, PLAIN, SORTS, STARTS
from courses.models import ModuleVersion
from lms.core.errors import FieldError, Invalid

from .serializers import CatalogueDetailSerializer, CatalogueSerializer

UUID_PATTERN = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
USUAL_SIZE, LARGEST_SIZE = 50, 250
SECONDS_KEPT = 60


def _asked(name: str, help_text: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=help_text, **more)


PARAMETERS = [
    _asked("q", "Words: Dutch or English, in any form, misspelt too."),
    *(_asked(name, "May be repeated: any of these.", many=True, enum=list(values)) for name, values in PLAIN.items()),
    _asked("provider", "Slug of a provider; may be repeated.", many=True),
    _asked("sector", "Code of a sector; may be repeated.", many=True),
    _asked("skill", "URI or id of a skill; may be repeated.", many=True),
    _asked("skill_q", "Words in the labels of the skills that `facets` counts."),
    _asked("near", "Postal code, town or municipality of the region."),
    _asked("km", "Within so many kilometres of `near`; 25 unless told.", enum=list(DISTANCES)),
    _asked("start", "When a run begins.", enum=list(STARTS)),
    _asked("from", "A run begins on or after this day.", OpenApiTypes.DATE),
    _asked("price_min", "Price ex VAT of a run, at least.", OpenApiTypes.DECIMAL),
    _asked("price_max", "Price ex VAT of a run, at most; 0 for what is free of charge.", OpenApiTypes.DECIMAL),
    _asked("places", "A run has room for so many.", OpenApiTypes.INT),
    _asked("sort", "`relevance` needs `q`, `distance` needs `near`.", enum=list(SORTS)),
    _asked("facets", "1: count what each choice would give, without the facet's own choice.", enum=["0", "1"]),
    _asked("cursor", "From `next` or `previous`."),
    _asked("page_size", "At most 250; 50 unless told.", OpenApiTypes.INT),
]


class ChoiceSerializer(serializers.Serializer):
    """A choice, and how many modules it would give."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    chosen = serializers.BooleanField()


class FacetSerializer(serializers.Serializer):
    """A fact by which modules are narrowed."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    choices = ChoiceSerializer(many=True)


class CataloguePageSerializer(serializers.Serializer):
    """A page. `total` and `facets` only where they were asked for; `read_as` where the words were read otherwise."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    read_as = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(required=False)
    facets = FacetSerializer(many=True, required=False)
    results = CatalogueSerializer(many=True)


class CatalogueViewSet(viewsets.GenericViewSet):
    """Of each module the newest published version, with the runs one can join. Public."""

    queryset = ModuleVersion.objects.none()
    permission_classes = [AllowAny]
    serializer_class = CatalogueSerializer
    lookup_value_regex = UUID_PATTERN
    pagination_class = None

    def get_queryset(self) -> Any:
        return catalogue_entries().prefetch_related("sectors", "skills")

    @extend_schema(parameters=PARAMETERS, responses=CataloguePageSerializer)
    def list(self, request: Request) -> Response:
        """Search and narrow. Choices of one facet are alternatives; one and the same run meets all asked of runs."""
        query = read_query(request.query_params)
        size, errors = _page_size(request)
        if query.errors or errors:
            raise Invalid(_("Some of what you ask cannot be read."), errors=[*query.errors, *errors])
        narrowing = narrow(query, request.user)
        way, _colon, key = request.query_params.get("cursor", "").partition(":")
        page = list_versions(narrowing, **{way: key} if way in ("after", "before") else {}, size=size)
        body: dict[str, Any] = {
            "next": self._link("after", page.after),
            "previous": self._link("before", page.before),
            "read_as": narrowing.search.read_as or None,
        }
        if request.query_params.get("facets") == "1":
            body["total"], facets = count_facets(narrowing)
            body["facets"] = [_counted(facet) for facet in facets.values()]
        body["results"] = CatalogueSerializer(page.items, many=True, context=self._context(page.items)).data
        return _kept_for_anybody(request, Response(body))

    @extend_schema(responses=CatalogueDetailSerializer)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """With description, outcomes, skills and codes."""
        version = self.get_object()
        return Response(CatalogueDetailSerializer(version, context=self._context([version])).data)

    def _context(self, versions: Sequence[ModuleVersion]) -> dict[str, Any]:
        found = open_offerings(self.request.user, versions)
        return {**self.get_serializer_context(), "offerings": found}

    def _link(self, way: str, key: str) -> str | None:
        if not key:
            return None
        address = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return str(replace_query_param(address, "cursor", f"{way}:{key}"))


def _page_size(request: Request) -> tuple[int, Sequence[FieldError]]:
    written = request.query_params.get("page_size", str(USUAL_SIZE))
    if written.isascii() and written.isdigit() and int(written[:9]) >= 1:
        return min(int(written[:9]), LARGEST_SIZE), ()
    message = _("Give a number from 1 to %(most)d.") % {"most": LARGEST_SIZE}
    return USUAL_SIZE, [FieldError("page_size", "invalid", message)]


def _counted(facet: Facet) -> dict[str, Any]:
    return {
        "name": facet.name,
        "label": facet.label,
        "choices": [
            {"value": choice.value, "label": choice.label, "count": choice.count, "chosen": choice.chosen}
            for choice in facet.choices
        ],
    }


def _kept_for_anybody(request: Request, response: Response) -> Response:
    """Who is not signed in sees what everybody sees: it may be kept for a minute, per language."""
    patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie"])
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response

"""Modules side by side."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from courses.comparison import FEWEST, MOST, compare_modules
from courses.models import ModuleVersion
from lms.core.errors import FieldError, Invalid

from .serializers import CatalogueDetailSerializer, SkillSerializer


class ComparedSerializer(serializers.Serializer):
    """One module, and the skills that not all the others teach."""

    entry = CatalogueDetailSerializer(source="version")
    skills_apart = SkillSerializer(many=True)


class ComparisonSerializer(serializers.Serializer):
    """In the order asked for. `unknown` says how many of those asked for are not in the catalogue."""

    modules = ComparedSerializer(source="entries", many=True)
    skills_in_common = SkillSerializer(many=True)
    unknown = serializers.IntegerField()


class CompareViewSet(viewsets.GenericViewSet):
    """Two to four modules of the catalogue side by side. Public."""

    queryset = ModuleVersion.objects.none()
    permission_classes = [AllowAny]
    serializer_class = ComparisonSerializer
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter("m", OpenApiTypes.UUID, many=True, required=True, description="Two to four module ids.")
        ],
        responses=ComparisonSerializer,
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """`?m=<module>&m=<module>`, at most four."""
        asked = request.query_params.getlist("m")
        if not FEWEST <= len(set(asked)) <= MOST:
            message = _("Give two to four modules, such as ?m=<id>&m=<id>.")
            raise Invalid(message, errors=[FieldError("m", "number", message)])
        comparison = compare_modules(request.user, asked)
        offerings = {entry.version.module_id: entry.offerings for entry in comparison.entries}
        context: dict[str, Any] = {**self.get_serializer_context(), "offerings": offerings}
        return Response(ComparisonSerializer(comparison, context=context).data)

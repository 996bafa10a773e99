"""The skill gap of an employer."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from enrollments.models import JobFunction
from enrollments.needs.gap import skill_gap
from enrollments.needs.policies import can_view_skill_gap
from lms.core.errors import Forbidden, NotFound
from lms.organizations.models import Department, Organization

from .needs import NamedSkillSerializer


class GapSerializer(serializers.Serializer):
    """How many people completed a module that gives the skill."""

    skill = NamedSkillSerializer()
    people = serializers.IntegerField()
    have = serializers.IntegerField()
    missing = serializers.IntegerField()
    percent = serializers.IntegerField()
    modules = serializers.IntegerField(help_text="How many modules in the catalogue give it now.")


class FunctionGapSerializer(serializers.Serializer):
    """A function with the skills that its occupation essentially needs, the largest gap first."""

    function = serializers.CharField(source="function.title")
    occupation = serializers.CharField(source="occupation.uri")
    people = serializers.IntegerField()
    skills = GapSerializer(many=True)


class GapQuerySerializer(serializers.Serializer):
    """Whose gap."""

    employer = serializers.SlugField(required=False)
    department = serializers.CharField(required=False, max_length=120)


class SkillGapViewSet(viewsets.GenericViewSet):
    """What functions need against what people completed in modules that the employer arranged. Figures, no names."""

    queryset = JobFunction.objects.none()
    serializer_class = FunctionGapSerializer
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter("employer", OpenApiTypes.STR, description="Slug; the first of one's own unless told."),
            OpenApiParameter("department", OpenApiTypes.STR, description="Name; with the departments below it."),
        ],
        responses=FunctionGapSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Every function that is linked to an occupation and has people, the largest gap first."""
        form = GapQuerySerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        employer = self._employer(form.validated_data.get("employer"))
        named = form.validated_data.get("department")
        department = Department.objects.filter(employer=employer, name__iexact=named).first() if named else None
        if named and department is None:
            raise NotFound
        return Response(FunctionGapSerializer(skill_gap(employer, department), many=True).data)

    def _employer(self, slug: str | None) -> Organization:
        user: Any = self.request.user
        employers = Organization.objects.allowing(user, "post_needs").filter(is_employer=True)
        if not employers.exists():
            raise Forbidden
        found = (employers.filter(slug=slug) if slug else employers).first()
        if found is None:
            raise NotFound
        if not can_view_skill_gap(user, found):
            raise Forbidden
        return found

"""Endpoints about the functions of an employer's people."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Occupation
from enrollments.functions import functions_of
from enrollments.models import JobFunction
from enrollments.services.functions import link_function
from lms.accounts.models import User
from lms.core.errors import Forbidden
from lms.organizations.models import Organization
from lms.organizations.policies import can_manage_staff


class OccupationOfFunctionSerializer(serializers.ModelSerializer):
    """What a function is."""

    class Meta:
        model = Occupation
        fields = ["id", "framework", "uri", "code", "label_nl", "label_en"]
        read_only_fields = fields


class FunctionSerializer(serializers.Serializer):
    """A function as the employer names it, how many have it today, and the occupation it is."""

    title = serializers.CharField()
    people = serializers.IntegerField()
    occupation = OccupationOfFunctionSerializer(allow_null=True)


class LinkSerializer(serializers.Serializer):
    """Which function is which occupation; null for none."""

    employer = serializers.SlugRelatedField(slug_field="slug", queryset=Organization.objects.none())
    title = serializers.CharField(max_length=120)
    occupation = serializers.PrimaryKeyRelatedField(queryset=Occupation.objects.current(), allow_null=True)

    def get_fields(self) -> Any:
        """One chooses among the employers one may see."""
        fields: Any = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["employer"].queryset = Organization.objects.visible_to(request.user)
        return fields


class FunctionViewSet(viewsets.GenericViewSet):
    """Functions among an employer's people, and the ESCO occupations they are."""

    serializer_class = LinkSerializer
    queryset = JobFunction.objects.none()
    pagination_class = None

    @extend_schema(
        parameters=[OpenApiParameter("employer", OpenApiTypes.STR, required=True, description="Its short name.")],
        responses=FunctionSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Every function that somebody has today, and those linked before."""
        visible = Organization.objects.visible_to(request.user)
        employer = get_object_or_404(visible, slug=request.query_params.get("employer", ""))
        if not can_manage_staff(request.user, employer):
            raise Forbidden
        return Response(FunctionSerializer(functions_of(employer), many=True).data)

    @extend_schema(request=LinkSerializer, responses=FunctionSerializer)
    def create(self, request: Request) -> Response:
        """Say which occupation a function is, for everybody who has it. Again, to say something else."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        link_function(by=cast(User, request.user), **said)
        linked = next(one for one in functions_of(said["employer"]) if one.title == said["title"])
        return Response(FunctionSerializer(linked).data)

"""Interest without a date: one's own, and what a provider sees of it."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.serializers import TextsField
from courses.models import Module
from enrollments.demand import Demand, demand_for
from enrollments.models import Interest
from enrollments.policies import can_view_demand
from enrollments.services.interest import show_interest, take_back_interest
from lms.core.errors import Forbidden

from .viewsets import UUID_PATTERN

MOST = 250


class InterestSerializer(serializers.ModelSerializer):
    """I would take this module when there is a date."""

    provider = serializers.CharField(source="module.provider.slug")
    code = serializers.CharField(source="module.code")

    class Meta:
        model = Interest
        fields = ["id", "module", "provider", "code", "since"]
        read_only_fields = fields


class VisibleModule(serializers.PrimaryKeyRelatedField):
    """A module that the user may see."""

    def get_queryset(self) -> Any:
        return Module.objects.visible_to(self.context["request"].user)


class ShowInterestSerializer(serializers.Serializer):
    """Which module."""

    module = VisibleModule(queryset=Module.objects.none())


class MonthSerializer(serializers.Serializer):
    """How many began to wait in this month."""

    month = serializers.DateField(help_text="The first day of the month.")
    interested = serializers.IntegerField()


class DemandSerializer(serializers.Serializer):
    """How many people wait for a date of one module, never who."""

    module = serializers.UUIDField(source="module.pk")
    provider = serializers.CharField(source="module.provider.slug")
    code = serializers.CharField(source="module.code")
    title = TextsField(source="version.title")
    interested = serializers.IntegerField()
    first = serializers.DateTimeField()
    latest = serializers.DateTimeField()
    months = serializers.SerializerMethodField()

    @extend_schema_field(MonthSerializer(many=True))
    def get_months(self, demand: Demand) -> list[dict[str, Any]]:
        return [{"month": month.isoformat(), "interested": number} for month, number in demand.months]


class InterestViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The modules that one would take when there is a date. When one is planned that one can join, a message comes."""

    queryset = Interest.objects.none()
    serializer_class = InterestSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return Interest.objects.visible_to(self.request.user).select_related("module__provider")

    @extend_schema(request=ShowInterestSerializer, responses={201: InterestSerializer})
    def create(self, request: Request) -> Response:
        """Say so; saying it again gives the same."""
        form = ShowInterestSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        interest = show_interest(by=self._user(), module=form.validated_data["module"])
        return Response(InterestSerializer(self.get_queryset().get(pk=interest.pk)).data, status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take it back."""
        take_back_interest(by=self._user(), module=self.get_object().module)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _user(self) -> Any:
        return self.request.user


class DemandViewSet(viewsets.GenericViewSet):
    """For providers: how many people wait for a date of one's modules, most first."""

    queryset = Interest.objects.none()
    serializer_class = DemandSerializer
    pagination_class = None

    @extend_schema(responses=DemandSerializer(many=True))
    def list(self, request: Request) -> Response:
        """At most the 250 modules that most people wait for, with the figures of the last six months."""
        if not can_view_demand(request.user):
            raise Forbidden
        return Response(DemandSerializer(demand_for(request.user, limit=MOST), many=True).data)

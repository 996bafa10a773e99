"""Places held for one employer: the provider holds them, either side sees its own and gives them up."""

from decimal import Decimal
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Offering, ReservedPlaces
from courses.services.reserving import give_up_places, reserve_places
from lms.organizations.models import Organization

from .viewsets import UUID_PATTERN


class PlannedOffering(serializers.SlugRelatedField):
    """An offering by its code, out of those the user may see."""

    def get_queryset(self) -> Any:
        return Offering.objects.visible_to(self.context["request"].user)


class ReservedPlacesSerializer(serializers.ModelSerializer):
    """`held_back` is what nobody else can take now."""

    offering = serializers.SlugField(source="offering.code")
    employer = serializers.SlugField(source="employer.slug")
    held_back = serializers.IntegerField()

    class Meta:
        model = ReservedPlaces
        fields = ["id", "offering", "employer", "places", "taken", "held_back", "price", "until", "given_up_at"]


class ReserveSerializer(serializers.Serializer):
    """Naming an employer again changes how many it has, and on what terms."""

    offering = PlannedOffering(slug_field="code", queryset=Offering.objects.none())
    employer = serializers.SlugRelatedField(
        slug_field="slug", queryset=Organization.objects.filter(is_employer=True).order_by("name")
    )
    places = serializers.IntegerField(min_value=1, max_value=100_000)
    price = serializers.DecimalField(
        max_digits=9, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True, default=None
    )
    until = serializers.DateField(required=False, allow_null=True, default=None)


class GiveUpSerializer(serializers.Serializer):
    """How many; without it all that were not taken."""

    places = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)


class ReservedPlacesFilter(django_filters.FilterSet):
    """`?offering=code&employer=slug&given_up=false`."""

    offering = django_filters.CharFilter(field_name="offering__code")
    employer = django_filters.CharFilter(field_name="employer__slug")
    given_up = django_filters.BooleanFilter(field_name="given_up_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = ReservedPlaces
        fields = ["offering", "employer", "given_up"]


class ReservedPlacesViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Those in the offerings one plans, and those of the employers for which one enrolls."""

    queryset = ReservedPlaces.objects.none()
    serializer_class = ReservedPlacesSerializer
    filterset_class = ReservedPlacesFilter
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return ReservedPlaces.objects.visible_to(self.request.user).select_related("offering", "employer")

    @extend_schema(request=ReserveSerializer, responses={201: ReservedPlacesSerializer})
    def create(self, request: Request) -> Response:
        """Hold places for an employer. 409 `full` when fewer are left for everybody."""
        reserved = reserve_places(by=self._user(), **self._asked(ReserveSerializer))
        return Response(self.get_serializer(reserved).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=GiveUpSerializer, responses=ReservedPlacesSerializer)
    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, request: Request, pk: str | None = None) -> Response:
        """What was not taken goes to everybody, or so many of it: for the provider and for the employer."""
        asked = self._asked(GiveUpSerializer)
        reserved = give_up_places(by=self._user(), reserved=self.get_object(), **asked)
        return Response(self.get_serializer(reserved).data)

    def _asked(self, form_class: Any) -> dict[str, Any]:
        form = form_class(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _user(self) -> Any:
        return self.request.user

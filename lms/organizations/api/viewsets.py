"""Endpoints about organizations and the people in them."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from lms.accounts.models import User
from lms.core.errors import Forbidden
from lms.organizations.models import Employment, Location, Membership, Organization, Room
from lms.organizations.policies import can_manage_organization
from lms.organizations.services import (
    add_employment,
    add_member,
    change_employments,
    end_employment,
    remove_member,
)

from .filters import EmploymentFilter, LocationFilter, MembershipFilter, RoomFilter
from .serializers import (
    EmploymentSerializer,
    EndSerializer,
    LocationSerializer,
    MembershipSerializer,
    MeSerializer,
    OrganizationSerializer,
    RoomSerializer,
)


class MeView(generics.RetrieveUpdateAPIView):
    """Who am I here? PATCH changes one's names and language."""

    serializer_class = MeSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> Any:
        return self.request.user


class OrganizationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, viewsets.GenericViewSet
):
    """Organizations in which one has a role."""

    serializer_class = OrganizationSerializer
    queryset = Organization.objects.none()
    lookup_field = "slug"
    http_method_names = ["get", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        return Organization.objects.visible_to(self.request.user)

    def perform_update(self, serializer: Any) -> None:
        if not can_manage_organization(self.request.user, serializer.instance):
            raise Forbidden
        serializer.save()


class MembershipViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet
):
    """Who has which role: one's own, and those in organizations where one may see them."""

    serializer_class = MembershipSerializer
    queryset = Membership.objects.none()
    filterset_class = MembershipFilter

    def get_queryset(self) -> Any:
        return Membership.objects.visible_to(self.request.user).select_related("organization", "user")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Give somebody with an account a role."""
        serializer.instance = add_member(by=cast(User, self.request.user), **serializer.validated_data)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take the role away. The last administrator stays."""
        remove_member(by=cast(User, request.user), membership=self.get_object())
        return Response(status=204)


class EmploymentViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet,
):
    """Who works where: one's own employments, and the staff of employers where one may see it."""

    serializer_class = EmploymentSerializer
    queryset = Employment.objects.none()
    filterset_class = EmploymentFilter
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        return Employment.objects.visible_to(self.request.user).select_related("employer", "user", "department")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Somebody with an account starts to work here. Many at once: import the staff list instead."""
        serializer.instance = add_employment(by=cast(User, self.request.user), **serializer.validated_data)

    def perform_update(self, serializer: Any) -> None:
        change_employments(
            by=cast(User, self.request.user),
            employer=serializer.instance.employer,
            changed=[(serializer.instance, serializer.validated_data)],
        )

    @extend_schema(request=EndSerializer, responses=EmploymentSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """The person leaves: they keep everything, the employer sees nothing newer than the last day."""
        form = EndSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        ended = end_employment(
            by=cast(User, request.user), employment=self.get_object(), ends_on=form.validated_data["ends_on"]
        )
        return Response(EmploymentSerializer(ended, context=self.get_serializer_context()).data)


class LocationViewSet(viewsets.ModelViewSet):
    """Places where people meet: everybody reads, who manages the organization writes."""

    serializer_class = LocationSerializer
    queryset = Location.objects.none()
    filterset_class = LocationFilter
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> Any:
        return Location.objects.visible_to(self.request.user).select_related("organization")

    def perform_update(self, serializer: Any) -> None:
        self._require_management(serializer.instance.organization)
        serializer.save()

    def perform_destroy(self, instance: Location) -> None:
        self._require_management(instance.organization)
        instance.delete()

    def _require_management(self, organization: Organization) -> None:
        if not can_manage_organization(self.request.user, organization):
            raise Forbidden


class RoomViewSet(viewsets.ModelViewSet):
    """Rooms at locations: everybody reads, who manages the organization writes. One in use cannot be deleted."""

    serializer_class = RoomSerializer
    queryset = Room.objects.none()
    filterset_class = RoomFilter
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> Any:
        return Room.objects.visible_to(self.request.user).select_related("location__organization")

    def perform_update(self, serializer: Any) -> None:
        if not can_manage_organization(self.request.user, serializer.instance.location.organization):
            raise Forbidden
        serializer.save()

    def perform_destroy(self, instance: Room) -> None:
        if not can_manage_organization(self.request.user, instance.location.organization):
            raise Forbidden
        instance.delete()

"""Endpoints about organizations and the people in them."""

from typing import Any, cast

from rest_framework import generics, mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from lms.accounts.models import User
from lms.core.errors import Forbidden
from lms.organizations.models import Location, Membership, Organization, Room
from lms.organizations.policies import can_manage_organization
from lms.organizations.services import add_member, remove_member

from .filters import LocationFilter, MembershipFilter, RoomFilter
from .serializers import (
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

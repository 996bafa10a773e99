"""Routes under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from .staff import DepartmentViewSet, EmploymentViewSet
from .viewsets import (
    LocationViewSet,
    MembershipViewSet,
    MeView,
    OrganizationViewSet,
    RoomViewSet,
)

router = SimpleRouter()
router.register("organizations", OrganizationViewSet, basename="organization")
router.register("memberships", MembershipViewSet, basename="membership")
router.register("departments", DepartmentViewSet, basename="department")
router.register("employments", EmploymentViewSet, basename="employment")
router.register("locations", LocationViewSet, basename="location")
router.register("rooms", RoomViewSet, basename="room")

urlpatterns = [path("me/", MeView.as_view(), name="me"), *router.urls]

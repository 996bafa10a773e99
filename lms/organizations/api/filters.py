"""What lists can be narrowed to."""

from typing import Any
from uuid import UUID

from django_filters import rest_framework as filters

from lms.organizations.models import Employment, Location, Membership, Room
from lms.permissions.roles import Role


class MembershipFilter(filters.FilterSet):
    """By organization and role."""

    organization = filters.CharFilter(field_name="organization__slug")
    role = filters.ChoiceFilter(choices=Role.choices)

    class Meta:
        model = Membership
        fields = ["organization", "role"]


class EmploymentFilter(filters.FilterSet):
    """By employer, department with those below it, name or number; `current` leaves out who has left."""

    employer = filters.CharFilter(field_name="employer__slug")
    search = filters.CharFilter(
        method="by_name_or_number", help_text="Part of a name, an address or a personnel number."
    )
    current = filters.BooleanFilter(method="only_current")
    department = filters.UUIDFilter(method="within_department", help_text="With the departments below it.")
    awaited = filters.BooleanFilter(method="only_awaited", help_text="Has not signed in since the employer added them.")

    class Meta:
        model = Employment
        fields = ["employer", "search", "current", "department", "awaited"]

    def within_department(self, queryset: Any, _name: str, value: UUID) -> Any:
        return queryset.within(value)

    def only_awaited(self, queryset: Any, _name: str, value: bool) -> Any:
        return queryset.awaited() if value else queryset

    def by_name_or_number(self, queryset: Any, _name: str, value: str) -> Any:
        return queryset.called(value)

    def only_current(self, queryset: Any, _name: str, value: bool) -> Any:
        return queryset.current() if value else queryset


class LocationFilter(filters.FilterSet):
    """By organization."""

    organization = filters.CharFilter(field_name="organization__slug")

    class Meta:
        model = Location
        fields = ["organization"]


class RoomFilter(filters.FilterSet):
    """By location or organization, or by the people it must hold."""

    organization = filters.CharFilter(field_name="location__organization__slug")
    location = filters.UUIDFilter(field_name="location")
    holds = filters.NumberFilter(field_name="capacity", lookup_expr="gte", min_value=1)

    class Meta:
        model = Room
        fields = ["organization", "location", "holds"]

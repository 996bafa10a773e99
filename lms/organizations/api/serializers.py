"""Organizations, roles, employments and places, as the API shows them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from lms.accounts.models import User, normalize_email
from lms.organizations.models import Employment, Location, Membership, Organization, Room
from lms.permissions.roles import ROLE_PERMISSIONS, Role


class VisibleOrganizationField(serializers.SlugRelatedField):
    """An organization by its slug, out of those that the user may see."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("slug_field", "slug")
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Organization.objects.all())
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        return Organization.objects.visible_to(self.context["request"].user)


@extend_schema_field({"type": ["string", "null"], "format": "email"})
class PersonByEmailField(serializers.SlugRelatedField):
    """A person who has an account, by e-mail address."""

    default_error_messages = {"does_not_exist": _("Nobody has an account with the address {value}.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="email", queryset=User.objects.filter(is_active=True), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(normalize_email(data) if isinstance(data, str) else data)


class OrganizationSerializer(serializers.ModelSerializer):
    """An organization; `kinds` is the set of what it is. Codes and kinds are kept by platform staff."""

    kinds = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Organization
        fields = ["slug", "name", "kinds", "is_recognised_school", "kvk", "brin", "rio_code", "website"]
        read_only_fields = ["slug", "is_recognised_school", "kvk", "brin", "rio_code"]


class MembershipSerializer(serializers.ModelSerializer):
    """Who has which role."""

    organization = VisibleOrganizationField()
    email = PersonByEmailField(source="user")
    person = serializers.CharField(source="user.full_name", read_only=True)
    role = serializers.ChoiceField(choices=Role.choices)

    class Meta:
        model = Membership
        fields = ["id", "organization", "email", "person", "role", "since"]
        read_only_fields = ["since"]
        validators: list[Any] = []  # the service says it: Conflict


class DepartmentNameField(serializers.CharField):
    """The name of a department, empty for none. A name that is new becomes a department of the employer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 120, "allow_blank": True} | kwargs))

    def get_attribute(self, instance: Any) -> Any:
        return instance.department or ""


MOVES = ("postal_code", "city")


@extend_schema_serializer(component_name="OrganizationLocation")
class LocationSerializer(serializers.ModelSerializer):
    """A place where people meet."""

    organization = serializers.SlugRelatedField(slug_field="slug", queryset=Organization.objects.all())

    class Meta:
        model = Location
        fields = ["id", "organization", "name", "street", "postal_code", "city", "latitude", "longitude"]
        extra_kwargs = {
            "latitude": {"min_value": -90, "max_value": 90},
            "longitude": {"min_value": -180, "max_value": 180},
        }

    def update(self, location: Location, facts: dict[str, Any]) -> Location:
        """Who moves gets the coordinates of the new address."""
        moved = any(facts.get(name, getattr(location, name)) != getattr(location, name) for name in MOVES)
        if moved:
            location.latitude = location.longitude = None
        changed: Location = super().update(location, facts)
        return changed

    def get_fields(self) -> Any:
        """One chooses among the organizations one manages."""
        fields: Any = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["organization"].queryset = Organization.objects.allowing(request.user, "manage_organization")
        return fields


class RoomSerializer(serializers.ModelSerializer):
    """A room at a location, and how many people it holds."""

    organization = serializers.CharField(source="location.organization.slug", read_only=True)
    location_name = serializers.CharField(source="location.name", read_only=True)

    class Meta:
        model = Room
        fields = ["id", "organization", "location", "location_name", "name", "capacity"]
        extra_kwargs = {"capacity": {"min_value": 1}}

    def validate_location(self, location: Location) -> Location:
        if self.instance is not None and self.instance.location_id != location.pk:
            raise serializers.ValidationError(_("A room stays where it is: make a new one at the other location."))
        return location

    def get_fields(self) -> Any:
        """One chooses among the locations of the organizations one manages."""
        fields: Any = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            managed = Organization.objects.allowing(request.user, "manage_organization")
            fields["location"].queryset = Location.objects.filter(organization__in=managed)
        return fields


class OwnMembershipSerializer(serializers.ModelSerializer):
    """A role of one's own, and what it permits."""

    organization = serializers.CharField(source="organization.slug")
    organization_name = serializers.CharField(source="organization.name")
    permissions = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ["organization", "organization_name", "role", "permissions"]

    def get_permissions(self, membership: Membership) -> list[str]:
        return sorted(ROLE_PERMISSIONS[membership.role])


class OwnEmploymentSerializer(serializers.ModelSerializer):
    """Where one works or worked."""

    employer = serializers.CharField(source="employer.slug")
    employer_name = serializers.CharField(source="employer.name")
    department = DepartmentNameField()

    class Meta:
        model = Employment
        fields = [
            "employer", "employer_name", "personnel_number", "department", "job_title", "starts_on", "ends_on",
        ]  # fmt: skip


class MeSerializer(serializers.ModelSerializer):
    """The signed-in person: who they are, what they may do where, and where they work."""

    memberships = serializers.SerializerMethodField()
    employments = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            "id", "email", "given_name", "name_prefix", "family_name", "full_name", "language", "memberships",
            "employments",
        ]  # fmt: skip
        read_only_fields = ["email"]
        extra_kwargs = {"given_name": {"allow_blank": False}, "family_name": {"allow_blank": False}}

    @extend_schema_field(OwnMembershipSerializer(many=True))
    def get_memberships(self, user: User) -> Any:
        own = Membership.objects.filter(user=user).select_related("organization").order_by("id")
        return OwnMembershipSerializer(own, many=True).data

    @extend_schema_field(OwnEmploymentSerializer(many=True))
    def get_employments(self, user: User) -> Any:
        own = Employment.objects.filter(user=user).select_related("employer", "department").order_by("id")
        return OwnEmploymentSerializer(own, many=True).data

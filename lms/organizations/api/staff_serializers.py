"""Departments and employments, as the API shows them."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from lms.accounts.models import LANGUAGES
from lms.organizations.models import Department, Employment, Organization

from .serializers import DepartmentNameField, VisibleOrganizationField

PERSON = ("given_name", "name_prefix", "family_name", "email", "language")


class SeenField(serializers.PrimaryKeyRelatedField):
    """An object by id, out of those that the user may see."""

    def to_internal_value(self, data: Any) -> Any:
        found = None
        try:
            seen: Any = self.get_queryset()
            found = seen.filter(pk=UUID(str(data))).first()
        except ValueError:
            self.fail("incorrect_type", data_type=type(data).__name__)
        if found is None:
            self.fail("does_not_exist", pk_value=data)
        return found


class OwnDepartmentField(SeenField):
    """A department of an employer whose staff one may see."""

    def get_queryset(self) -> Any:
        return Department.objects.visible_to(self.context["request"].user).select_related("employer")


class DepartmentSerializer(serializers.ModelSerializer):
    """A part of an employer. `parent` is the department it is part of, null at the top."""

    employer = VisibleOrganizationField()
    parent: Any = OwnDepartmentField(required=False, allow_null=True, queryset=Department.objects.none())

    class Meta:
        model = Department
        fields = ["id", "employer", "name", "parent"]
        validators: list[Any] = []  # the service says it: Invalid

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is not None and attrs.get("employer", self.instance.employer) != self.instance.employer:
            raise serializers.ValidationError({"employer": _("A department stays with its employer.")})
        return attrs


class BranchSerializer(serializers.Serializer):
    """A department in its place in the tree, with its people counted."""

    id = serializers.UUIDField(source="department.pk")
    name = serializers.CharField(source="department.name")
    parent: Any = serializers.UUIDField(source="department.parent_id", allow_null=True)
    depth = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField(), help_text="Names from the top down.")
    people = serializers.IntegerField(help_text="Who is in it today.")
    people_within = serializers.IntegerField(help_text="Who is in it or below it today.")


class MergeSerializer(serializers.Serializer):
    """Where everybody goes."""

    into = OwnDepartmentField(queryset=Department.objects.none())


class ManagerField(SeenField):
    """The employment of the manager, at the same employer. Null as well when the manager has left."""

    def get_queryset(self) -> Any:
        return Employment.objects.visible_to(self.context["request"].user).select_related("user")

    def get_attribute(self, instance: Employment) -> Any:
        """In a list `with_manager_named` has found it already; of one employment it is asked for."""
        if not hasattr(instance, "manager_employment"):
            instance = Employment.objects.with_manager_named().filter(pk=instance.pk)[0]
        return PKOnlyObject(pk=instance.manager_employment)  # type: ignore[attr-defined]

    def to_representation(self, value: Any) -> Any:
        return value.pk


class EmploymentSerializer(serializers.ModelSerializer):
    """Who works where. The employer and the person are given once; the last day is set by `end`.

    With an e-mail address or a personnel number, or both. `person` is the name as the employer wrote it, until the
    person has signed in. A `department` that is new becomes one, at the top.
    """

    employer = VisibleOrganizationField()
    email = serializers.EmailField(source="user.email", required=False, allow_null=True)
    given_name = serializers.CharField(write_only=True, required=False, allow_blank=True, max_length=100)
    name_prefix = serializers.CharField(write_only=True, required=False, allow_blank=True, max_length=30)
    family_name = serializers.CharField(write_only=True, required=False, allow_blank=True, max_length=100)
    language = serializers.ChoiceField(write_only=True, required=False, choices=LANGUAGES)
    person = serializers.CharField(source="name", read_only=True)
    awaited = serializers.BooleanField(
        source="is_awaited", read_only=True, help_text="Has not signed in since the employer added them."
    )
    department = DepartmentNameField(required=False)
    manager = ManagerField(required=False, allow_null=True, queryset=Employment.objects.none())

    class Meta:
        model = Employment
        fields = [
            "id", "employer", "email", "given_name", "name_prefix", "family_name", "language", "person", "awaited",
            "personnel_number", "department", "job_title", "manager", "starts_on", "ends_on",
        ]  # fmt: skip
        read_only_fields = ["ends_on"]
        validators: list[Any] = []  # the service says it: Conflict

    def to_representation(self, instance: Employment) -> Any:
        """The address of who left may be a newer one: the employer does not see it."""
        shown = super().to_representation(instance)
        return shown | {"email": None} if instance.is_over else shown

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The person's own facts, apart from those of the employment."""
        attrs |= attrs.pop("user", {})
        if manager := attrs.get("manager"):
            attrs["manager"] = manager.user
        if self.instance is not None and {"employer", *PERSON} & set(attrs):
            raise serializers.ValidationError(_("The employer and the person cannot be changed."))
        return attrs


class EndSerializer(serializers.Serializer):
    """The last day of an employment."""

    ends_on = serializers.DateField()


class AddressSerializer(serializers.Serializer):
    """Where somebody can be reached after all."""

    email = serializers.EmailField()


class InviteSerializer(serializers.Serializer):
    """Whom to ask: these employments, or (`expired`) everybody of the employer without a working invitation."""

    employer = VisibleOrganizationField(queryset=Organization.objects.none())
    employments = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=500)
    expired = serializers.BooleanField(default=False)


class InvitedSerializer(serializers.Serializer):
    """What asking them did: ids of employments."""

    sent = serializers.ListField(child=serializers.UUIDField())
    without_address = serializers.ListField(child=serializers.UUIDField(), help_text="Print a letter for these.")
    just_asked = serializers.ListField(child=serializers.UUIDField(), help_text="Asked less than a minute ago.")
    in_already = serializers.ListField(child=serializers.UUIDField())


class LettersSerializer(serializers.Serializer):
    """Letters for these employments; else for who waits for one in a department and those below it, or everywhere."""

    employer = VisibleOrganizationField(queryset=Organization.objects.none())
    employments = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=500)
    department = OwnDepartmentField(required=False, queryset=Department.objects.none())

"""Shapes of the named people of a module."""

from rest_framework import serializers

from courses.models import Module, ModuleMember
from courses.policies import can_manage_module_members
from lms.permissions.roles import ModuleRole

from .authoring_serializers import VisibleModule


class ModuleMemberSerializer(serializers.ModelSerializer):
    """Who has which role in a module. The address only for who may name people there."""

    person = serializers.CharField(source="user.full_name", read_only=True)
    email = serializers.SerializerMethodField()

    class Meta:
        model = ModuleMember
        fields = ["id", "module", "person", "email", "role", "since"]
        read_only_fields = fields

    def get_email(self, member: ModuleMember) -> str | None:
        allowed = can_manage_module_members(self.context["request"].user, member.module)
        return member.user.email if allowed else None


class ModuleMemberCreateSerializer(serializers.Serializer):
    """Whom to name for which module."""

    module = VisibleModule(queryset=Module.objects.none())
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ModuleRole.choices)

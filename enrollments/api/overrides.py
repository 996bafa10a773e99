"""Letting people in without what a module asks beforehand, by API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Module
from enrollments.models import PrerequisiteOverride
from enrollments.services.overriding import LONGEST, let_in


class OverrideSerializer(serializers.ModelSerializer):
    """Who was let in, why and by whom."""

    learner = serializers.UUIDField(source="learner_id", read_only=True)
    name = serializers.CharField(source="learner", read_only=True)
    given_by: Any = serializers.StringRelatedField()

    class Meta:
        model = PrerequisiteOverride
        fields = ["id", "learner", "name", "module", "reason", "given_by", "given_at"]
        read_only_fields = fields


class VisibleModule(serializers.PrimaryKeyRelatedField):
    """A module that the user may see."""

    def get_queryset(self) -> Any:
        return Module.objects.visible_to(self.context["request"].user)


class GiveOverrideSerializer(serializers.Serializer):
    """The person by e-mail address."""

    module = VisibleModule(queryset=Module.objects.none())
    email = serializers.EmailField()
    reason = serializers.CharField(max_length=LONGEST)


class OverrideViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """One's own, those of one's participants, and those that one gave as HR."""

    queryset = PrerequisiteOverride.objects.none()
    serializer_class = OverrideSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> Any:
        return PrerequisiteOverride.objects.visible_to(self.request.user).select_related("learner", "given_by")

    @extend_schema(request=GiveOverrideSerializer, responses={202: None})
    def create(self, request: Request) -> Response:
        """Let whoever has an account with this address in. The answer does not tell whether there is one."""
        form = GiveOverrideSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        user: Any = request.user
        let_in(by=user, **form.validated_data)
        return Response(status=status.HTTP_202_ACCEPTED)

"""What modules ask beforehand: everybody reads it, a publisher of the module says it."""

from typing import Any
from uuid import UUID

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Module, Prerequisite
from courses.services.prerequisites import set_prerequisites
from lms.core.errors import FieldError, Invalid

from .authoring_serializers import VisibleModule

MOST = 20


class PrerequisiteSerializer(serializers.ModelSerializer):
    """Who takes `module` has completed `requires`."""

    class Meta:
        model = Prerequisite
        fields = ["id", "module", "requires"]
        read_only_fields = fields


class PrerequisitesSerializer(serializers.Serializer):
    """All that a module asks from now on; an empty list asks nothing."""

    module = VisibleModule(queryset=Module.objects.none())
    requires = serializers.ListField(child=serializers.UUIDField(), allow_empty=True, max_length=MOST)


class PrerequisiteFilter(django_filters.FilterSet):
    """`?module=<id>`: what it asks; `?requires=<id>`: what asks for it."""

    module = django_filters.UUIDFilter(field_name="module")
    requires = django_filters.UUIDFilter(field_name="requires")

    class Meta:
        model = Prerequisite
        fields = ["module", "requires"]


class PrerequisiteViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Of the modules that one may see."""

    queryset = Prerequisite.objects.none()
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = PrerequisiteSerializer
    filterset_class = PrerequisiteFilter

    def get_queryset(self) -> Any:
        visible = Module.objects.visible_to(self.request.user)
        return Prerequisite.objects.filter(module__in=visible, requires__in=visible)

    @extend_schema(request=PrerequisitesSerializer, responses=PrerequisiteSerializer(many=True), filters=False)
    def create(self, request: Request) -> Response:
        """Say what a module asks beforehand, in place of what it asked until now. 409 for a circle."""
        form = PrerequisitesSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        module, user = form.validated_data["module"], self.request.user
        requires = visible_modules(user, form.validated_data["requires"], "requires")
        set_prerequisites(by=user, module=module, requires=requires)  # type: ignore[arg-type]
        rows = Prerequisite.objects.filter(module=module).order_by("pk")
        return Response(PrerequisiteSerializer(rows, many=True).data)


def visible_modules(user: Any, ids: list[UUID], field: str) -> list[Module]:
    """These modules in this order, in one query. Raises: Invalid, naming each that the user does not see."""
    found = Module.objects.visible_to(user).in_bulk(ids)
    message = _("Choose modules that are published.")
    errors = [FieldError(f"{field}/{index}", "unknown", message) for index, pk in enumerate(ids) if pk not in found]
    if errors:
        raise Invalid(message, errors=errors)
    return [found[pk] for pk in ids]

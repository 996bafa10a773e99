"""Named people of one module."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import ModuleMember
from courses.services.members import add_module_member, remove_module_member

from .filters import ModuleMemberFilter
from .member_serializers import ModuleMemberCreateSerializer, ModuleMemberSerializer
from .viewsets import UUID_PATTERN


class ModuleMemberViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Co-authors and teachers of the modules whose drafts one may see. `?module=id`."""

    queryset = ModuleMember.objects.none()
    serializer_class = ModuleMemberSerializer
    filterset_class = ModuleMemberFilter
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return ModuleMember.objects.visible_to(self.request.user).select_related("user", "module")

    @extend_schema(request=ModuleMemberCreateSerializer, responses={201: ModuleMemberSerializer})
    def create(self, request: Request) -> Response:
        """Name somebody with an account, of whichever organization."""
        form = ModuleMemberCreateSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        user: Any = request.user
        member = add_module_member(by=user, **form.validated_data)
        return Response(self.get_serializer(member).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take the role away."""
        user: Any = request.user
        remove_module_member(by=user, member=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

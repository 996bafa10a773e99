"""Endpoints of HR: departments, who works where, and asking people to start."""

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from lms.accounts.models import User
from lms.core.errors import Forbidden, NotFound
from lms.organizations.awaiting import awaited_staff, people_for_letters
from lms.organizations.models import Department, Employment, Organization
from lms.organizations.policies import can_manage_staff, can_view_staff
from lms.organizations.services import (
    NewPerson,
    add_department,
    add_person,
    change_department,
    change_employment,
    correct_address,
    delete_department,
    end_employment,
    invite_staff,
    merge_department,
    print_letters,
)
from lms.organizations.trees import tree_of

from .filters import EmploymentFilter
from .staff_serializers import (
    PERSON,
    AddressSerializer,
    BranchSerializer,
    DepartmentSerializer,
    EmploymentSerializer,
    EndSerializer,
    InvitedSerializer,
    InviteSerializer,
    LettersSerializer,
    MergeSerializer,
)

AT_ONCE = 500


class DepartmentViewSet(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, viewsets.GenericViewSet
):
    """Departments of employers whose staff one may see."""

    serializer_class = DepartmentSerializer
    queryset = Department.objects.none()
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    pagination_class = None

    def get_queryset(self) -> Any:
        return Department.objects.visible_to(self.request.user).select_related("employer")

    @extend_schema(
        parameters=[OpenApiParameter("employer", OpenApiTypes.STR, required=True, description="Its short name.")],
        responses=BranchSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """The tree of one employer: each department is followed by those below it."""
        visible = Organization.objects.visible_to(request.user)
        employer = get_object_or_404(visible, slug=request.query_params.get("employer", ""))
        if not can_view_staff(request.user, employer):
            raise Forbidden
        return Response(BranchSerializer(tree_of(employer), many=True).data)

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = add_department(by=cast(User, self.request.user), **serializer.validated_data)

    def perform_update(self, serializer: Any) -> None:
        """Another name, another place in the tree, or both."""
        now: Department = serializer.instance
        said = {"name": now.name, "parent": now.parent} | serializer.validated_data
        said.pop("employer", None)
        serializer.instance = change_department(by=cast(User, self.request.user), department=now, **said)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """An empty department goes."""
        delete_department(by=cast(User, request.user), department=self.get_object())
        return Response(status=204)

    @extend_schema(request=MergeSerializer, responses=DepartmentSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        """Everybody goes over to another department, with those below; this one is gone. Answers the other one."""
        department = self.get_object()
        form = MergeSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        into = merge_department(by=cast(User, request.user), department=department, into=form.validated_data["into"])
        return Response(self.get_serializer(into).data)


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
        found = Employment.objects.visible_to(self.request.user).select_related("employer", "user", "department")
        return found.with_manager_named() if self.action == "list" else found

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Somebody starts to work here. Whether the address is known here already changes nothing in the answer."""
        facts = dict(serializer.validated_data)
        person = NewPerson(**{name: facts.pop(name) or "" for name in PERSON if name in facts})
        serializer.instance = add_person(by=cast(User, self.request.user), person=person, **facts)

    def perform_update(self, serializer: Any) -> None:
        serializer.instance = change_employment(
            by=cast(User, self.request.user), employment=serializer.instance, **serializer.validated_data
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
        return Response(self.get_serializer(ended).data)

    @extend_schema(request=AddressSerializer, responses=EmploymentSerializer)
    @action(detail=True, methods=["post"])
    def address(self, request: Request, pk: str | None = None) -> Response:
        """Another e-mail address for somebody who has not signed in yet, who is invited there."""
        employment = self.get_object()
        form = AddressSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        corrected = correct_address(by=cast(User, request.user), employment=employment, **form.validated_data)
        return Response(self.get_serializer(corrected).data)

    @extend_schema(request=InviteSerializer, responses=InvitedSerializer)
    @action(detail=False, methods=["post"])
    def invite(self, request: Request) -> Response:
        """Mail those who have not signed in yet. An earlier link of this employer stops working; each is told once."""
        form = InviteSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        employer = self._managed(form)
        if form.validated_data["expired"]:
            people = list(awaited_staff(employer, only="expired").order_by("id")[:AT_ONCE])
        else:
            people = self._chosen(employer, form.validated_data.get("employments", []))
        asked = invite_staff(by=cast(User, request.user), employer=employer, employments=people)
        return Response({name: [employment.pk for employment in group] for name, group in vars(asked).items()})

    @extend_schema(request=LettersSerializer, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=False, methods=["post"])
    def letters(self, request: Request) -> HttpResponse:
        """Print letters for people without an e-mail address, in one PDF. An earlier letter stops working."""
        from lms.organizations.letters import render_letters

        form = LettersSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        employer, asked = self._managed(form), form.validated_data
        ids = asked.get("employments")
        if ids is not None:
            self._chosen(employer, ids)
        people = people_for_letters(employer, ids=ids, department=asked.get("department"))
        printed = print_letters(by=cast(User, request.user), employer=employer, employments=people)
        return HttpResponse(
            render_letters(employer, printed), content_type="application/pdf", headers={"Cache-Control": "no-store"}
        )

    def _managed(self, form: Any) -> Organization:
        employer: Organization = form.validated_data["employer"]
        if not can_manage_staff(self.request.user, employer):
            raise Forbidden
        return employer

    def _chosen(self, employer: Organization, ids: Any) -> list[Employment]:
        found = list(self.get_queryset().filter(employer=employer, pk__in=ids).order_by("id"))
        if len(found) != len(set(ids)):
            raise NotFound
        return found

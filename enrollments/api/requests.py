"""Requests of workers by API: ask, follow, decide, withdraw; and how an employer decides."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Offering
from enrollments.approval_route import policy_of
from enrollments.models import ApprovalPolicy, ApprovalStep, Approver, Decision, Enrollment
from enrollments.policies import can_set_approval_policy
from enrollments.requests import (
    OPEN,
    in_request_state,
    read_requests,
    requests_of,
    requests_seen_by,
    requests_to_decide,
)
from enrollments.services.deciding import POLICY_FIELDS, approve_request, refuse_request, set_approval_policy
from enrollments.services.enrolling import withdraw_enrollment
from enrollments.services.requesting import request_place
from lms.core.errors import Forbidden
from lms.organizations.models import Employment, Organization

from .serializers import OrganizationNameSerializer, VisibleOffering
from .viewsets import UUID_PATTERN

STATES = (OPEN, "approved", "refused", "withdrawn")
LISTS = ("seen", "mine", "to_decide")
LONGEST = 1000


class TurnSerializer(serializers.Serializer):
    """One turn to decide. `decision` is empty as long as it is open."""

    step = serializers.IntegerField(source="number")
    approver = serializers.ChoiceField(choices=Approver.choices)
    manager = serializers.CharField(allow_null=True)
    asked_at = serializers.DateTimeField()
    reminded_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.ChoiceField(choices=Decision.choices, allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class AskerSerializer(serializers.Serializer):
    """Who asks."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="full_name")


class AskedOfferingSerializer(serializers.Serializer):
    """What is asked for."""

    code = serializers.CharField(source="offering.code")
    title = serializers.CharField(source="version")
    starts_on = serializers.DateField(source="offering.starts_on")
    ends_on = serializers.DateField(source="offering.ends_on", allow_null=True)


class RequestedPlaceSerializer(serializers.Serializer):
    """One request. `cost` is what a place costs the employer, ex VAT; `room` what a yes would do now."""

    id = serializers.UUIDField(source="enrollment.pk")
    learner = AskerSerializer(source="enrollment.learner")
    employer = OrganizationNameSerializer(source="enrollment.employer")
    offering = AskedOfferingSerializer(source="enrollment")
    provider = OrganizationNameSerializer(source="enrollment.provider")
    motivation = serializers.CharField(source="enrollment.motivation")
    asked_at = serializers.DateTimeField(source="enrollment.created_at")
    state = serializers.ChoiceField(choices=STATES)
    cost = serializers.DecimalField(max_digits=9, decimal_places=2)
    room = serializers.ChoiceField(choices=["free", "full", "closed"])
    places_left = serializers.IntegerField(allow_null=True)
    may_decide = serializers.BooleanField()
    turns = TurnSerializer(source="steps", many=True)


class OwnWorkplace(serializers.SlugRelatedField):
    """An employer for whom the user works today."""

    def get_queryset(self) -> Any:
        mine = Employment.objects.current().filter(user=self.context["request"].user.pk)
        return Organization.objects.filter(pk__in=mine.values("employer"))


class AskSerializer(serializers.Serializer):
    """For which offering, of which employer, and why."""

    offering: Any = VisibleOffering(slug_field="code", queryset=Offering.objects.none())
    employer: Any = OwnWorkplace(slug_field="slug", queryset=Organization.objects.none())
    motivation = serializers.CharField(max_length=LONGEST)


class ApproveSerializer(serializers.Serializer):
    """`step` is the turn that was read: a decision on another one is refused."""

    step = serializers.IntegerField(min_value=1, max_value=32000)
    reason = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class RefuseSerializer(ApproveSerializer):
    """With the reason, which the worker reads."""

    reason = serializers.CharField(max_length=LONGEST)


class OldestFirst(CursorPagination):
    """Who waits longest comes first."""

    ordering = "id"
    page_size = 50


class PlaceRequestViewSet(viewsets.GenericViewSet):
    """What workers ask their employer: one's own, and those on which one decides or decided, as manager or HR."""

    queryset = Enrollment.objects.none()
    serializer_class = RequestedPlaceSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> QuerySet[Enrollment]:
        return requests_seen_by(self.request.user)

    @extend_schema(
        parameters=[
            OpenApiParameter("which", str, enum=LISTS, description="`to_decide`: it is my turn, oldest first"),
            OpenApiParameter("state", str, enum=STATES),
        ],
        responses=RequestedPlaceSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        which = self._choice("which", LISTS) or "seen"
        found = {"seen": requests_seen_by, "mine": requests_of, "to_decide": requests_to_decide}[which](request.user)
        found = in_request_state(found, self._choice("state", STATES))
        if which == "to_decide":
            self.pagination_class = OldestFirst
        page = self.paginate_queryset(found.only("id")) or []
        rows = read_requests(request.user, [one.pk for one in page])
        return self.get_paginated_response(RequestedPlaceSerializer(rows, many=True).data)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """With all its turns."""
        return self._answer(self.get_object())

    @extend_schema(request=AskSerializer, responses={201: RequestedPlaceSerializer})
    def create(self, request: Request) -> Response:
        """Ask one's employer for a place."""
        asked = self._read(AskSerializer)
        return self._answer(request_place(by=self._user(), **asked), status.HTTP_201_CREATED)

    @extend_schema(request=ApproveSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """Yes. 409 when somebody else decided on this turn already."""
        step, said = self._turn()
        return self._answer(approve_request(by=self._user(), step=step, remark=said))

    @extend_schema(request=RefuseSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str | None = None) -> Response:
        """No, with the reason. 409 when somebody else decided on this turn already."""
        step, said = self._turn(RefuseSerializer)
        return self._answer(refuse_request(by=self._user(), step=step, reason=said))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """I ask it no more."""
        enrollment = self.get_object()
        if enrollment.learner_id != request.user.pk:
            raise Forbidden
        return self._answer(withdraw_enrollment(by=self._user(), enrollment=enrollment))

    def _turn(self, shape: type[serializers.Serializer] = ApproveSerializer) -> tuple[ApprovalStep, str]:
        enrollment, asked = self.get_object(), self._read(shape)
        return get_object_or_404(ApprovalStep, enrollment=enrollment, number=asked["step"]), asked["reason"]

    def _read(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        form = shape(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return cast(dict[str, Any], form.validated_data)

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        asked = self.request.query_params.get(name, "")
        if asked:
            asked = serializers.ChoiceField(choices=choices).run_validation(asked)
        return asked

    def _answer(self, enrollment: Enrollment, code: int = status.HTTP_200_OK) -> Response:
        shown = read_requests(self.request.user, [enrollment.pk])[0]
        return Response(RequestedPlaceSerializer(shown).data, code)

    def _user(self) -> Any:
        return self.request.user


class ApprovalPolicySerializer(serializers.ModelSerializer):
    """How an employer decides on requests."""

    employer: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = ApprovalPolicy
        fields = ["employer", *POLICY_FIELDS]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        after = {name: attrs.get(name, getattr(self.instance, name)) for name in POLICY_FIELDS}
        if after["escalate_after_days"] <= after["remind_after_days"]:
            message = _("Pass it on to HR later than the reminder.")
            raise serializers.ValidationError({"escalate_after_days": message})
        return attrs


class ApprovalPolicyViewSet(mixins.RetrieveModelMixin, mixins.UpdateModelMixin, viewsets.GenericViewSet):
    """How the employers decide for which one is HR."""

    queryset = Organization.objects.none()
    serializer_class = ApprovalPolicySerializer
    http_method_names = ["get", "patch"]
    lookup_field = "slug"

    def get_queryset(self) -> Any:
        return Organization.objects.visible_to(self.request.user).filter(is_employer=True)

    def get_object(self) -> ApprovalPolicy:
        employer = super().get_object()
        if not can_set_approval_policy(self.request.user, employer):
            raise Forbidden
        return policy_of(employer)

    def perform_update(self, serializer: Any) -> None:
        policy = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(policy, name, value)
        serializer.instance = set_approval_policy(by=cast(Any, self.request.user), policy=policy)

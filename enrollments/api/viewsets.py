"""Enrollments and the units in them."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.downloads import send_file
from courses.kinds import kind_named
from courses.models import ModuleFile, Unit
from enrollments.flow import barrier_to_learning, may_read
from enrollments.models import Attempt, Enrollment
from enrollments.policies import can_learn, can_view_progress, can_view_standing
from enrollments.progress import explain_progress
from enrollments.querysets import EnrollmentQuerySet
from enrollments.rows import columns_of, rows_for
from enrollments.services import learning
from enrollments.services.ending import mark_not_passed
from enrollments.services.enrolling import Outcome, enroll_self, enroll_staff, find_staff, withdraw_enrollment
from enrollments.services.offers import accept_place, decline_place
from enrollments.services.sharing import share_grade, unshare_grade
from enrollments.services.waiting import standing_of
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.core.pagination import RowPagination

from .filters import EnrollmentFilter
from .serializers import (
    AnswersSerializer,
    AttemptSerializer,
    EnrollmentRowSerializer,
    EnrollmentSerializer,
    EnrollSerializer,
    LackSerializer,
    OutcomeSerializer,
    ProgressSerializer,
    ReasonSerializer,
    StandingSerializer,
    StepSerializer,
    UnitContentSerializer,
)

UUID_PATTERN = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"


class EnrollmentViewSet(viewsets.GenericViewSet):
    """Who takes what: one's own, one's participants, and those that one's employer arranged."""

    queryset = Enrollment.objects.none()
    serializer_class = EnrollmentSerializer
    filterset_class = EnrollmentFilter
    pagination_class = RowPagination
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return Enrollment.objects.visible_to(self.request.user)

    @extend_schema(responses=EnrollmentRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Newest first. One statement finds the page's ids and joins to them: joins cost a page, not a tenant."""
        wanted = cast(EnrollmentQuerySet, self.filter_queryset(Enrollment.objects.all()))
        pages = cast(RowPagination, self.paginator)
        page = pages.paginate_rows(wanted.visible_by_key(request.user), request, columns_of)
        states = request.query_params.getlist("state")
        return self.get_paginated_response(rows_for(request.user, page, states=states))

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """With what is missing and who must act, for the learner and the provider."""
        return Response(self._detail(self.get_object()))

    @extend_schema(request=EnrollSerializer, responses={201: OutcomeSerializer})
    def create(self, request: Request) -> Response:
        """Enroll oneself, or as HR one's staff."""
        form = EnrollSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        asked, user = form.validated_data, self._user()
        if asked["employer"] is None:
            outcome = _outcome_of(enroll_self(by=user, offering=asked["offering"]))
        else:
            outcome = enroll_staff(
                by=user,
                employer=asked["employer"],
                offering=asked["offering"],
                learners=find_staff(by=user, employer=asked["employer"], names=asked["learners"]),
                mandatory=asked["mandatory"],
                due_on=asked["due_on"],
                cost_recovery=asked["cost_recovery"],
            )
        ids = {name: [e.pk for e in getattr(outcome, name)] for name in ("active", "waitlisted", "existing")}
        rest = {"lacking": LackSerializer(outcome.lacking, many=True).data, "shortage": outcome.shortage}
        return Response(ids | rest, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """End it: the learner, or HR of the employer that arranged it. A place that comes free goes to who waits."""
        enrollment = withdraw_enrollment(by=self._user(), enrollment=self.get_object())
        return Response(self._detail(enrollment))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Take the place that was offered: the learner, or HR for who has no account yet."""
        return Response(self._detail(accept_place(by=self._user(), enrollment=self.get_object())))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Leave the place that was offered to who is next."""
        return Response(self._detail(decline_place(by=self._user(), enrollment=self.get_object())))

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="not-passed")
    def not_passed(self, request: Request, pk: str | None = None) -> Response:
        """The provider says that somebody did not pass, with the reason, after the offering's last day."""
        enrollment = self.get_object()
        form = ReasonSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(self._detail(mark_not_passed(by=self._user(), enrollment=enrollment, **form.validated_data)))

    @extend_schema(responses=StandingSerializer)
    @action(detail=True, methods=["get"])
    def waiting(self, request: Request, pk: str | None = None) -> Response:
        """Where it stands on the waiting list and what for, to the learner and HR; 404 when it does not wait."""
        enrollment = self.get_object()
        if not can_view_standing(request.user, enrollment):
            raise Forbidden
        standing = standing_of(enrollment)
        if standing is None:
            raise NotFound(_("This enrollment does not wait for a place."))
        if enrollment.learner_id == request.user.pk:
            standing = replace(standing, shortage="")
        return Response(StandingSerializer(standing).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="grade-share")
    def grade_share(self, request: Request, pk: str | None = None) -> Response:
        """The learner shows the grade to the employer that arranged it, until it is taken back."""
        share_grade(by=self._user(), enrollment=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @grade_share.mapping.delete
    def grade_unshare(self, request: Request, pk: str | None = None) -> Response:
        """The employer sees the grade no more."""
        unshare_grade(by=self._user(), enrollment=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _detail(self, enrollment: Enrollment) -> dict[str, Any]:
        user = self.request.user
        row = rows_for(user, columns_of(Enrollment.objects.filter(pk=enrollment.pk)))[0]
        explained = can_view_progress(user, enrollment)
        return row | {"progress": ProgressSerializer(explain_progress(enrollment)).data if explained else None}

    def _user(self) -> Any:
        return self.request.user


@extend_schema(parameters=[OpenApiParameter("enrollment", OpenApiTypes.UUID, OpenApiParameter.PATH)])
class UnitViewSet(viewsets.ViewSet):
    """The units of one enrollment, for the learner; the provider sees the list too."""

    lookup_value_regex = UUID_PATTERN

    @extend_schema(responses=StepSerializer(many=True))
    def list(self, request: Request, enrollment: str) -> Response:
        """In reading order, with how the learner stands in each."""
        found = self._enrollment(enrollment)
        if not can_view_progress(request.user, found):
            raise Forbidden
        return Response(StepSerializer(explain_progress(found).steps, many=True).data)

    @extend_schema(responses=UnitContentSerializer)
    def retrieve(self, request: Request, enrollment: str, pk: UUID) -> Response:
        """What the learner reads or answers, in the language of the request."""
        found, unit = self._learnable(enrollment, pk)
        if not may_read(found):
            raise barrier_to_learning(found) or Conflict(_("This module is not open."))
        content = kind_named(unit.kind).content(unit.data, get_language() or "nl")
        return Response(StepSerializer(self._step(found, unit)).data | {"content": content})

    @extend_schema(request=None, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, enrollment: str, pk: UUID) -> Response:
        """Start on it, or come back to it: this is where the learner resumes."""
        found, unit = self._learnable(enrollment, pk)
        learning.open_unit(by=self._user(), enrollment=found, unit=unit)
        return Response(StepSerializer(self._step(found, unit)).data)

    @extend_schema(request=None, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, enrollment: str, pk: UUID) -> Response:
        """Say that a unit without questions is done."""
        found, unit = self._learnable(enrollment, pk)
        learning.mark_unit_done(by=self._user(), enrollment=found, unit=unit)
        return Response(StepSerializer(self._step(found, unit)).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path=f"files/(?P<file>{UUID_PATTERN})")
    def file(self, request: Request, enrollment: str, pk: UUID, file: UUID) -> HttpResponseBase:
        """A file that this unit names, for the learner."""
        found, unit = self._learnable(enrollment, pk)
        if not may_read(found):
            raise barrier_to_learning(found) or Conflict(_("This module is not open."))
        if str(file) not in [reference.file for reference in kind_named(unit.kind).files(unit.data)]:
            raise NotFound
        return send_file(request.headers, get_object_or_404(ModuleFile, pk=file))

    @extend_schema(methods=["get"], responses=AttemptSerializer(many=True))
    @extend_schema(methods=["post"], request=AnswersSerializer, responses={201: AttemptSerializer})
    @action(detail=True, methods=["get", "post"])
    def attempts(self, request: Request, enrollment: str, pk: UUID) -> Response:
        """One's own attempts; POST answers the questions."""
        found, unit = self._learnable(enrollment, pk)
        if request.method == "GET":
            mine = Attempt.objects.filter(enrollment=found, unit=unit).select_related("unit")
            return Response(AttemptSerializer(mine, many=True).data)
        form = AnswersSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        answers = form.validated_data["answers"]
        attempt = learning.submit_attempt(by=self._user(), enrollment=found, unit=unit, answers=answers)
        return Response(AttemptSerializer(attempt).data, status=status.HTTP_201_CREATED)

    def _enrollment(self, pk: str) -> Enrollment:
        visible = Enrollment.objects.visible_to(self.request.user).select_related("offering")
        return get_object_or_404(visible, pk=pk)

    def _learnable(self, enrollment: str, unit: UUID) -> tuple[Enrollment, Unit]:
        found = self._enrollment(enrollment)
        if not can_learn(self.request.user, found):
            raise Forbidden
        units = Unit.objects.filter(section__version=found.version_id).select_related("section")
        return found, get_object_or_404(units, pk=unit)

    def _step(self, enrollment: Enrollment, unit: Unit) -> Any:
        return next(step for step in explain_progress(enrollment).steps if step.unit.pk == unit.pk)

    def _user(self) -> Any:
        return self.request.user


def _outcome_of(enrollment: Enrollment) -> Outcome:
    waits = enrollment.state == "waitlisted"
    return Outcome(waitlisted=[enrollment]) if waits else Outcome(active=[enrollment])

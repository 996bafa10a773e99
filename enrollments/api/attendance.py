"""Attendance at a session by API: who was there, and how long."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Session
from enrollments.models import PLACE_STATES, Enrollment
from enrollments.policies import can_mark_attendance, can_view_session
from enrollments.services.attending import latest_marks, mark_attendance
from lms.core.errors import Forbidden, NotFound


class AttendanceRowSerializer(serializers.Serializer):
    """A participant, and the minutes that were marked last; null where nothing was."""

    enrollment = serializers.UUIDField()
    name = serializers.CharField()
    minutes = serializers.IntegerField(allow_null=True)
    corrections = serializers.IntegerField(min_value=0)


class MarkSerializer(serializers.Serializer):
    """Minutes that one participant was there."""

    enrollment = serializers.UUIDField()
    minutes = serializers.IntegerField(min_value=0)


class MarksSerializer(serializers.Serializer):
    """Who was there; `reason` when it changes what was marked before."""

    marks = MarkSerializer(many=True, allow_empty=False)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


@extend_schema(parameters=[OpenApiParameter("session", OpenApiTypes.UUID, OpenApiParameter.PATH)])
class AttendanceViewSet(viewsets.ViewSet):
    """Who was at a session, for its teacher and the provider."""

    @extend_schema(responses=AttendanceRowSerializer(many=True))
    def list(self, request: Request, session: str) -> Response:
        """Everybody with a place, in the order they enrolled."""
        return Response(_rows(self._session(session)))

    @extend_schema(request=MarksSerializer, responses=AttendanceRowSerializer(many=True))
    def create(self, request: Request, session: str) -> Response:
        """Mark minutes, all or none. Marking the same again changes nothing."""
        found = self._session(session)
        form = MarksSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        minutes = {mark["enrollment"]: mark["minutes"] for mark in form.validated_data["marks"]}
        user: Any = request.user
        mark_attendance(by=user, session=found, minutes=minutes, reason=form.validated_data["reason"])
        return Response(_rows(found), status=status.HTTP_200_OK)

    def _session(self, pk: str) -> Session:
        session = get_object_or_404(Session.objects.for_lists(), pk=UUID(pk))
        if not can_view_session(self.request.user, session):
            raise NotFound
        if not can_mark_attendance(self.request.user, session):
            raise Forbidden
        return session


def _rows(session: Session) -> list[dict[str, Any]]:
    places = Enrollment.objects.filter(offering=session.offering_id, state__in=PLACE_STATES)
    marks = latest_marks(session)
    return [
        {
            "enrollment": enrollment.pk,
            "name": enrollment.learner.full_name,
            "minutes": marks[enrollment.pk].minutes if enrollment.pk in marks else None,
            "corrections": marks[enrollment.pk].number - 1 if enrollment.pk in marks else 0,
        }
        for enrollment in places.select_related("learner").order_by("id")
    ]

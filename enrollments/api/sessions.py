"""The sessions of an enrollment, for who takes part."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Session, SessionState
from enrollments.models import TAKES_PART_STATES, Enrollment
from enrollments.policies import can_join_session, can_view_progress
from lms.core.errors import Forbidden
from lms.core.texts import localized


class OwnSessionSerializer(serializers.ModelSerializer):
    """One meeting. `link` is given from 30 minutes before the start until the end, to active participants."""

    title = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=SessionState.choices, read_only=True)
    where = serializers.CharField(read_only=True)
    teacher = serializers.CharField(source="teacher.full_name", read_only=True, default=None, allow_null=True)
    link = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ["id", "title", "starts_at", "ends_at", "state", "where", "teacher", "link", "moves"]
        read_only_fields = fields

    def get_title(self, session: Session) -> str:
        return localized(session.title)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_link(self, session: Session) -> str | None:
        return session.link if can_join_session(self.context["request"].user, session) else None


@extend_schema(parameters=[OpenApiParameter("enrollment", OpenApiTypes.UUID, OpenApiParameter.PATH)])
class EnrollmentSessionViewSet(viewsets.ViewSet):
    """The sessions of one enrollment: for the learner and the provider, never the employer."""

    @extend_schema(responses=OwnSessionSerializer(many=True))
    def list(self, request: Request, enrollment: str) -> Response:
        """In the order of time. Empty for who has no place (any more)."""
        visible: Any = Enrollment.objects.visible_to(request.user).select_related("version")
        found = get_object_or_404(visible, pk=UUID(enrollment))
        if not can_view_progress(request.user, found):
            raise Forbidden
        sessions = Session.objects.for_lists().filter(offering=found.offering_id).order_by("starts_at", "id")
        if found.state not in TAKES_PART_STATES:
            sessions = sessions.none()
        return Response(OwnSessionSerializer(sessions, many=True, context={"request": request}).data)

"""Shapes of sessions. The link is given in time, and only to who may see it; the teacher is known to the provider."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Offering, Session, SessionState
from courses.policies import can_see_link, can_view_participants, teaches
from courses.services.session_rules import room_warning, teachers_known_to
from courses.timetable import moment
from lms.accounts.models import User
from lms.core.errors import Invalid
from lms.core.texts import LANGUAGES
from lms.organizations.models import Room

from .serializers import LocationSerializer, TextsField, VisibleLocation


@extend_schema_field(OpenApiTypes.DATETIME)
class LocalDateTimeField(serializers.DateTimeField):
    """ISO 8601. Without an offset it is the time in Amsterdam; one that the clock skips or shows twice is refused."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            typed = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            typed = None
        if typed is not None and typed.tzinfo is None:
            try:
                return moment(typed.date(), typed.time(), self.field_name or "")
            except Invalid as refused:
                raise serializers.ValidationError(refused.detail, refused.code) from refused
        return super().to_internal_value(value)


class VisibleRoom(serializers.PrimaryKeyRelatedField):
    """A room that the user may see."""

    def get_queryset(self) -> Any:
        return Room.objects.visible_to(self.context["request"].user)


@extend_schema_field({"type": ["string", "null"], "format": "email"})
class KnownTeacher(serializers.SlugRelatedField):
    """A teacher by e-mail address, out of those for whom the user plans."""

    def get_queryset(self) -> Any:
        return teachers_known_to(self.context["request"].user)


class OfferingOfSession(serializers.SlugRelatedField):
    """An offering by its code, out of those the user may see."""

    def get_queryset(self) -> Any:
        return Offering.objects.visible_to(self.context["request"].user)


class RoomNameSerializer(serializers.ModelSerializer):
    """A room, and how many people it holds."""

    class Meta:
        model = Room
        fields = ["id", "name", "capacity"]
        read_only_fields = fields


class SessionTeacherSerializer(serializers.ModelSerializer):
    """Who teaches."""

    name = serializers.CharField(source="full_name", read_only=True)

    class Meta:
        model = User
        fields = ["name", "email"]
        read_only_fields = fields


class SessionSerializer(serializers.ModelSerializer):
    """One meeting. `link` is null but for the teacher and the provider, from 30 minutes before the start until the end.

    Who takes part finds it under `enrollments/{id}/sessions`. `teacher` is told to the provider, null to others.
    """

    offering = serializers.CharField(source="offering.code", read_only=True)
    title = TextsField(read_only=True)
    state = serializers.ChoiceField(choices=SessionState.choices, read_only=True)
    location = LocationSerializer(read_only=True, allow_null=True)
    room = RoomNameSerializer(read_only=True, allow_null=True)
    link = serializers.SerializerMethodField()
    teacher = serializers.SerializerMethodField()
    warning = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = [
            "id", "offering", "title", "starts_at", "ends_at", "state", "location", "room", "link", "teacher", "moves",
            "cancelled_at", "warning",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_link(self, session: Session) -> str | None:
        return session.link if can_see_link(self.context["request"].user, session) else None

    @extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/SessionTeacher"}, {"type": "null"}]})
    def get_teacher(self, session: Session) -> Any:
        user = self.context["request"].user
        if session.teacher is None or not (teaches(user, session) or can_view_participants(user, session.offering)):
            return None
        return SessionTeacherSerializer(session.teacher).data

    def get_warning(self, session: Session) -> str:
        """To the provider: the room is smaller than the offering. Empty when all is well."""
        return room_warning(session) if can_view_participants(self.context["request"].user, session.offering) else ""


class SessionFactsSerializer(serializers.ModelSerializer):
    """What can be changed of a session; what is not given stays. A room brings its location."""

    title = TextsField(required=False, help_text=f"By language: {', '.join(LANGUAGES)}.")
    starts_at = LocalDateTimeField()
    ends_at = LocalDateTimeField()
    location = VisibleLocation(required=False, allow_null=True)
    room = VisibleRoom(required=False, allow_null=True)
    teacher = KnownTeacher(slug_field="email", required=False, allow_null=True)

    class Meta:
        model = Session
        fields = ["title", "starts_at", "ends_at", "location", "room", "link", "teacher"]


class SessionCreateSerializer(SessionFactsSerializer):
    """A new session of an offering."""

    offering = OfferingOfSession(slug_field="code")

    class Meta(SessionFactsSerializer.Meta):
        fields = ["offering", *SessionFactsSerializer.Meta.fields]


class SeriesSerializer(SessionCreateSerializer):
    """`times` weekly sessions from `first`, at the same time of the clock in Amsterdam, none of them on `skipping`."""

    starts_at = None  # type: ignore[assignment]
    ends_at = None  # type: ignore[assignment]
    first = serializers.DateField()
    begins = serializers.TimeField()
    ends = serializers.TimeField()
    times = serializers.IntegerField(min_value=1)
    skipping = serializers.ListField(child=serializers.DateField(), required=False, max_length=100)

    class Meta(SessionFactsSerializer.Meta):
        fields = [
            "offering", "first", "begins", "ends", "times", "skipping", "title", "location", "room", "link", "teacher",
        ]  # fmt: skip

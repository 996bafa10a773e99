"""Sessions of offerings: everybody who may see the offering reads them, the provider plans, moves and cancels them."""

from datetime import UTC
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Session
from courses.services.sessions import cancel_session, move_session, plan_series, plan_session
from lms.core.pagination import KeysetPagination

from .session_serializers import (
    SeriesSerializer,
    SessionCreateSerializer,
    SessionFactsSerializer,
    SessionSerializer,
)
from .viewsets import UUID_PATTERN


class MomentField(IsoDateTimeField):
    """A moment that a calendar has; with its offset it can lie before the first year or after the last."""

    def to_python(self, value: Any) -> Any:
        """In UTC. Raises: ValidationError."""
        moment = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    """For `MomentField`."""

    field_class = MomentField


class SessionFilter(django_filters.FilterSet):
    """`?offering=code&provider=slug&room=id&location=id&after=2027-01-01T00:00Z&before=…&cancelled=false`."""

    offering = django_filters.CharFilter(field_name="offering__code")
    provider = django_filters.CharFilter(field_name="offering__provider__slug")
    room = django_filters.UUIDFilter(field_name="room")
    location = django_filters.UUIDFilter(field_name="location")
    after = MomentFilter(field_name="ends_at", lookup_expr="gt", label="still on after this")
    before = MomentFilter(field_name="starts_at", lookup_expr="lt", label="begins before this")
    cancelled = django_filters.BooleanFilter(field_name="cancelled_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Session
        fields = ["offering", "provider", "room", "location", "after", "before", "cancelled"]


class SoonestFirst(KeysetPagination):
    """By the time they begin."""

    ordering = ("starts_at", "id")  # type: ignore[assignment]


class SessionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Meetings of the offerings one may see. Times without an offset are those of the clock in Amsterdam."""

    queryset = Session.objects.none()
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    pagination_class = SoonestFirst
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return Session.objects.visible_to(self.request.user).for_lists()

    @extend_schema(request=SessionCreateSerializer, responses={201: SessionSerializer})
    def create(self, request: Request) -> Response:
        """Plan one. 409 `clash` names what has the room or the teacher already."""
        session = plan_session(by=self._user(), **self._asked(SessionCreateSerializer))
        return Response(self._shown([session])[0], status=status.HTTP_201_CREATED)

    @extend_schema(request=SeriesSerializer, responses={201: SessionSerializer(many=True)}, filters=False)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def series(self, request: Request) -> Response:
        """Plan a weekly series, whole or not at all."""
        sessions = plan_series(by=self._user(), **self._asked(SeriesSerializer))
        return Response(self._shown(sessions), status=status.HTTP_201_CREATED)

    @extend_schema(request=SessionFactsSerializer, responses=SessionSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change one; what is not given stays. Another time, place or link is told to everybody who takes part."""
        session = self.get_object()
        facts = self._asked(SessionFactsSerializer, session, partial=True)
        return Response(self._shown([move_session(by=self._user(), session=session, **facts)])[0])

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Call it off, for good; everybody who takes part is told."""
        return Response(self._shown([cancel_session(by=self._user(), session=self.get_object())])[0])

    def _asked(self, form_class: Any, *instance: Session, **options: Any) -> dict[str, Any]:
        form = form_class(*instance, data=self.request.data, context=self.get_serializer_context(), **options)
        form.is_valid(raise_exception=True)
        asked: dict[str, Any] = form.validated_data
        return asked

    def _shown(self, sessions: list[Session]) -> Any:
        stored = self.get_queryset().filter(pk__in=[session.pk for session in sessions]).order_by("starts_at", "id")
        return SessionSerializer(stored, many=True, context=self.get_serializer_context()).data

    def _user(self) -> Any:
        return self.request.user

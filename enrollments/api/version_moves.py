"""A new version by API: what it means for who is halfway in an older one, and moving people by choice."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from courses.lineage import Fate
from courses.models import ModuleVersion, Offering
from enrollments.models import Enrollment, EnrollmentState
from enrollments.policies import can_move_enrollments, can_preview_moves
from enrollments.querysets import EnrollmentQuerySet
from enrollments.services.moving import move_enrollments
from enrollments.version_moves import effect_on, movers
from lms.core.errors import Forbidden, NotFound

from .viewsets import UUID_PATTERN

MOST = 1000  # people or offerings named in one request


class TraceSerializer(serializers.Serializer):
    """One unit: what became of it, which facts differ, and whether what was done counts after either choice."""

    title = serializers.CharField(source="unit")
    before = serializers.UUIDField(source="before.pk", allow_null=True, default=None)
    after = serializers.UUIDField(source="after.pk", allow_null=True, default=None)
    fate = serializers.ChoiceField(choices=Fate.choices)
    changes = serializers.ListField(child=serializers.CharField())
    counts = serializers.SerializerMethodField()
    counts_with_redo = serializers.SerializerMethodField()

    def get_counts(self, trace: Any) -> bool:
        return bool(trace.carries(redo_changed=False))

    def get_counts_with_redo(self, trace: Any) -> bool:
        return bool(trace.carries(redo_changed=True))


class PassageSerializer(serializers.Serializer):
    """The way from one older version."""

    from_version = serializers.IntegerField(source="source.number")
    units = TraceSerializer(source="traces", many=True)


class OfferingFiguresSerializer(serializers.Serializer):
    """People of older versions in one offering."""

    offering = serializers.CharField(source="offering.code")
    newcomers_get = serializers.IntegerField(source="offering.version.number")
    active = serializers.IntegerField()
    waiting = serializers.IntegerField()
    completed = serializers.IntegerField()


class BandSerializer(serializers.Serializer):
    """How many people are within these percentages now, and afterwards by either choice."""

    first = serializers.IntegerField()
    last = serializers.IntegerField()
    now = serializers.IntegerField()
    after = serializers.IntegerField(source="kept")
    after_with_redo = serializers.IntegerField(source="redone")


class EffectSerializer(serializers.Serializer):
    """What a version means for people in older ones. Nobody is moved by reading it, nor by publishing."""

    active = serializers.IntegerField()
    waiting = serializers.IntegerField()
    completed = serializers.IntegerField()
    completing = serializers.IntegerField(source="completing_kept")
    completing_with_redo = serializers.IntegerField(source="completing_redone")
    offerings = OfferingFiguresSerializer(many=True)
    progress = BandSerializer(source="bands", many=True)
    passages = PassageSerializer(many=True)


class MoverSerializer(serializers.Serializer):
    """One person who goes on in an older version."""

    enrollment = serializers.UUIDField(source="enrollment.pk")
    learner = serializers.CharField(source="enrollment.learner")
    offering = serializers.CharField(source="enrollment.offering.code")
    version = serializers.IntegerField(source="enrollment.version.number")
    state = serializers.ChoiceField(source="enrollment.state", choices=EnrollmentState.choices)
    percent = serializers.IntegerField()
    percent_after = serializers.IntegerField(source="kept.percent")
    percent_after_with_redo = serializers.IntegerField(source="redone.percent")


class MoveSerializer(serializers.Serializer):
    """Either everybody halfway in `offerings`, or these `enrollments`; `dry_run` says what it would do."""

    offerings = serializers.ListField(
        child=serializers.SlugField(), required=False, allow_empty=False, max_length=MOST, help_text=_("their codes")
    )
    enrollments = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MOST
    )
    redo_changed = serializers.BooleanField()
    dry_run = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("offerings" in attrs) == ("enrollments" in attrs):
            raise serializers.ValidationError({"offerings": self.fields["offerings"].error_messages["required"]})
        return attrs


class MovedSerializer(serializers.Serializer):
    """Ids of enrollments. `completed` are among those that moved; `left_alone` had completed or ended already."""

    moved = serializers.ListField(child=serializers.UUIDField())
    completed = serializers.ListField(child=serializers.UUIDField())
    left_alone = serializers.ListField(child=serializers.UUIDField())


class MoveAnswerSerializer(serializers.Serializer):
    """In a dry run `effect` alone, else `result` alone."""

    effect = EffectSerializer(allow_null=True)
    result = MovedSerializer(allow_null=True)


class VersionMoveViewSet(viewsets.GenericViewSet):
    """People who are halfway when a version comes: for the provider's teachers and planners."""

    queryset = ModuleVersion.objects.none()
    serializer_class = EffectSerializer
    permission_classes = [IsAuthenticated]
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return ModuleVersion.objects.visible_to(self.request.user).select_related("module")

    @extend_schema(responses=EffectSerializer)
    @action(detail=True, methods=["get"])
    def effect(self, request: Request, pk: str | None = None) -> Response:
        """Unit by unit what changes, and how far people are now and afterwards."""
        version = self._version()
        return Response(EffectSerializer(effect_on(version, self._older(version))).data)

    @extend_schema(responses=MoverSerializer(many=True))
    @action(detail=True, methods=["get"])
    def halfway(self, request: Request, pk: str | None = None) -> Response:
        """The people themselves, newest first."""
        version = self._version()
        going_on = self._older(version).ongoing().select_related("version", "learner", "offering")
        page = list(self.paginate_queryset(going_on) or [])
        return self.get_paginated_response(MoverSerializer(movers(version, page), many=True).data)

    @extend_schema(request=MoveSerializer, responses=MoveAnswerSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """Move people, or say what moving them would mean. Who is not named stays."""
        version = self._version()
        if not can_move_enrollments(request.user, version):
            raise Forbidden
        form = MoveSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        named = self._offerings(asked["offerings"]) if "offerings" in asked else {"enrollments": asked["enrollments"]}
        if asked["dry_run"]:
            effect = effect_on(version, self._named(version, named))
            return Response(MoveAnswerSerializer({"effect": effect, "result": None}).data)
        user: Any = request.user
        moved = move_enrollments(by=user, version=version, redo_changed=asked["redo_changed"], **named)
        return Response(MoveAnswerSerializer({"effect": None, "result": moved}).data)

    def _version(self) -> ModuleVersion:
        version: ModuleVersion = self.get_object()
        if not can_preview_moves(self.request.user, version):
            raise Forbidden
        return version

    def _older(self, version: ModuleVersion) -> EnrollmentQuerySet:
        return Enrollment.objects.participants_for(self.request.user).in_older_versions_than(version)

    def _offerings(self, codes: list[str]) -> dict[str, list[UUID]]:
        found = dict(Offering.objects.visible_to(self.request.user).filter(code__in=codes).values_list("code", "pk"))
        if len(found) < len(set(codes)):
            raise NotFound
        return {"offerings": list(found.values())}

    def _named(self, version: ModuleVersion, named: dict[str, list[UUID]]) -> EnrollmentQuerySet:
        if "offerings" in named:
            return self._older(version).filter(offering__in=named["offerings"])
        return self._older(version).filter(pk__in=named["enrollments"])

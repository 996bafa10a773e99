"""Bundles of training needs: made by a hub coordinator, answered by providers."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import ModuleVersion, Offering
from enrollments.models import BundleState, NeedAnswer, NeedBundle, TrainingNeed
from enrollments.needs.bundles import needs_in, parties_of, totals_of
from enrollments.needs.policies import can_bundle_needs, can_change_bundle
from enrollments.services import bundling
from enrollments.services.answering import answer_bundle
from lms.core.errors import Forbidden
from lms.organizations.models import Location, Organization

from .viewsets import UUID_PATTERN


class BundleSerializer(serializers.ModelSerializer):
    """Needs of several employers together."""

    coordinator = serializers.CharField(source="coordinator.slug", read_only=True)
    state = serializers.ChoiceField(choices=BundleState.choices, read_only=True)

    class Meta:
        model = NeedBundle
        fields = ["id", "coordinator", "title", "note", "state", "created_at", "asked_at", "closed_at"]
        read_only_fields = fields


class PartySerializer(serializers.Serializer):
    """One employer in a bundle. `name` is empty for who may not know it; `key` stands for it in an answer."""

    key = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    people = serializers.IntegerField()
    towns = serializers.ListField(child=serializers.CharField())
    by_day = serializers.DateField(allow_null=True)


class BundleAnswerSerializer(serializers.ModelSerializer):
    """A provider keeps places in an offering."""

    provider = serializers.CharField(source="provider.slug", read_only=True)
    offering = serializers.CharField(source="offering.code", read_only=True)

    class Meta:
        model = NeedAnswer
        fields = ["id", "provider", "offering", "message", "answered_at"]
        read_only_fields = fields


class BundleDetailSerializer(BundleSerializer):
    """With its employers and answers as the user may see them. `needs` are for coordinators, null to others."""

    people = serializers.SerializerMethodField()
    common_skills = serializers.SerializerMethodField()
    earliest = serializers.SerializerMethodField()
    employers = serializers.SerializerMethodField()
    needs = serializers.SerializerMethodField()
    answers = BundleAnswerSerializer(many=True, read_only=True)

    class Meta(BundleSerializer.Meta):
        own = ["people", "common_skills", "earliest", "employers", "needs", "answers"]
        fields = [*BundleSerializer.Meta.fields, *own]
        read_only_fields = fields

    def to_representation(self, instance: NeedBundle) -> Any:
        """The needs are read once for all figures."""
        self._needs = needs_in(instance)
        self._totals = totals_of(self._needs)
        return super().to_representation(instance)

    def get_people(self, _bundle: NeedBundle) -> int:
        """Of all employers together."""
        return self._totals.people

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_common_skills(self, _bundle: NeedBundle) -> list[str]:
        """What all of them ask."""
        return self._totals.common

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_earliest(self, _bundle: NeedBundle) -> Any:
        """The first by-when."""
        return self._totals.earliest

    @extend_schema_field(PartySerializer(many=True))
    def get_employers(self, bundle: NeedBundle) -> Any:
        return PartySerializer(parties_of(self.context["request"].user, bundle, self._needs), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField(), allow_null=True))
    def get_needs(self, _bundle: NeedBundle) -> Any:
        return [need.pk for need in self._needs] if can_bundle_needs(self.context["request"].user) else None


class OwnHub(serializers.SlugRelatedField):
    """A hub or public body in whose name the user bundles."""

    def get_queryset(self) -> Any:
        return Organization.objects.allowing(self.context["request"].user, "bundle_needs")


class NeedsSerializer(serializers.Serializer):
    """Which needs."""

    needs = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=500)

    def validate_needs(self, ids: list[UUID]) -> list[TrainingNeed]:
        """Needs that the user may see, in one query."""
        found = TrainingNeed.objects.visible_to(self.context["request"].user).in_bulk(ids)
        unknown = {str(place): [_("There is no such need.")] for place, pk in enumerate(ids) if pk not in found}
        if unknown:
            raise serializers.ValidationError(unknown)
        return list(found.values())


class MakeBundleSerializer(NeedsSerializer):
    """A new bundle."""

    coordinator = OwnHub(slug_field="slug", queryset=Organization.objects.none())
    title = serializers.CharField(max_length=160)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class KeepSerializer(serializers.Serializer):
    """So many places for the employer with this key."""

    key = serializers.UUIDField()
    places = serializers.IntegerField(min_value=0, max_value=10_000)


class PlanSerializer(serializers.ModelSerializer):
    """A new offering of a published version, for these employers alone."""

    version = serializers.PrimaryKeyRelatedField(queryset=ModuleVersion.objects.published())
    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Offering
        fields = [
            *("version", "code", "starts_on", "ends_on", "enroll_from", "enroll_until", "capacity", "minimum"),
            *("price", "vat_percentage", "delivery", "language", "location"),
        ]


class AnswerSerializer(serializers.Serializer):
    """Places in an `offering` (its code), or in a new one: `plan`."""

    places = KeepSerializer(many=True, allow_empty=False)
    offering = serializers.CharField(required=False, allow_null=True, default=None, max_length=60)
    plan = PlanSerializer(required=False, allow_null=True, default=None)
    message = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    until = serializers.DateField(required=False, allow_null=True, default=None)


class NeedBundleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A coordinator sees all; a provider those for which providers were asked; an employer those with its need."""

    queryset = NeedBundle.objects.none()
    serializer_class = BundleSerializer
    filterset_fields = ["state"]
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        visible = NeedBundle.objects.visible_to(self.request.user).select_related("coordinator")
        return visible.prefetch_related("answers__provider", "answers__offering")

    def get_serializer_class(self) -> Any:
        return BundleSerializer if self.action == "list" else BundleDetailSerializer

    @extend_schema(request=MakeBundleSerializer, responses={201: BundleDetailSerializer})
    def create(self, request: Request) -> Response:
        """Put open needs together."""
        if not can_bundle_needs(request.user):
            raise Forbidden
        asked = self._asked(MakeBundleSerializer)
        return self._detail(bundling.make_bundle(by=self._user(), **asked), status.HTTP_201_CREATED)

    @extend_schema(request=NeedsSerializer, responses=BundleDetailSerializer)
    @action(detail=True, methods=["post"])
    def add(self, request: Request, pk: str | None = None) -> Response:
        """More open needs, while gathering."""
        bundle = self._own()
        return self._detail(bundling.add_needs(by=self._user(), bundle=bundle, **self._asked(NeedsSerializer)))

    @extend_schema(request=NeedsSerializer, responses=BundleDetailSerializer)
    @action(detail=True, methods=["post"], url_path="take-out")
    def take_out(self, request: Request, pk: str | None = None) -> Response:
        """Needs out of it, while gathering: they are open again."""
        bundle = self._own()
        for need in self._asked(NeedsSerializer)["needs"]:
            bundling.take_out_need(by=self._user(), bundle=bundle, need=need)
        return self._detail(bundle)

    @extend_schema(request=None, responses=BundleDetailSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str | None = None) -> Response:
        """Put it to providers."""
        return self._detail(bundling.ask_providers(by=self._user(), bundle=self.get_object()))

    @extend_schema(request=None, responses=BundleDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str | None = None) -> Response:
        """No more answers; what was not answered is open again."""
        return self._detail(bundling.close_bundle(by=self._user(), bundle=self.get_object()))

    @extend_schema(request=AnswerSerializer, responses={201: BundleDetailSerializer})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str | None = None) -> Response:
        """As a provider: keep places for employers in an offering, all or nothing."""
        bundle = self.get_object()
        asked = self._asked(AnswerSerializer)
        code, places = asked.pop("offering"), asked.pop("places")
        visible = Offering.objects.visible_to(request.user)
        offering = get_object_or_404(visible, code=code) if code else None
        keep = {one["key"]: one["places"] for one in places}
        answer_bundle(by=self._user(), bundle=bundle, places=keep, offering=offering, **asked)
        return self._detail(bundle, status.HTTP_201_CREATED)

    def _asked(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        form = kind(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        asked: dict[str, Any] = form.validated_data
        return asked

    def _own(self) -> NeedBundle:
        bundle: NeedBundle = self.get_object()
        if not can_change_bundle(self.request.user, bundle):
            raise Forbidden
        return bundle

    def _detail(self, bundle: NeedBundle, code: int = status.HTTP_200_OK) -> Response:
        found = self.get_queryset().get(pk=bundle.pk)
        return Response(BundleDetailSerializer(found, context=self.get_serializer_context()).data, status=code)

    def _user(self) -> Any:
        return self.request.user

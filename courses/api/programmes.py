"""Programmes: everybody reads them, authors write them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import LoadUnit, Programme
from courses.programme_outline import Outline, outlines_of
from courses.services import programmes as services
from courses.services.programmes import MOST, Place, programme_check
from lms.organizations.models import Organization

from .authoring import Writing
from .authoring_serializers import OwnProvider, PublishCheckSerializer
from .prerequisites import visible_modules
from .serializers import ProviderSerializer, TextsField


class ProgrammeStepSerializer(serializers.Serializer):
    """One module on the path, as it is offered now."""

    module = serializers.UUIDField(source="item.module_id")
    code = serializers.CharField(source="version.module.code")
    provider = serializers.CharField(source="version.module.provider.slug")
    title = TextsField(source="version.title")
    track = serializers.CharField(source="version.track")
    required = serializers.BooleanField(source="item.required")  # type: ignore[assignment]
    asks = serializers.ListField(child=serializers.CharField())


class ProgrammeLevelSerializer(serializers.Serializer):
    """The highest level of the required modules; official only where every one of theirs is."""

    level = serializers.IntegerField()
    is_official = serializers.BooleanField()


class ProgrammeLoadSerializer(serializers.Serializer):
    """Study load in one unit, a range where it depends on the choice."""

    load_unit = serializers.ChoiceField(source="unit", choices=LoadUnit.choices)
    least = serializers.DecimalField(max_digits=8, decimal_places=1)
    most = serializers.DecimalField(max_digits=8, decimal_places=1)


class ProgrammeSerializer(serializers.Serializer):
    """A programme with what follows from its modules."""

    id = serializers.UUIDField(source="programme.pk")
    code = serializers.CharField(source="programme.code")
    provider = ProviderSerializer(source="programme.provider")
    title = TextsField(source="programme.title")
    summary = TextsField(source="programme.summary")
    description = TextsField(source="programme.description")
    optional_minimum = serializers.IntegerField(source="programme.optional_minimum")
    revision = serializers.IntegerField(source="programme.revision")
    published_at = serializers.DateTimeField(source="programme.published_at", allow_null=True)
    retired_at = serializers.DateTimeField(source="programme.retired_at", allow_null=True)
    level = ProgrammeLevelSerializer(allow_null=True)
    loads = ProgrammeLoadSerializer(many=True)
    modules = ProgrammeStepSerializer(source="steps", many=True)


class ProgrammeCreateSerializer(serializers.Serializer):
    """What a programme starts with."""

    provider: Any = OwnProvider(slug_field="slug", queryset=Organization.objects.none())
    code = serializers.SlugField(max_length=40)
    title = TextsField()


class ProgrammeFactsSerializer(serializers.Serializer):
    """Facts to change; `revision` is the one that was read."""

    revision = serializers.IntegerField(min_value=0)
    title = TextsField(required=False)
    summary = TextsField(required=False)
    description = TextsField(required=False)
    optional_minimum = serializers.IntegerField(min_value=0, max_value=MOST, required=False)


class PlaceSerializer(serializers.Serializer):
    """A module by id, required or of choice."""

    module = serializers.UUIDField()
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]


class ArrangementSerializer(serializers.Serializer):
    """All modules in order, in place of those that were in it."""

    revision = serializers.IntegerField(min_value=0)
    modules = PlaceSerializer(many=True)


class ProgrammeViewSet(mixins.ListModelMixin, Writing):
    """The list holds what is on offer; one's own drafts and retired ones can be read by id."""

    queryset = Programme.objects.none()
    serializer_class = ProgrammeSerializer

    def get_queryset(self) -> Any:
        found = Programme.objects.visible_to(self.user())
        return (found.on_offer() if self.action == "list" else found).select_related("provider")

    def list(self, request: Request) -> Response:
        """Newest first."""
        page = list(self.paginate_queryset(self.get_queryset()) or [])
        outlines = outlines_of(page)
        return self.get_paginated_response(ProgrammeSerializer([outlines[p.pk] for p in page], many=True).data)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """With its modules, level and study load."""
        return self._shown(self.get_object())

    @extend_schema(request=ProgrammeCreateSerializer, responses={201: ProgrammeSerializer})
    def create(self, request: Request) -> Response:
        """Start a programme."""
        programme = services.create_programme(by=self.user(), **self.asked(ProgrammeCreateSerializer))
        return self._shown(programme, status.HTTP_201_CREATED)

    @extend_schema(request=ProgrammeFactsSerializer, responses=ProgrammeSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change facts, starting from `revision`."""
        programme, facts = self.get_object(), self.asked(ProgrammeFactsSerializer)
        revision = facts.pop("revision")
        saved = services.edit_programme(by=self.user(), programme=programme, revision=revision, facts=facts)
        return self._shown(saved)

    @extend_schema(request=ArrangementSerializer, responses=ProgrammeSerializer)
    @action(detail=True, methods=["post"])
    def arrange(self, request: Request, pk: str | None = None) -> Response:
        """Say which modules are in it, in this order."""
        programme, asked = self.get_object(), self.asked(ArrangementSerializer)
        modules = visible_modules(self.user(), [place["module"] for place in asked["modules"]], "modules")
        required = [place["required"] for place in asked["modules"]]
        places = [Place(*place) for place in zip(modules, required, strict=True)]
        saved = services.arrange_programme(
            by=self.user(), programme=programme, revision=asked["revision"], places=places
        )
        return self._shown(saved)

    @extend_schema(responses=PublishCheckSerializer)
    @action(detail=True, methods=["get"], url_path="publish-check")
    def publish_check(self, request: Request, pk: str | None = None) -> Response:
        """Everything that keeps it from being published."""
        errors = programme_check(self.get_object())
        return Response(PublishCheckSerializer({"publishable": not errors, "errors": errors, "warnings": []}).data)

    @extend_schema(request=None, responses=ProgrammeSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str | None = None) -> Response:
        """Put it on offer, or bring it back."""
        return self._shown(services.publish_programme(by=self.user(), programme=self.get_object()))

    @extend_schema(request=None, responses=ProgrammeSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str | None = None) -> Response:
        """Take it off the lists."""
        return self._shown(services.retire_programme(by=self.user(), programme=self.get_object()))

    def _shown(self, programme: Programme, code: int = status.HTTP_200_OK) -> Response:
        outline: Outline = outlines_of([programme])[programme.pk]
        return Response(ProgrammeSerializer(outline).data, status=code)

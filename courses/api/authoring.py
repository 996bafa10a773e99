"""Modules, versions, sections, units and pictures: what everybody may read of them, and authors may write."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from courses.differences import compare_versions, names_in, versions_to_compare
from courses.models import Module, ModuleVersion, Section, Unit
from courses.policies import can_view_draft
from courses.services import authoring, reviewing
from courses.services.copying import copy_module
from courses.services.publishing import publish_check, publish_version, publish_warnings
from courses.services.retiring import bring_back_module, retire_module
from lms.core.errors import Forbidden, NotFound

from .authoring_serializers import (
    ModuleCopySerializer,
    ModuleCreateSerializer,
    ModuleSerializer,
    PublishCheckSerializer,
    SectionCreateSerializer,
    SectionMoveSerializer,
    SectionSerializer,
    SectionTitleSerializer,
    UnitChangeSerializer,
    UnitCreateSerializer,
    UnitMoveSerializer,
    UnitSerializer,
    VersionFactsSerializer,
    VersionSerializer,
)
from .difference_serializers import DifferenceSerializer
from .filters import ModuleFilter, SectionFilter, UnitFilter
from .review_serializers import NotesSerializer, RequestSerializer
from .viewsets import UUID_PATTERN

MOST_DIGITS = 10  # of a version's number


class Writing(viewsets.GenericViewSet):
    """Shared by what authors write: the request's body through one serializer, then one service."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    lookup_value_regex = UUID_PATTERN

    def asked(self, serializer: Any, *args: Any, **options: Any) -> dict[str, Any]:
        form = serializer(*args, data=self.request.data, context=self.get_serializer_context(), **options)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def user(self) -> Any:
        return self.request.user


class ModuleViewSet(Writing):
    """The list holds the modules of one's own providers; any module with a published version can be read."""

    queryset = Module.objects.none()
    permission_classes = [IsAuthenticated]
    serializer_class = ModuleSerializer
    filterset_class = ModuleFilter

    def get_queryset(self) -> Any:
        user = self.user()
        found = Module.objects.with_drafts_for(user) if self.action == "list" else Module.objects.visible_to(user)
        versions = ModuleVersion.objects.visible_to(user).order_by("-number")
        return found.select_related("provider").prefetch_related(Prefetch("versions", versions))

    def list(self, request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """With the versions that one may see."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ModuleCreateSerializer, responses={201: VersionSerializer})
    def create(self, request: Request) -> Response:
        """Start a module; answers its first draft."""
        version = authoring.create_module(by=self.user(), **self.asked(ModuleCreateSerializer))
        return Response(shown_version(self, version), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={201: VersionSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str | None = None) -> Response:
        """Start the next draft, as a copy of the newest version."""
        version = authoring.create_draft(by=self.user(), module=self.get_object())
        return Response(shown_version(self, version), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ModuleSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str | None = None) -> Response:
        """Take it out of the offer; refused while people can still enroll or meet."""
        retire_module(by=self.user(), module=self.get_object())
        return self.retrieve(request, pk)

    @extend_schema(request=None, responses=ModuleSerializer)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str | None = None) -> Response:
        """Put a retired module into the catalogue again."""
        bring_back_module(by=self.user(), module=self.get_object())
        return self.retrieve(request, pk)

    @extend_schema(request=ModuleCopySerializer, responses={201: VersionSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str | None = None) -> Response:
        """Start a new module from one of this module's versions, the newest unless `version` numbers another."""
        versions = ModuleVersion.objects.visible_to(self.user()).filter(module=self.get_object()).order_by("-number")
        asked = self.asked(ModuleCopySerializer)
        number = asked.pop("version", None)
        source = versions.first() if number is None else versions.filter(number=number).first()
        if source is None:
            raise NotFound
        version = copy_module(by=self.user(), version=source, **asked)
        return Response(shown_version(self, version), status=status.HTTP_201_CREATED)


class VersionViewSet(mixins.RetrieveModelMixin, Writing):
    """One version with its whole tree: published ones for everybody, drafts for their authors and reviewers."""

    queryset = ModuleVersion.objects.none()
    serializer_class = VersionSerializer

    def get_queryset(self) -> Any:
        visible = ModuleVersion.objects.visible_to(self.user()).select_related("module__provider")
        return (
            visible if self.action != "retrieve" else visible.prefetch_related("sectors", "skills", "sections__units")
        )

    @extend_schema(request=VersionFactsSerializer, responses=VersionSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change facts of a draft, starting from `revision`."""
        version = self.get_object()
        facts = self.asked(VersionFactsSerializer, partial=True)
        revision = facts.pop("revision")
        saved = authoring.edit_version(by=self.user(), version=version, revision=revision, facts=facts)
        return Response(shown_version(self, saved))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Discard a draft; with the only version goes the module."""
        authoring.discard_draft(by=self.user(), version=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=PublishCheckSerializer)
    @action(detail=True, methods=["get"], url_path="publish-check", permission_classes=[IsAuthenticated])
    def publish_check(self, request: Request, pk: str | None = None) -> Response:
        """Everything that keeps the version from being published."""
        version = self.get_object()
        if not can_view_draft(self.user(), version):
            raise Forbidden
        errors = publish_check(version)
        return Response(
            PublishCheckSerializer(
                {"publishable": not errors, "errors": errors, "warnings": publish_warnings(version)}
            ).data
        )

    @extend_schema(
        parameters=[OpenApiParameter("against", int, description="a version's number; the one before without it")],
        responses=DifferenceSerializer,
    )
    @action(detail=True, methods=["get"], permission_classes=[IsAuthenticated])
    def diff(self, request: Request, pk: str | None = None) -> Response:
        """What changed from another version to this one, answers of quizzes included: for who may see drafts."""
        version = self.get_object()
        if not can_view_draft(self.user(), version):
            raise Forbidden
        asked = request.query_params.get("against", "")
        if asked and not (asked.isdecimal() and len(asked) < MOST_DIGITS):
            raise NotFound
        against, version = versions_to_compare(version, int(asked) if asked else None)
        if against is None:
            raise NotFound
        compared = compare_versions(against, version, names_in(version.module))
        numbers = {"against": against.number, "number": version.number}
        told = {**numbers, "facts": compared.facts, "sections": compared.sections}
        return Response(DifferenceSerializer(told).data)

    @extend_schema(request=RequestSerializer, responses=VersionSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Hand a draft to the reviewers of the provider."""
        return self._moved(reviewing.submit_for_review, RequestSerializer)

    @extend_schema(request=None, responses=VersionSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str | None = None) -> Response:
        """Go on writing: the review, or the approval, ends."""
        return self._moved(reviewing.take_back)

    @extend_schema(request=NotesSerializer, responses=VersionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """A reviewer with no hand in the draft finds it good."""
        return self._moved(reviewing.approve_version, NotesSerializer)

    @extend_schema(request=NotesSerializer, responses=VersionSerializer)
    @action(detail=True, methods=["post"], url_path="request-changes")
    def request_changes(self, request: Request, pk: str | None = None) -> Response:
        """A reviewer sends the draft back; `notes` say what should change."""
        return self._moved(reviewing.request_changes, NotesSerializer)

    @extend_schema(request=None, responses=VersionSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str | None = None) -> Response:
        """Publish an approved draft: it never changes again."""
        return Response(shown_version(self, publish_version(by=self.user(), version=self.get_object())))

    @extend_schema(request=None, responses={201: VersionSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str | None = None) -> Response:
        """Start the next draft of this version's module, as a copy of the newest version."""
        version = authoring.create_draft(by=self.user(), module=self.get_object().module)
        return Response(shown_version(self, version), status=status.HTTP_201_CREATED)

    def _moved(self, verb: Any, serializer: Any = None) -> Response:
        version = self.get_object()
        verb(by=self.user(), version=version, **(self.asked(serializer) if serializer else {}))
        return Response(shown_version(self, version))


class SectionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Writing):
    """Sections of the versions that one may see."""

    queryset = Section.objects.none()
    serializer_class = SectionSerializer
    filterset_class = SectionFilter

    def get_queryset(self) -> Any:
        return Section.objects.visible_to(self.user())

    @extend_schema(request=SectionCreateSerializer, responses={201: SectionSerializer})
    def create(self, request: Request) -> Response:
        """Add a section at the end of a draft."""
        section = authoring.add_section(by=self.user(), **self.asked(SectionCreateSerializer))
        return Response(self.get_serializer(section).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SectionTitleSerializer, responses=SectionSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Rename it."""
        section = self.get_object()
        section = authoring.edit_section(by=self.user(), section=section, **self.asked(SectionTitleSerializer))
        return Response(self.get_serializer(section).data)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete it with its units."""
        authoring.delete_section(by=self.user(), section=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SectionMoveSerializer, responses=SectionSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """Put it at another position."""
        section = self.get_object()
        section = authoring.move_section(by=self.user(), section=section, **self.asked(SectionMoveSerializer))
        return Response(self.get_serializer(section).data)


class UnitViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Writing):
    """Units of the versions that one may see; the answers only for authors and reviewers."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    filterset_class = UnitFilter

    def get_queryset(self) -> Any:
        return Unit.objects.visible_to(self.user()).select_related("section__version__module")

    @extend_schema(request=UnitCreateSerializer, responses={201: UnitSerializer})
    def create(self, request: Request) -> Response:
        """Add a unit at the end of a section. Its content may be unfinished until it is published."""
        unit = authoring.add_unit(by=self.user(), **self.asked(UnitCreateSerializer))
        return Response(self._shown(unit), status=status.HTTP_201_CREATED)

    @extend_schema(request=UnitChangeSerializer, responses=UnitSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change it, starting from `revision`."""
        unit = self.get_object()
        return Response(self._shown(authoring.edit_unit(by=self.user(), unit=unit, **self.asked(UnitChangeSerializer))))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete it."""
        authoring.delete_unit(by=self.user(), unit=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=UnitMoveSerializer, responses=UnitSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """Put it at another position, in this or another section of the same draft."""
        unit = self.get_object()
        return Response(self._shown(authoring.move_unit(by=self.user(), unit=unit, **self.asked(UnitMoveSerializer))))

    def _shown(self, unit: Unit) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=unit.pk)).data


def shown_version(view: Writing, version: ModuleVersion) -> Any:
    """The version with its tree, read anew."""
    versions = ModuleVersion.objects.select_related("module__provider").prefetch_related(
        "sectors", "skills", "sections__units"
    )
    return VersionSerializer(versions.get(pk=version.pk), context=view.get_serializer_context()).data

"""A provider's modules and offerings under the provider's own codes: read, and put as a whole."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.exchange.access import exchanging_provider
from courses.exchange.applying import newest_version, put_module, put_offering
from courses.exchange.documents import Document, etag, module_document, offering_document
from courses.exchange.exporting import exported, file_response
from courses.exchange.importing import MAX_BYTES, import_file
from courses.models import Module, ModuleVersion, Offering
from courses.policies import can_plan_offering, can_see_own_modules, can_view_draft
from courses.services.publishing import publish_check
from lms.core.errors import Forbidden, Invalid
from lms.core.parsers import MultiPartParser

from .authoring_serializers import FieldErrorSerializer

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag that was read.")


class PutModuleSerializer(serializers.Serializer):
    """A module as it is exchanged, with what became of it."""

    result = serializers.ChoiceField(choices=["created", "changed", "unchanged"])
    version = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.CharField()
    publishable = serializers.BooleanField()
    publish_errors = FieldErrorSerializer(many=True)
    module = serializers.DictField(help_text="See docs/how-to/exchange-modules.md.")


class PutOfferingSerializer(serializers.Serializer):
    """An offering as it is exchanged, with what became of it."""

    result = serializers.ChoiceField(choices=["created", "changed", "unchanged"])
    id = serializers.UUIDField()
    state = serializers.CharField()
    offering = serializers.DictField(help_text="See docs/how-to/exchange-modules.md.")


class ExchangedModuleView(APIView):
    """One module of a provider, by the provider's own code."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=PutModuleSerializer)
    def get(self, request: Request, slug: str, code: str) -> Response:
        """The newest version, draft or published, with the answers of its quizzes: for who writes or reviews it."""
        provider = exchanging_provider(request.user, slug)
        module = get_object_or_404(Module.objects.visible_to(request.user), provider=provider, code=code)
        version = newest_version(module)
        if version is None or not can_view_draft(request.user, version):
            raise Forbidden
        return _module_answer(version, module_document(version), "unchanged")

    @extend_schema(
        request={"application/json": {"type": "object"}},
        parameters=[IF_MATCH],
        responses={200: PutModuleSerializer, 201: PutModuleSerializer},
    )
    def put(self, request: Request, slug: str, code: str) -> Response:
        """Make the draft what the body says. The same body again writes nothing; nothing is ever published by it."""
        user: Any = request.user
        put = put_module(
            by=user,
            provider=exchanging_provider(user, slug),
            code=code,
            given=request.data,
            if_match=request.headers.get("If-Match"),
        )
        return _module_answer(put.row, put.document, put.outcome)


class ExchangedOfferingView(APIView):
    """One offering of a provider, by the provider's own code."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=PutOfferingSerializer)
    def get(self, request: Request, slug: str, code: str) -> Response:
        """As it is exchanged: for who plans offerings."""
        provider = exchanging_provider(request.user, slug)
        visible = Offering.objects.visible_to(request.user).select_related("version__module", "location")
        offering = get_object_or_404(visible, provider=provider, code=code)
        if not can_plan_offering(request.user, provider):
            raise Forbidden
        return _offering_answer(offering, offering_document(offering), "unchanged")

    @extend_schema(
        request={"application/json": {"type": "object"}},
        parameters=[IF_MATCH],
        responses={200: PutOfferingSerializer, 201: PutOfferingSerializer},
    )
    def put(self, request: Request, slug: str, code: str) -> Response:
        """Plan or change the offering. The same body again writes nothing."""
        user: Any = request.user
        put = put_offering(
            by=user,
            provider=exchanging_provider(user, slug),
            code=code,
            given=request.data,
            if_match=request.headers.get("If-Match"),
        )
        return _offering_answer(put.row, put.document, put.outcome)


def _module_answer(version: ModuleVersion, document: Document, outcome: str) -> Response:
    errors = publish_check(version) if version.is_draft else []
    shown = {
        "result": outcome,
        "version": version.pk,
        "number": version.number,
        "state": version.state,
        "publishable": version.is_draft and not errors,
        "publish_errors": errors,
        "module": document,
    }
    return _answer(PutModuleSerializer(shown).data, document, outcome)


def _offering_answer(offering: Offering, document: Document, outcome: str) -> Response:
    shown = {"result": outcome, "id": offering.pk, "state": offering.state, "offering": document}
    return _answer(PutOfferingSerializer(shown).data, document, outcome)


def _answer(data: Any, document: Document, outcome: str) -> Response:
    made = status.HTTP_201_CREATED if outcome == "created" else status.HTTP_200_OK
    return Response(data, status=made, headers={"ETag": etag(document)})


class ProblemSerializer(serializers.Serializer):
    """Why something cannot go in, and where it stands in the file."""

    sheet = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class LineSerializer(serializers.Serializer):
    """What became of one module or offering."""

    kind = serializers.CharField(help_text="module or offering")
    code = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(help_text="created, changed or unchanged")


class ImportReportSerializer(serializers.Serializer):
    """What an import did, or in a trial would do. Counts by created, changed, unchanged, refused."""

    modules = serializers.DictField(child=serializers.IntegerField())
    offerings = serializers.DictField(child=serializers.IntegerField())
    changes = serializers.IntegerField()
    lines = LineSerializer(many=True)
    problems = ProblemSerializer(many=True)


class ImportSerializer(serializers.Serializer):
    """A file of modules and offerings, as multipart/form-data."""

    provider = serializers.SlugField()
    file = serializers.FileField(allow_empty_file=True)
    dry_run = serializers.BooleanField(default=True, help_text="false: carry it out")


class ExchangeFilesView(APIView):
    """Modules and offerings of a provider as one file, in and out."""

    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[
            OpenApiParameter("provider", str, required=True),
            OpenApiParameter("kind", str, enum=["json", "xlsx"], default="json"),
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponse:
        """The file of what one may see: drafts, and quizzes with their answers."""
        if not can_see_own_modules(request.user):
            raise Forbidden
        slug = request.query_params.get("provider")
        if not slug:
            raise Invalid(_("Say of which provider: ?provider=slug."))
        provider = exchanging_provider(request.user, slug)
        kind = request.query_params.get("kind", "json")
        return file_response(exported(request.user, provider, kind), kind, f"modules-{provider.slug}")

    @extend_schema(request={"multipart/form-data": ImportSerializer}, responses=ImportReportSerializer)
    def post(self, request: Request) -> Response:
        """A trial unless `dry_run` is false. The same file again changes nothing; nothing is published."""
        if not can_see_own_modules(request.user):
            raise Forbidden
        form = ImportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        report = import_file(
            by=request.user,  # type: ignore[arg-type]
            provider=exchanging_provider(request.user, asked["provider"]),
            content=asked["file"].read(MAX_BYTES + 1),
            dry_run=asked["dry_run"],
        )
        return Response(ImportReportSerializer(report.as_json()).data)

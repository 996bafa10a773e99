"""A provider's modules and offerings under the provider's own codes: read, and put as a whole."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.exchange.access import exchanging_provider
from courses.exchange.applying import newest_version, put_module, put_offering
from courses.exchange.documents import Document, etag, module_document, offering_document
from courses.models import Module, ModuleVersion, Offering
from courses.policies import can_plan_offering, can_view_draft
from courses.services.publishing import publish_check
from lms.core.errors import Forbidden

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

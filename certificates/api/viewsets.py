"""Certificates: reading, downloading, revoking, replacing; and verifying, for anyone."""

import json
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from certificates.download import pdf_response
from certificates.models import Certificate
from certificates.services.correcting import replace_certificate, revoke_certificate
from certificates.throttling import VerifyThrottle
from certificates.verification import find_by_code
from lms.core.errors import NotFound

from .serializers import CertificateSerializer, PublicCertificateSerializer, ReplaceSerializer, RevokeSerializer

UUID_PATTERN = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"


class PdfRenderer(BaseRenderer):
    """Lets a client ask for a PDF; a problem is still a problem document."""

    media_type = "application/pdf"
    format = "pdf"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return json.dumps(data).encode()


class CertificateViewSet(viewsets.ReadOnlyModelViewSet):
    """One's own, those one's provider issued, and those of enrollments one's employer arranged."""

    queryset = Certificate.objects.none()
    serializer_class = CertificateSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        found = Certificate.objects.visible_to(self.request.user).with_state()
        return found.select_related("document", "completion")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The document: the same bytes each time, with its SHA-256 as ETag. 409 while it is being made."""
        return pdf_response(request, self.get_object())

    @extend_schema(request=RevokeSerializer, responses=CertificateSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str | None = None) -> Response:
        """Take it back, for the provider that issued it."""
        form = RevokeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        revoke_certificate(by=self._user(), certificate=self.get_object(), **form.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ReplaceSerializer, responses={201: CertificateSerializer})
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, pk: str | None = None) -> Response:
        """Issue a corrected one in its place, for the provider that issued it. Answers with the new one."""
        form = ReplaceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        new = replace_certificate(by=self._user(), certificate=self.get_object(), **form.validated_data)
        found = self.get_queryset().get(pk=new.pk)
        return Response(self.get_serializer(found).data, status=status.HTTP_201_CREATED)

    def _user(self) -> Any:
        return self.request.user


class VerifyView(APIView):
    """Is this certificate genuine, replaced, expired or revoked? Never says whose it is."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (VerifyThrottle,)

    @extend_schema(responses=PublicCertificateSerializer, operation_id="verify_certificate")
    def get(self, request: Request, code: str) -> Response:
        """By the code on the document, in any grouping. Unknown and malformed codes are the same 404."""
        certificate = find_by_code(code)
        if certificate is None:
            raise NotFound
        answer = Response(PublicCertificateSerializer(certificate).data)
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

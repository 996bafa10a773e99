"""Participants in subsidy dossiers."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from enrollments.models import FundingRecord
from enrollments.reports.filters import read_filters
from enrollments.services.funding import FACTS, record_funding, withdraw_claim

from .viewsets import UUID_PATTERN


class FundingRecordSerializer(serializers.ModelSerializer):
    """What is the same for all these enrollments of one employer. What is left out stays as it was."""

    employer = serializers.SlugField(required=False, help_text="The first whose reports one sees, where left out.")
    enrollments: Any = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=1000)

    class Meta:
        model = FundingRecord
        fields = ["employer", "enrollments", "scheme", "dossier_number", *FACTS]


class RecordedSerializer(serializers.Serializer):
    """How many participants are in the dossier by this."""

    recorded = serializers.IntegerField(min_value=0)


class FundingRecordViewSet(viewsets.GenericViewSet):
    """Puts participants into a dossier, all or none; the same participant and offering is claimed once."""

    queryset = FundingRecord.objects.none()
    serializer_class = FundingRecordSerializer
    lookup_value_regex = UUID_PATTERN

    @extend_schema(request=FundingRecordSerializer, responses={201: RecordedSerializer})
    def create(self, request: Request) -> Response:
        """Record, or complete what was recorded in the same dossier."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        asked = read_filters(request.user, {"employer": said.pop("employer", "")})
        named = {name: said.pop(name) for name in ("enrollments", "scheme", "dossier_number")}
        recorded = record_funding(by=self._user(), employer=asked.employer, facts=said, **named)
        return Response({"recorded": recorded}, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take the participant with this enrollment out of the dossier."""
        asked = read_filters(request.user, {"employer": request.query_params.get("employer", "")})
        withdraw_claim(by=self._user(), employer=asked.employer, enrollment=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _user(self) -> Any:
        return self.request.user

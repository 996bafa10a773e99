"""Offerings, skills: what everybody may read, and the provider may plan."""

import re
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Occupation, Offering, Sector, Skill
from courses.services.offerings import archive_offering, cancel_offering, edit_offering, plan_offering
from courses.services.switching import switch_offering

from .filters import OccupationFilter, OfferingFilter, SkillFilter
from .serializers import (
    OccupationSerializer,
    OfferingCreateSerializer,
    OfferingFactsSerializer,
    OfferingSerializer,
    OfferingSwitchSerializer,
    SectorSerializer,
    SkillSerializer,
)

UUID_PATTERN = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
CODE_OR_ID = "[-a-zA-Z0-9_]+"


class OfferingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Dated runs: those one may see; the provider plans, changes and cancels its own."""

    queryset = Offering.objects.none()
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = OfferingSerializer
    filterset_class = OfferingFilter
    lookup_value_regex = CODE_OR_ID

    def get_queryset(self) -> Any:
        """Archived ones are named by code or id, or asked for by `?state=archived`."""
        visible = Offering.objects.visible_to(self.request.user)
        if self.action == "list" and "state" not in self.request.query_params:
            visible = visible.in_state("")
        return visible.select_related("version__module", "provider", "location").prefetch_related("employers")

    @extend_schema(request=OfferingCreateSerializer, responses={201: OfferingSerializer})
    def create(self, request: Request) -> Response:
        """Plan a run of a published version."""
        form = OfferingCreateSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        offering = plan_offering(by=self._user(), **form.validated_data)
        return Response(self._shown(offering), status=status.HTTP_201_CREATED)

    @extend_schema(request=OfferingFactsSerializer, responses=OfferingSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a run; what is not given stays."""
        offering = self.get_object()
        form = OfferingFactsSerializer(offering, data=request.data, partial=True, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        edit_offering(by=self._user(), offering=offering, **form.validated_data)
        return Response(self._shown(offering))

    @extend_schema(request=None, responses=OfferingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Call it off: nobody can enroll any more."""
        offering = self.get_object()
        cancel_offering(by=self._user(), offering=offering)
        return Response(self._shown(offering))

    @extend_schema(request=None, responses=OfferingSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str | None = None) -> Response:
        """Put it away: it leaves the lists. 409 while sessions lie ahead or people are active in a running offering."""
        offering = self.get_object()
        archive_offering(by=self._user(), offering=offering)
        return Response(self._shown(offering))

    def get_object(self) -> Offering:
        """By id, or by its code."""
        asked = self.kwargs["pk"]
        by = {"pk": asked} if re.fullmatch(UUID_PATTERN, asked) else {"code": asked}
        return get_object_or_404(self.get_queryset(), **by)

    @extend_schema(request=OfferingSwitchSerializer, responses=OfferingSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str | None = None) -> Response:
        """Give newcomers a newer version; who is in keeps theirs."""
        offering = self.get_object()
        form = OfferingSwitchSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        switch_offering(by=self._user(), offering=offering, version=form.validated_data["version"])
        return Response(self._shown(offering))

    def _shown(self, offering: Offering) -> Any:
        return OfferingSerializer(self.get_queryset().get(pk=offering.pk), context=self.get_serializer_context()).data

    def _user(self) -> Any:
        return self.request.user


class SkillViewSet(viewsets.ReadOnlyModelViewSet):
    """Skills. This service uses the ESCO classification of the European Commission."""

    queryset = Skill.objects.all()
    permission_classes = [AllowAny]
    serializer_class = SkillSerializer
    filterset_class = SkillFilter
    lookup_value_regex = UUID_PATTERN


class OccupationViewSet(viewsets.ReadOnlyModelViewSet):
    """Occupations; `skills` of one. This service uses the ESCO classification of the European Commission."""

    queryset = Occupation.objects.all()
    permission_classes = [AllowAny]
    serializer_class = OccupationSerializer
    filterset_class = OccupationFilter
    lookup_value_regex = UUID_PATTERN

    @extend_schema(responses=SkillSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def skills(self, request: Request, pk: str | None = None) -> Response:
        """The skills that this occupation essentially needs."""
        page = self.paginate_queryset(self.get_object().skills.all())
        return self.get_paginated_response(SkillSerializer(page, many=True).data)


class SectorViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Sectors: divisions of manufacturing and other sections of NACE Rev. 2, by their code."""

    queryset = Sector.objects.order_by("code")
    permission_classes = [AllowAny]
    serializer_class = SectorSerializer

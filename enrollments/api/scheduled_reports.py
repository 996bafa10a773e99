"""Reports by mail: one's own."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from enrollments.models import Frequency, ScheduledReport
from enrollments.reports.catalog import REPORTS
from enrollments.services.scheduling import schedule_report, stop_schedule

from .viewsets import UUID_PATTERN


class ScheduledReportSerializer(serializers.ModelSerializer):
    """A report that comes by mail."""

    employer: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    report = serializers.CharField(source="kind")

    class Meta:
        model = ScheduledReport
        fields = ["id", "employer", "report", "filters", "frequency", "next_on", "last_sent_at"]
        read_only_fields = fields


class ScheduleSerializer(serializers.Serializer):
    """Which report, with which filters (as its address takes them), and how often."""

    report = serializers.ChoiceField(choices=list(REPORTS))
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    filters = serializers.DictField(child=serializers.CharField(), default=dict)


class ScheduledReportViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Rights are checked again whenever one is sent; who lost them gets nothing, and the schedule ends."""

    queryset = ScheduledReport.objects.none()
    serializer_class = ScheduledReportSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return ScheduledReport.objects.visible_to(self.request.user).select_related("employer")

    @extend_schema(request=ScheduleSerializer, responses={201: ScheduledReportSerializer})
    def create(self, request: Request) -> Response:
        """Mail it to oneself."""
        form = ScheduleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        report = REPORTS[said["report"]]
        asked = report.ask(request.user, said["filters"])
        schedule = schedule_report(report=report, asked=asked, frequency=said["frequency"])
        return Response(self.get_serializer(schedule).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Stop it."""
        user: Any = request.user
        stop_schedule(by=user, pk=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

"""Reports: figures, the rows behind each, and the same rows as a file."""

from typing import Any

from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enrollments.policies import can_view_some_reports
from enrollments.reports.catalog import REPORTS
from enrollments.reports.filters import Asked, read_filters
from enrollments.reports.people import counts_by_department
from enrollments.reports.report import Report
from enrollments.services.reporting import export_report
from lms.core.errors import Forbidden
from lms.core.pagination import KeysetPagination

FILTERS = {
    "employer": "slug of an employer whose reports one sees; the first, where nothing is asked",
    "department": "id of a department, with all below it; “none” for who has no department",
    "function": "function, as it is written",
    "manager": "id of who leads them",
    "module": "code, or words of the title",
    "provider": "slug of the provider",
    "state": "state of the enrollment",
    "since": "first day on which the offering may start",
    "until": "last day on which the offering may start",
    "mandatory": "“yes” or “no”: required by law or CAO",
    "figure": "key of a figure: its rows alone",
}
ASKED = [OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(REPORTS))] + [
    OpenApiParameter(name, description=explanation) for name, explanation in FILTERS.items()
]


class FigureSerializer(serializers.Serializer):
    """How many rows a figure has; `key` opens it (`?figure=`)."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    count = serializers.IntegerField(min_value=0)


class ColumnSerializer(serializers.Serializer):
    """What stands in each row."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    kind = serializers.CharField(source="kind.value")


class ReportNameSerializer(serializers.Serializer):
    """A report, with the filters it knows and the columns it has."""

    kind = serializers.CharField()
    title = serializers.CharField()
    filters = serializers.ListField(child=serializers.CharField())
    columns = ColumnSerializer(many=True)


class ReportFiguresSerializer(serializers.Serializer):
    """The figures as asked."""

    kind = serializers.CharField()
    asked = serializers.DictField(child=serializers.CharField())
    figures = FigureSerializer(many=True)


class ReportLineSerializer(serializers.Serializer):
    """One row: a value per column of the report, by its key."""

    id = serializers.UUIDField()

    def to_representation(self, instance: Any) -> Any:
        return instance


class DepartmentFiguresSerializer(serializers.Serializer):
    """A department (“none”: who has no department) and the figures of everybody in it and below it."""

    department = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    depth = serializers.IntegerField(min_value=0)
    figures = serializers.DictField(child=serializers.IntegerField())


class ReportViewSet(viewsets.GenericViewSet):
    """Reports of an employer: for HR about everybody, for who leads people about those."""

    pagination_class = KeysetPagination
    serializer_class = ReportLineSerializer
    filter_backends = []
    lookup_value_regex = "[a-z]+"

    @extend_schema(responses=ReportNameSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Which there are."""
        if not can_view_some_reports(request.user):
            raise Forbidden
        return Response(ReportNameSerializer(list(REPORTS.values()), many=True).data)

    @extend_schema(responses=ReportFiguresSerializer, parameters=ASKED)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The figures, each of which opens to exactly its rows."""
        report, asked = self._asked(pk)
        counts = report.count(asked)
        figures = [{"key": one.key, "label": one.label, "count": counts[one.key]} for one in report.figures]
        found = {"kind": report.kind, "asked": asked.parameters, "figures": figures}
        return Response(ReportFiguresSerializer(found).data)

    @extend_schema(responses=ReportLineSerializer(many=True), parameters=ASKED)
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: str) -> Response:
        """The rows behind a figure, newest first; without one, all."""
        report, asked = self._asked(pk)
        page = self.paginate_queryset(report.chosen(asked).values("id")) or []
        return self.get_paginated_response(report.lines(asked, [row["id"] for row in page]))

    @extend_schema(responses=DepartmentFiguresSerializer(many=True), parameters=ASKED, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def departments(self, request: Request, pk: str) -> Response:
        """The figures of my people now, per department as a tree."""
        report, asked = self._asked(pk)
        if report is not REPORTS["people"]:
            raise Http404
        return Response(DepartmentFiguresSerializer(counts_by_department(asked), many=True).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, parameters=ASKED)
    @action(detail=True, methods=["get"], url_path="csv")
    def csv(self, request: Request, pk: str) -> StreamingHttpResponse:
        """The same rows as CSV for Excel. It is kept who took them."""
        return self._file(pk, "csv")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, parameters=ASKED)
    @action(detail=True, methods=["get"], url_path="xlsx")
    def xlsx(self, request: Request, pk: str) -> StreamingHttpResponse:
        """The same rows as XLSX. It is kept who took them."""
        return self._file(pk, "xlsx")

    def _asked(self, kind: str) -> tuple[Report, Asked]:
        report = REPORTS.get(kind)
        if report is None:
            raise Http404
        figures = tuple(figure.key for figure in report.figures)
        return report, read_filters(self.request.user, self.request.query_params, figures=figures)

    def _file(self, kind: str, form: str) -> StreamingHttpResponse:
        report, asked = self._asked(kind)
        return export_report(report=report, asked=asked, form=form)

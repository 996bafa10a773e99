"""Reports: figures, the rows behind each, and the same rows as a file."""

from typing import Any

from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enrollments.policies import can_view_reports_anywhere, can_view_some_reports
from enrollments.reports.budget import amounts_by_month
from enrollments.reports.catalog import REPORTS, reports_for
from enrollments.reports.filters import Asked
from enrollments.reports.forecast import standings
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
    "agreement": "id of an agreement (budget)",
    "since": "first day: of the offering’s start (budget: of the entry; needs: of posting)",
    "until": "last day, of the same",
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
    amounts: Any = serializers.DictField(
        required=False, help_text="where a report measures something: the sum per measure, such as seats and money"
    )


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
    amounts = serializers.DictField(required=False, help_text="per figure the sum per measure")


class MonthAmountsSerializer(serializers.Serializer):
    """A month of the ledger (its first day), and per figure the seats and the money of its entries."""

    month = serializers.DateField()
    amounts = serializers.DictField()


class ForecastSerializer(serializers.Serializer):
    """At the pace so far: it `runs_out` on a day, or so much is `unused` at the end."""

    pace = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True, help_text="taken a month")
    runs_out = serializers.DateField(allow_null=True)
    unused = serializers.DecimalField(max_digits=12, decimal_places=0, allow_null=True)


class LimitSerializer(serializers.Serializer):
    """Seats or money of an agreement: where it stands, and where it goes."""

    key = serializers.ChoiceField(choices=["seats", "money"])
    granted = serializers.DecimalField(max_digits=12, decimal_places=2)
    reserved = serializers.DecimalField(max_digits=12, decimal_places=2)
    used = serializers.DecimalField(max_digits=12, decimal_places=2)
    left = serializers.DecimalField(max_digits=12, decimal_places=2)
    forecast = ForecastSerializer(allow_null=True)


class AgreementStandingSerializer(serializers.Serializer):
    """An agreement as the ledger has it."""

    agreement = serializers.UUIDField(source="agreement.pk")
    reference = serializers.CharField(source="agreement.reference")
    provider = serializers.CharField(source="agreement.provider.slug")
    ends_on = serializers.DateField(source="agreement.ends_on")
    state = serializers.CharField(source="agreement.state")
    limits = LimitSerializer(many=True)
    amounts = serializers.DictField()
    invoiced = serializers.DecimalField(max_digits=12, decimal_places=2)
    not_invoiced = serializers.DecimalField(max_digits=12, decimal_places=2)
    invoices = serializers.DecimalField(max_digits=12, decimal_places=2)
    lapses = serializers.BooleanField()


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
        known = reports_for(as_hr=can_view_reports_anywhere(request.user))
        return Response(ReportNameSerializer(known, many=True).data)

    @extend_schema(responses=ReportFiguresSerializer, parameters=ASKED)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The figures, each of which opens to exactly its rows."""
        report, asked = self._asked(pk)
        counts, amounts = report.count(asked), report.amounts(asked)
        figures = [
            {"key": one.key, "label": one.label, "count": counts[one.key]}
            | ({"amounts": amounts[one.key]} if amounts else {})
            for one in report.shown(asked)
        ]
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
        """The figures per department as a tree, of reports that have them."""
        report, asked = self._asked(pk)
        if report.by_department is None:
            raise Http404
        return Response(DepartmentFiguresSerializer(report.by_department(asked), many=True).data)

    @extend_schema(responses=AgreementStandingSerializer(many=True), parameters=ASKED[1:], filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, url_path="budget/agreements")
    def agreements(self, request: Request) -> Response:
        """Each agreement of the report of seats and budget: where it stands, what is invoiced, where it goes."""
        _report, asked = self._asked("budget")
        return Response(AgreementStandingSerializer(standings(asked), many=True).data)

    @extend_schema(responses=MonthAmountsSerializer(many=True), parameters=ASKED[1:], filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, url_path="budget/months")
    def months(self, request: Request) -> Response:
        """The report of seats and budget by the month of its entries, latest first."""
        _report, asked = self._asked("budget")
        return Response(MonthAmountsSerializer(amounts_by_month(asked), many=True).data)

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
        return report, report.ask(self.request.user, self.request.query_params)

    def _file(self, kind: str, form: str) -> StreamingHttpResponse:
        report, asked = self._asked(kind)
        return export_report(report=report, asked=asked, form=form)

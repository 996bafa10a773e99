"""The figures of the region, for public bodies."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enrollments.models import RegionalQuarter
from enrollments.policies import can_view_regional_figures
from enrollments.region.figures import Division, Period, Row, Value, divide, people_of, periods_of, total_of
from enrollments.region.tables import MEASURES, TABLES, Measure
from enrollments.services.regional import export_regional_figures
from lms.core.errors import Forbidden, NotFound

PERIOD = [OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Such as 2026 or 2026-K3.")]


class PeriodSerializer(serializers.Serializer):
    """A period that can be asked for."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    is_year = serializers.BooleanField()


class RegionalValueSerializer(serializers.Serializer):
    """A count. Null: not shown, because it is none, too few, or protects another; `at_least` is certain."""

    measure = serializers.CharField()
    label: Any = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    at_least = serializers.IntegerField(min_value=0)


class RegionalTotalSerializer(RegionalValueSerializer):
    """The whole; `people` are different people, known of a quarter and not of a year."""

    people = serializers.IntegerField(allow_null=True)


class RegionalRowSerializer(serializers.Serializer):
    """A category; the one called `remainder` is all that is not shown, together."""

    key = serializers.CharField()
    name = serializers.CharField()
    values = RegionalValueSerializer(many=True)


class RegionalTableSerializer(serializers.Serializer):
    """The totals, divided in one way."""

    key = serializers.CharField()
    title = serializers.CharField()
    rows = RegionalRowSerializer(many=True)


class RegionalFiguresSerializer(PeriodSerializer):
    """Everything that is published of a period."""

    totals = RegionalTotalSerializer(many=True)
    tables = RegionalTableSerializer(many=True)


class RegionalFiguresViewSet(viewsets.GenericViewSet):
    """Figures of the region without names, as they were published after each quarter. They never change."""

    queryset = RegionalQuarter.objects.none()
    serializer_class = RegionalFiguresSerializer
    pagination_class = None
    filter_backends = []
    lookup_value_regex = r"\d{4}(?:-K[1-4])?"

    @extend_schema(responses=PeriodSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The periods, newest first: each year, then its quarters."""
        return Response(PeriodSerializer(_periods(self.request.user), many=True).data)

    @extend_schema(responses=RegionalFiguresSerializer, parameters=PERIOD)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The totals of a period, and each table."""
        period = self._period(pk)
        totals = [_shown(one, total_of(period, one)) | {"people": people_of(period, one)} for one in MEASURES]
        tables = [_table(divide(period, table)) for table in TABLES]
        facts = {"key": period.key, "label": period.label, "is_year": period.is_year}
        return Response(RegionalFiguresSerializer(facts | {"totals": totals, "tables": tables}).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, parameters=PERIOD)
    @action(detail=True, methods=["get"], url_path="csv")
    def csv(self, request: Request, pk: str) -> Any:
        """The same as CSV for Excel. It is kept who took it."""
        return self._file(request, pk, "csv")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, parameters=PERIOD)
    @action(detail=True, methods=["get"], url_path="xlsx")
    def xlsx(self, request: Request, pk: str) -> Any:
        """The same as XLSX. It is kept who took it."""
        return self._file(request, pk, "xlsx")

    def _period(self, key: str) -> Period:
        found = next((period for period in _periods(self.request.user) if period.key == key), None)
        if found is None:
            raise NotFound
        return found

    def _file(self, request: Request, pk: str, form: str) -> Any:
        user: Any = request.user
        return export_regional_figures(by=user, period=self._period(pk), form=form)


def _periods(user: Any) -> list[Period]:
    if not can_view_regional_figures(user):
        raise Forbidden
    return periods_of(RegionalQuarter.objects.visible_to(user))


def _shown(measure: Measure, value: Value) -> dict[str, Any]:
    return {"measure": measure.key, "label": measure.label, "count": value.count, "at_least": value.at_least}


def _row(row: Row) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "values": [_shown(*pair) for pair in row.values]}


def _table(division: Division) -> dict[str, Any]:
    rows = [*division.rows, *([division.remainder] if division.remainder else [])]
    return {"key": division.table.key, "title": division.table.title, "rows": [_row(row) for row in rows]}

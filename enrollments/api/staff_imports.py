"""HR's spreadsheet by API: upload it, look at the preview, confirm it, follow it, fetch what became of each row."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Offering
from enrollments.models import StaffImport, StaffOutcome
from enrollments.staff_import.kinds_of_file import MAX_BYTES
from enrollments.staff_import.outcome import XLSX, outcome_file
from enrollments.staff_import.report import shown_report
from enrollments.staff_import.services import KEPT_PROBLEMS, confirm_staff_import, upload_staff_list
from lms.core.parsers import JSONParser, MultiPartParser
from lms.organizations.models import Organization

from .serializers import OwnEmployer, VisibleOffering


class RejectedRowSerializer(serializers.Serializer):
    """One problem: row as a spreadsheet numbers it, header as in the file, value, reason for people."""

    row = serializers.IntegerField(min_value=1)
    column = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class IgnoredColumnSerializer(serializers.Serializer):
    """A column that is not read, and why."""

    title = serializers.CharField()
    reason = serializers.CharField()


class PersonLineSerializer(serializers.Serializer):
    """What happens to one good row; `is_new` for somebody new among the staff."""

    row = serializers.IntegerField(min_value=1)
    name = serializers.CharField(allow_blank=True)
    contact = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["active", "waitlisted", "existing"])
    is_new = serializers.BooleanField()
    staff = serializers.ChoiceField(
        choices=StaffOutcome.choices, allow_blank=True, help_text=_("what it changes in the staff list")
    )


class ReportSerializer(serializers.Serializer):
    """What would happen, or once confirmed: what happened. `created` includes `waitlisted`; `rejected` counts rows."""

    created = serializers.IntegerField(min_value=0)
    existing = serializers.IntegerField(min_value=0)
    added = serializers.IntegerField(min_value=0, help_text=_("new among the employer's staff"))
    changed = serializers.IntegerField(min_value=0, help_text=_("among the staff already, and changed"))
    left = serializers.IntegerField(min_value=0, help_text=_("no longer among the staff"))
    waitlisted = serializers.IntegerField(min_value=0)
    rejected = serializers.IntegerField(min_value=0)
    rejected_rows = RejectedRowSerializer(many=True, help_text=_("the first 1,000; the outcome file has all"))
    ignored_columns = IgnoredColumnSerializer(many=True)
    people = PersonLineSerializer(many=True, help_text=_("the first 200, until confirmed"))
    sheet = serializers.CharField(allow_blank=True, required=False)
    header_row = serializers.IntegerField(min_value=1, required=False)


class StaffImportRowSerializer(serializers.ModelSerializer):
    """A staff list: how far it is."""

    employer: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    offering: Any = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    error = serializers.SerializerMethodField(help_text=_("why it failed as a whole; empty when it did not"))

    class Meta:
        model = StaffImport
        fields = [
            *(
                "id",
                "employer",
                "offering",
                "file_name",
                "mandatory",
                "whole_staff",
                "state",
                "rows_total",
                "rows_done",
            ),
            *("created_at", "confirmed_at", "finished_at", "error"),
        ]
        read_only_fields = fields

    def get_error(self, staff_import: StaffImport) -> str:
        return str(staff_import.report.get("error", ""))


class StaffImportSerializer(StaffImportRowSerializer):
    """The same with its report."""

    report = serializers.SerializerMethodField()

    class Meta(StaffImportRowSerializer.Meta):
        fields = [*StaffImportRowSerializer.Meta.fields, "report"]
        read_only_fields = fields

    @extend_schema_field(ReportSerializer)
    def get_report(self, staff_import: StaffImport) -> Any:
        return ReportSerializer(shown_report(staff_import, problems=KEPT_PROBLEMS)).data


class UploadSerializer(serializers.Serializer):
    """A CSV or XLSX file, as multipart/form-data."""

    employer: Any = OwnEmployer(slug_field="slug", queryset=Organization.objects.none())
    offering: Any = VisibleOffering(
        slug_field="code",
        queryset=Offering.objects.none(),
        required=False,
        allow_null=True,
        default=None,
        help_text=_("without: the staff list itself"),
    )
    mandatory = serializers.BooleanField(default=False)
    whole_staff = serializers.BooleanField(default=False, help_text=_("who is not on the list has left"))
    file = serializers.FileField(allow_empty_file=True)


class ConfirmSerializer(serializers.Serializer):
    """`many_leave` says once more that so many left, where that is asked."""

    many_leave = serializers.BooleanField(default=False)


class StaffImportViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Staff lists of the employers for which the user enrolls. Unconfirmed ones are gone after a day."""

    queryset = StaffImport.objects.none()
    serializer_class = StaffImportSerializer
    parser_classes = [MultiPartParser]
    lookup_value_regex = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

    def get_queryset(self) -> Any:
        visible = StaffImport.objects.visible_to(self.request.user)
        return visible.select_related("employer", "offering__version", "confirmed_by").defer("content")

    def get_serializer_class(self) -> Any:
        return StaffImportRowSerializer if self.action == "list" else StaffImportSerializer

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: StaffImportSerializer})
    def create(self, request: Request) -> Response:
        """A trial: nothing is carried out yet. A file that is no staff list is refused whole.

        A large file is read in the background: ask for it again while its state is `reading`.
        """
        form = UploadSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        staff_import = upload_staff_list(
            by=self._user(),
            employer=asked["employer"],
            offering=asked["offering"],
            content=asked["file"].read(MAX_BYTES + 1),
            file_name=asked["file"].name,
            mandatory=asked["mandatory"],
            whole_staff=asked["whole_staff"],
        )
        return Response(self.get_serializer(staff_import).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ConfirmSerializer)
    @action(detail=True, methods=["post"], parser_classes=[JSONParser, MultiPartParser])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        """Carry it out, a large list in the background. Confirming again changes nothing and gives the same report."""
        form = ConfirmSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        staff_import = confirm_staff_import(
            by=self._user(), staff_import=self.get_object(), many_leave=form.validated_data["many_leave"]
        )
        return Response(self.get_serializer(staff_import).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY, (200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="outcome/(?P<kind>csv|xlsx)")
    def outcome(self, request: Request, pk: str | None = None, kind: str = "csv") -> HttpResponseBase:
        """What became of each row, as a file for Excel."""
        return outcome_file(self.get_object(), kind)

    def _user(self) -> Any:
        return self.request.user

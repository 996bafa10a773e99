"""HR's spreadsheet by API: upload it, look at the preview, confirm it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Offering
from enrollments.models import StaffImport
from enrollments.staff_import.kinds_of_file import MAX_BYTES
from enrollments.staff_import.uploads import confirm_staff_import, upload_staff_list
from lms.core.parsers import MultiPartParser
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


class ReportSerializer(serializers.Serializer):
    """What would happen, or once confirmed: what happened. `created` includes `waitlisted`; `rejected` counts rows."""

    created = serializers.IntegerField(min_value=0)
    existing = serializers.IntegerField(min_value=0)
    added = serializers.IntegerField(min_value=0, help_text=_("new among the employer's staff"))
    waitlisted = serializers.IntegerField(min_value=0)
    rejected = serializers.IntegerField(min_value=0)
    rejected_rows = RejectedRowSerializer(many=True, required=False)
    ignored_columns = IgnoredColumnSerializer(many=True)
    people = PersonLineSerializer(many=True, help_text=_("the first 200, until confirmed"))
    sheet = serializers.CharField(allow_blank=True)
    header_row = serializers.IntegerField(min_value=1)


class StaffImportSerializer(serializers.ModelSerializer):
    """An uploaded staff list with its report."""

    employer: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    offering: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    report = ReportSerializer(read_only=True)

    class Meta:
        model = StaffImport
        fields = ["id", "employer", "offering", "file_name", "mandatory", "created_at", "confirmed_at", "report"]
        read_only_fields = fields


class UploadSerializer(serializers.Serializer):
    """A CSV or XLSX file, as multipart/form-data."""

    employer: Any = OwnEmployer(slug_field="slug", queryset=Organization.objects.none())
    offering: Any = VisibleOffering(slug_field="code", queryset=Offering.objects.none())
    mandatory = serializers.BooleanField(default=False)
    file = serializers.FileField(allow_empty_file=True)


class StaffImportViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Staff lists of the employers for which the user enrolls. Unconfirmed ones are gone after a day."""

    queryset = StaffImport.objects.none()
    serializer_class = StaffImportSerializer
    parser_classes = [MultiPartParser]
    lookup_value_regex = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

    def get_queryset(self) -> Any:
        visible = StaffImport.objects.visible_to(self.request.user)
        return visible.select_related("employer", "offering").defer("content")

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: StaffImportSerializer})
    def create(self, request: Request) -> Response:
        """A trial: nobody is enrolled yet. A file that is no staff list is refused whole."""
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
        )
        return Response(self.get_serializer(staff_import).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], parser_classes=[])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        """Carry it out. Confirming again changes nothing and gives the same report."""
        staff_import = confirm_staff_import(by=self._user(), staff_import=self.get_object())
        return Response(self.get_serializer(staff_import).data)

    def _user(self) -> Any:
        return self.request.user

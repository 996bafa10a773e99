"""Agreements, their ledgers, and invoices: for whoever keeps agreements at either side."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Module
from enrollments.models import Agreement, AgreementPrice, EntryKind, Invoice, LedgerEntry
from enrollments.services import agreements as verbs
from enrollments.services.invoicing import enter_invoice, mark_paid
from lms.organizations.models import Organization

from .viewsets import UUID_PATTERN

MONEY: dict[str, Any] = {"max_digits": 11, "decimal_places": 2}


class PriceSerializer(serializers.ModelSerializer):
    """What a module costs under the agreement."""

    class Meta:
        model = AgreementPrice
        fields = ["module", "price"]
        read_only_fields = fields


class ProposedPriceSerializer(serializers.Serializer):
    """What a module of the provider is to cost."""

    module = serializers.UUIDField()
    price = serializers.DecimalField(max_digits=9, decimal_places=2, min_value=Decimal(0))


class AgreementSerializer(serializers.ModelSerializer):
    """Seats and budget that are left; null where there is no such limit. `terms` names what accepting accepts."""

    employer = serializers.CharField(source="employer.slug", read_only=True)
    provider = serializers.CharField(source="provider.slug", read_only=True)
    prices = PriceSerializer(many=True, read_only=True)
    state = serializers.CharField(read_only=True)
    terms = serializers.CharField(read_only=True)

    class Meta:
        model = Agreement
        fields = [
            "id",
            "reference",
            "employer",
            "provider",
            "by_provider",
            "starts_on",
            "ends_on",
            "seats_left",
            "budget_left",
            "release_days",
            "only_priced",
            "prices",
            "state",
            "terms",
            "proposed_at",
            "accepted_at",
            "ended_at",
        ]
        read_only_fields = fields


class ProposeSerializer(serializers.Serializer):
    """Proposed by the provider when `by_provider`, else by the employer."""

    employer = serializers.SlugField()
    provider = serializers.SlugField()
    by_provider = serializers.BooleanField(default=False)
    reference = serializers.CharField(max_length=80)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    seats = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True, default=None)
    budget = serializers.DecimalField(**MONEY, min_value=Decimal(0), required=False, allow_null=True, default=None)
    release_days = serializers.IntegerField(min_value=0, max_value=365, default=0)
    only_priced = serializers.BooleanField(default=False)
    prices = ProposedPriceSerializer(many=True, required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find both sides, and the modules, each in one query."""
        sides = Organization.objects.in_bulk([attrs["employer"], attrs["provider"]], field_name="slug")
        for name in ("employer", "provider"):
            if attrs[name] not in sides:
                raise serializers.ValidationError({name: _("There is no such organization.")}, "unknown")
            attrs[name] = sides[attrs[name]]
        wanted = {row["module"]: row["price"] for row in attrs["prices"]}
        modules = Module.objects.visible_to(self.context["request"].user).in_bulk(list(wanted))
        if len(modules) < len(wanted):
            raise serializers.ValidationError({"prices": _("There is no such module.")}, "unknown")
        attrs["prices"] = {modules[pk]: price for pk, price in wanted.items()}
        return attrs


class TermsSerializer(serializers.Serializer):
    """The `terms` of the agreement as it was read."""

    terms = serializers.CharField(max_length=32)


class WhySerializer(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


class AddSerializer(serializers.Serializer):
    """More seats (by the provider) or budget (by the employer)."""

    seats = serializers.IntegerField(min_value=0, max_value=1_000_000, default=0)
    budget = serializers.DecimalField(**MONEY, min_value=Decimal(0), default=Decimal(0))
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)


class CorrectSerializer(serializers.Serializer):
    """What is added to the balance, or taken from it when below zero, and why."""

    seats = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000, default=0)
    budget = serializers.DecimalField(**MONEY, default=Decimal(0))
    reason = serializers.CharField(max_length=300)


class LedgerEntrySerializer(serializers.ModelSerializer):
    """One line: what it adds to the balance of seats and of money."""

    class Meta:
        model = LedgerEntry
        fields = ["id", "agreement", "kind", "seats", "amount", "enrollment", "reason", "at"]
        read_only_fields = fields


class InvoiceSerializer(serializers.ModelSerializer):
    """An invoice under the provider's own number."""

    employer = serializers.CharField(source="employer.slug", read_only=True)
    provider = serializers.CharField(source="provider.slug", read_only=True)
    enrollments = serializers.SerializerMethodField()

    class Meta:
        model = Invoice
        fields = [
            "id",
            "number",
            "provider",
            "employer",
            "agreement",
            "dated_on",
            "due_on",
            "amount",
            "vat",
            "paid_on",
            "enrollments",
        ]
        read_only_fields = fields

    def get_enrollments(self, invoice: Invoice) -> list[str]:
        return [str(reservation.enrollment_id) for reservation in invoice.reservations.all()]


class VisibleAgreement(serializers.PrimaryKeyRelatedField):
    """An agreement that the user keeps."""

    def get_queryset(self) -> Any:
        return Agreement.objects.visible_to(self.context["request"].user)


class EnterInvoiceSerializer(serializers.Serializer):
    """The same again changes nothing. `enrollments`: those whose reservations it bills."""

    agreement = VisibleAgreement(queryset=Agreement.objects.none())
    number = serializers.CharField(max_length=40)
    dated_on = serializers.DateField()
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    amount = serializers.DecimalField(**MONEY, min_value=Decimal(0))
    vat = serializers.DecimalField(**MONEY, min_value=Decimal(0), default=Decimal(0))
    enrollments = serializers.ListField(child=serializers.UUIDField(), max_length=1000, default=list)


class PaidSerializer(serializers.Serializer):
    """On which day it was paid."""

    paid_on = serializers.DateField()


class AgreementViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Agreements of the organizations for which one keeps them, at either side."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        found = Agreement.objects.visible_to(self.request.user)
        return found.select_related("employer", "provider").prefetch_related("prices")

    @extend_schema(request=ProposeSerializer, responses={201: AgreementSerializer})
    def create(self, request: Request) -> Response:
        """Propose one. It pays when the other side has accepted."""
        agreement = verbs.propose_agreement(by=self._user(), **self._asked(ProposeSerializer))
        return Response(self._shown(agreement), status=status.HTTP_201_CREATED)

    @extend_schema(request=TermsSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Accept what the other side proposed, as it was read."""
        agreement = self.get_object()
        asked = self._asked(TermsSerializer)
        return Response(self._shown(verbs.accept_agreement(by=self._user(), agreement=agreement, **asked)))

    @extend_schema(request=WhySerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """End it early, take a proposal back or refuse it."""
        agreement = self.get_object()
        return Response(
            self._shown(verbs.end_agreement(by=self._user(), agreement=agreement, **self._asked(WhySerializer)))
        )

    @extend_schema(request=AddSerializer)
    @action(detail=True, methods=["post"])
    def add(self, request: Request, pk: str | None = None) -> Response:
        """More seats or more budget."""
        agreement = self.get_object()
        return Response(
            self._shown(verbs.add_to_agreement(by=self._user(), agreement=agreement, **self._asked(AddSerializer)))
        )

    @extend_schema(request=CorrectSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str | None = None) -> Response:
        """Correct the balance, for a reason that both sides read."""
        agreement, asked = self.get_object(), self._asked(CorrectSerializer)
        return Response(self._shown(verbs.correct_agreement(by=self._user(), agreement=agreement, **asked)))

    def _asked(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        form = shape(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        asked: dict[str, Any] = form.validated_data
        return asked

    def _shown(self, agreement: Agreement) -> dict[str, Any]:
        return dict(AgreementSerializer(self.get_queryset().get(pk=agreement.pk)).data)

    def _user(self) -> Any:
        return self.request.user


class LedgerFilter(filters.FilterSet):
    """Of one agreement, of one kind."""

    agreement = filters.UUIDFilter()
    kind = filters.ChoiceFilter(choices=EntryKind.choices)

    class Meta:
        model = LedgerEntry
        fields = ["agreement", "kind"]


class LedgerEntryViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The ledgers of one's agreements, newest line first. The balance is the sum of the lines."""

    queryset = LedgerEntry.objects.none()
    serializer_class = LedgerEntrySerializer
    filterset_class = LedgerFilter

    def get_queryset(self) -> Any:
        return LedgerEntry.objects.filter(agreement__in=Agreement.objects.visible_to(self.request.user))


class InvoiceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Invoices between the organizations for which one keeps agreements and the other side."""

    queryset = Invoice.objects.none()
    serializer_class = InvoiceSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        found = Invoice.objects.visible_to(self.request.user)
        return found.select_related("employer", "provider").prefetch_related("reservations")

    @extend_schema(request=EnterInvoiceSerializer, responses={201: InvoiceSerializer})
    def create(self, request: Request) -> Response:
        """Enter one from the provider's own bookkeeping. The same again changes nothing."""
        form = EnterInvoiceSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        invoice = enter_invoice(by=self._user(), **form.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=invoice.pk)).data, status.HTTP_201_CREATED)

    @extend_schema(request=PaidSerializer)
    @action(detail=True, methods=["post"])
    def paid(self, request: Request, pk: str | None = None) -> Response:
        """Say on which day it was paid."""
        invoice = self.get_object()
        form = PaidSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        mark_paid(by=self._user(), invoice=invoice, **form.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=invoice.pk)).data)

    def _user(self) -> Any:
        return self.request.user

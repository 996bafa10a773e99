"""What an employer bought from a provider, and what it was used for."""

import hashlib
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Module, Offering
from enrollments.querysets import AgreementQuerySet, InvoiceQuerySet
from lms.core.clock import now, today
from lms.core.models import Entity
from lms.organizations.models import Organization

from .enrollments import Enrollment

ELECTIVE = RegexValidator(r"^K\d{4}$", _("Such as K0025."))


class Agreement(Entity):
    """An employer and a provider agreed on seats, a budget or both, for a period.

    `seats_left` and `budget_left` are the balance: the sum of the ledger's entries, kept under the row's lock in the
    same transaction. NULL where the agreement sets no such limit. They can never go below zero.
    """

    employer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements_as_employer")
    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements_as_provider")
    reference = models.CharField(_("reference"), max_length=80)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), help_text=_("the last day"))
    seats_left = models.PositiveIntegerField(null=True, blank=True, editable=False)
    budget_left = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True, editable=False)
    only_priced = models.BooleanField(
        _("only for modules with an agreed price"),
        default=False,
        db_default=False,
        help_text=_("else for all modules of the provider, at the price of the offering where none is agreed"),
    )
    by_provider = models.BooleanField(
        _("proposed by the provider"), default=False, db_default=False, help_text=_("else by the employer")
    )
    release_days = models.PositiveSmallIntegerField(
        _("days before the start"),
        default=0,
        help_text=_("who withdraws at least so many days before the start gives the seat back; later it is used"),
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=now, editable=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "provider", "reference"], name="agreement_reference_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"),
            models.CheckConstraint(
                condition=Q(seats_left=None) | Q(seats_left__gte=0), name="agreement_seats_never_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(budget_left=None) | Q(budget_left__gte=0), name="agreement_budget_never_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(seats_left__isnull=False) | Q(budget_left__isnull=False), name="agreement_has_a_limit"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state(self) -> str:
        """proposed, taken_back, to_come, in_force, over or ended: derived from facts and today's date."""
        if not self.accepted_at:
            return "taken_back" if self.ended_at else "proposed"
        if self.ended_at:
            return "ended"
        if today() < self.starts_on:
            return "to_come"
        return "in_force" if self.is_in_force else "over"

    @property
    def parties(self) -> dict[str, UUID]:
        """The ids that every fact about an agreement carries."""
        return {"employer": self.employer_id, "provider": self.provider_id}

    @property
    def proposing_side(self) -> Organization:
        """Whoever proposed it."""
        return self.provider if self.by_provider else self.employer

    @property
    def accepting_side(self) -> Organization:
        """Whoever has to accept it."""
        return self.employer if self.by_provider else self.provider

    @property
    def terms(self) -> str:
        """A fingerprint of everything that is accepted: it changes when a term does."""
        prices = sorted((str(row.module_id), f"{row.price:.2f}") for row in self.prices.all())
        limits = (self.seats_left, self.budget_left and f"{self.budget_left:.2f}", self.release_days, self.only_priced)
        said = repr((self.reference, self.starts_on, self.ends_on, limits, prices))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def is_in_force(self) -> bool:
        """Accepted, not ended, and covering today: it pays."""
        return bool(self.accepted_at and not self.ended_at and self.starts_on <= today() <= self.ends_on)

    def paid_at(self, moment: datetime) -> bool:
        """Whether it was in force then."""
        covered = self.starts_on <= timezone.localdate(moment) <= self.ends_on
        return bool(self.accepted_at) and covered and (self.ended_at is None or self.ended_at > moment)


class AgreementPrice(Entity):
    """What a module costs under an agreement; a module without a row costs what its offering says, where it is paid."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="prices")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    price = models.DecimalField(
        _("price ex VAT (EUR)"), max_digits=9, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        verbose_name = _("price under an agreement")
        verbose_name_plural = _("prices under agreements")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "module"], name="agreement_price_once"),
            models.CheckConstraint(condition=Q(price__gte=0), name="agreement_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} {self.price}"


class ReservationState(models.TextChoices):
    """What became of a seat."""

    RESERVED = "reserved", _("seat reserved")
    USED = "used", _("used")
    RELEASED = "released", _("released")


class SeatReservation(Entity):
    """The seat and the money of one enrollment under an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reservations")
    enrollment = models.OneToOneField(Enrollment, on_delete=models.PROTECT, related_name="reservation")
    amount = models.DecimalField(_("amount ex VAT (EUR)"), max_digits=9, decimal_places=2)
    vat = models.DecimalField(_("VAT (EUR)"), max_digits=9, decimal_places=2, default=Decimal(0))
    state = models.CharField(max_length=8, choices=ReservationState, default=ReservationState.RESERVED)
    invoice = models.ForeignKey(
        "Invoice", on_delete=models.SET_NULL, null=True, blank=True, related_name="reservations"
    )

    class Meta:
        verbose_name = _("seat reservation")
        verbose_name_plural = _("seat reservations")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReservationState.values), name="reservation_state_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="reservation_amount_positive"),
        ]
        indexes = [models.Index(fields=["agreement", "state"], name="reservation_agreement")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.state}"


class EntryKind(models.TextChoices):
    """What an entry in the ledger says."""

    GRANT = "grant", _("agreed")
    RESERVATION = "reservation", _("seat reserved")
    USE = "use", _("used")
    RELEASE = "release", _("released")
    CORRECTION = "correction", _("correction")


class LedgerEntry(Entity):
    """One line of an agreement's ledger, never changed. `seats` and `amount` are what it adds to the balance.

    A grant adds, a reservation takes, a release gives back; a use moves nothing (what was reserved stays taken); a
    correction does either, for a reason.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=11, choices=EntryKind)
    seats = models.IntegerField(default=0)
    amount = models.DecimalField(max_digits=11, decimal_places=2, default=Decimal(0))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=("grant", "correction")) | Q(enrollment__isnull=False),
                name="entry_names_its_enrollment",
            ),
            models.CheckConstraint(condition=~Q(kind="correction") | ~Q(reason=""), name="correction_has_reason"),
            models.UniqueConstraint(
                fields=["enrollment", "kind"],
                condition=Q(kind__in=("reservation", "use", "release")),
                name="entry_once_per_enrollment",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "-id"], name="entry_agreement")]

    def __str__(self) -> str:
        return f"{self.kind} {self.seats} {self.amount}"


class Invoice(Entity):
    """An invoice that a provider sent an employer. Its number comes from the provider's own bookkeeping."""

    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invoices_sent")
    employer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invoices_received")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    number = models.CharField(_("invoice number"), max_length=40)
    dated_on = models.DateField(_("date"))
    due_on = models.DateField(_("to be paid by"), null=True, blank=True)
    amount = models.DecimalField(_("amount ex VAT (EUR)"), max_digits=11, decimal_places=2)
    vat = models.DecimalField(_("VAT (EUR)"), max_digits=11, decimal_places=2, default=Decimal(0))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-dated_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["provider", "number"], name="invoice_number_once")]

    def __str__(self) -> str:
        return self.number


class Route(models.TextChoices):
    """The leerweg of mbo, by its legal name."""

    BOL = "bol", _("bol")
    BBL = "bbl", _("bbl")
    THIRD = "third", _("derde leerweg")


class FundingRecord(Entity):
    """What the subsidy office asks of one participant in one offering, beside what the platform knows already.

    The same participant and offering may not be claimed twice, by whichever employer: `learner` and `offering` are the
    enrollment's own. Kept for five years, and so is the enrollment. No subsidy amounts: they change every year.
    """

    enrollment = models.OneToOneField(Enrollment, on_delete=models.PROTECT, related_name="funding_record")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    scheme = models.CharField(_("subsidy scheme"), max_length=80)
    dossier_number = models.CharField(_("dossier number"), max_length=80)
    wage_hours = models.DecimalField(
        _("wage hours"), max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    practice_weeks = models.PositiveSmallIntegerField(_("practice weeks"), null=True, blank=True)
    practice_hours = models.PositiveIntegerField(_("practice hours"), null=True, blank=True)
    contract_reference = models.CharField(_("reference of the praktijkovereenkomst"), max_length=80, blank=True)
    contract_dated_on = models.DateField(_("date of the praktijkovereenkomst"), null=True, blank=True)
    route = models.CharField(_("leerweg"), max_length=5, choices=Route, blank=True, default="", db_default="")
    elective_code = models.CharField(
        _("code of the keuzedeel"), max_length=5, blank=True, default="", db_default="", validators=[ELECTIVE]
    )
    invoice_number = models.CharField(
        _("invoice number"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("where no agreement in here has the invoice"),
    )
    invoice_dated_on = models.DateField(_("date of the invoice"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("funding record")
        verbose_name_plural = _("funding records")
        constraints = [
            models.CheckConstraint(
                condition=~Q(scheme="") & ~Q(dossier_number=""), name="funding_record_names_dossier"
            ),
            models.UniqueConstraint(fields=["learner", "offering"], name="claimed_once"),
            models.CheckConstraint(
                condition=Q(learner__isnull=False, offering__isnull=False), name="funding_record_names_participant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.dossier_number}"

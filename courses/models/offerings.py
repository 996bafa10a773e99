"""A dated run of one version, with places and a price."""

from decimal import ROUND_HALF_UP, Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import OfferingQuerySet, ReservedPlacesQuerySet
from lms.core.clock import today
from lms.core.models import Entity
from lms.organizations.models import Location, Organization

from .modules import ModuleVersion


class Delivery(models.TextChoices):
    """Where learning happens."""

    ONLINE = "online", _("online")
    CLASSROOM = "digital_classroom", _("digital classroom")
    HUB = "hub", _("at the hub")
    WORKPLACE = "workplace", _("at the workplace")
    BLENDED = "blended", _("blended")


class Visibility(models.TextChoices):
    """Who may find and join it."""

    PUBLIC = "public", _("public")
    EMPLOYERS = "employers", _("chosen employers")


class Offering(Entity):
    """A run of one version: dates (or open-ended), window, places, price. Its state is derived, never set.

    `taken` is kept by the enrollment services under a row lock, and guarded by a CHECK: places cannot be overbooked.
    """

    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="offerings")
    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="offerings")
    code = models.SlugField(_("code"), max_length=60, unique=True)
    starts_on = models.DateField(_("starts on"), default=today)
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("empty: open-ended"))
    enroll_from = models.DateField(_("enrollment opens on"), null=True, blank=True)
    enroll_until = models.DateField(_("enrollment closes on"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("empty: no limit"))
    minimum = models.PositiveIntegerField(
        _("minimum number of participants"), null=True, blank=True, help_text=_("empty: it runs for one")
    )
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    held_back = models.PositiveIntegerField(
        _("places held back"), default=0, db_default=0, editable=False, help_text=_("reserved and not taken yet")
    )
    price = models.DecimalField(
        _("price ex VAT (EUR)"),
        max_digits=9,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    vat_percentage = models.DecimalField(_("VAT (%)"), max_digits=4, decimal_places=1, default=Decimal(0))
    delivery = models.CharField(_("delivery"), max_length=20, choices=Delivery, default=Delivery.ONLINE)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offerings",
        verbose_name=_("location"),
    )
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    employers = models.ManyToManyField(Organization, blank=True, related_name="reserved_offerings")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(capacity__gte=models.F("taken") + models.F("held_back")),
                name="offering_not_overbooked",
            ),
            models.CheckConstraint(
                condition=models.Q(minimum=None)
                | models.Q(capacity=None)
                | models.Q(capacity__gte=models.F("minimum")),
                name="offering_minimum_fits",
            ),
            models.CheckConstraint(condition=models.Q(taken__gte=0), name="offering_taken_positive"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="offering_price_positive"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="offering_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["provider", "starts_on"], name="offering_provider")]

    def __str__(self) -> str:
        return self.code

    @property
    def state(self) -> str:
        """archived, cancelled, finished, not_yet_open, closed, full or open: derived from facts and today's date."""
        day = today()
        if self.archived_at:
            return "archived"
        if self.cancelled_at:
            return "cancelled"
        if self.ends_on and self.ends_on < day:
            return "finished"
        if self.enroll_from and day < self.enroll_from:
            return "not_yet_open"
        if self.enroll_until and day > self.enroll_until:
            return "closed"
        return "full" if self.places_left == 0 else "open"

    @property
    def is_over(self) -> bool:
        """Nobody learns in it any more: cancelled, or past its last day."""
        return bool(self.cancelled_at or (self.ends_on and self.ends_on < today()))

    @property
    def is_running(self) -> bool:
        """It began already: who enrolls starts at once."""
        return self.starts_on <= today()

    @property
    def vat(self) -> Decimal:
        """VAT on top of the price."""
        return (self.price * self.vat_percentage / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def price_with_vat(self) -> Decimal:
        """What is paid."""
        return self.price + self.vat

    @property
    def minimum_reached(self) -> bool:
        """Enough people take part for it to run."""
        return self.minimum is None or self.taken >= self.minimum

    @property
    def places_left(self) -> int | None:
        """For everybody, beside what is held back for some; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken - self.held_back


class ReservedPlaces(Entity):
    """Places in an offering that one employer has for itself, until a day; what it takes counts against them first.

    `taken` counts what the employer took since, also beyond its own. It and the offering's `held_back` (the sum of
    `held_back` here) are kept by `courses.services.places` under the offering's lock.
    """

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="reserved_places")
    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="reserved_places")
    places = models.PositiveIntegerField(_("places"), validators=[MinValueValidator(1)])
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    price = models.DecimalField(
        _("price ex VAT (EUR)"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("empty: the price of the offering"),
    )
    until = models.DateField(_("held until"), null=True, blank=True, help_text=_("empty: until it starts"))
    given_up_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReservedPlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("reserved places")
        verbose_name_plural = _("reserved places")
        constraints = [
            models.UniqueConstraint(fields=["offering", "employer"], name="reserved_places_once"),
            models.CheckConstraint(
                condition=models.Q(price=None) | models.Q(price__gte=0), name="reserved_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} {self.employer_id} {self.places}"

    @property
    def held_back(self) -> int:
        """Places that nobody else can take now."""
        return 0 if self.given_up_at else max(0, self.places - self.taken)

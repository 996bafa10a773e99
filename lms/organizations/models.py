"""Organizations of the region, who has authority in them, who works for them, and their places."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.core.clock import now, today
from lms.core.models import Entity
from lms.permissions.roles import ANCHOR_PERMISSIONS, Role

from .places import find_place
from .querysets import (
    DepartmentQuerySet,
    EmploymentQuerySet,
    LocationQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
    RoomQuerySet,
)


class Organization(Entity):
    """A provider, an employer, a public body, or several at once. The anchor of all permissions."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_provider = models.BooleanField(_("provider of education"), default=False)
    is_employer = models.BooleanField(_("employer"), default=False)
    is_public_body = models.BooleanField(_("public body"), default=False)
    is_recognised_school = models.BooleanField(
        _("recognised school"),
        default=False,
        help_text=_("may issue a praktijkverklaring, mbo-verklaring or mbo-certificaat"),
    )
    kvk = models.CharField(
        _("KvK number"), max_length=8, blank=True, validators=[RegexValidator(r"^\d{8}$", _("Eight digits."))]
    )
    brin = models.CharField(
        "BRIN", max_length=4, blank=True, validators=[RegexValidator(r"^[0-9A-Z]{4}$", _("Four characters."))]
    )
    rio_code = models.CharField(
        _("RIO offerer code"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^\d{3}A\d{3}$", _("Such as 100A123."))],
    )
    website = models.URLField(_("website"), blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        default_permissions = ("add", "change", "delete", "view")
        permissions = list(ANCHOR_PERMISSIONS.items())
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_provider=True) | models.Q(is_employer=True) | models.Q(is_public_body=True),
                name="organization_has_a_kind",
            ),
            models.UniqueConstraint(fields=["kvk"], condition=~models.Q(kvk=""), name="organization_kvk_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kinds(self) -> list[str]:
        """The set of what it is: provider, employer, public_body."""
        return [kind for kind in ("provider", "employer", "public_body") if getattr(self, f"is_{kind}")]


class Membership(Entity):
    """A person's authority in an organization: the truth from which grants are derived."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateTimeField(default=now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.organization_id}"


class Department(Entity):
    """A part of an employer; departments form a tree. Its name is unique at the employer, as spreadsheets name it."""

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="departments")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    name = models.CharField(_("name"), max_length=120)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(models.F("employer"), Lower("name"), name="department_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="department_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Employment(Entity):
    """A person works for an employer, from and until. Ending it ends the employer's view of anything newer."""

    employer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="employments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="employments")
    personnel_number = models.CharField(_("personnel number"), max_length=40, blank=True)
    department = models.ForeignKey(
        Department,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="employments",
        verbose_name=_("department"),
    )
    job_title = models.CharField(_("function"), max_length=120, blank=True)
    listed_as = models.CharField(
        _("name as the employer wrote it"),
        max_length=232,
        blank=True,
        default="",
        db_default="",
        help_text=_("all that the employer sees of a name until the person has signed in"),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_employments",
        verbose_name=_("manager"),
        help_text=_("decides on this person's requests"),
    )
    starts_on = models.DateField(_("from"), default=today)
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("the last day"))

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "personnel_number"],
                condition=~models.Q(personnel_number=""),
                name="personnel_number_once",
            ),
            models.UniqueConstraint(
                fields=["employer", "user"], condition=models.Q(ends_on=None), name="one_current_employment"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="employment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["employer", "user"], name="employment_person")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.employer_id}"

    @property
    def name(self) -> str:
        """What the employer calls this person: as it wrote the name, until they have signed in here themselves.

        Otherwise an address typed at random would tell who is behind it. Reads the user.
        """
        return self.listed_as or str(self.user)

    @property
    def is_awaited(self) -> bool:
        """Has not signed in since the employer added them, whether or not they had an account. Reads the user."""
        return bool(self.listed_as) or self.user.is_pending

    @property
    def is_over(self) -> bool:
        """The last day lies behind us."""
        return self.ends_on is not None and self.ends_on < today()


class Location(Entity):
    """A place where people meet: an address of an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    postal_code = models.CharField(
        _("postal code"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^[1-9]\d{3} [A-Z]{2}$", _("Such as 7772 BA."))],
    )
    city = models.CharField(_("town"), max_length=80)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="location_name_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever gives no coordinates gets those of the postal code or the town, where it is in the region."""
        if self.latitude is None or self.longitude is None:
            self.locate()
        super().save(*args, **kwargs)

    def locate(self) -> None:
        """Take the coordinates of the postal code or the town; none where they are not known."""
        place = find_place(self.postal_code) or find_place(self.city)
        self.latitude = Decimal(str(place.latitude)) if place else None
        self.longitude = Decimal(str(place.longitude)) if place else None


class Room(Entity):
    """A room at a location, and how many people it holds. It is in one session at a time."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveIntegerField(_("people it holds"))

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["location", "name"]
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="room_name_once"),
            models.CheckConstraint(condition=models.Q(capacity__gte=1), name="room_holds_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.location.name}"

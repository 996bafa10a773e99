"""One meeting of an offering: when, in which room or behind which link, with which teacher."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.querysets import SessionQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.core.texts import TextField, localized
from lms.organizations.models import Location, Room

from .offerings import Offering

LINK_OPENS = timedelta(minutes=30)  # before the start


class SessionState(models.TextChoices):
    """Where a session is: derived, never set."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("on now")
    OVER = "over", _("over")
    CANCELLED = "cancelled", _("cancelled")


class Session(Entity):
    """One meeting. A room and a teacher are in one session at a time, cancelled ones not counted.

    `moves` counts how often its time, place, link or teacher changed: people are told of each exactly once, and
    calendars know which version is newer (SEQUENCE of RFC 5545).
    """

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="sessions")
    title = TextField(_("title"), blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("location")
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room")
    )
    link = models.URLField(_("link to the digital classroom"), max_length=500, blank=True)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taught_sessions",
        verbose_name=_("teacher"),
    )
    moves = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=now, db_default=Now(), editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_lasts"),
        ]
        indexes = [
            models.Index(fields=["room", "starts_at"], name="session_room"),
            models.Index(fields=["teacher", "starts_at"], name="session_teacher"),
            models.Index(fields=["offering", "starts_at"], name="session_offering"),
        ]

    def __str__(self) -> str:
        return localized(self.title) or f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def where(self) -> str:
        """Room, place and address, as one line; empty where people meet behind a link only."""
        if self.location is None:
            return ""
        place = self.location
        town = " ".join(filter(None, (place.postal_code, place.city)))
        return ", ".join(filter(None, (self.room.name if self.room else "", place.name, place.street, town)))

    @property
    def state(self) -> SessionState:
        """Derived from facts and the time it is."""
        if self.cancelled_at:
            return SessionState.CANCELLED
        if now() < self.starts_at:
            return SessionState.PLANNED
        return SessionState.RUNNING if now() < self.ends_at else SessionState.OVER

    @property
    def has_begun(self) -> bool:
        """It began: its time and place are facts now, and attendance can be marked."""
        return self.starts_at <= now()

    @property
    def link_is_open(self) -> bool:
        """The link may be shown now, to who takes part: from half an hour before the start until the end."""
        return bool(self.link) and not self.cancelled_at and self.starts_at - LINK_OPENS <= now() < self.ends_at

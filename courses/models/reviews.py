"""Four eyes: a colleague reviews a draft before it is published."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import ReviewQuerySet
from lms.core.clock import now
from lms.core.models import Entity

from .modules import ModuleVersion


class Decision(models.TextChoices):
    """How a review ended."""

    APPROVED = "approved", _("approved")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    TAKEN_BACK = "taken_back", _("taken back by the author")


class Review(Entity):
    """One round: submitted with a note, decided by somebody else with notes. At most one is open per version."""

    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="reviews")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=now, editable=False)
    request = models.TextField(_("note to the reviewer"), blank=True, max_length=4000)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(_("review notes"), blank=True, max_length=10_000)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=models.Q(decided_at=None), name="one_open_review"),
            models.CheckConstraint(
                condition=~models.Q(decision__in=["approved", "changes_requested"])
                | ~models.Q(decided_by=models.F("submitted_by")),
                name="review_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.decision or 'open'}"

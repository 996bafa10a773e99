"""Figures of the region as they were published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollments.querysets import RegionalQuarterQuerySet
from lms.core.clock import now
from lms.core.models import Entity


class RegionalQuarter(Entity):
    """What is published of one quarter that is over: already protected, and never changed (the database refuses it).

    `figures` holds no figure that may not be told: see `enrollments.region.suppression` and decision 0026.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    figures = models.JSONField(_("figures"))
    published_at = models.DateTimeField(default=now, editable=False)

    objects = RegionalQuarterQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarter of the region")
        verbose_name_plural = _("quarters of the region")
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="regional_quarter_once"),
            models.CheckConstraint(condition=models.Q(quarter__range=(1, 4)), name="regional_quarter_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-K{self.quarter}"

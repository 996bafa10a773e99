"""Named questions about figures of the region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from enrollments.models import RegionalQuarter  # noqa: F401


class RegionalQuarterQuerySet(models.QuerySet["RegionalQuarter"]):
    """Quarters that are published."""

    def visible_to(self, user: Any) -> RegionalQuarterQuerySet:
        """All of them for who sees the figures of the region for a public body, and for the platform's staff."""
        from enrollments.policies import can_view_regional_figures

        return self if can_view_regional_figures(user) else self.none()

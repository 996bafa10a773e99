"""Named questions about certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from enrollments.models import Enrollment
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from .models import Certificate  # noqa: F401


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Issued documents."""

    def visible_to(self, user: Any) -> CertificateQuerySet:
        """One's own, those one's provider issued, and those of enrollments one's employer arranged."""
        if user.is_superuser:
            return self
        return self.filter(
            Q(holder=user.pk)
            | Q(provider__in=anchors_allowing(user, "view_certificates"))
            | Q(completion__enrollment__in=Enrollment.objects.arranged_for(user))
        )

    def with_state(self) -> CertificateQuerySet:
        """With what `state` needs, in the same query."""
        return self.select_related("revocation", "replaced_by")

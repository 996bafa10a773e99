"""Named questions about certificates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from enrollments.models import Enrollment
from lms.core.clock import today
from lms.organizations.models import Employment
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from .models import Certificate  # noqa: F401


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Issued documents."""

    def visible_to(self, user: Any) -> CertificateQuerySet:
        """One's own, those one's provider issued, and those of enrollments one's employer arranged.

        Of somebody who left, an employer sees what was issued up to the last day (AVG).
        """
        if user.is_superuser:
            return self
        employed = Employment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today()) | Q(ends_on__gte=OuterRef("issued_at__date")),
            employer=OuterRef("completion__enrollment__employer"),
            user=OuterRef("holder"),
        )
        return self.filter(
            Q(holder=user.pk)
            | Q(provider__in=anchors_allowing(user, "view_certificates"))
            | Q(Exists(employed), completion__enrollment__in=Enrollment.objects.arranged_for(user))
        )

    def of_holder(self, user: Any) -> CertificateQuerySet:
        """One's own."""
        return self.filter(holder=user.pk)

    def issued_for(self, user: Any) -> CertificateQuerySet:
        """Those of the providers for which the user may see certificates."""
        return self if user.is_superuser else self.filter(provider__in=anchors_allowing(user, "view_certificates"))

    def standing(self) -> CertificateQuerySet:
        """Neither revoked nor replaced; expired ones included."""
        return self.filter(revocation=None, replaced_by=None)

    def expiring_by(self, day: date) -> CertificateQuerySet:
        """Still valid today, and not after `day`."""
        return self.standing().filter(valid_until__gte=today(), valid_until__lte=day)

    def with_state(self) -> CertificateQuerySet:
        """With what `state` needs, in the same query."""
        return self.select_related("revocation", "replaced_by")

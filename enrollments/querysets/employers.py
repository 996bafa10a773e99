"""Named questions about what an employer arranges: staff lists, agreements, approvals, duties, needs, reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from courses.models import ModuleVersion, Offering
from lms.core.clock import today
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from enrollments.models import (  # noqa: F401
        Agreement,
        ImportRow,
        Invoice,
        NeedBundle,
        ScheduledReport,
        StaffImport,
        TrainingNeed,
    )


class StaffImportQuerySet(models.QuerySet["StaffImport"]):
    """Spreadsheets of HR."""

    def visible_to(self, user: Any) -> StaffImportQuerySet:
        """Those of employers for which the user enrolls."""
        return self if user.is_superuser else self.filter(employer__in=anchors_allowing(user, "enroll_staff"))


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Rows of spreadsheets."""

    def refused(self) -> ImportRowQuerySet:
        """Those that did not go in."""
        return self.filter(outcome="rejected")

    def going_in(self) -> ImportRowQuerySet:
        """The others."""
        return self.exclude(outcome="rejected")

    def in_parcel(self, after: int, until: int) -> ImportRowQuerySet:
        """Those of one stretch of the sheet."""
        return self.filter(number__gt=after, number__lte=until)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements between employers and providers."""

    def visible_to(self, user: Any) -> AgreementQuerySet:
        """Those of either side for which the user keeps agreements."""
        if user.is_superuser:
            return self
        anchors = anchors_allowing(user, "manage_agreements")
        return self.filter(Q(employer__in=anchors) | Q(provider__in=anchors))

    def in_force(self) -> AgreementQuerySet:
        """Accepted, not ended, and covering today: those that pay."""
        day = today()
        return self.filter(accepted_at__isnull=False, ended_at=None, starts_on__lte=day, ends_on__gte=day)

    def of_employers(self, employers: list[UUID], offering: Offering) -> AgreementQuerySet:
        """Accepted ones that have begun and pay for the offering's module, or did until they ended."""
        module = ModuleVersion.objects.filter(pk=offering.version_id).values("module")
        priced = self.model._default_manager.filter(prices__module__in=module).values("pk")
        return self.filter(
            Q(only_priced=False) | Q(pk__in=priced),
            employer__in=employers,
            provider=offering.provider_id,
            accepted_at__isnull=False,
            starts_on__lte=today(),
        )

    def with_price_for(self, offering: Offering) -> AgreementQuerySet:
        """With `agreed_price`: of the offering's module; NULL where none is agreed."""
        from enrollments.models import AgreementPrice

        module = ModuleVersion.objects.filter(pk=offering.version_id).values("module")
        price = AgreementPrice.objects.filter(agreement=OuterRef("pk"), module__in=module).values("price")
        return self.annotate(agreed_price=Subquery(price))


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Invoices of providers to employers."""

    def visible_to(self, user: Any) -> InvoiceQuerySet:
        """Those of either side for which the user keeps agreements."""
        if user.is_superuser:
            return self
        anchors = anchors_allowing(user, "manage_agreements")
        return self.filter(Q(employer__in=anchors) | Q(provider__in=anchors))


class TrainingNeedQuerySet(models.QuerySet["TrainingNeed"]):
    """What employers need."""

    def visible_to(self, user: Any) -> TrainingNeedQuerySet:
        """Those of one's employer; a hub coordinator sees all. Providers see bundles, not needs."""
        if user.is_superuser or anchors_allowing(user, "bundle_needs"):
            return self
        return self.filter(employer__in=anchors_allowing(user, "post_needs"))


class NeedBundleQuerySet(models.QuerySet["NeedBundle"]):
    """Needs of several employers together."""

    def visible_to(self, user: Any) -> NeedBundleQuerySet:
        """A coordinator sees all; a provider those for which providers were asked; an employer those with its need."""
        if user.is_superuser or anchors_allowing(user, "bundle_needs"):
            return self
        own = Q(pk__in=self.model._default_manager.filter(needs__employer__in=anchors_allowing(user, "post_needs")))
        return self.filter(own | ~Q(state="gathering")) if anchors_allowing(user, "answer_needs") else self.filter(own)


class ScheduledReportQuerySet(models.QuerySet["ScheduledReport"]):
    """Reports that come by mail."""

    def visible_to(self, user: Any) -> ScheduledReportQuerySet:
        """One's own."""
        return self.filter(recipient=user.pk)

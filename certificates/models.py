"""Proof: frozen certificates, the one stored document of each, and revocations."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import DocumentType
from enrollments.models import Completion
from lms.core.clock import now, today
from lms.core.ids import unguessable_code
from lms.core.models import Entity
from lms.organizations.models import Organization

from .querysets import CertificateQuerySet


class CertificateState(models.TextChoices):
    """What verifying it answers."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class Certificate(Entity):
    """One document for one completion and award. Everything on it is a frozen snapshot of the completing moment.

    A correction is a new certificate that `replaces` the old one, which keeps answering that it was replaced.
    """

    completion = models.ForeignKey(Completion, on_delete=models.PROTECT, related_name="certificates")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="issued_certificates")
    award = models.CharField(_("document"), max_length=20, choices=DocumentType)
    serial = models.CharField(_("number"), max_length=24, unique=True)
    code = models.CharField(_("verification code"), max_length=26, unique=True, default=unguessable_code)
    language = models.CharField(max_length=2, default="nl")
    issued_at = models.DateTimeField(default=now, editable=False)
    valid_until = models.DateField(null=True, blank=True, help_text=_("the last day; empty: for good"))
    snapshot = models.JSONField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["completion", "award"], condition=models.Q(replaces=None), name="certificate_once"
            )
        ]
        indexes = [
            models.Index(fields=["holder", "-id"], name="certificate_holder"),
            models.Index(fields=["provider", "-id"], name="certificate_provider"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def state(self) -> CertificateState:
        """Revocation weighs most."""
        if hasattr(self, "revocation"):
            return CertificateState.REVOKED
        if hasattr(self, "replaced_by"):
            return CertificateState.REPLACED
        return CertificateState.EXPIRED if self.has_expired_on(today()) else CertificateState.VALID

    def has_expired_on(self, day: date) -> bool:
        """Its last day lies before `day`."""
        return self.valid_until is not None and self.valid_until < day


class CertificateDocument(Entity):
    """The stored PDF of a certificate: rendered once, the same bytes ever after, named by its SHA-256."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="document")
    template = models.CharField(max_length=20)
    file = models.FileField(upload_to="certificates/", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    rendered_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("certificate document")
        verbose_name_plural = _("certificate documents")

    def __str__(self) -> str:
        return self.sha256


class Revocation(Entity):
    """The provider took the certificate back, with a reason. The certificate row stays."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=500)
    revoked_at = models.DateTimeField(default=now, editable=False)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.revoked_at:%Y-%m-%d}"

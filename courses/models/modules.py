"""A module is what a provider offers, for good; a version is its content, rule and facts at one time."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import ModuleMemberQuerySet, ModuleQuerySet, ModuleVersionQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.core.texts import TextField, localized
from lms.organizations.models import Organization
from lms.permissions.roles import MODULE_PERMISSIONS, ModuleRole

from .skills import Sector, Skill


class Track(models.TextChoices):
    """The kind of education."""

    MBO = "mbo", _("mbo")
    HBO = "hbo", _("hbo")
    WO = "wo", _("wo")


class Purpose(models.TextChoices):
    """Why people take it."""

    UPSKILLING = "upskilling", _("upskilling")
    RETRAINING = "retraining", _("retraining")


class NlqfBasis(models.TextChoices):
    """By what right a level is stated. The Wet NLQF fines misuse: without a basis it is 'indicative'."""

    FORMAL = "formal", _("formal: crebo or croho code")
    REGISTER = "register", _("NLQF register")
    INDICATIVE = "indicative", _("indicative level")


class LoadUnit(models.TextChoices):
    """Study load is a value and a unit. 1 EC = 28 hours; SBU is never turned into EC."""

    HOUR = "hour", _("hours")
    SBU = "sbu", _("SBU")
    ECTS = "ects", _("EC")


class DocumentType(models.TextChoices):
    """What a completion gives. Never 'diploma'; the last three only from a recognised school."""

    PARTICIPATION = "participation", _("proof of participation")
    CERTIFICATE = "certificate", _("certificate")
    MICROCREDENTIAL = "microcredential", _("microcredential")
    PRAKTIJKVERKLARING = "praktijkverklaring", _("praktijkverklaring")
    MBO_VERKLARING = "mbo_verklaring", _("mbo-verklaring")
    MBO_CERTIFICAAT = "mbo_certificaat", _("mbo-certificaat")


class VersionState(models.TextChoices):
    """Where a version is in its life."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class Module(Entity):
    """What a provider offers, for good, under the provider's own code."""

    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="modules")
    code = models.SlugField(_("code"), max_length=40)
    created_at = models.DateTimeField(default=now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        permissions = list(MODULE_PERMISSIONS.items())
        constraints = [models.UniqueConstraint(fields=["provider", "code"], name="module_code_once")]

    def __str__(self) -> str:
        return self.code


class ModuleMember(Entity):
    """A named co-author or teacher of one module: the truth from which the grants on the module are derived."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="module_memberships")
    role = models.CharField(_("role"), max_length=20, choices=ModuleRole)
    since = models.DateTimeField(default=now, editable=False)

    objects = ModuleMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a module")
        verbose_name_plural = _("members of a module")
        constraints = [models.UniqueConstraint(fields=["module", "user", "role"], name="module_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.module_id}"


def every_unit() -> dict[str, str]:
    """The completion rule of a version that says nothing else: all required units."""
    return {"units": "all"}


class ModuleVersion(Entity):
    """The content, rule and facts of a module at one time. A draft until published; then the database freezes it."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", help_text=_("who changed this draft")
    )
    revision = models.PositiveIntegerField(
        default=0, help_text=_("raised by each save of a draft; tells two authors apart")
    )

    title = TextField(_("title"))
    summary = TextField(_("summary"), blank=True, help_text=_("one or two sentences for the catalogue"))
    description = TextField(_("description"), blank=True)
    track = models.CharField(_("track"), max_length=3, choices=Track)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose, default=Purpose.UPSKILLING)
    level = models.PositiveSmallIntegerField(
        _("level (NLQF/EQF)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    nlqf_basis = models.CharField(
        _("basis of the level"), max_length=10, choices=NlqfBasis, default=NlqfBasis.INDICATIVE
    )
    nlqf_number = models.CharField(_("NLQF register number"), max_length=20, blank=True)
    load = models.DecimalField(
        _("study load"),
        max_digits=6,
        decimal_places=1,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    load_unit = models.CharField(_("unit of study load"), max_length=4, choices=LoadUnit, default=LoadUnit.HOUR)
    languages = models.JSONField(_("languages of instruction"), default=list, blank=True, help_text=_("nl, en"))
    outcomes = models.JSONField(_("learning outcomes"), default=list, blank=True, help_text=_("texts per language"))
    rule = models.JSONField(_("completion rule"), default=every_unit)
    sectors = models.ManyToManyField(Sector, verbose_name=_("sectors"), blank=True, related_name="versions")
    skills = models.ManyToManyField(Skill, verbose_name=_("skills"), blank=True, related_name="versions")
    document_type = models.CharField(
        _("document"), max_length=20, choices=DocumentType, default=DocumentType.PARTICIPATION
    )
    validity_months = models.PositiveSmallIntegerField(
        _("document is valid for (months)"), null=True, blank=True, help_text=_("empty: for good")
    )
    crebo = models.CharField(
        "crebo", max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}$", _("Five digits."))]
    )
    croho = models.CharField(
        "croho", max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}$", _("Five digits."))]
    )
    certificate_code = models.CharField(_("certificate code"), max_length=20, blank=True)
    work_processes = models.JSONField(_("work processes"), default=list, blank=True, help_text=_("such as B1-K1-W1"))
    quality_framework = models.JSONField(
        _("quality framework"), default=dict, blank=True, help_text=_("name and url, for a microcredential")
    )
    assessment_type = models.CharField(_("assessment type"), max_length=80, blank=True)
    participation_form = models.CharField(_("form of participation"), max_length=80, blank=True)
    identity_check = models.CharField(_("identity check"), max_length=80, blank=True)
    isced = models.CharField(
        "ISCED-F", max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$", _("Four digits."))]
    )

    objects = ModuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("module version")
        verbose_name_plural = _("module versions")
        ordering = ["module", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["module"], condition=models.Q(published_at=None), name="one_draft"),
            models.CheckConstraint(
                condition=models.Q(level=None) | models.Q(level__range=(1, 8)), name="version_level_1_to_8"
            ),
            models.CheckConstraint(condition=models.Q(load__gte=0), name="version_load_positive"),
        ]
        indexes = [models.Index(fields=["module", "-published_at"], name="version_latest")]

    def __str__(self) -> str:
        return f"{localized(self.title)} v{self.number}"

    @property
    def state(self) -> VersionState:
        """Derived from what happened."""
        if self.published_at:
            return VersionState.RETIRED if self.module.retired_at else VersionState.PUBLISHED
        if self.approved_at:
            return VersionState.APPROVED
        return VersionState.IN_REVIEW if self.submitted_at else VersionState.DRAFT

    @property
    def is_draft(self) -> bool:
        """Not published yet: may change."""
        return self.published_at is None

    @property
    def is_editable(self) -> bool:
        """A draft that is with no reviewer."""
        return self.is_draft and self.submitted_at is None

    @property
    def level_is_official(self) -> bool:
        """A level may be shown as official only on a formal code or an NLQF register number (Wet NLQF)."""
        if self.nlqf_basis == NlqfBasis.FORMAL:
            return bool(self.crebo or self.croho)
        return self.nlqf_basis == NlqfBasis.REGISTER and bool(self.nlqf_number)

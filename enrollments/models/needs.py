"""What employers need that is not offered yet, bundled over employers and answered by providers."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Occupation, Offering, Skill
from enrollments.querysets import NeedBundleQuerySet, TrainingNeedQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Department, Organization


class NeedState(models.TextChoices):
    """Where a need is: open -> bundled -> answered -> met; an employer may take it back until it is met."""

    OPEN = "open", _("open")
    BUNDLED = "bundled", _("bundled")
    ANSWERED = "answered", _("answered")
    MET = "met", _("met")
    TAKEN_BACK = "taken_back", _("taken back")


class BundleState(models.TextChoices):
    """Where a bundle is: gathering -> asked (providers see it) -> answered -> closed."""

    GATHERING = "gathering", _("gathering")
    ASKED = "asked", _("providers are asked")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class NeedBundle(Entity):
    """Similar needs of several employers together, by a hub coordinator."""

    coordinator = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="need_bundles")
    title = models.CharField(_("title"), max_length=160)
    note = models.TextField(_("note for providers"), max_length=2000, blank=True)
    state = models.CharField(max_length=9, choices=BundleState, default=BundleState.GATHERING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NeedBundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bundle of needs")
        verbose_name_plural = _("bundles of needs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BundleState.values), name="bundle_state_known"),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingNeed(Entity):
    """An employer needs so many people trained: for a function or in skills, at a level, by a day, near a place."""

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="training_needs")
    title = models.CharField(_("what is needed"), max_length=160)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    occupation = models.ForeignKey(
        Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="training_needs"
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="training_needs")
    department = models.ForeignKey(
        Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="training_needs"
    )
    track = models.CharField(_("track"), max_length=3, blank=True)
    level = models.PositiveSmallIntegerField(_("level (NLQF)"), null=True, blank=True)
    people = models.PositiveIntegerField(_("how many people"), validators=[MinValueValidator(1)])
    by_day = models.DateField(_("by when"), null=True, blank=True)
    place = models.CharField(_("town or postal code"), max_length=80, blank=True)
    km = models.PositiveSmallIntegerField(_("within (km)"), default=25)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPEN)
    bundle = models.ForeignKey(NeedBundle, on_delete=models.PROTECT, null=True, blank=True, related_name="needs")
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    posted_at = models.DateTimeField(default=now, editable=False)
    bundled_at = models.DateTimeField(null=True, blank=True, editable=False)
    met_at = models.DateTimeField(null=True, blank=True, editable=False)
    met_by = models.ForeignKey(
        "NeedAnswer", on_delete=models.SET_NULL, null=True, blank=True, related_name="met_needs", editable=False
    )
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TrainingNeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training need")
        verbose_name_plural = _("training needs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NeedState.values), name="need_state_known"),
            models.CheckConstraint(condition=Q(people__gte=1), name="need_of_somebody"),
            models.CheckConstraint(
                condition=~Q(state__in=["bundled", "answered"]) | Q(bundle__isnull=False),
                name="bundled_need_has_bundle",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NeedAnswer(Entity):
    """A provider answers a bundle with an offering in which places are reserved for each employer."""

    bundle = models.ForeignKey(NeedBundle, on_delete=models.PROTECT, related_name="answers")
    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="need_answers")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="need_answers")
    message = models.TextField(_("message"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("answer to a bundle of needs")
        verbose_name_plural = _("answers to bundles of needs")
        constraints = [models.UniqueConstraint(fields=["bundle", "offering"], name="need_answer_once")]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.offering_id}"

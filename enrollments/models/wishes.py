"""What a person wants or was allowed before any enrollment: interest, exceptions, a calendar."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Module
from enrollments.querysets import InterestQuerySet, OverrideQuerySet
from lms.core.clock import now
from lms.core.models import Entity


class PrerequisiteOverride(Entity):
    """Somebody may take a module without having completed what it asks beforehand, for this reason."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="overrides")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="overrides")
    reason = models.CharField(_("reason"), max_length=1000)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=now, editable=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("prerequisite override")
        verbose_name_plural = _("prerequisite overrides")
        constraints = [
            models.UniqueConstraint(fields=["learner", "module"], name="override_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.module_id}"


class Interest(Entity):
    """A person would take a module when there is a date: providers see how many, not who."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="interests")
    since = models.DateTimeField(default=now, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [models.UniqueConstraint(fields=["user", "module"], name="interest_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.module_id}"


class CalendarFeed(Entity):
    """A person's private calendar address. Only the hash of its secret is kept; a new address ends the old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user_id)

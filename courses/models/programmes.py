"""A programme (leerlijn): a path of modules, some required and some of choice; and what a module asks beforehand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import ProgrammeQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.core.texts import TextField, localized
from lms.organizations.models import Organization

from .modules import Module


class Programme(Entity):
    """A path of modules, of mbo, hbo and wo alike and of one or more providers. Its level and load are derived."""

    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programmes")
    code = models.SlugField(_("code"), max_length=40)
    title = TextField(_("title"))
    summary = TextField(_("summary"), blank=True)
    description = TextField(_("description"), blank=True)
    optional_minimum = models.PositiveSmallIntegerField(_("modules to choose"), default=0)
    revision = models.PositiveIntegerField(default=0, help_text=_("raised by each save; tells two authors apart"))
    created_at = models.DateTimeField(default=now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [models.UniqueConstraint(fields=["provider", "code"], name="programme_code_once")]

    def __str__(self) -> str:
        return localized(self.title)


class ProgrammeItem(Entity):
    """One module's place in a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="items")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="programme_items")
    position = models.PositiveIntegerField()
    required = models.BooleanField(_("required"), default=True)

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="programme_position_once"),
            models.UniqueConstraint(fields=["programme", "module"], name="programme_module_once"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.position}"


class Prerequisite(Entity):
    """Who takes `module` has completed `requires`, unless an override gives a reason. Never a circle."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="prerequisites")
    requires = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="required_by")

    class Meta:
        verbose_name = _("prerequisite")
        verbose_name_plural = _("prerequisites")
        constraints = [
            models.UniqueConstraint(fields=["module", "requires"], name="prerequisite_once"),
            models.CheckConstraint(condition=~models.Q(module=models.F("requires")), name="prerequisite_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} after {self.requires_id}"

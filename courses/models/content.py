"""The tree of a version: sections, and units of a kind. Frozen with its version."""

import json
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import ImageQuerySet, ModuleFileQuerySet, SectionQuerySet, UnitQuerySet
from lms.core.models import Entity
from lms.core.texts import TextField, localized

from .modules import Module, ModuleVersion


def _fingerprint(*held: Any) -> str:
    return sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


class Section(Entity):
    """A chapter of a version."""

    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveIntegerField()
    title = TextField(_("title"))

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="section_position_once")]

    def __str__(self) -> str:
        return localized(self.title)

    @property
    def revision(self) -> str:
        """Names what the title is now: differs as soon as a colleague saved another one."""
        return _fingerprint(self.title)


class Unit(Entity):
    """One step of a version. `kind` names a unit kind (courses.kinds), `data` is that kind's own content.

    `lineage` is the same in every version that carries this step over, so that progress can be mapped later.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="units")
    lineage = models.UUIDField(editable=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=20)
    title = TextField(_("title"))
    data = models.JSONField(default=dict)
    minutes = models.PositiveIntegerField(_("estimated minutes"), default=15)
    required = models.BooleanField(_("required"), default=True)
    points = models.PositiveIntegerField(_("points"), default=1, db_default=1)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["section__position", "position"]
        constraints = [models.UniqueConstraint(fields=["section", "position"], name="unit_position_once")]

    def __str__(self) -> str:
        return localized(self.title)

    @property
    def revision(self) -> str:
        """Names what the unit holds now: differs as soon as a colleague saved something else."""
        return _fingerprint(self.title, self.data, self.minutes, self.required, self.points)


class Image(Entity):
    """A picture in a module's texts, written as `![alt](image:<id>)`. Stored re-encoded, under a random name."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="images")
    file = models.ImageField(upload_to="module-images/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alt = TextField(_("alternative text"))

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return localized(self.alt)


class ModuleFile(Entity):
    """A file in a module's units: to download, to watch, or subtitles. Stored under a random name."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="module-files/")
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = ModuleFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

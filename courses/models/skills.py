"""Occupations and skills of published frameworks side by side, and the sectors in which people work.

This service uses the ESCO classification of the European Commission.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import ConceptQuerySet
from lms.core.models import Entity
from lms.core.texts import folded, localized


class Concept(Entity):
    """A concept of a framework, known by its URI. What a framework drops is retired, so that references stay."""

    framework = models.CharField(max_length=20, default="ESCO")
    uri = models.URLField(max_length=255, unique=True)
    code = models.CharField(max_length=40, blank=True)
    label_nl = models.CharField(max_length=255, blank=True)
    label_en = models.CharField(max_length=255)
    label_nl_is_ours = models.BooleanField(
        default=False, db_default=False, help_text=_("our own translation: the framework gave no Dutch label")
    )
    folded = models.TextField(default="", db_default="", editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["label_en"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the reader's language where the framework has it."""
        return localized({"nl": self.label_nl or self.label_en, "en": self.label_en})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold()
        super().save(*args, **kwargs)

    def fold(self) -> None:
        """Keep the labels as people search them; to be called before a bulk write."""
        self.folded = folded(f"{self.label_nl} {self.label_en} {self.code}")


class Skill(Concept):
    """What somebody can do or knows."""

    class Meta(Concept.Meta):
        verbose_name = _("skill")
        verbose_name_plural = _("skills")


class Occupation(Concept):
    """A trade or function."""

    skills = models.ManyToManyField(Skill, through="OccupationSkill", related_name="occupations")

    class Meta(Concept.Meta):
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")


class Sector(Entity):
    """A branch of industry: a division of NACE Rev. 2 (in the Netherlands: SBI)."""

    code = models.CharField(max_length=8, unique=True)
    label_nl = models.CharField(max_length=255)
    label_en = models.CharField(max_length=255)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["code"]

    def __str__(self) -> str:
        return localized({"nl": self.label_nl, "en": self.label_en})


class OccupationSkill(models.Model):
    """The occupation essentially needs the skill."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occupation", "skill"], name="occupation_skill_once")]

    def __str__(self) -> str:
        return f"{self.occupation_id} - {self.skill_id}"

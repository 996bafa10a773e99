"""The catalogue's own index: what it needs to search, narrow and count quickly. Derived, and rebuilt at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.organizations.models import Organization

from .modules import DocumentType, Module, ModuleVersion, Purpose, Track


class CatalogueEntry(models.Model):
    """A module that is in the catalogue, with the facts of its newest published version by which it is narrowed."""

    module = models.OneToOneField(Module, on_delete=models.CASCADE, related_name="catalogue_entry")
    version = models.OneToOneField(ModuleVersion, on_delete=models.CASCADE, related_name="catalogue_entry")
    provider = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="catalogue_entries")
    provider_name = models.CharField(max_length=200, help_text=_("as it was indexed"))
    listed_at = models.DateTimeField(help_text=_("when a version of the module was first published"))
    track = models.CharField(max_length=3, choices=Track)
    purpose = models.CharField(max_length=12, choices=Purpose)
    level = models.PositiveSmallIntegerField(null=True)
    languages = models.CharField(max_length=5, help_text=_("nl, en or both with a comma"))
    document_type = models.CharField(max_length=20, choices=DocumentType)

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        indexes = [models.Index(fields=["-listed_at", "-id"], name="catalogue_newest")]

    def __str__(self) -> str:
        return str(self.version)


class CatalogueTerm(models.Model):
    """The entry is found by this term; a larger weight says that it is more about it."""

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, db_index=False, related_name="terms")
    term = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "term"], name="catalogue_term_once")]
        indexes = [models.Index(fields=["term", "entry", "weight"], name="catalogue_found_by")]

    def __str__(self) -> str:
        return f"{self.term} {self.weight}"


class CatalogueWord(models.Model):
    """A word as it is written and the term it is kept under: for beginnings of words and for what is misspelt."""

    text = models.CharField(max_length=40)
    term = models.CharField(max_length=40, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "term"], name="catalogue_word_once")]

    def __str__(self) -> str:
        return self.text

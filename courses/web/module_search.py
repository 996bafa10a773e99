"""Finding a published module by words, to name it in a programme or as a prerequisite."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from courses.catalogue.searching import understand
from courses.models import CatalogueEntry, Module, ModuleVersion

FOUND = 30


def find_modules(words: str, *, leave_out: Collection[UUID] = ()) -> list[ModuleVersion]:
    """Current versions of modules in the catalogue that fit these words, best first."""
    if not words.strip():
        return []
    entries = understand(words).ranked(CatalogueEntry.objects.exclude(module__in=leave_out))
    best = entries.select_related("version__module__provider").annotate(rank=F("score")).order_by("-rank", "-pk")
    return [entry.version for entry in best[:FOUND]]


def published_module(pk: str) -> Module | None:
    """The published module with this id; none for what is no id."""
    try:
        return Module.objects.filter(pk=UUID(pk), versions__published_at__isnull=False).first()
    except ValueError:
        return None

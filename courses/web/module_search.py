"""Finding a published module by words, to name it in a programme or as a prerequisite."""

from collections.abc import Collection
from uuid import UUID

from courses.models import Module, ModuleVersion

FOUND = 30


def find_modules(words: str, *, leave_out: Collection[UUID] = ()) -> list[ModuleVersion]:
    """Current versions of modules on offer with these words in title, summary or code, by title."""
    if not words.strip():
        return []
    current = ModuleVersion.objects.current().filter(module__retired_at=None).exclude(module__in=leave_out)
    return list(current.about(words).select_related("module__provider").order_by("title", "pk")[:FOUND])


def published_module(pk: str) -> Module | None:
    """The published module with this id; none for what is no id."""
    try:
        return Module.objects.filter(pk=UUID(pk), versions__published_at__isnull=False).first()
    except ValueError:
        return None

"""What modules are called in lists."""

from collections.abc import Iterable
from uuid import UUID

from lms.core.texts import localized

from .models import Module, ModuleVersion


def titles_of(modules: Iterable[UUID]) -> dict[UUID, str]:
    """By module id the title of its newest published version in the reader's language, else its code. Two queries."""
    wanted = list(modules)
    codes = dict(Module.objects.filter(pk__in=wanted).values_list("pk", "code"))
    current = ModuleVersion.objects.current().filter(module__in=wanted).values_list("module", "title")
    return codes | {module: localized(title) for module, title in current}

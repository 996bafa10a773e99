"""What the catalogue shows: of each module the newest published version, with the runs one can join."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from courses.models import ModuleVersion, Offering
from courses.querysets import ModuleVersionQuerySet


def catalogue_entries() -> ModuleVersionQuerySet:
    """Current versions, ready to be shown."""
    return ModuleVersion.objects.current().select_related("module__provider")


def open_offerings(user: Any, versions: Iterable[ModuleVersion], *conditions: Q) -> dict[UUID, list[Offering]]:
    """By module id: the open offerings that the user may see and that meet the conditions, soonest first. Two queries.

    Runs of an older version are among them: who joins those takes that version.
    """
    modules = [version.module_id for version in versions]
    offerings = Offering.objects.visible_to(user).open_for_enrollment().filter(*conditions, version__module__in=modules)
    found: dict[UUID, list[Offering]] = defaultdict(list)
    offerings = offerings.select_related("version__module", "provider", "location").prefetch_related("employers")
    for offering in offerings.order_by("starts_on", "id"):
        found[offering.version.module_id].append(offering)
    return found

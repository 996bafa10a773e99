"""What a provider sees of those who would take a module when there is a date: how many, since when; never who."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncMonth
from django.utils import timezone

from courses.models import Module, ModuleVersion
from lms.core.clock import today

from .models import Interest

MONTHS = 6


@dataclass(frozen=True)
class Demand:
    """One module's count, and for each of the last months how many began to wait in it."""

    version: ModuleVersion
    interested: int
    first: datetime
    latest: datetime
    months: list[tuple[date, int]]

    @property
    def module(self) -> Module:
        """What they would take."""
        return self.version.module


def demand_for(user: Any, *, limit: int) -> list[Demand]:
    """The modules of one's own provider that most people wait for, most first. Three queries, whatever the number."""
    waiting = Interest.objects.counted_for(user).values("module")
    counted = waiting.annotate(interested=Count("pk"), first=Min("since"), latest=Max("since"))
    rows = {row["module"]: row for row in counted.order_by("-interested", "module")[:limit]}
    versions = ModuleVersion.objects.current().filter(module__in=rows).select_related("module__provider")
    by_module = {version.module_id: version for version in versions}
    months = _per_month(user, list(rows))
    return [
        Demand(by_module[pk], row["interested"], row["first"], row["latest"], months[pk])
        for pk, row in rows.items()
        if pk in by_module
    ]


def last_months() -> list[date]:
    """The first days of the months that are counted, oldest first."""
    this = today().replace(day=1)
    count = this.year * 12 + this.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(count - MONTHS + 1, count + 1)]


def _per_month(user: Any, modules: list[UUID]) -> dict[UUID, list[tuple[date, int]]]:
    months = last_months()
    found = Interest.objects.counted_for(user).filter(module__in=modules, since__date__gte=months[0])
    counted = found.annotate(month=TruncMonth("since")).values_list("module", "month").annotate(Count("pk"))
    figures = {(module, timezone.localdate(month)): number for module, month, number in counted.order_by()}
    return {module: [(month, figures.get((module, month), 0)) for month in months] for module in modules}

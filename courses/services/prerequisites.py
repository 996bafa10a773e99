"""What a module asks beforehand: other modules, and never in a circle."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from courses.models import Module, ModuleVersion, Prerequisite
from courses.policies import can_set_prerequisites
from courses.titles import titles_of
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound


@transaction.atomic
def set_prerequisites(*, by: User, module: Module, requires: Iterable[Module]) -> list[Module]:
    """From now on who enrolls in `module` has completed each of `requires`, in any version. Who is in stays in.

    Requires: publish_modules at the provider; published modules that do not lead back here. Raises: NotFound;
    Forbidden; Invalid for a module that is not published; Conflict for a circle, naming the way round. Audits: yes.
    """
    _lock_graph()
    locked = Module.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=module.pk).first()
    if locked is None:
        raise NotFound
    if not can_set_prerequisites(by, locked):
        raise Forbidden
    wanted = list({row.pk: row for row in requires}.values())
    _require_published(by, wanted)
    _require_no_circle(locked, wanted)
    before = set(locked.prerequisites.values_list("requires", flat=True))
    after = {row.pk for row in wanted}
    locked.prerequisites.exclude(requires__in=after).delete()
    Prerequisite.objects.bulk_create(Prerequisite(module=locked, requires_id=pk) for pk in after - before)
    changes = {"requires": (sorted(map(str, before)), sorted(map(str, after)))}
    if before != after:
        record_audit("courses.set_prerequisites", locked, changes=changes, organization_id=locked.provider_id)
    return wanted


def way_to(goal: UUID, start: UUID, asks: dict[UUID, set[UUID]]) -> list[UUID]:
    """The modules from `start` to `goal` along what each asks beforehand; empty when none leads there."""
    came_from: dict[UUID, UUID | None] = {start: None}
    waiting = [start]
    for place in waiting:  # grows while it is walked
        if place == goal:
            way: list[UUID] = []
            step: UUID | None = place
            while step is not None:
                way.insert(0, step)
                step = came_from[step]
            return way
        for further in sorted(asks.get(place, ())):
            if further not in came_from:
                came_from[further] = place
                waiting.append(further)
    return []


def _lock_graph() -> None:
    """One change at a time: locks on the modules named would not see a circle that two changes close together.

    On SQLite a writing transaction is alone already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE courses_prerequisite IN SHARE ROW EXCLUSIVE MODE")


def _require_published(by: User, wanted: list[Module]) -> None:
    published = ModuleVersion.objects.published().filter(module__in=wanted)
    known = set(Module.objects.visible_to(by).filter(pk__in=published.values("module")).values_list("pk", flat=True))
    message = _("Choose modules that are published.")
    errors = [
        FieldError(f"requires/{index}", "unknown", message) for index, row in enumerate(wanted) if row.pk not in known
    ]
    if errors:
        raise Invalid(message, errors=errors)


def _require_no_circle(module: Module, wanted: list[Module]) -> None:
    asks: dict[UUID, set[UUID]] = defaultdict(set)
    for before, after in Prerequisite.objects.exclude(module=module).values_list("module", "requires"):
        asks[before].add(after)
    for row in wanted:
        way = way_to(module.pk, row.pk, asks)
        if way:
            titles = titles_of(way)
            named = " → ".join(titles[pk] for pk in [module.pk, *way] if pk in titles)
            message = _("That would be a circle: %(way)s.") % {"way": named}
            raise Conflict(message, code="circle", errors=[FieldError("requires", "circle", message)])

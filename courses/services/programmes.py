"""Writing a programme: its facts, its modules in order, publishing and retiring it."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.kinds.base import as_object, written
from courses.models import Module, ModuleVersion, Prerequisite, Programme, ProgrammeItem
from courses.policies import can_author_for, can_edit_programme, can_publish_programme
from courses.titles import titles_of
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.core.texts import Text
from lms.organizations.models import Organization

from .validity import refuse, require_dutch, require_valid

PROGRAMME_FACTS = ("title", "summary", "description", "optional_minimum")
MOST = 60  # modules in one programme


class Place(NamedTuple):
    """A module in a programme, required or of choice."""

    module: Module
    required: bool


@transaction.atomic
def create_programme(*, by: User, provider: Organization, code: str, title: Text) -> Programme:
    """A provider starts a programme under its own code.

    Requires: author_modules at the provider. Raises: Forbidden; Invalid; Conflict when the provider uses the code.
    Audits: yes.
    """
    if not can_author_for(by, provider):
        raise Forbidden
    require_dutch("title", title)
    programme = Programme(provider=provider, code=code, title=title)
    require_valid(programme, exclude=("provider",))
    try:
        with transaction.atomic():
            programme.save(force_insert=True)
    except IntegrityError as error:
        message = _("Your organization already has a programme with code %(code)s: choose another code.")
        errors = [FieldError("code", "taken", message % {"code": code})]
        raise Conflict(message % {"code": code}, code="code_taken", errors=errors) from error
    record_audit("courses.create_programme", programme, organization_id=provider.pk)
    return programme


@transaction.atomic
def edit_programme(*, by: User, programme: Programme, revision: int, facts: dict[str, Any]) -> Programme:
    """Save any of PROGRAMME_FACTS. What is published must stay fit to be.

    Requires: can_edit_programme; the stored revision is `revision`. Raises: NotFound; Forbidden; Conflict with code
    `stale` when a colleague saved meanwhile; Invalid. Audits: yes.
    """
    locked = _lock_to_edit(by, programme, revision)
    unknown = [name for name in facts if name not in PROGRAMME_FACTS]
    refuse([FieldError(name, "unknown", _("A programme has no such field.")) for name in unknown])
    before = {name: getattr(locked, name) for name in facts}
    for name, value in facts.items():
        setattr(locked, name, value)
    require_dutch("title", locked.title)
    require_valid(locked)
    _save(locked)
    changes = changed_fields(before, facts)
    record_audit("courses.edit_programme", locked, changes=changes, organization_id=locked.provider_id)
    return locked


@transaction.atomic
def arrange_programme(*, by: User, programme: Programme, revision: int, places: Iterable[Place]) -> Programme:
    """Say which modules are in it, in this order: published ones of any provider, each once.

    Requires: can_edit_programme; the stored revision is `revision`. Raises: NotFound; Forbidden; Conflict with code
    `stale`; Invalid. Audits: yes.
    """
    locked = _lock_to_edit(by, programme, revision)
    places = list(places)
    refuse([*_place_errors(places)])
    before = [[str(item.module_id), item.required] for item in locked.items.all()]
    locked.items.all().delete()
    ProgrammeItem.objects.bulk_create(
        ProgrammeItem(programme=locked, module=place.module, required=place.required, position=position)
        for position, place in enumerate(places)
    )
    _save(locked)
    after = [[str(place.module.pk), place.required] for place in places]
    changes = {"items": (before, after)}
    record_audit("courses.arrange_programme", locked, changes=changes, organization_id=locked.provider_id)
    return locked


@transaction.atomic
def publish_programme(*, by: User, programme: Programme) -> Programme:
    """Everybody finds it from now on; one that was retired comes back.

    Requires: publish_modules at the provider; an empty programme_check. Raises: NotFound; Forbidden; Conflict when it
    is published already; Invalid with everything that is missing. Audits: yes.
    """
    locked = _lock_to_publish(by, programme)
    if locked.published_at and not locked.retired_at:
        raise Conflict(_("This programme is published already."), code="published")
    _require_fit(locked)
    locked.published_at, locked.retired_at = locked.published_at or now(), None
    locked.save(update_fields=["published_at", "retired_at"])
    record_audit("courses.publish_programme", locked, organization_id=locked.provider_id)
    return locked


@transaction.atomic
def retire_programme(*, by: User, programme: Programme) -> Programme:
    """It leaves the lists; its page stays for who is on the way.

    Requires: publish_modules at the provider. Raises: NotFound; Forbidden; Conflict when it is not on offer.
    Audits: yes.
    """
    locked = _lock_to_publish(by, programme)
    if locked.retired_at or not locked.published_at:
        raise Conflict(_("This programme is not on offer."), code="not_published")
    locked.retired_at = now()
    locked.save(update_fields=["retired_at"])
    record_audit("courses.retire_programme", locked, organization_id=locked.provider_id)
    return locked


def programme_check(programme: Programme) -> list[FieldError]:
    """Everything that keeps the programme from being published; empty when nothing does."""
    items = list(programme.items.all())
    return [*_text_errors(programme), *_choice_errors(programme, items), *_order_errors(items)]


def _text_errors(programme: Programme) -> Iterator[FieldError]:
    messages = {
        "title": _("Give it a title in Dutch."),
        "summary": _("Write a summary in Dutch, one or two sentences."),
        "description": _("Write a description in Dutch."),
    }
    for name, message in messages.items():
        if not written(as_object(getattr(programme, name)), "nl"):
            yield FieldError(f"{name}/nl", "empty", message)


def _choice_errors(programme: Programme, items: list[ProgrammeItem]) -> Iterator[FieldError]:
    optional = sum(not item.required for item in items)
    if not items:
        yield FieldError("items", "empty", _("Add at least one module."))
    elif programme.optional_minimum > optional:
        message = _("%(minimum)d modules must be chosen, and there are %(optional)d to choose from.")
        numbers = {"minimum": programme.optional_minimum, "optional": optional}
        yield FieldError("optional_minimum", "range", message % numbers)
    elif len(items) == optional and not programme.optional_minimum:
        yield FieldError("items", "required", _("Make a module required, or say how many must be chosen."))


def _order_errors(items: list[ProgrammeItem]) -> Iterator[FieldError]:
    """A module comes after what it asks beforehand, where that is in the programme too."""
    position = {item.module_id: place for place, item in enumerate(items)}
    asked = Prerequisite.objects.filter(module__in=position, requires__in=position)
    late = [(p.module_id, p.requires_id) for p in asked if position[p.requires_id] > position[p.module_id]]
    titles = titles_of({pk for pair in late for pk in pair}) if late else {}
    for module, requires in late:
        names = {"module": titles[module], "requires": titles[requires]}
        message = _("%(module)s asks %(requires)s beforehand: put that first.") % names
        yield FieldError(f"items/{position[module]}", "order", message)


def _place_errors(places: list[Place]) -> Iterator[FieldError]:
    if len(places) > MOST:
        yield FieldError("items", "many", _("A programme has at most %(most)d modules.") % {"most": MOST})
    modules = {place.module.pk for place in places}
    published = set(
        ModuleVersion.objects.published().filter(module__in=modules).values_list("module", flat=True).distinct()
    )
    seen = set()
    for index, place in enumerate(places):
        if place.module.pk not in published:
            yield FieldError(f"items/{index}/module", "unknown", _("Choose modules that are published."))
        if place.module.pk in seen:
            yield FieldError(f"items/{index}/module", "double", _("This module is in the programme already."))
        seen.add(place.module.pk)


def _lock(by: User, programme: Programme) -> Programme:
    visible = Programme.objects.visible_to(by).select_related("provider").select_for_update(of=("self",))
    locked = visible.filter(pk=programme.pk).first()
    if locked is None:
        raise NotFound
    return locked


def _lock_to_edit(by: User, programme: Programme, revision: int) -> Programme:
    locked = _lock(by, programme)
    if not can_edit_programme(by, locked):
        raise Forbidden
    if locked.revision != revision:
        raise Conflict(
            _("A colleague changed this programme while you were at it: look at it again, then repeat your change."),
            code="stale",
        )
    return locked


def _lock_to_publish(by: User, programme: Programme) -> Programme:
    locked = _lock(by, programme)
    if not can_publish_programme(by, locked):
        raise Forbidden
    return locked


def _save(programme: Programme) -> None:
    if programme.published_at and not programme.retired_at:
        _require_fit(programme)
    programme.revision += 1
    programme.save()


def _require_fit(programme: Programme) -> None:
    errors = programme_check(programme)
    if errors:
        raise Invalid("; ".join(error.message for error in errors[:5]), errors=errors)

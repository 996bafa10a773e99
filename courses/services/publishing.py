"""From draft to published: everything that is missing is said at once, then the version is frozen."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses import events
from courses.completion_rule import unreachable
from courses.kinds import KINDS, FileReference
from courses.kinds.base import as_object, written
from courses.models import DocumentType, ModuleVersion, Section, Unit
from courses.policies import can_publish_version
from courses.study_time import is_far_off, minutes_of
from courses.study_time import sentence as time_sentence
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.services import record

from .drafts import lock_version, require_draft
from .publish_rules import FACT_RULES
from .retiring import require_in_offer

IMAGE_REFERENCE = re.compile(r"\(\s*<?image:([^)\s>]*)")


def publish_check(version: ModuleVersion) -> list[FieldError]:
    """Everything that keeps the version from being published; empty when nothing does.

    Paths run from the version: `outcomes/0/nl`, `sections/0/units/2/data/questions/1/correct`.
    """
    sections = list(version.sections.prefetch_related("units"))
    return [
        *(error for rule in FACT_RULES for error in rule(version)),
        *_tree_errors(sections),
        *unreachable(version.rule, [unit for section in sections for unit in section.units.all()]),
        *_assessment_errors(version, sections),
        *_image_errors(version, sections),
        *_file_errors(version, sections),
    ]


def publish_warnings(version: ModuleVersion) -> list[str]:
    """What an author should look at before publishing; nothing of it stands in the way."""
    warnings = []
    minutes = minutes_of(Unit.objects.filter(section__version=version).only("minutes"))
    if is_far_off(version, minutes):
        warnings.append(time_sentence(version, minutes))
    if "attendance" in version.rule:
        warnings.append(_("The completion rule asks attendance: every offering of this version needs sessions."))
    return warnings


def require_publishable(version: ModuleVersion) -> None:
    """Raises: Invalid with everything that keeps the version from being published."""
    errors = publish_check(version)
    if errors:
        raise Invalid(_("This module cannot be published yet: see what is missing."), errors=errors)


@transaction.atomic
def publish_version(*, by: User, version: ModuleVersion) -> ModuleVersion:
    """Publish a draft: from now on the database refuses every change to it, and it is what the catalogue shows.

    Requires: publish_modules at the provider; a draft that a colleague approved, with an empty publish check. Raises:
    NotFound; Forbidden; Conflict when it is published already, its module is retired or, with code `not_approved`,
    nobody approved it; Invalid with everything that is missing. Emits: module_version.published.
    """
    draft = lock_version(by, version.pk)
    if not can_publish_version(by, draft):
        raise Forbidden
    require_draft(draft)
    if draft.approved_at is None:
        message = _("Nobody approved version %(number)d yet: have a colleague review it first.")
        raise Conflict(message % {"number": draft.number}, code="not_approved")
    require_in_offer(draft.module)
    require_publishable(draft)
    draft.published_at = now()
    draft.save(update_fields=["published_at"])
    module = draft.module
    record_audit("courses.publish_version", draft, organization_id=module.provider_id)
    record(
        events.VERSION_PUBLISHED,
        draft.pk,
        {"module": module.pk, "provider": module.provider_id, "number": draft.number},
    )
    return draft


def _tree_errors(sections: list[Section]) -> Iterator[FieldError]:
    if not any(unit.required for section in sections for unit in section.units.all()):
        yield FieldError("sections", "empty", _("Add at least one section with at least one required unit."))
    for index, section in enumerate(sections):
        path, names = f"sections/{index}", {"n": index + 1}
        if not written(section.title):
            yield FieldError(f"{path}/title/nl", "empty", _("Section %(n)d: give it a title in Dutch.") % names)
        units = list(section.units.all())
        if not units:
            message = _("Section %(n)d has no units: add one or delete the section.") % names
            yield FieldError(f"{path}/units", "empty", message)
        for place, unit in enumerate(units):
            yield from _unit_errors(unit, f"{path}/units/{place}")


def _unit_errors(unit: Unit, path: str) -> Iterator[FieldError]:
    if not written(unit.title):
        yield FieldError(f"{path}/title/nl", "empty", _("Give the unit a title in Dutch."))
    if unit.minutes < 1:
        yield FieldError(f"{path}/minutes", "range", _("Estimate how many minutes the unit takes: at least 1."))
    kind = KINDS.get(unit.kind)
    if kind is None:
        yield FieldError(f"{path}/kind", "unknown", _("This kind of unit does not exist."))
        return
    for error in kind.check(unit.data):
        yield FieldError(f"{path}/data/{error.field}", error.code, error.message)


def _assessment_errors(version: ModuleVersion, sections: list[Section]) -> Iterator[FieldError]:
    if version.document_type != DocumentType.MICROCREDENTIAL:
        return
    units = [unit for section in sections for unit in section.units.all()]
    if not any(unit.required and unit.kind in KINDS and KINDS[unit.kind].judged for unit in units):
        yield FieldError("sections", "assessed", _("A microcredential is assessed: add a required quiz."))


def _image_errors(version: ModuleVersion, sections: list[Section]) -> Iterator[FieldError]:
    known = {image.pk: image for image in version.module.images.all()}
    for index, section in enumerate(sections):
        for place, unit in enumerate(section.units.all()):
            for language, text in as_object(as_object(unit.data).get("body")).items():
                path = f"sections/{index}/units/{place}/data/body/{language}"
                yield from _reference_errors(text, path, known)


def _reference_errors(text: Any, path: str, known: dict[UUID, Any]) -> Iterator[FieldError]:
    for code in dict.fromkeys(IMAGE_REFERENCE.findall(text if isinstance(text, str) else "")):
        try:
            image = known.get(UUID(code))
        except ValueError:
            image = None
        if image is None:
            message = _("The picture image:%(code)s is not among this module's pictures: add it or take it out.")
            yield FieldError(path, "image", message % {"code": code})
        elif not written(image.alt):
            message = _("The picture image:%(code)s has no alternative text in Dutch.")
            yield FieldError(path, "image_alt", message % {"code": code})


def _file_errors(version: ModuleVersion, sections: list[Section]) -> Iterator[FieldError]:
    references = list(_file_references(sections))
    known = {str(file.pk): file for file in version.module.files.all()} if references else {}
    for path, reference in references:
        file = known.get(reference.file)
        if file is None:
            yield FieldError(path, "file", _("This file is not among the module's files: choose another one."))
        elif not file.content_type.startswith(reference.media):
            message = _("“%(name)s” is not the kind of file that is needed here: choose another one.")
            yield FieldError(path, "file_type", message % {"name": file.name})


def _file_references(sections: list[Section]) -> Iterator[tuple[str, FileReference]]:
    for index, section in enumerate(sections):
        for place, unit in enumerate(section.units.all()):
            for reference in KINDS[unit.kind].files(unit.data) if unit.kind in KINDS else []:
                yield f"sections/{index}/units/{place}/data/{reference.path}", reference

"""Writing a module: starting it, its drafts and their facts. Sections and units are in `tree`, pictures in `images`."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.models import Module, ModuleVersion, Sector, Skill
from courses.policies import can_author_for, can_edit_module
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.core.texts import Text
from lms.organizations.models import Organization
from lms.permissions.services import forget_anchor

from .drafts import lock_draft
from .facts import FACTS, require_facts
from .files import add_file, delete_file, delete_image, forget_uploads
from .images import add_image
from .tree import (
    add_section,
    add_unit,
    delete_section,
    delete_unit,
    edit_section,
    edit_unit,
    move_section,
    move_unit,
)
from .trees import copy_tree
from .validity import require_dutch, require_valid

__all__ = [
    "FACTS",
    "add_file",
    "add_image",
    "add_section",
    "add_unit",
    "create_draft",
    "create_module",
    "delete_file",
    "delete_image",
    "delete_section",
    "delete_unit",
    "discard_draft",
    "edit_section",
    "edit_unit",
    "edit_version",
    "move_section",
    "move_unit",
]


LINKS: dict[str, type[Skill] | type[Sector]] = {"skills": Skill, "sectors": Sector}


@transaction.atomic
def create_module(*, by: User, provider: Organization, code: str, title: Text, track: str) -> ModuleVersion:
    """A provider starts a module under its own code; returns draft number 1.

    Requires: author_modules at the provider. Raises: Forbidden; Invalid; Conflict when the provider uses the code.
    """
    if not can_author_for(by, provider):
        raise Forbidden
    require_dutch("title", title)
    module = Module(provider=provider, code=code)
    require_valid(module)
    version = ModuleVersion(module=module, number=1, title=title, track=track, languages=["nl"])
    require_valid(version, exclude=("module",))
    try:
        with transaction.atomic():
            module.save(force_insert=True)
    except IntegrityError as error:
        message = _("Your organization already has a module with code %(code)s: choose another code.") % {"code": code}
        raise Conflict(message, code="code_taken", errors=[FieldError("code", "taken", message)]) from error
    version.save(force_insert=True)
    version.authors.add(by)
    record_audit("courses.create_module", module, organization_id=provider.pk)
    return version


@transaction.atomic
def create_draft(*, by: User, module: Module) -> ModuleVersion:
    """Start the next version as a copy of the newest: facts, sectors, skills, sections, and units with their lineage.

    Requires: author_modules at the provider; no draft yet. Raises: NotFound; Forbidden; Conflict.
    """
    locked = Module.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=module.pk).first()
    if locked is None:
        raise NotFound
    if not can_edit_module(by, locked):
        raise Forbidden
    newest = locked.versions.order_by("-number").first()
    if newest is None:
        raise NotFound
    if newest.is_draft:
        raise Conflict(_("There is a draft already: go on with that one."), code="draft_exists")
    facts = {name: getattr(newest, name) for name in FACTS}
    draft = ModuleVersion.objects.create(module=locked, number=newest.number + 1, **facts)
    for name in LINKS:
        getattr(draft, name).add(*getattr(newest, name).all())
    copy_tree(newest, draft)
    record_audit("courses.create_draft", draft, organization_id=locked.provider_id)
    return draft


@transaction.atomic
def edit_version(*, by: User, version: ModuleVersion, revision: int, facts: dict[str, Any]) -> ModuleVersion:
    """Save facts of a draft: any of FACTS, and `skills` and `sectors` as lists of them.

    Requires: author_modules; a draft whose stored revision is `revision`. Raises: NotFound; Forbidden; Conflict with
    code `stale` when a colleague saved meanwhile; Invalid for what cannot be stored (what cannot be published is
    stored: see publish_check).
    """
    draft = lock_draft(by, version.pk)
    if draft.revision != revision:
        raise Conflict(
            _("A colleague saved this module while you were writing: compare your text with theirs and save again."),
            code="stale",
        )
    _require_known(facts)
    linked = {name: facts[name] for name in LINKS if facts.get(name) is not None}
    before = {name: getattr(draft, name) for name in facts if name not in LINKS}
    for name in before:
        setattr(draft, name, facts[name])
    require_valid(draft)
    require_facts(draft)
    draft.revision += 1
    draft.save()
    after = {name: getattr(draft, name) for name in before}
    for name, rows in linked.items():
        before[name] = _labels(getattr(draft, name).all())
        getattr(draft, name).set(rows)
        after[name] = _labels(rows)
    record_audit(
        "courses.edit_version",
        draft,
        changes=changed_fields(before, after),
        organization_id=draft.module.provider_id,
    )
    return draft


@transaction.atomic
def discard_draft(*, by: User, version: ModuleVersion) -> None:
    """Throw a draft away; with the only version goes the module itself.

    Requires: author_modules; a draft. Raises: NotFound; Forbidden; Conflict when it is published.
    """
    draft = lock_draft(by, version.pk)
    module = draft.module
    record_audit("courses.discard_draft", draft, organization_id=module.provider_id)
    draft.delete()
    if not module.versions.exists():
        forget_uploads(module)
        forget_anchor(module)
        module.delete()


def _require_known(facts: dict[str, Any]) -> None:
    unknown = [name for name in facts if name not in (*FACTS, *LINKS)]
    errors = [FieldError(name, "unknown", _("A module has no such field.")) for name in unknown]
    for name, model in LINKS.items():
        if not all(isinstance(row, model) for row in facts.get(name) or []):
            errors.append(FieldError(name, "unknown", _("Choose from the list.")))
    if errors:
        raise Invalid(errors[0].message, errors=errors)


def _labels(rows: Any) -> list[str]:
    """For the audit log: by what names them for good."""
    return sorted(row.uri if isinstance(row, Skill) else row.code for row in rows)

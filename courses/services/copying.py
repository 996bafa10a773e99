"""A new module that starts as a copy of another: facts, tree, pictures and files, each a row of its own."""

import re
import secrets
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File
from django.db import transaction

from courses.models import Image, Module, ModuleFile, ModuleVersion
from courses.policies import can_view_draft
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Forbidden, NotFound
from lms.core.texts import Text
from lms.organizations.models import Organization

from .authoring import create_module
from .facts import FACTS
from .trees import copy_tree
from .validity import require_dutch, require_valid

ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@transaction.atomic
def copy_module(
    *, by: User, version: ModuleVersion, provider: Organization, code: str, title: Text | None = None
) -> ModuleVersion:
    """Start a module of `provider` from a version of another module; returns its draft number 1.

    Steps have no history in common with the source's, so that progress is never mapped between two modules. Who wrote
    a draft that nobody reviewed yet is an author of its copy too.
    Requires: view_drafts at the source, author_modules at `provider`. Raises: NotFound; Forbidden; Invalid; Conflict
    when the provider uses the code.
    """
    source = ModuleVersion.objects.visible_to(by).select_related("module__provider").filter(pk=version.pk).first()
    if source is None:
        raise NotFound
    if not can_view_draft(by, source):
        raise Forbidden
    name = source.title if title is None else title
    require_dutch("title", name)
    draft = create_module(by=by, provider=provider, code=code, title=name, track=source.track)
    ids = {**_copy_images(source.module, draft.module), **_copy_files(source.module, draft.module)}
    for fact in FACTS:
        setattr(draft, fact, with_new_ids(getattr(source, fact), ids))
    draft.title = name
    require_valid(draft, exclude=("module",))
    draft.save()
    if source.is_draft:
        draft.authors.add(*source.authors.all())
    draft.skills.add(*source.skills.all())
    draft.sectors.add(*source.sectors.all())
    copy_tree(source, draft, data=lambda held: with_new_ids(held, ids), same_lineage=False)
    origin = {"version": (None, source.pk)}
    record_audit("courses.copy_module", draft.module, changes=origin, organization_id=provider.pk)
    return draft


def with_new_ids(value: Any, ids: dict[str, str]) -> Any:
    """The value with every id in its texts that `ids` knows replaced: `image:<id>` in texts, files in units."""
    if isinstance(value, str):
        return ID.sub(lambda found: ids.get(found[0].lower(), found[0]), value)
    if isinstance(value, list):
        return [with_new_ids(item, ids) for item in value]
    if isinstance(value, dict):
        return {key: with_new_ids(item, ids) for key, item in value.items()}
    return value


def _copy_images(source: Module, module: Module) -> dict[str, str]:
    made = {}
    for image in source.images.all():
        copy = Image(module=module, alt=image.alt)
        _copy_stored(image, copy)
        copy.save(force_insert=True)
        made[str(image.pk)] = str(copy.pk)
    return made


def _copy_files(source: Module, module: Module) -> dict[str, str]:
    made = {}
    for kept in source.files.all():
        copy = ModuleFile(
            module=module, name=kept.name, content_type=kept.content_type, size=kept.size, sha256=kept.sha256
        )
        _copy_stored(kept, copy)
        copy.save(force_insert=True)
        made[str(kept.pk)] = str(copy.pk)
    return made


def _copy_stored(source: Image | ModuleFile, copy: Image | ModuleFile) -> None:
    """The bytes under a random name of their own: either module may be thrown away."""
    suffix = PurePosixPath(str(source.file.name)).suffix
    with source.file.open("rb") as stored:
        copy.file.save(f"{secrets.token_hex(16)}{suffix}", File(stored), save=False)

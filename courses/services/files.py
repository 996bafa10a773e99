"""Files in modules: a document to download, a video, subtitles. Known by their content, kept under a random name."""

import hashlib
import re
import secrets
import unicodedata
from typing import IO
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from courses.file_types import MEGABYTE, SUBTITLES, FileType, type_of
from courses.models import Image, Module, ModuleFile
from courses.policies import can_edit_module
from courses.references import places_of_uploads
from courses.subtitles import read_subtitles
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound

CHUNK = MEGABYTE
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


@transaction.atomic
def add_file(*, by: User, module: Module, file: IO[bytes], name: str) -> ModuleFile:
    """Keep a file for a module's units, under a random name; learners see `name`, cleaned.

    Requires: author_modules; a PDF, picture, office document without macros (25 MB), MP4 or WebM (500 MB), or WebVTT
    subtitles (1 MB). Raises: NotFound; Forbidden; Invalid, for subtitles with the line that is wrong.
    """
    _require_author(by, module)
    kind = type_of(file)
    if kind is None:
        message = _(
            "This file cannot be used: choose a PDF, PNG, JPEG, an office document without macros, an MP4 or WebM "
            "video, or WebVTT subtitles."
        )
        raise Invalid(message, errors=[FieldError("file", "type", message)])
    digest, size = _measured(file, kind)
    if kind is SUBTITLES:
        read_subtitles(file.read())
        file.seek(0)
    stored = ModuleFile(module=module, name=_clean(name, kind), content_type=kind.media, size=size, sha256=digest)
    stored.file.save(f"{secrets.token_hex(16)}.{kind.ending}", File(file), save=False)
    stored.save(force_insert=True)
    record_audit("courses.add_file", stored, organization_id=module.provider_id)
    return stored


@transaction.atomic
def delete_file(*, by: User, file: ModuleFile) -> None:
    """Delete a file that no version of its module uses.

    Requires: author_modules. Raises: NotFound; Forbidden; Conflict that says where it is used.
    """
    module = _lock(by, file.module_id)
    _require_unused(module, file)
    record_audit("courses.delete_file", file, organization_id=module.provider_id)
    _forget(file)
    file.delete()


@transaction.atomic
def delete_image(*, by: User, image: Image) -> None:
    """Delete a picture that no version of its module shows.

    Requires: author_modules. Raises: NotFound; Forbidden; Conflict that says where it is used.
    """
    module = _lock(by, image.module_id)
    _require_unused(module, image)
    record_audit("courses.delete_image", image, organization_id=module.provider_id)
    _forget(image)
    image.delete()


def forget_uploads(module: Module) -> None:
    """Delete the module's pictures and files from the store once the transaction that deletes the module is final.

    Requires: an open transaction.
    """
    for image in module.images.all():
        _forget(image)
    for file in module.files.all():
        _forget(file)


def _forget(kept: Image | ModuleFile) -> None:
    """Only when no other row has the same bytes: a copied module shares them."""
    name, model = str(kept.file.name), Image if isinstance(kept, Image) else ModuleFile

    def forget() -> None:
        if not model.objects.filter(file=name).exists():
            default_storage.delete(name)

    transaction.on_commit(forget)


def _lock(by: User, module_id: UUID) -> Module:
    """The module, locked: what is written in its drafts waits, so that no new use slips in."""
    module = Module.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=module_id).first()
    if module is None:
        raise NotFound
    _require_author(by, module)
    list(module.versions.select_for_update().filter(published_at=None).values_list("pk"))
    return module


def _require_author(by: User, module: Module) -> None:
    if not Module.objects.visible_to(by).filter(pk=module.pk).exists():
        raise NotFound
    if not can_edit_module(by, module):
        raise Forbidden


def _require_unused(module: Module, kept: Image | ModuleFile) -> None:
    places = places_of_uploads(module).get(str(kept.pk))
    if places:
        message = _("This is in use, so it stays: %(places)s.") % {"places": "; ".join(places[:10])}
        raise Conflict(message, code="in_use")


def _measured(file: IO[bytes], kind: FileType) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > kind.most:
            message = _("This file is larger than %(most)d MB: make it smaller first.")
            message %= {"most": kind.most // MEGABYTE}
            raise Invalid(message, errors=[FieldError("file", "large", message)])
    file.seek(0)
    return digest.hexdigest(), size


def _clean(name: str, kind: FileType) -> str:
    """A name that is safe on every system, with the ending that belongs to the content."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    last = "".join(character for character in last if not "\ud800" <= character <= "\udfff")
    stem = _UNSAFE.sub("_", last).strip(" ._")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem).strip(" ._")[:150] or _("file")
    return f"{stem}.{kind.ending}"

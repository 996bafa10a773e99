"""Pictures in modules: whatever is uploaded is decoded, cleaned and encoded anew, or refused."""

import secrets
from io import BytesIO
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageOps

from courses.models import Image, Module
from courses.policies import can_edit_module
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import FieldError, Forbidden, Invalid, NotFound
from lms.core.texts import Text

from .validity import require_dutch, require_valid

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_SIDE = 2400  # pixels: more than any screen of a learner shows
FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}


@transaction.atomic
def add_image(*, by: User, module: Module, file: IO[bytes], alt: Text) -> Image:
    """Keep a picture for a module's texts, under a random name and without what the camera wrote in it.

    Requires: author_modules; PNG, JPEG or WebP up to 5 MB and 25 megapixels; a Dutch alternative text.
    Raises: NotFound; Forbidden; Invalid.
    """
    if not Module.objects.visible_to(by).filter(pk=module.pk).exists():
        raise NotFound
    if not can_edit_module(by, module):
        raise Forbidden
    require_dutch("alt", alt)
    picture, extension, size = _encoded_anew(file)
    image = Image(module=module, alt=alt)
    require_valid(image, exclude=("module", "file"))
    image.file.save(f"{secrets.token_hex(16)}.{extension}", ContentFile(picture), save=False)
    image.width, image.height = size
    image.save(force_insert=True)
    record_audit("courses.add_image", image, organization_id=module.provider_id)
    return image


def _encoded_anew(file: IO[bytes]) -> tuple[bytes, str, tuple[int, int]]:
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _refused("large", _("This picture is larger than 5 MB: make it smaller first."))
    try:
        with Pillow.open(BytesIO(raw), formats=list(FORMATS)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _refused("large", _("This picture has more than 25 million pixels: make it smaller first."))
            name = str(opened.format)
            picture, size = _encode(ImageOps.exif_transpose(opened), name)
            return picture, FORMATS[name], size
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        message = _("This picture has more than 25 million pixels: make it smaller first.")
        raise _refused("large", message) from error
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, OverflowError, MemoryError) as error:
        raise _refused("unreadable", _("This is not a PNG, JPEG or WebP picture that can be opened.")) from error


def _encode(picture: Any, name: str) -> tuple[bytes, tuple[int, int]]:
    transparent = name != "JPEG" and picture.has_transparency_data
    clean = picture.convert("RGBA" if transparent else "RGB")
    clean.info.clear()
    clean.thumbnail((MAX_SIDE, MAX_SIDE))
    written = BytesIO()
    clean.save(written, format=name, **({} if name == "PNG" else {"quality": 85}))
    return written.getvalue(), clean.size


def _refused(code: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError("file", code, message)])

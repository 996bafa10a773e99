"""How a module's file is sent, whichever door lets somebody in: videos and subtitles play, everything else is saved."""

from collections.abc import Mapping

from django.http import HttpResponseBase

from courses.file_types import FILE_TYPES
from courses.models import ModuleFile
from lms.web.serving import send_stored


def send_file(headers: Mapping[str, str], file: ModuleFile) -> HttpResponseBase:
    """The file itself. Requires: the caller has asked whether this user may have it."""
    kind = FILE_TYPES.get(file.content_type)
    return send_stored(
        headers,
        file.file,
        name=file.name,
        media=file.content_type if kind else "application/octet-stream",
        size=file.size,
        tag=file.sha256,
        inline=kind is not None and kind.plays,
    )

"""Sending a stored file of a user: never run, never guessed at, in parts where a player asks for parts."""

import re
from collections.abc import Iterator, Mapping
from typing import IO
from urllib.parse import quote

from django.core.files import File
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

BLOCK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def send_stored(
    headers: Mapping[str, str], stored: File, *, name: str, media: str, size: int, tag: str, inline: bool = False
) -> HttpResponseBase:
    """The file under `name`; `tag` names its bytes, which never change. One byte range is honored (RFC 9110, 14)."""
    wanted = _RANGE.fullmatch(headers.get("Range", ""))
    if headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        wanted = None
    response: HttpResponseBase
    if wanted is None or wanted.groups() == ("", ""):
        response = FileResponse(stored.open("rb"), content_type=media)
    else:
        first, last = _bounds(wanted[1], wanted[2], size)
        if first > last:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            part = _part(stored.open("rb"), first, last)
            response = StreamingHttpResponse(part, status=206, content_type=media)
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
            response["Content-Length"] = str(last - first + 1)
    if response.status_code == 200:
        response["Content-Length"] = str(size)
    response["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; `-500` asks the last 500. First beyond last: there is nothing to send."""
    if not first:
        length = min(int(last), size)
        return (size - length, size - 1) if length else (1, 0)
    return int(first), min(int(last), size - 1) if last else size - 1


def _part(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block

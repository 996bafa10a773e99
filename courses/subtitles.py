"""Subtitles in WebVTT (https://www.w3.org/TR/webvtt1/): read strictly, and refused with the line that is wrong."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.core.errors import FieldError, Invalid

MAX_CUES = 20_000
_STAMP = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_STAMP}[ \t]+-->[ \t]+{_STAMP}(?:[ \t].*)?")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Cue:
    """Words on the screen from one moment to another, in milliseconds."""

    starts: int
    ends: int
    words: str


def read_subtitles(content: bytes) -> list[Cue]:
    """The cues in their order. Raises: Invalid that names the line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(line, _("this is not UTF-8 text: save the file as UTF-8")) from error
    if "\x00" in text:
        raise _refused(text[: text.index("\x00")].count("\n") + 1, _("this holds a character that is no text"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise _refused(1, _("the first line must be WEBVTT"))
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if block[0].split(" ")[0].split("\t")[0] not in _BLOCKS:
            cues.append(_cue(number, block, cues[-1].starts if cues else 0))
        if len(cues) > MAX_CUES:
            raise _refused(number, _("there are too many subtitles in one file"))
    if not cues:
        raise _refused(len(lines), _("there are no subtitles in it"))
    return cues


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What stands between empty lines, with the number of its first line; the header is left out."""
    blocks: list[tuple[int, list[str]]] = []
    inside = True
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            inside = False
        elif inside and blocks:
            blocks[-1][1].append(line)
        elif not inside:
            blocks.append((number, [line]))
            inside = True
    return blocks


def _cue(number: int, block: list[str], after: int) -> Cue:
    if "-->" not in block[0]:
        number, block = number + 1, block[1:]  # the first line is the cue's own name
    timing = _TIMING.fullmatch(block[0].strip()) if block else None
    if timing is None:
        raise _refused(number, _("write the time as 00:01.000 --> 00:04.000"))
    parts = timing.groups()
    starts, ends = _moment(parts[:4]), _moment(parts[4:])
    if ends <= starts:
        raise _refused(number, _("the subtitle ends before it begins"))
    if starts < after:
        raise _refused(number, _("the subtitle begins before the one above it"))
    for offset, line in enumerate(block[1:], start=1):
        if "-->" in line:
            raise _refused(number + offset, _("an empty line is missing above this time"))
    return Cue(starts, ends, _TAG.sub("", " ".join(line.strip() for line in block[1:])))


def _moment(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _refused(line: int, problem: str) -> Invalid:
    message = _("Subtitles, line %(line)d: %(problem)s.") % {"line": line, "problem": problem}
    return Invalid(message, errors=[FieldError("file", "subtitles", message)])

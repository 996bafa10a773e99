"""The picture that goes along when somebody shares a module: its title, provider, level and load, 1200 by 630 points.

Pillow reads the same fonts that the pages use. A picture is named by what it shows, so its bytes never change.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from courses.models import ModuleVersion
from courses.templatetags.course_words import level_words, load_words
from lms.core.texts import localized

SIZE = WIDTH, HEIGHT = 1200, 630
DESIGN = 1  # raise it when the drawing changes, so that the pictures get new names
MARGIN, STRIPE = 80, 28
ROOM = WIDTH - 2 * MARGIN
TITLE_SIZES, TITLE_TOP, TITLE_ROOM = range(84, 43, -4), 168, 280
SPACING = 1.2  # between the lines of a title
INK, MUTED, PAPER, EDGE = "#16242e", "#4a5b67", "#ffffff", "#cfd8de"
TRACK_COLORS = {"mbo": "#0b5a6f", "hbo": "#8a3b12", "wo": "#5b2a86"}
FONTS = settings.BASE_DIR / "lms" / "web" / "static" / "web" / "fonts"
EXTENDED = ("\u0100", "\u024f")  # letters that stand in the second file, such as ł and ş
IN_FIRST_FILE = "ıŒœ"


class Face(NamedTuple):
    """How letters look."""

    weight: int
    size: int


SITE, PROVIDER, FACT = Face(600, 34), Face(400, 36), Face(600, 30)


@dataclass(frozen=True)
class Shown:
    """What is on the picture, in one language."""

    language: str
    site: str
    track: str
    title: str
    provider: str
    facts: list[str]

    @property
    def name(self) -> str:
        """Says what the picture shows: another title, name or design is another picture."""
        held = json.dumps([DESIGN, asdict(self)], sort_keys=True)
        return f"{self.language}-{sha256(held.encode()).hexdigest()[:16]}"


def shown_of(version: ModuleVersion, language: str) -> Shown:
    """The facts of a version that go on its picture."""
    with translation.override(language):
        facts = [version.get_track_display(), level_words(version), load_words(version)]
        facts.append(version.get_document_type_display())
        provider = version.module.provider.name
        title = localized(version.title, language)
        return Shown(language, settings.SITE_NAME, version.track, title, provider, [fact for fact in facts if fact])


def draw(shown: Shown) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", SIZE, PAPER)
    canvas = ImageDraw.Draw(image)
    color = TRACK_COLORS.get(shown.track, INK)
    canvas.rectangle((0, 0, STRIPE, HEIGHT), fill=color)
    _mark(canvas, (MARGIN, 66), color)
    _write(canvas, (MARGIN + 72, 72), shown.site, SITE, MUTED)
    lines, face = _fitted(" ".join(shown.title.split()))
    for number, line in enumerate(lines):
        _write(canvas, (MARGIN, TITLE_TOP + number * face.size * SPACING), line, face, INK)
    _write(canvas, (MARGIN, 470), _cut(shown.provider, PROVIDER), PROVIDER, MUTED)
    _labels(canvas, shown.facts, color)
    with BytesIO() as file:
        image.save(file, "PNG")
        return file.getvalue()


def _mark(canvas: ImageDraw.ImageDraw, at: tuple[int, int], color: str) -> None:
    """The site's sign: a roof with a check under it."""
    left, top = at
    canvas.rounded_rectangle((left, top, left + 54, top + 54), radius=12, fill=color)
    roof = [(left + 11, top + 40), (left + 11, top + 22), (left + 27, top + 12), (left + 43, top + 22)]
    canvas.line([*roof, (left + 43, top + 40)], fill=PAPER, width=4, joint="curve")
    check = [(left + 18, top + 31), (left + 25, top + 38), (left + 37, top + 26)]
    canvas.line(check, fill="#e8a317", width=5, joint="curve")


def _labels(canvas: ImageDraw.ImageDraw, facts: list[str], color: str) -> None:
    left: float = MARGIN
    for fact in facts:
        width = _width(fact, FACT) + 48
        if left + width > WIDTH - MARGIN:
            break
        canvas.rounded_rectangle((left, 536, left + width, 592), radius=28, outline=color, width=3)
        _write(canvas, (left + 24, 544), fact, FACT, color)
        left += width + 18


def _fitted(title: str) -> tuple[list[str], Face]:
    """The title in the largest size in which it fits; cut off where even the smallest is too large."""
    for size in TITLE_SIZES:
        face = Face(700, size)
        lines = _wrapped(title, face)
        if len(lines) * size * SPACING <= TITLE_ROOM:
            return lines, face
    kept = int(TITLE_ROOM // (face.size * SPACING))
    return [*lines[: kept - 1], _cut(" ".join(lines[kept - 1 :]), face)], face


def _wrapped(title: str, face: Face) -> list[str]:
    """In lines that fit, broken between words, and inside a word only when it is wider than a line."""
    lines: list[str] = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, face) <= ROOM:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and _width(lines[-1] + letter, face) > ROOM:
                lines.append("")
            lines[-1] += letter
    return lines


def _cut(words: str, face: Face) -> str:
    if _width(words, face) <= ROOM:
        return words
    fitting = 0
    while _width(f"{words[: fitting + 1]}…", face) <= ROOM:
        fitting += 1
    return f"{words[:fitting].rstrip()}…"


def _write(canvas: ImageDraw.ImageDraw, at: tuple[float, float], words: str, face: Face, fill: str) -> None:
    """A line of words, each letter from the file that has it, all on one base line."""
    left, top = at
    base = top + _font(face, extended=False).getmetrics()[0]
    for part, extended in _parts(words):
        font = _font(face, extended=extended)
        canvas.text((left, base), part, font=font, fill=fill, anchor="ls")
        left += font.getlength(part)


def _width(words: str, face: Face) -> float:
    return sum(_font(face, extended=extended).getlength(part) for part, extended in _parts(words))


def _parts(words: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for letter in words:
        extended = EXTENDED[0] <= letter <= EXTENDED[1] and letter not in IN_FIRST_FILE
        if parts and parts[-1][1] == extended:
            parts[-1] = (parts[-1][0] + letter, extended)
        else:
            parts.append((letter, extended))
    return parts


@lru_cache(maxsize=64)
def _font(face: Face, *, extended: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"open-sans-latin{'-ext' if extended else ''}-{face.weight}.woff2", face.size)

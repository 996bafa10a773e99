"""CSV as it is really saved: three separators, five encodings, quotes that hold newlines, quotes that never close."""

import csv
import re
from collections.abc import Iterator

SEPARATORS = (";", ",", "\t", "|")
MAX_LINES_IN_CELL = 30
_LINE = re.compile(r"\r\n|\n|\r")
_SEP_LINE = re.compile(r"\"?sep=(.)\"?\s*", re.I)
_OLD_ENCODINGS = ("cp1252", "cp850", "mac_roman")
# Where DOS and Mac OS keep their common letters. Windows-1252 has them above, and here little but euro and apostrophe.
_ELSEWHERE_LETTERS = bytes(set(range(0x80, 0xA0)) - {0x80, 0x92, 0x96, 0x97})
# Letters beyond ASCII by which names in the region are spelled: they tell which of the old encodings it was.
_USUAL = frozenset("éèëêïîíöóòôüúùûáàâäãçñøåæßÉÈËÖÜÁÇØÅŠšŽžłńćčğışý")


def decode(content: bytes) -> str:
    """The text: UTF-16 by its mark, UTF-8 when it is valid, else the most likely of the encodings Excel saves in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _without_nul(content.decode("utf-16", errors="replace"))
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    elif (encoding := _unmarked_utf16(content)) is not None:
        return _without_nul(content.decode(encoding, errors="replace"))
    try:
        return _without_nul(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if len(content.translate(None, _ELSEWHERE_LETTERS)) == len(content):
        return _without_nul(content.decode("cp1252", errors="replace"))
    texts = [content.decode(encoding, errors="replace") for encoding in _OLD_ENCODINGS]
    return _without_nul(max(texts, key=_likeliness))


def announced_separator(text: str) -> tuple[str | None, str]:
    """What Excel's own first line `sep=;` says, and the text without it: Excel does not show that line as a row."""
    first = _LINE.search(text)
    line, rest = (text[: first.start()], text[first.end() :]) if first else (text, "")
    match = _SEP_LINE.fullmatch(line)
    return (match.group(1), rest) if match else (None, text)


def split_lines(text: str) -> list[str]:
    """The lines of a text, whichever of the three ends they have."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


class Records:
    """Row by row, blank ones included, so that counting them gives the row number that a spreadsheet shows.

    A quote that never closes spoils its own row only. `at` is the line that comes next, `number` how many rows came.
    """

    def __init__(self, lines: list[str], separator: str, *, at: int = 0, number: int = 0) -> None:
        self.lines, self.separator, self.at, self.number = lines, separator, at, number
        self._quotes = _Quotes(separator)

    def __iter__(self) -> Iterator[list[str]]:
        while self.at < len(self.lines):
            line, used = self.lines[self.at], 1
            if '"' in line and self._quotes.stay_open(line):
                line, used = self._quotes.whole_record(self.lines, self.at)
            self.at += used
            self.number += 1
            yield _cells(line, self.separator)

    def columns(self, size: int, width: int) -> tuple[int, list[list[str]]] | None:
        """The next rows as columns, and how many rows; None where a line is not plain: then go on row by row."""
        lines = self.lines[self.at : self.at + size]
        text = self.separator.join(lines)
        separators = width - 1
        if not lines or '"' in text or any(line.count(self.separator) != separators for line in lines):
            return None
        cells = text.split(self.separator)
        self.at += len(lines)
        self.number += len(lines)
        return len(lines), [cells[position::width] for position in range(width)]


class _Quotes:
    """Which lines belong together because a quoted cell holds the newline between them."""

    def __init__(self, separator: str) -> None:
        start, end = rf"(^|{re.escape(separator)})", rf"(?={re.escape(separator)}|\n|$)"
        self._closed = re.compile(rf'{start}"(?:[^"]|"")*"{end}')
        self._opened = re.compile(rf'{start}"')
        self._open_at_end = re.compile(rf'{start}"(?:[^"]|"")*$')

    def stay_open(self, line: str) -> bool:
        """Does the last cell open a quote and not close it?"""
        return bool(self._open_at_end.search(self._closed.sub(r"\1", line)))

    def whole_record(self, lines: list[str], at: int) -> tuple[str, int]:
        """The lines that are one record, and how many. When its quote never closes: that line, without quotes."""
        joined = lines[at]
        for extra in range(1, min(MAX_LINES_IN_CELL, len(lines) - at)):
            joined += "\n" + lines[at + extra]
            if '"' in lines[at + extra] and not self._opened.search(self._closed.sub(r"\1", joined)):
                return joined, extra + 1
        return lines[at].replace('"', ""), 1


def _cells(line: str, separator: str) -> list[str]:
    if '"' not in line:
        return line.split(separator) if line else []
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = line.replace('"', "").split(separator)
    return [cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in cells]


def _unmarked_utf16(content: bytes) -> str | None:
    sample = content[:2000]
    zeros = sample.count(0)
    if zeros < len(sample) * 0.3:
        return None
    return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _likeliness(text: str) -> int:
    """How many characters beyond ASCII are usual letters next to a letter. The first encoding wins a draw."""
    return sum(
        (character in _USUAL) * 2 - (not character.isalpha())
        for before, character in zip(" " + text, text, strict=False)
        if not character.isascii() and (before.isalpha() or character.isupper())
    )


def _without_nul(text: str) -> str:
    return text.replace("\x00", "").lstrip("\ufeff")

"""The XML inside a workbook, read as a stream: a hundred thousand rows in seconds, without an object for each cell.

A document type is refused, so that no entity is ever expanded. Cells beyond `MAX_COLUMNS` are passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import IO, NoReturn
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

MAX_COLUMNS = 300
_CHUNK = 1 << 16
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TEXT, _ITEM, _SPOKEN = f"{_MAIN} t", f"{_MAIN} si", f"{_MAIN} rPh"
_ROW, _CELL, _VALUE = f"{_MAIN} row", f"{_MAIN} c", f"{_MAIN} v"

Shown = Callable[[str, str, int], str]  # kind of a cell, what is stored in it, number of its style -> what one sees


def shared_strings(source: IO[bytes]) -> list[str]:
    """The texts to which cells refer by number, without their looks and how they are pronounced."""
    reader = _Texts()
    for _read in _parsed(reader, source):
        pass
    return reader.found


def rows_of(source: IO[bytes], strings: Sequence[str], shown: Shown) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is stored, in the order of the file; a row ends with its last cell."""
    reader = _Rows(strings, shown)
    for _read in _parsed(reader, source):
        yield from reader.rows
        reader.rows.clear()


class _Texts:
    """Collects texts; `parts` is what was read of the present one."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.texts: list[str] = []
        self.spoken = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """A tag opens."""
        if tag == _TEXT:
            self.parts.clear()
        elif tag == _SPOKEN:
            self.spoken = True

    def end(self, tag: str) -> None:
        """It closes."""
        if tag == _TEXT:
            if not self.spoken:
                self.texts.append("".join(self.parts))
        elif tag == _ITEM:
            self.found.append("".join(self.texts).replace("x005F_", ""))
            self.texts.clear()
        elif tag == _SPOKEN:
            self.spoken = False


class _Rows(_Texts):
    """Collects rows. The number of a row and the column of a cell may be left out: then they follow the one before."""

    def __init__(self, strings: Sequence[str], shown: Shown) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[str]]] = []
        self.strings, self.shown = strings, shown
        self.columns: dict[str, int] = {}
        self.number = self.column = self.style = 0
        self.kind = self.value = ""
        self.cells: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        if tag == _CELL:
            self.kind, self.value = attributes.get("t", "n"), ""
            self.style = int(attributes.get("s", 0))
            self.column = self._column(attributes["r"]) if "r" in attributes else self.column + 1
            self.texts.clear()
        elif tag == _VALUE:
            self.parts.clear()
        elif tag == _ROW:
            self.number = int(attributes["r"]) if "r" in attributes else self.number + 1
            self.column, self.cells = 0, []
        else:
            super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """It closes."""
        if tag == _VALUE:
            self.value = "".join(self.parts)
        elif tag == _CELL:
            text = self._text()
            if text and self.column <= MAX_COLUMNS:
                missing = self.column - len(self.cells)
                if missing > 0:
                    self.cells.extend([""] * missing)
                self.cells[self.column - 1] = text
        elif tag == _ROW:
            self.rows.append((self.number, self.cells))
            self.parts.clear()
        else:
            super().end(tag)

    def _column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        if letters not in self.columns:
            self.columns[letters] = column_index_from_string(letters)
        return self.columns[letters]

    def _text(self) -> str:
        if self.kind == "inlineStr":
            return "".join(self.texts)
        if not self.value:
            return ""
        return self.strings[int(self.value)] if self.kind == "s" else self.shown(self.kind, self.value, self.style)


def _parsed(reader: _Texts, source: IO[bytes]) -> Iterator[None]:
    """Feeds the reader piece by piece; stops after each, so that what was read can be taken."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.parts.append
    parser.StartDoctypeDeclHandler = _refuse
    while piece := source.read(_CHUNK):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_declared: object) -> NoReturn:
    raise ValueError("A document type has no place in a workbook.")

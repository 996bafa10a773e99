"""What a file holds before anything is done with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.core.errors import FieldError, Invalid

from .documents import Document

Place = tuple[str, int | None, str]  # sheet, row, column


class Unreadable(Invalid):
    """The file as a whole, or one thing in it, cannot be read. The sentence says what it is and how to mend it."""

    code = "unreadable"

    def __init__(self, sentence: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(sentence, errors=errors or [FieldError("file", self.code, sentence)])


@dataclass(frozen=True)
class Entry:
    """One module or offering of a file. `build` gives its document from what is there: a sheet may leave columns out.

    `where` tells the place in the file of a path in the document. `errors` are cells that cannot be read.
    """

    code: str
    build: Callable[[Document | None], Any]
    where: Callable[[str], Place]
    errors: tuple[FieldError, ...] = ()


@dataclass
class Parcel:
    """All of a file."""

    modules: list[Entry] = field(default_factory=list)
    offerings: list[Entry] = field(default_factory=list)

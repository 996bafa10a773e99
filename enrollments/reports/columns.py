"""What stands in a column, and what kind of value it is: files write it accordingly."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

Line = dict[str, Any]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Kind(Enum):
    """How a value is shown, aligned and written."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"

    @property
    def is_figure(self) -> bool:
        """It stands at the end of its cell."""
        return self in (Kind.NUMBER, Kind.MONEY)


@dataclass(frozen=True)
class Column:
    """One column of a report. `key` is stable and for machines, `label` is translated and for people.

    `brief`: shown on the page too; the others are in files and in the API only.
    """

    key: str
    label: Any
    kind: Kind = Kind.TEXT
    brief: bool = True

"""Pages as the Open Education API fixes them: a size out of five, numbers from 1, and whether there is a next one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lms.core.errors import Invalid

SIZES = (10, 20, 50, 100, 250)
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Page:
    """Some rows of a list. They are not counted: that would cost as much as reading them all."""

    items: list[Any]
    size: int
    number: int
    has_next: bool

    def body(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        """The document around the items."""
        return {
            "pageSize": self.size,
            "pageNumber": self.number,
            "hasPreviousPage": self.number > 1,
            "hasNextPage": self.has_next,
            "items": items,
        }


def page_of(found: QuerySet[Any], asked: dict[str, str]) -> Page:
    """The page that `pageSize` and `pageNumber` ask for. Raises Invalid."""
    size = _number(asked, "pageSize", SIZES[0])
    if size not in SIZES:
        raise Invalid(_("pageSize is 10, 20, 50, 100 or 250."))
    number = _number(asked, "pageNumber", 1)
    if not 1 <= number <= LAST_PAGE:
        raise Invalid(_("pageNumber is a number from 1."))
    start = (number - 1) * size
    rows = list(found[start : start + size + 1])
    return Page(rows[:size], size, number, len(rows) > size)


def _number(asked: dict[str, str], name: str, default: int) -> int:
    given = asked.get(name, str(default))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1

"""What may be told of a table, so that no person and no employer can be found in it. Pure: it knows no database.

Every table divides one number, its total. A category is shown, or it disappears into the remainder: the total less
what is shown. The remainder obeys the same rule as everything that is shown, and none and few look alike; therefore,
whatever else is published, a hidden category can be anything from nothing to the whole remainder. Decision 0026 has
the proof.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

FEWEST_PEOPLE = 5  # STANDARDS of the platform: cells under 5 are suppressed
# Handbook on Statistical Disclosure Control (Hundepool et al., ESSNet SDC, 2010), chapter 4: a least number of
# contributors, and the p%-rule: whoever comes second must not know the first to within p%.
FEWEST_EMPLOYERS = 3
P_PERCENT = 20


@dataclass
class Cell:
    """A count, and who is in it: of the people no more than it takes to see that there are enough."""

    count: int = 0
    people: set[Hashable] = field(default_factory=set)
    employers: Counter[Hashable] = field(default_factory=Counter)

    def add(self, employer: Hashable, people: Iterable[Hashable], amount: int = 1) -> None:
        """So many more, of these people, on account of this employer."""
        self.count += amount
        self.employers[employer] += amount
        if len(self.people) < FEWEST_PEOPLE:
            self.people.update(people)

    @property
    def may_be_told(self) -> bool:
        """Enough people, of enough employers, none of which is nearly alone."""
        by_size = sorted(self.employers.values(), reverse=True)
        if len(self.people) < FEWEST_PEOPLE or len(by_size) < FEWEST_EMPLOYERS:
            return False
        return sum(by_size[2:]) * 100 >= by_size[0] * P_PERCENT


@dataclass(frozen=True)
class Protected:
    """What may be told: the total (None: not even that), and of each category that is shown its count."""

    total: int | None
    shown: dict[str, int]


def united(cells: Iterable[Cell]) -> Cell:
    """Several cells as one."""
    whole = Cell()
    for cell in cells:
        whole.count += cell.count
        whole.people |= cell.people
        whole.employers += cell.employers
    return whole


def protect(cells: Mapping[str, Cell]) -> Protected:
    """Hide what may not be told; then the smallest of the rest, until the remainder is safe too."""
    total = united(cells.values())
    if not total.count:
        return Protected(0, {})
    if not total.may_be_told:
        return Protected(None, {})
    shown = {name: cell for name, cell in cells.items() if cell.may_be_told}
    while True:
        remainder = united(cell for name, cell in cells.items() if name not in shown)
        if not remainder.count or remainder.may_be_told:
            return Protected(total.count, {name: cell.count for name, cell in shown.items()})
        del shown[min(shown, key=lambda name: (shown[name].count, name))]

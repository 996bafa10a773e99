"""An attacker with everything that is published, exact algebra and the bounds that follow, against the suppression.

The attacker is written apart: it knows the published tables as equations over cells of nothing or more, solves them by
rational elimination and narrows bounds until nothing moves. It must never learn a hidden cell; with the primary rule
alone (each cell judged by itself, totals untouched) it must.
"""

from fractions import Fraction

from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from enrollments.region.suppression import FEWEST_PEOPLE, Cell, Protected, protect, united

LEVELS, FIELDS, EMPLOYERS = ("a", "b", "c", "d"), ("x", "y", "z"), 6
PEOPLE = st.lists(
    st.tuples(st.sampled_from(LEVELS), st.sampled_from(FIELDS), st.integers(0, EMPLOYERS - 1), st.integers(0, 30)),
    min_size=20,
    max_size=40,
)
QUARTERS = st.lists(PEOPLE, min_size=1, max_size=2)
ONE = settings(phases=[Phase.generate])  # any example will do; it need not be the least


def tables(rows):
    """The two tables of one quarter."""
    cells = {"level": {key: Cell() for key in LEVELS}, "field": {key: Cell() for key in FIELDS}}
    for level, field, employer, person in rows:
        cells["level"][level].add(employer, [person])
        cells["field"][field].add(employer, [person])
    return cells


def primary_alone(cells):
    """The control: hides what is small, and tells the total."""
    return Protected(
        united(cells.values()).count,
        {key: cell.count for key, cell in cells.items() if cell.may_be_told or not cell.count},
    )


def published(quarters, rule):
    """Equations (names of cells, sum) of all tables and periods, the year included, and which cells are hidden."""
    equations, hidden, all_cells = [], {}, {}
    for number, rows in enumerate(quarters):
        inner = [(number, level, field) for level in LEVELS for field in FIELDS]
        for axis, (table, cells) in enumerate(tables(rows).items(), start=1):
            told = rule(cells)
            if told.total is not None:
                equations.append((set(inner), told.total))
            for key, cell in cells.items():
                name = (number, table, key)
                all_cells[name] = {one for one in inner if one[axis] == key}
                if key in told.shown:
                    equations.append((all_cells[name], told.shown[key]))
                elif told.total is None or told.total > sum(told.shown.values()):
                    hidden[name] = cell.count
                else:
                    equations.append((all_cells[name], 0))
    totals = [rule(tables(rows)["level"]).total for rows in quarters]
    if None not in totals:
        every = {(n, level, field) for n in range(len(quarters)) for level in LEVELS for field in FIELDS}
        equations.append((every, sum(totals)))
    return equations, hidden, all_cells


def reduced(equations):
    """Rational elimination to reduced rows: each a map from unknown to coefficient, and what it equals."""
    rows = []
    for names, value in equations:
        row, equals = {name: Fraction(1) for name in names}, Fraction(value)
        for pivot, known, worth in rows:
            if factor := row.get(pivot):
                row = minus(row, known, factor)
                equals -= factor * worth
        if not row:
            continue
        pivot = min(row)
        lead = row[pivot]
        row, equals = {name: share / lead for name, share in row.items()}, equals / lead
        rows = [
            (p, minus(known, row, known.get(pivot, 0)), worth - known.get(pivot, 0) * equals)
            for p, known, worth in rows
        ]
        rows.append((pivot, row, equals))
    return rows


def minus(row, other, factor):
    """Row less so many times another."""
    left = {name: row.get(name, 0) - factor * other.get(name, 0) for name in row.keys() | other.keys()}
    return {name: share for name, share in left.items() if share}


def combined(rows, names):
    """What the equations say of a sum of unknowns: what is left of it, and what it is worth so far."""
    row, worth = {name: Fraction(1) for name in names}, Fraction(0)
    for pivot, known, equals in rows:
        if factor := row.get(pivot):
            row = minus(row, known, factor)
            worth += factor * equals
    return row, worth


def bounds(rows, every, equations):
    """Least and most of each unknown: each equation narrows each of its unknowns by what the others can be."""
    low = dict.fromkeys(every, Fraction(0))
    high = dict.fromkeys(every, Fraction(10**6))
    lines = [({name: Fraction(1) for name in names}, Fraction(value)) for names, value in equations]
    lines += [(row, equals) for _pivot, row, equals in rows]
    moved = True
    while moved:
        moved = False
        for row, equals in lines:
            for name, share in row.items():
                others = [(one, part) for one, part in row.items() if one != name]
                least = sum(part * (low[one] if part > 0 else high[one]) for one, part in others)
                most = sum(part * (high[one] if part > 0 else low[one]) for one, part in others)
                ends = sorted(((equals - least) / share, (equals - most) / share))
                if ends[0] > low[name] or ends[1] < high[name]:
                    low[name], high[name], moved = max(low[name], ends[0]), min(high[name], ends[1]), True
    return low, high


def widths(quarters, rule):
    """For each hidden cell: the least and the most that the attacker gives it, and what it is."""
    equations, hidden, cells = published(quarters, rule)
    rows = reduced(equations)
    low, high = bounds(rows, {one for names in cells.values() for one in names}, equations)
    found = {}
    for name, truth in hidden.items():
        rest, worth = combined(rows, cells[name])
        least = max(worth + sum(s * (low[one] if s > 0 else high[one]) for one, s in rest.items()), Fraction(0))
        most = worth + sum(s * (high[one] if s > 0 else low[one]) for one, s in rest.items())
        least, most = max(least, sum(low[one] for one in cells[name])), min(most, sum(high[o] for o in cells[name]))
        siblings = [n for n in cells if n[:2] == name[:2] and n not in hidden]
        taken = [sum(v for names, v in equations if names == cells[n]) for n in siblings]
        whole = [v for names, v in equations if names == set().union(*(cells[n] for n in cells if n[:2] == name[:2]))]
        most = min([most, *(Fraction(total - sum(taken)) for total in whole)])
        found[name] = (least, most, truth)
    return found


@settings(max_examples=15)
@given(QUARTERS)
def test_an_attacker_narrows_no_hidden_cell_below_the_threshold(quarters):
    for name, (least, most, truth) in widths(quarters, protect).items():
        assert least <= truth <= most, name  # the attacker reasons well
        assert least == 0, f"{name} is at least {least}"
        assert most - least >= FEWEST_PEOPLE, f"{name} lies between {least} and {most}"


def test_the_attacker_has_something_to_reason_with():
    """Tables in which some cells are shown and others hidden do occur."""
    assert find(
        PEOPLE,
        lambda rows: 0 < len(protect(tables(rows)["level"]).shown) < len(tables(rows)["level"]) - 1,
        settings=ONE,
    )


def test_the_same_attacker_finds_people_where_only_small_cells_are_hidden():
    found = find(
        QUARTERS,
        lambda quarters: any(
            least == most and 0 < truth < FEWEST_PEOPLE
            for least, most, truth in widths(quarters, primary_alone).values()
        ),
        settings=ONE,
    )
    assert found


@settings(max_examples=50)
@given(PEOPLE)
def test_whatever_is_told_obeys_the_rule(rows):
    """What is shown, the remainder and the total, judged from the people themselves."""
    for axis, (table, cells) in enumerate(tables(rows).items()):
        told = protect(cells)
        groups = [[row for row in rows if row[axis] == key] for key in told.shown]
        groups.append([row for row in rows if row[axis] not in told.shown])
        if told.total is not None:
            groups.append(rows)
            for group in filter(None, groups):
                sizes = sorted((sum(row[2] == one for row in group) for one in {row[2] for row in group}), reverse=True)
                assert len({row[3] for row in group}) >= FEWEST_PEOPLE, table
                assert len(sizes) >= 3, table
                assert sum(sizes[2:]) >= sizes[0] / 5, table
        else:
            assert not told.shown

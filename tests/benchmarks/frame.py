"""Limit and product side by side: interleaved in one run, several rounds, compared pair by pair.

Only the ratio means something: seconds differ per machine and per hour. `spread` is the distance between the lowest
and the highest ratio of the rounds.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

Action = Callable[[], Any]
Rounds = Callable[[], Iterator[tuple[Action, Action]]]


@dataclass(frozen=True)
class Benchmark:
    """`pairs` prepares once, then gives each round's limit and product to be timed."""

    name: str
    pairs: Rounds
    target: float
    rounds: int
    note: str


@dataclass(frozen=True)
class Row:
    """One line of the result. `p95` is the ratio of the two 95th percentiles."""

    name: str
    limit: float
    product: float
    ratio: float
    spread: float
    p95: float
    target: float
    rounds: int
    note: str


BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(name: str, *, target: float, rounds: int, note: str) -> Callable[[Rounds], Rounds]:
    """Register a generator of (limit, product) pairs."""

    def register(pairs: Rounds) -> Rounds:
        BENCHMARKS[name] = Benchmark(name, pairs, target, rounds, note)
        return pairs

    return register


def measure(bench: Benchmark) -> Row:
    """Run the rounds, who goes first taking turns, after one round that is not counted."""
    limits, products = [], []
    for number, (limit, product) in enumerate(islice(bench.pairs(), bench.rounds + 1)):
        if number % 2:
            seconds_product, seconds_limit = timed(product), timed(limit)
        else:
            seconds_limit, seconds_product = timed(limit), timed(product)
        if number:
            limits.append(seconds_limit)
            products.append(seconds_product)
    ratios = [product / limit for limit, product in zip(limits, products, strict=True)]
    return Row(
        name=bench.name,
        limit=round(statistics.median(limits), 6),
        product=round(statistics.median(products), 6),
        ratio=round(statistics.median(ratios), 3),
        spread=round(max(ratios) - min(ratios), 3),
        p95=round(_p95(products) / _p95(limits), 3),
        target=bench.target,
        rounds=len(ratios),
        note=bench.note,
    )


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]


def timed(action: Action) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def write(rows: list[Row], path: Path) -> None:
    """Keep the rows of earlier runs that were not measured now."""
    kept = json.loads(path.read_text()) if path.exists() else []
    measured = {row.name: asdict(row) for row in rows}
    merged = {row["name"]: row for row in kept if row["name"] in BENCHMARKS} | measured
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(merged.values()), indent=2) + "\n")


def table(rows: list[Row]) -> str:
    """For people."""
    heads = f"{'name':<22} {'limit s':>10} {'product s':>10} {'ratio':>7} {'spread':>7} {'p95':>7} {'target':>7}"
    lines = [f"{heads}  rounds  note"]
    for row in rows:
        verdict = "" if row.ratio <= row.target else "  ABOVE TARGET"
        lines.append(
            f"{row.name:<22} {row.limit:>10.4f} {row.product:>10.4f} {row.ratio:>7.2f} {row.spread:>7.2f} "
            f"{row.p95:>7.2f} {row.target:>7.2f}  {row.rounds:>6}  {row.note}{verdict}"
        )
    return "\n".join(lines)

"""A figure as people read it."""

from typing import Any

from lms.core.money import euros

from .columns import Kind
from .report import Figure, Measure, Report

Amounts = dict[str, dict[str, Any]]


def figure_in_words(report: Report, figure: Figure, counts: dict[str, int], amounts: Amounts) -> str:
    """The number of rows, or what is measured of them, with the figure's label."""
    if not report.measures:
        return f"{counts[figure.key]} {figure.label}"
    label = str(figure.label)
    return f"{label[:1].upper()}{label[1:]}: {amounts_in_words(report, amounts[figure.key])}"


def amounts_in_words(report: Report, amounts: dict[str, Any]) -> str:
    """What is measured, in one line."""
    return " · ".join(amount_lines(report, amounts))


def amount_lines(report: Report, amounts: dict[str, Any]) -> list[str]:
    """What is measured, each in a line of its own that does not break."""
    return [amount_in_words(one, amounts[one.key]) for one in report.measures]


def amount_in_words(measure: Measure, amount: Any) -> str:
    """An amount with what it is an amount of."""
    if measure.kind is Kind.MONEY:
        return euros(amount)
    return f"{amount} {measure.label}"

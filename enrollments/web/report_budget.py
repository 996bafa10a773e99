"""Seats and budget on the page: a bar per agreement with where it goes, and the months."""

from calendar import monthrange
from dataclasses import replace
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from enrollments.reports.addresses import address_of
from enrollments.reports.budget import BUDGET, MEASURES, amounts_by_month
from enrollments.reports.filters import Asked
from enrollments.reports.forecast import Limit, Standing, standings
from enrollments.reports.words import amount_in_words, amount_lines
from lms.core.money import euros

BY_KEY = {measure.key: measure for measure in MEASURES}
PARTS = ("used", "reserved", "left")
WIDTH = 100


def budget_context(asked: Asked) -> dict[str, Any]:
    """What this report shows beside its figures."""
    return {
        "standings": [_standing(asked, one) for one in standings(asked)],
        "months": [_month(asked, row["month"], row["amounts"]) for row in amounts_by_month(asked)],
        "budget_figures": BUDGET.figures,
    }


def _standing(asked: Asked, standing: Standing) -> dict[str, Any]:
    whose = replace(asked, agreement=standing.agreement.pk)
    return {
        "agreement": standing.agreement,
        "lapses": standing.lapses,
        "limits": [_limit(whose, one) for one in standing.limits],
        "invoiced": euros(standing.invoiced),
        "not_invoiced": euros(standing.not_invoiced),
        "invoices": euros(standing.invoices),
        "url": address_of("report_rows", BUDGET, whose),
    }


def _limit(asked: Asked, limit: Limit) -> dict[str, Any]:
    labels = {"used": _("used"), "reserved": _("reserved now"), "left": _("left over")}
    parts, start = [], 0.0
    for key in PARTS:
        amount = getattr(limit, key)
        width = WIDTH * float(max(amount, 0) / limit.granted) if limit.granted > 0 else 0.0
        figure = None if key == "left" else key
        parts.append(
            {
                "key": key,
                "words": f"{labels[key]}: {amount_in_words(BY_KEY[limit.key], amount)}",
                "start": f"{start:.2f}",
                "width": f"{width:.2f}",
                "url": address_of("report_rows", BUDGET, asked, figure),
            }
        )
        start += width
    granted = amount_in_words(BY_KEY[limit.key], limit.granted)
    return {"granted": granted, "parts": parts, "forecast": forecast_in_words(limit)}


def forecast_in_words(limit: Limit) -> str:
    """Where it goes at the pace so far; empty for what is not in force."""
    found = limit.forecast
    if found is None:
        return ""
    measure = BY_KEY[limit.key]
    if found.pace is None:
        return _("In force for less than four weeks: too short to say where it goes.")
    pace = {"pace": amount_in_words(measure, _plain(limit, found.pace))}
    if found.runs_out:
        month = formats.date_format(found.runs_out, "F Y")
        return _("%(pace)s a month so far: runs out in %(month)s.") % (pace | {"month": month})
    left = amount_in_words(measure, _plain(limit, found.unused))
    return _("%(pace)s a month so far: %(left)s left unused at the end.") % (pace | {"left": left})


def _plain(limit: Limit, amount: Any) -> Any:
    return amount if limit.key == "money" else formats.number_format(f"{amount.normalize():f}")


def _month(asked: Asked, month: Any, amounts: dict[str, Any]) -> dict[str, Any]:
    last = month.replace(day=monthrange(month.year, month.month)[1])
    within = replace(asked, since=max(month, asked.since or month), until=min(last, asked.until or last))
    cells = [
        {
            "label": figure.label,
            "amounts": amount_lines(BUDGET, amounts[figure.key]),
            "url": address_of("report_rows", BUDGET, within, figure.key),
        }
        for figure in BUDGET.figures
    ]
    return {"month": formats.date_format(month, "F Y"), "cells": cells}

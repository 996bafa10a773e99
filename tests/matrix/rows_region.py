"""Figures of the region: who coordinates for a public body, and the platform's staff. They name nobody."""

from .row import Row, may

SEES = "coordinator staff"
PERIOD = {"pk": "2025-K1"}

REGION: dict[str, Row] = {
    "regional-figures-list GET": may(SEES),
    "regional-figures-detail GET": may(SEES, **PERIOD),
    "regional-figures-csv GET": may(SEES, **PERIOD),
    "regional-figures-xlsx GET": may(SEES, **PERIOD),
    "enrollments:regional_figures GET": may(SEES),
    "enrollments:regional_figures_file GET": may(SEES, form="csv"),
}

"""Skills, occupations and sectors: reference data for everybody."""

from .row import EVERYBODY, Row, may

SKILLS: dict[str, Row] = {
    "sector-list GET": may(EVERYBODY),
}

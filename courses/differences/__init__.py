"""What changed between two versions of a module, as authors and reviewers read it."""

from .loading import names_in, versions_to_compare
from .versions import Comparison, SectionDifference, UnitDifference, compare_versions

__all__ = [
    "Comparison",
    "SectionDifference",
    "UnitDifference",
    "compare_versions",
    "names_in",
    "versions_to_compare",
]

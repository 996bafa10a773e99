"""What is measured, one module per row."""

from . import enrollment_list, staff_import

__all__ = ["enrollment_list", "staff_import"]

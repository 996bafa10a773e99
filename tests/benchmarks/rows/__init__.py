"""What is measured, one module per row."""

from . import certificate_pdf, enrollment_list, staff_import

__all__ = ["certificate_pdf", "enrollment_list", "staff_import"]

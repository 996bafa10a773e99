"""What is measured, one module per row."""

from . import catalogue, certificate_pdf, enrollment_list, staff_import

__all__ = ["catalogue", "certificate_pdf", "enrollment_list", "staff_import"]

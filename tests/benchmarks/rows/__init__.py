"""What is measured, one module per row."""

from . import catalogue, certificate_pdf, dashboard, enrollment_list, staff_import

__all__ = ["catalogue", "certificate_pdf", "dashboard", "enrollment_list", "staff_import"]

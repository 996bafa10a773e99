"""HR's spreadsheet goes in: bytes, sheet, people; then accounts, employments, enrollments and a report per row."""

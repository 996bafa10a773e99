"""Facts this app announces. Payloads hold ids only."""

DEPARTMENT_MERGED = "department.merged"  # into, employer: joined by who keeps rows that name a department

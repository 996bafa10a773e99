"""Facts this app announces. Payloads hold ids only."""

EMPLOYMENT_READDRESSED = "employment.readdressed"  # employer, was (a person): joined by who must refuse it
DEPARTMENT_MERGED = "department.merged"  # into, employer: joined by who keeps rows that name a department

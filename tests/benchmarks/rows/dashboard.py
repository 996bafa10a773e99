"""HR's figures of 100,000 enrollments among a million, each against a bare query on the covering index."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client

from enrollments.reports.filters import read_filters
from enrollments.reports.people import PEOPLE, counts_by_department
from lms.accounts.services import issue_token
from tests.benchmarks.frame import Action, benchmark
from tests.factories import person_with_role

from .dashboard_shelf import shelf

ACTIVE = "e.state = 'active'"
DUE = "coalesce(e.due_on, o.ends_on)"
LATER = f"{ACTIVE} AND ({DUE} IS NULL OR {DUE} >= current_date + 30)"
COUNTED = f"""
    count(*) FILTER (WHERE {ACTIVE} AND {DUE} < current_date),
    count(*) FILTER (WHERE {ACTIVE} AND {DUE} >= current_date AND {DUE} < current_date + 30),
    count(*) FILTER (WHERE e.state IN ('requested', 'approved', 'waitlisted', 'offered')),
    count(*) FILTER (WHERE {LATER} AND e.last_activity_at IS NULL),
    count(*) FILTER (WHERE {LATER} AND e.last_activity_at IS NOT NULL),
    count(*) FILTER (WHERE e.state = 'completed' AND e.ended_at >= date_trunc('quarter', now()))
    FROM enrollments_enrollment e JOIN courses_offering o ON o.id = e.offering_id
"""
BARE = f"SELECT {COUNTED} WHERE e.employer_id = %s AND e.arranged_by = 'employer'"
BARE_DEPARTMENTS = f"""
    SELECT m.department_id, {COUNTED} JOIN organizations_employment m ON m.user_id = e.learner_id
    AND m.employer_id = e.employer_id AND (m.ends_on IS NULL OR m.ends_on >= current_date)
    WHERE e.employer_id = %s AND e.arranged_by = 'employer' GROUP BY 1
"""


@benchmark(
    "dashboard",
    target=1.5,
    rounds=40,
    note="six figures of 100,000 of a million by API, present staff alone, against bare SQL on the covering index",
)
def dashboard() -> Iterator[tuple[Action, Action]]:
    """The whole request, which leaves out who has left, against the index alone, which does not."""
    employer = shelf()
    client = Client(
        headers={"authorization": f"Bearer {issue_token(person_with_role(employer, 'hr_manager'), 'bench')}"}
    )

    def limit() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [employer.pk])
            cursor.fetchall()

    def product() -> None:
        response = client.get("/api/v1/reports/people/")
        if response.status_code != 200 or not all(one["count"] for one in response.json()["figures"]):
            raise AssertionError(f"no figures: {response.status_code} {response.content[:500]!r}")

    while True:
        yield limit, product


@benchmark(
    "dashboard-departments",
    target=1.5,
    rounds=20,
    note="the same per department with those below, against one bare join",
)
def departments() -> Iterator[tuple[Action, Action]]:
    """The tree, against the rows of its leaves."""
    employer = shelf()
    asked = read_filters(person_with_role(employer, "hr_manager"), {"employer": employer.slug})

    def limit() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE_DEPARTMENTS, [employer.pk])
            cursor.fetchall()

    while True:
        yield limit, lambda: counts_by_department(asked)


@benchmark(
    "dashboard-export",
    target=8.0,
    rounds=2,
    note="all rows behind the figures as CSV, equal to the figures, against a bare COPY of the columns",
)
def export() -> Iterator[tuple[Action, Action]]:
    """Proves on this data that the file holds what the dashboard counts."""
    employer = shelf()
    hr = person_with_role(employer, "hr_manager")
    client = Client(headers={"authorization": f"Bearer {issue_token(hr, 'bench')}"})
    figures = PEOPLE.count(read_filters(hr, {"employer": employer.slug}))

    def limit() -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY ({COPIED}) TO STDOUT CSV") as copy:  # type: ignore[attr-defined]
            for _portion in copy:
                pass

    def product() -> None:
        lines = sum(portion.count(b"\r\n") for portion in client.get("/api/v1/reports/people/csv/"))
        if lines - 1 != sum(figures.values()):
            raise AssertionError(f"{lines - 1} lines, {figures}")

    while True:
        yield limit, product


COPIED = """
    SELECT u.given_name, u.family_name, m.personnel_number, d.name, v.title, p.name, o.code, e.state, e.units_done,
        e.units_required, e.mandatory, o.starts_on, o.ends_on, e.due_on, e.created_at, e.activated_at, e.ended_at,
        o.price
    FROM enrollments_enrollment e JOIN accounts_user u ON u.id = e.learner_id
    JOIN organizations_employment m ON m.user_id = e.learner_id AND m.employer_id = e.employer_id
    LEFT JOIN organizations_department d ON d.id = m.department_id JOIN courses_offering o ON o.id = e.offering_id
    JOIN courses_moduleversion v ON v.id = e.version_id JOIN organizations_organization p ON p.id = e.provider_id
    WHERE e.state <> 'completed' AND m.ends_on IS NULL
"""

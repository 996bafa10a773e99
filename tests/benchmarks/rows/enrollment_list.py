"""A page of 50 enrollments with learner, module and progress, of one employer among 20,000 enrollments."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from rest_framework.pagination import Cursor, CursorPagination

from enrollments.models import Enrollment
from lms.accounts.models import User
from lms.accounts.services import issue_token
from lms.organizations.models import Employment
from tests.benchmarks.frame import Action, benchmark
from tests.factories import OrganizationFactory, offering_of, person_with_role, published_version

from .dashboard_shelf import shelf

EMPLOYERS, STAFF = 20, 1000
ROWS = """
    SELECT e.id, e.state, e.created_at, e.units_done, e.units_required, u.id, u.given_name, u.family_name, u.email,
           o.code, o.starts_on, v.title
    FROM enrollments_enrollment e
    JOIN accounts_user u ON u.id = e.learner_id
    JOIN courses_offering o ON o.id = e.offering_id
    JOIN courses_moduleversion v ON v.id = e.version_id
    WHERE e.employer_id = %s ORDER BY e.id DESC LIMIT 51
"""
COMPLETED = "SELECT enrollment_id, completed_at FROM enrollments_completion WHERE enrollment_id = ANY(%s)"


def fill() -> tuple[str, str]:
    """The API token of one employer's HR manager, and that employer's id."""
    offering = offering_of(published_version())
    employers = OrganizationFactory.create_batch(EMPLOYERS)
    for employer in employers:
        staff = User.objects.bulk_create(
            User(email=f"{employer.slug}-{number}@voorbeeld.test", given_name="Anouk", family_name=f"Jansen {number}")
            for number in range(STAFF)
        )
        Employment.objects.bulk_create(Employment(employer=employer, user=learner) for learner in staff)
        Enrollment.objects.bulk_create(
            Enrollment(
                learner=learner,
                offering=offering,
                version=offering.version,
                provider=offering.provider,
                employer=employer,
                arranged_by="employer",
                state="active",
                units_required=2,
                units_done=1,
            )
            for learner in staff
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return issue_token(person_with_role(employers[0], "hr_manager"), "bench"), str(employers[0].pk)


@benchmark(
    "enrollment-list",
    target=2.0,
    rounds=60,
    note="page of 50 by API, sign-in and permissions included, against two bare SELECTs and JSON",
)
def enrollment_list() -> Iterator[tuple[Action, Action]]:
    """The whole request through every middleware, against the rows alone."""
    token, employer = fill()
    client = Client(headers={"authorization": f"Bearer {token}"})

    def limit() -> None:
        with connection.cursor() as cursor:
            cursor.execute(ROWS, [employer])
            found = cursor.fetchall()
            cursor.execute(COMPLETED, [[row[0] for row in found]])
            json.dumps([found, cursor.fetchall()], cls=DjangoJSONEncoder)

    def product() -> None:
        response = client.get("/api/v1/enrollments/")
        if response.status_code != 200 or response.content.count(b'"arranged_by"') != 50:
            raise AssertionError(f"not a full page: {response.status_code} {response.content[:500]!r}")

    while True:
        yield limit, product


@benchmark(
    "enrollment-list-deep",
    target=1.2,
    rounds=60,
    note="page 1,001 of an employer's list by API, a million enrollments in all, against page 1",
)
def deep_enrollment_list() -> Iterator[tuple[Action, Action]]:
    """The product against itself. The shelf repeats itself each 200 rows: the two pages hold as many who left."""
    employer = shelf()
    token = issue_token(person_with_role(employer, "hr_manager"), "bench")
    client = Client(headers={"authorization": f"Bearer {token}"})
    newest_first = Enrollment.objects.filter(employer=employer).order_by("-id").values_list("id", flat=True)
    after = _cursor_after(newest_first[1000 * 50 - 1])

    def page(asked: dict[str, str]) -> None:
        response = client.get("/api/v1/enrollments/", asked)
        if response.status_code != 200 or response.content.count(b'"arranged_by"') != 50:
            raise AssertionError(f"not a full page: {response.status_code} {response.content[:500]!r}")

    while True:
        yield lambda: page({}), lambda: page({"cursor": after})


def _cursor_after(position: Any) -> str:
    """As the link of page 1,000 says it."""
    pages = CursorPagination()
    pages.base_url = "/"
    link = pages.encode_cursor(Cursor(offset=0, reverse=False, position=str(position)))
    return parse_qs(urlsplit(link).query)["cursor"][0]

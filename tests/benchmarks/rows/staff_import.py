"""A spreadsheet of 10,000 people whom the platform does not know yet, and the same file again."""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection

from courses.models import Offering
from enrollments.models import Enrollment
from enrollments.staff_import.services import import_staff
from lms.accounts.models import User
from lms.core.clock import now
from lms.core.ids import uuid7
from lms.organizations.models import Employment, Organization
from tests.benchmarks.frame import Action, benchmark
from tests.factories import OrganizationFactory, offering_of, published_version

PEOPLE = 10_000
_batches = itertools.count()


def sheet(batch: int) -> bytes:
    """As Excel in the Netherlands saves it."""
    lines = ["Personeelsnummer;Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Afdeling"]
    lines += [f"{n:05};Anouk;van;Jansen{n};p{batch}-{n}@voorbeeld.test;Draaierij" for n in range(1, PEOPLE + 1)]
    return "\r\n".join(lines).encode("cp1252")


def world() -> tuple[Organization, Offering]:
    """An employer and an offering of their own, so that no round helps the next."""
    return OrganizationFactory(), offering_of(published_version())


def bare_rows(employer: Organization, offering: Offering) -> dict[type[Any], list[dict[str, Any]]]:
    """The people, employments and enrollments that such a file amounts to, ready to be copied."""
    batch, moment, day = next(_batches), now(), date(2026, 1, 1)
    people = [uuid7() for _ in range(PEOPLE)]
    users = [
        {"id": pk, "email": f"c{batch}-{n}@voorbeeld.test", "given_name": "Anouk", "family_name": f"Jansen{n}"}
        | {"name_prefix": "van", "language": "nl", "is_active": True, "is_staff": False, "is_superuser": False}
        | {"date_joined": moment, "password": "!unusable"}
        for n, pk in enumerate(people)
    ]
    employments = [
        {"id": uuid7(), "employer_id": employer.pk, "user_id": pk, "personnel_number": f"c{batch}-{n}"}
        | {"job_title": "", "starts_on": day}
        for n, pk in enumerate(people)
    ]
    enrollments = [
        {"id": uuid7(), "learner_id": pk, "offering_id": offering.pk, "version_id": offering.version_id}
        | {"provider_id": offering.provider_id, "employer_id": employer.pk, "arranged_by": "employer"}
        | {"mandatory": False, "state": "active", "created_at": moment, "units_required": 2, "units_done": 0}
        for pk in people
    ]
    return {User: users, Employment: employments, Enrollment: enrollments}


def copy(tables: dict[type[Any], list[dict[str, Any]]]) -> None:
    """Raw COPY into the real tables, with their indexes and foreign keys, in one transaction."""
    raw = connection.connection
    with raw.transaction(), raw.cursor() as cursor:
        for model, rows in tables.items():
            names = ", ".join(rows[0])
            with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as target:
                for row in rows:
                    target.write_row(list(row.values()))


@benchmark(
    "import-10000",
    target=1.5,
    rounds=3,
    note="10,000 unknown people by CSV, with validation, accounts, invitations and report, against COPY of the rows",
)
def import_new() -> Iterator[tuple[Action, Action]]:
    """Each round has its own people, employer and offering."""
    while True:
        batch = next(_batches)
        employer, offering = world()
        bare, content = bare_rows(*world()), sheet(batch)

        def limit(bare: Any = bare) -> None:
            copy(bare)

        def product(employer: Any = employer, offering: Any = offering, content: bytes = content) -> None:
            report = import_staff(by=None, employer=employer, offering=offering, content=content)
            if report.created != PEOPLE:
                raise AssertionError(f"{report.created} of {PEOPLE} enrolled")

        yield limit, product


@benchmark("import-again", target=0.35, rounds=3, note="the same file again changes nothing, against COPY of the rows")
def import_again() -> Iterator[tuple[Action, Action]]:
    """One import that counts for nothing, then the same file each round."""
    employer, offering = world()
    content = sheet(next(_batches))
    import_staff(by=None, employer=employer, offering=offering, content=content)

    def product() -> None:
        report = import_staff(by=None, employer=employer, offering=offering, content=content)
        if (report.created, report.existing) != (0, PEOPLE):
            raise AssertionError(f"{report.created} created, {report.existing} existing")

    while True:
        bare = bare_rows(*world())

        def limit(bare: Any = bare) -> None:
            copy(bare)

        yield limit, product

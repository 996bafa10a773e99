"""A spreadsheet of 100,000 people whom the platform does not know yet, and again; 10,000 for a quick look.

The limit is COPY of the same people, employments and enrollments into the real tables; the product reads and judges the
file, stages it, writes people, employments and enrollments, keeps what became of each row, and gives the report.
"""

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

QUICK, ALL = 10_000, 100_000
_batches = itertools.count()


def sheet(batch: int, people: int) -> bytes:
    """As Excel in the Netherlands saves it."""
    lines = ["Personeelsnummer;Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Afdeling"]
    lines += [f"{n:06};Anouk;van;Jansen{n};p{batch}-{n}@voorbeeld.test;Draaierij" for n in range(1, people + 1)]
    return "\r\n".join(lines).encode("cp1252")


def world() -> tuple[Organization, Offering]:
    """An employer and an offering of their own, so that no round helps the next."""
    return OrganizationFactory(), offering_of(published_version())


def bare_rows(employer: Organization, offering: Offering, count: int) -> dict[type[Any], list[dict[str, Any]]]:
    """The people, employments and enrollments that such a file amounts to, ready to be copied."""
    batch, moment, day = next(_batches), now(), date(2026, 1, 1)
    people = [uuid7() for _ in range(count)]
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


def new_people(count: int) -> Iterator[tuple[Action, Action]]:
    """Each round has its own people, employer and offering."""
    while True:
        employer, offering = world()
        bare, content = bare_rows(*world(), count), sheet(next(_batches), count)

        def limit(bare: Any = bare) -> None:
            copy(bare)

        def product(employer: Any = employer, offering: Any = offering, content: bytes = content) -> None:
            report = import_staff(by=None, employer=employer, offering=offering, content=content)
            if report.created != count:
                raise AssertionError(f"{report.created} of {count} enrolled")

        yield limit, product


def same_again(count: int) -> Iterator[tuple[Action, Action]]:
    """One import that counts for nothing, then the same file each round."""
    employer, offering = world()
    content = sheet(next(_batches), count)
    import_staff(by=None, employer=employer, offering=offering, content=content)

    def product() -> None:
        report = import_staff(by=None, employer=employer, offering=offering, content=content)
        if (report.created, report.existing) != (0, count):
            raise AssertionError(f"{report.created} created, {report.existing} existing")

    while True:
        bare = bare_rows(*world(), count)

        def limit(bare: Any = bare) -> None:
            copy(bare)

        yield limit, product


@benchmark(
    "import-100000", target=1.5, rounds=3, note="100,000 unknown people by CSV, with report, against COPY of the rows"
)
def import_new() -> Iterator[tuple[Action, Action]]:
    """A large employer's first list."""
    yield from new_people(ALL)


@benchmark(
    "import-100000-again", target=0.35, rounds=3, note="the same file again changes nothing, against COPY of the rows"
)
def import_again() -> Iterator[tuple[Action, Action]]:
    """A large employer's list of next month."""
    yield from same_again(ALL)


@benchmark("import-10000", target=1.5, rounds=3, note="the same with 10,000, for a quick look")
def import_new_quickly() -> Iterator[tuple[Action, Action]]:
    """A tenth of it."""
    yield from new_people(QUICK)


@benchmark("import-10000-again", target=0.35, rounds=3, note="the same file of 10,000 again")
def import_again_quickly() -> Iterator[tuple[Action, Action]]:
    """A tenth of it."""
    yield from same_again(QUICK)

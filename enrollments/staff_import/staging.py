"""The rows of a list go into the database as they were read, in one stream: from there on it works by sets."""

import json
from collections.abc import Iterable

from django.db import connection

from enrollments.models import ImportRow, RowOutcome, StaffImport

from . import sql
from .people import Batch
from .rows import Refused

_COLUMNS = (
    *("number", "email", "personnel_number", "given_name", "name_prefix", "family_name", "department", "job_title"),
    *("manager", "starts_on", "ends_on"),
)
_TEXTS = _COLUMNS[1:9]
_TABLE = ImportRow._meta.db_table
CHUNK = 1_000  # rows per executemany on SQLite


def store_rows(staff_import: StaffImport, batches: Iterable[Batch]) -> int:
    """Put all rows there; returns how many.

    COPY where there is one, else a thousand at a time. Requires: an open transaction; no rows of this import yet.
    """
    people: list[list[str]] = []
    refused: list[str] = []
    count = 0
    for batch in batches:
        people.append(batch.people)
        refused += map(_line_of, batch.refused)
        count += len(batch.people) + len(batch.refused)
    _store(staff_import, _COLUMNS, people)
    _store(staff_import, (*_COLUMNS, "outcome", "problems"), [refused])
    return count


def _store(staff_import: StaffImport, columns: tuple[str, ...], batches: list[list[str]]) -> None:
    if sql.on_postgres():
        _copy(staff_import, columns, batches)
    else:
        _insert(staff_import, columns, batches)


def _copy(staff_import: StaffImport, columns: tuple[str, ...], batches: list[list[str]]) -> None:
    """No cell holds a tab, a newline or the sign that stands for a quote: all of them were read by `cells`."""
    texts = ", ".join(name for name in columns if name in _TEXTS or name == "outcome")
    form = rf"(FORMAT csv, DELIMITER E'\t', QUOTE E'\x01', FORCE_NOT_NULL ({texts}))"
    end = f"\t{staff_import.pk}\n"
    with connection.cursor() as cursor:
        statement = f"COPY {_TABLE} ({', '.join(columns)}, staff_import_id) FROM STDIN {form}"
        with cursor.copy(statement) as target:
            for lines in batches:
                if lines:
                    target.write(end.join(lines) + end)


def _insert(staff_import: StaffImport, columns: tuple[str, ...], batches: list[list[str]]) -> None:
    values = ["NULLIF(%s, '')" if name.endswith("_on") else "%s" for name in columns]
    statement = f"INSERT INTO {_TABLE} ({', '.join(columns)}, staff_import_id) VALUES ({', '.join(values)}, %s)"
    owner = sql.given({"pk": staff_import.pk})["pk"]
    with connection.cursor() as cursor:
        for lines in batches:
            for start in range(0, len(lines), CHUNK):
                rows = [[*line.split("\t"), owner] for line in lines[start : start + CHUNK]]
                cursor.executemany(statement, rows)


def _line_of(refused: Refused) -> str:
    person = refused.person
    texts = ["" if value is None else str(value) for value in person]
    problems = json.dumps([problem[1:] for problem in refused.problems])
    return "\t".join([*texts, RowOutcome.REJECTED.value, problems])

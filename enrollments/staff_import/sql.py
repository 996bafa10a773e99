"""What PostgreSQL and SQLite say differently in the statements of an import, and how values go into them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, models

_UUID = models.UUIDField()
_DAY = models.DateField()
_MOMENT = models.DateTimeField()


def on_postgres() -> bool:
    """Which of the two it is."""
    return connection.vendor == "postgresql"


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as this database takes them in a statement."""
    return {name: _as_parameter(value) for name, value in values.items()}


def _as_parameter(value: Any) -> Any:
    if isinstance(value, UUID):
        return _UUID.get_db_prep_value(value, connection)
    if hasattr(value, "hour"):
        return _MOMENT.get_db_prep_value(value, connection)
    if hasattr(value, "year"):
        return _DAY.get_db_prep_value(value, connection)
    return value


def ask(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given(values))
        return list(cursor.fetchall())


def do(statement: str, values: Mapping[str, Any]) -> int:
    """Carry a statement out; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given(values))
        return int(cursor.rowcount)


def new_id(position: str) -> str:
    """SQL of a time-ordered id (RFC 9562 version 7) for the row at `position`, counted on from the parameter `ids`.

    `ids` is `first_of_ids()`: 48 bits of milliseconds and 12 that count, so that ids sort as the rows do.
    """
    if on_postgres():
        digits = f"lpad(to_hex(%(ids)s::bigint + {position}), 15, '0')"
        random = "right(gen_random_uuid()::text, 17)"
        whole = f"left({digits}, 8) || '-' || substr({digits}, 9, 4) || '-7' || substr({digits}, 13, 3)"
        return f"({whole} || '-' || right({random}, 17))::uuid"
    digits = f"printf('%%015x', %(ids)s + {position})"
    return f"(substr({digits}, 1, 12) || '7' || substr({digits}, 13, 3) || '8' || substr(lower(hex(randomblob(8))), 2))"


def first_of_ids(nanoseconds: int) -> int:
    """Where the ids that are made at this moment begin."""
    return nanoseconds // 1_000_000 << 12


def id_at(ids: int) -> UUID:
    """The smallest id that `new_id` can make there."""
    return UUID(int=(ids >> 12) << 80 | 0x7 << 76 | (ids & 0xFFF) << 64)


def secret() -> str:
    """SQL of what nobody can guess: 128 random bits or more."""
    return "gen_random_uuid()::text || gen_random_uuid()::text" if on_postgres() else "lower(hex(randomblob(24)))"


def written_day(expression: str) -> str:
    """SQL of a day as the Dutch write it."""
    return f"to_char({expression}, 'DD-MM-YYYY')" if on_postgres() else f"strftime('%%d-%%m-%%Y', {expression})"


def json_list(*expressions: str) -> str:
    """SQL of a JSON list in a JSON list: one problem."""
    make = "jsonb_build_array" if on_postgres() else "json_array"
    return f"{make}({make}({', '.join(expressions)}))"


def json_object(**expressions: str) -> str:
    """SQL of a JSON object."""
    make = "jsonb_build_object" if on_postgres() else "json_object"
    pairs = ", ".join(f"'{name}', {expression}" for name, expression in expressions.items())
    return f"{make}({pairs})"


def table(name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]], values: dict[str, Any]) -> str:
    """SQL of a table that is given with the statement: `columns` by name with their type; adds to `values`."""
    lines = []
    for number, row in enumerate(rows):
        keys = [f"{name}_{number}_{at}" for at in range(len(row))]
        values.update(zip(keys, row, strict=True))
        lines.append("(" + ", ".join(_typed(key, kind) for key, kind in zip(keys, columns.values(), strict=True)) + ")")
    if not lines:
        nothing = ", ".join(f"{_typed_null(kind)} AS {column}" for column, kind in columns.items())
        return f"(SELECT {nothing} WHERE 1 = 0)"
    named = ", ".join(f"column{number} AS {column}" for number, column in enumerate(columns, start=1))
    return f"(SELECT {named} FROM (VALUES {', '.join(lines)}) AS {name}_rows)"


def _typed(key: str, kind: str) -> str:
    return f"%({key})s::{kind}" if on_postgres() else f"%({key})s"


def _typed_null(kind: str) -> str:
    return f"NULL::{kind}" if on_postgres() else "NULL"


def read_json(value: Any) -> Any:
    """A JSON value as it came out of a statement."""
    return json.loads(value) if isinstance(value, str) else value


def refresh_statistics() -> None:
    """Tell PostgreSQL what its tables hold: by what it knew before a large list it plans that badly."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_user, organizations_employment, enrollments_enrollment")

"""Rows that the database itself refuses to change: what is published or issued is frozen.

A migration operation lays a trigger on a table, on PostgreSQL and on SQLite alike. Deleting whole rows stays with
services and retention rules. Mind that Django rebuilds a SQLite table when a later migration alters it: lay the trigger
again then (`tests/architecture/test_frozen_rows.py` tells when it was forgotten).
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython


class FreezeRows(RunPython):
    """Refuse `on` (UPDATE, INSERT or DELETE) of `table`, of `columns` only when given, where `when` holds.

    `when` is SQL over OLD (UPDATE, DELETE) or NEW (UPDATE, INSERT), in the words both databases share.
    """

    def __init__(
        self, table: str, *, name: str, columns: Sequence[str] = (), when: str = "1=1", on: str = "UPDATE"
    ) -> None:
        self.table, self.name, self.when = table, name, when
        self.kept = "OLD" if on == "DELETE" else "NEW"
        self.event = f"{on} OF {', '.join(columns)}" if columns else on
        super().__init__(self._create, self._drop)

    def _create(self, apps: Any, schema_editor: Any) -> None:
        message = f"{self.table} is frozen ({self.name})"
        if schema_editor.connection.vendor == "sqlite":
            body = f"WHEN {self.when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {self.when} THEN "
                f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {self.kept}; END $$",
                params=None,
            )
            body = f"EXECUTE FUNCTION {self.name}()"
        schema_editor.execute(
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW {body}", params=None
        )

    def _drop(self, apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}", params=None)
            return
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}", params=None)
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {self.name}()", params=None)


def thawed(freezes: Sequence[FreezeRows], operations: Sequence[Any]) -> list[Any]:
    """The operations with the triggers taken off before and laid again after, for migrations that alter a table."""
    return [
        *(RunPython(freeze.reverse_code or RunPython.noop, freeze.code) for freeze in freezes),
        *operations,
        *freezes,
    ]

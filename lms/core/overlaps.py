"""Rows that may not overlap in time while they share something: a room, a teacher.

A migration operation lays an exclusion constraint on PostgreSQL. SQLite has none: there the check under a lock in the
service is all there is, and one writer at a time makes it enough.
"""

from typing import Any

from django.db.migrations import RunPython


class ForbidOverlap(RunPython):
    """Refuse two rows of `table` with the same `shared` column whose time ranges overlap, where `when` holds.

    Ranges hold their beginning and not their end: one meeting may begin when another ends. Rows without a value in
    `shared` are left alone.
    """

    def __init__(self, table: str, *, name: str, shared: str, starts: str, ends: str, when: str) -> None:
        self.table, self.name, self.shared, self.when = table, name, shared, when
        self.range = f"tstzrange({starts}, {ends}, '[)')"
        super().__init__(self._create, self._drop)

    def _create(self, apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist", params=None)
        schema_editor.execute(
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} "
            f"EXCLUDE USING gist ({self.shared} WITH =, {self.range} WITH &&) WHERE ({self.when})",
            params=None,
        )

    def _drop(self, apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT IF EXISTS {self.name}", params=None)

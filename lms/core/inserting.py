"""Rows made from other rows in one statement, however many they are."""

from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import Func, Value

from .ids import uuid7


class NewId(Func):
    """A time-ordered id for each row, as `lms.core.ids.uuid7` makes them: the moment of the statement, then random."""

    output_field = models.UUIDField()
    arity = 1

    def __init__(self) -> None:
        super().__init__(Value(uuid7().hex[:16], output_field=models.CharField()))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Stored as 32 digits."""
        random = "'8' || substr(lower(hex(randomblob(8))), 2)"
        return self.as_sql(compiler, connection, template=f"(%(expressions)s || {random})", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The last half of a random id has the right variant bits already."""
        random = "right(replace(gen_random_uuid()::text, '-', ''), 16)"
        return self.as_sql(compiler, connection, template=f"(%(expressions)s || {random})::uuid", **context)


def insert_from(model: type[models.Model], rows: QuerySet[Any, Any], **columns: Any) -> int:
    """INSERT INTO `model` a row for each of `rows`, with these expressions as columns. Returns how many.

    Name every column that has no default in the database; `id` is made.

    Requires: an open transaction.
    """
    columns = {"id": NewId()} | columns
    named = {f"new_{name}": expression for name, expression in columns.items()}
    select, parameters = rows.order_by().annotate(**named).values_list(*named).query.sql_with_params()
    quote = connection.ops.quote_name
    targets = ", ".join(quote(str(model._meta.get_field(name).column)) for name in columns)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({targets}) {select}", parameters)
        return int(cursor.rowcount)

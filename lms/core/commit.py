"""After the commit, once: what wakes a worker need not be asked for by every row of the transaction."""

from collections.abc import Callable

from django.db import transaction


def on_commit_once(wake: Callable[[], object]) -> None:
    """Call `wake` after this transaction commits, however often it is asked for inside it.

    An earlier request counts only when it lives at least as long as this one: a savepoint that is rolled back takes
    its own requests with it.
    """
    connection = transaction.get_connection()
    here = set(connection.savepoint_ids)
    if not any(asked is wake and savepoints <= here for savepoints, asked, _robust in connection.run_on_commit):
        transaction.on_commit(wake)

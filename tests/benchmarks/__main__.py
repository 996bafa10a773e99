"""`make bench`: the product against the physical limit, on a throwaway PostgreSQL; writes var/bench.json.

Exits 0 whatever the ratios are: a noisy machine is no reason to stop, the table says what lies above its target.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.servers import postgres

RESULT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


def prepare(database: str, folder: str) -> None:
    """The product's own settings and an empty, migrated database."""
    for name in ("CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL", "DEBUG"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "DATABASE_URL": database,
        "VAR_DIR": folder,
        "SECRET_KEY": "a key for benchmarks only, and long enough to be taken for a real one",
        "ALLOWED_HOSTS": "localhost,testserver",
        "LOG_LEVEL": "ERROR",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def main(only: str) -> int:
    """Run all, or the one that is named."""
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder, postgres(durable=True) as database:
        prepare(database, folder)
        from . import rows
        from .frame import BENCHMARKS, measure, table, write

        chosen = [bench for name, bench in BENCHMARKS.items() if only in ("", name)]
        if not chosen:
            print(f"No benchmark is named {only!r}: choose from {', '.join(BENCHMARKS)} ({rows.__name__}).")
            return 2
        measured = []
        for bench in chosen:
            print(f"-- {bench.name} ({bench.rounds} rounds)", flush=True)
            measured.append(measure(bench))
        from django.db import connection

        connection.close()
    write(measured, RESULT)
    print(table(measured))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))

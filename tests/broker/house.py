"""A whole small installation of its own: database, broker and workers as real processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class House:
    """`variables` say which services it uses; everything else lies in `folder`."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self):
        bare = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        switched = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "localhost"} if self.variables else {}
        return bare | switched | self.variables | {"VAR_DIR": str(self.folder), "LOG_LEVEL": "INFO"}

    def run(self, *arguments, timeout=90):
        """A management command, or this package's `scenario`; returns what it wrote."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def happen(self, behavior):
        """Something happens in a process of its own, as in a web request; returns how long its commit took."""
        return float(self.run("-m", "tests.broker.scenario", behavior))

    def rows(self, query):
        """What the database holds, read past the product."""
        if "DATABASE_URL" in self.variables:
            with psycopg.connect(self.variables["DATABASE_URL"]) as connection:
                return connection.execute(query).fetchall() if query.startswith("SELECT") else connection.execute(query)
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as connection:
            return connection.execute(query).fetchall()

    def deliveries(self):
        """State and attempts of each delivery, oldest first."""
        return [tuple(row) for row in self.rows("SELECT state, attempts FROM events_delivery ORDER BY id")]

    def effects(self):
        """How often the handler's effect was committed."""
        return self.rows("SELECT count(*) FROM audit_auditentry WHERE action = 'test.delivered'")[0][0]

    def eventually(self, question, seconds=45):
        """Wait until the question is answered with yes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if question():
                return
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s; deliveries: {self.deliveries()}\n{self.log()}")

    def log(self):
        """What the workers wrote."""
        path = self.folder / "worker.log"
        return path.read_text()[-4000:] if path.exists() else ""

    @contextmanager
    def worker(self):
        """A Celery worker with the schedule, in a process group of its own."""
        arguments = ["--app=tests.broker.worker", "worker", "--beat", "--concurrency=1", "--loglevel=INFO"]
        with (self.folder / "worker.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "celery", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            kill(process)


def kill(process):
    """Everything in the worker's process group, without a last word."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

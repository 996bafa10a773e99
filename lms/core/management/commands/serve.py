"""Serve everything on one machine: the web server and one worker, which also keeps the schedule."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser

GRACE = 15  # seconds to finish what runs

Children = dict[str, "subprocess.Popen[bytes]"]


class Command(BaseCommand):
    help = "Run the web server and a Celery worker with the schedule, until ctrl-C. For one machine and for demos."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines")

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        environment = os.environ | {"BASE_URL": os.environ.get("BASE_URL") or f"http://localhost:{port}"}
        signal.signal(signal.SIGTERM, _stop)
        children: Children = {}
        try:
            children["web server"] = _start(environment, *_web_server(host, port))
            children["worker"] = _start(environment, *_worker())
            self.stdout.write(self._welcome(environment["BASE_URL"]))
            self.stdout.flush()
            ended = _first_to_end(children)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
            return
        finally:
            _end(children)
        code = children[ended].returncode
        raise CommandError(f"The {ended} stopped by itself (exit code {code}): see its last lines above.")

    def _welcome(self, address: str) -> str:
        people = _people()
        width = {key: max((len(person[key]) for person in people), default=0) for key in ("role", "name", "email")}
        lines = [
            f"  {person['role']:<{width['role']}}  {person['name']:<{width['name']}}  "
            f"{person['email']:<{width['email']}}  {person['organization']}"
            for person in people
        ]
        passwords = sorted({person["password"] for person in people})
        if passwords:
            lines = ["", "Who can sign in (password " + " or ".join(passwords) + "):", *lines]
        return "\n".join(["", f"Open {address}", *lines, "", "Ctrl-C stops it."])


def _web_server(host: str, port: int) -> tuple[str, ...]:
    return "gunicorn", "lms.wsgi", "--bind", f"{host}:{port}", "--workers", "2", "--threads", "4", "--log-level=warning"


def _worker() -> tuple[str, ...]:
    return "celery", "--app=lms", "--quiet", "worker", "--beat", "--concurrency=1", "--loglevel=WARNING"


def _start(environment: dict[str, str], module: str, *arguments: str) -> subprocess.Popen[bytes]:
    # A session of its own: ctrl-C reaches this process only, which then stops both in order.
    quiet = ["-W", "ignore::Warning:celery.platforms"]  # it advises against root, where a container has nobody else
    return subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *quiet, "-m", module, *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _first_to_end(children: Children) -> str:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(0.3)


def _end(children: Children) -> None:
    """Ask every child to finish; insist after the grace period."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def _people() -> list[dict[str, str]]:
    """Who can sign in, when the demo story is there."""
    told = io.StringIO()
    try:
        call_command("demo", "--who", stdout=told)
        return list(json.loads(told.getvalue())["personas"])
    except (CommandError, ValueError, KeyError):
        return []


def _stop(signum: int, frame: object) -> None:
    raise KeyboardInterrupt

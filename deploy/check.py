"""Every check and every test: `make test`. `check.py lint` runs the static ones, `check.py NAME` those so named.

Static checks run two at a time and are silent when all is well; the tests show themselves.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SOURCES = ["lms", "courses", "enrollments", "certificates"]
ON_TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
ON_POSTGRES = {"TEST_DATABASE": "postgres"}
LIKE_PRODUCTION = {
    "SECRET_KEY": "for-this-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "leren.example",
    "BASE_URL": "https://leren.example",
    "DATABASE_URL": "postgres://lms@database.example/lms",
    "CELERY_BROKER_URL": "redis://broker.example/0",
    "EMAIL_URL": "smtp+tls://mail.example:587",
}
SERVICE_VARIABLES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL", "DEBUG")


@dataclass
class Step:
    """One check: a command that must exit 0."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    failed: bool = False
    closing: str = ""


def tool(name: str, *arguments: str, **environment: str) -> Step:
    """A static check by a program of the virtual environment."""
    return Step(name, [str(BIN / name), *arguments], environment)


def manage(name: str, *arguments: str, **environment: str) -> Step:
    """A static check by a management command."""
    return Step(name, [sys.executable, "-W", "error::DeprecationWarning:lms", "manage.py", *arguments], environment)


def pytest(name: str, *arguments: str, **environment: str) -> Step:
    """A run of the tests."""
    return Step(name, [sys.executable, "-m", "pytest", "-q", "-n", "2", *arguments], environment)


def static_steps() -> list[Step]:
    """What can be said without running the product."""
    templates = [str(path.relative_to(ROOT)) for app in SOURCES for path in (ROOT / app).rglob("templates/**/*.html")]
    ruff, layout = tool("ruff", "check", "."), tool("ruff", "format", "--check", ".")
    layout.name = "ruff format"
    return [
        tool("mypy", *SOURCES),
        ruff,
        layout,
        tool("djade", "--check", *templates),
        tool("lint-imports", "--no-cache"),
        tool("bandit", "-q", "-ll", "-c", "pyproject.toml", "-r", *SOURCES),
        manage("migrations made", "makemigrations", "--check", "--dry-run", **ON_TEST_SETTINGS),
        manage("check --deploy", "check", "--deploy", "--fail-level", "WARNING", **LIKE_PRODUCTION),
        manage("openapi", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull, **ON_TEST_SETTINGS),
        Step("translations", [sys.executable, "deploy/messages.py", "--check"]),
    ]


def test_steps() -> list[Step]:
    """The tests: all on SQLite, all on PostgreSQL, then once what needs a browser or a broker."""
    return [
        pytest("tests on SQLite", "-m", "not journey and not broker"),
        pytest("tests on PostgreSQL", "-m", "not journey and not broker", **ON_POSTGRES),
        pytest("browser and broker", "-m", "journey or broker", **ON_POSTGRES),
    ]


def run(step: Step, base: dict[str, str], *, show: bool) -> Step:
    """Run one step; its output is shown as it comes, or only when it failed."""
    start = time.monotonic()
    if show:
        print(f"\n== {step.name}", flush=True)
    with subprocess.Popen(
        step.command,
        env=base | step.environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        lines = []
        for line in child.stdout or ():
            lines.append(line)
            if show:
                print(line, end="", flush=True)
    step.seconds, step.failed = time.monotonic() - start, child.returncode != 0
    step.closing = lines[-1].strip() if show and lines else ""
    if not show:
        output = f"\n{''.join(lines)}" if step.failed else ""
        print(f"== {step.name}: {'FAILED' if step.failed else 'ok'} ({step.seconds:.0f} s){output}", flush=True)
    return step


def summary(steps: list[Step]) -> str:
    """One line per step, each with its closing words."""
    lines = [
        f"{'FAILED' if step.failed else 'ok':>6}  {step.seconds:6.1f} s  {step.name:<20} {step.closing}".rstrip()
        for step in steps
    ]
    return "\n".join(["", "== summary", *lines])


def main(only: str) -> int:
    """Run what is asked, print a summary, return 1 when anything failed."""
    chosen = [step for step in static_steps() if only in ("", "lint") or only in step.name]
    tests = [step for step in test_steps() if not only or only in step.name]
    with tempfile.TemporaryDirectory(prefix="lms-check-") as folder:
        base = {name: value for name, value in os.environ.items() if name not in SERVICE_VARIABLES}
        base |= {"VAR_DIR": folder, "PYTHONUNBUFFERED": "1", "PATH": f"{BIN}{os.pathsep}{base.get('PATH', os.defpath)}"}
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda step: run(step, base, show=False), chosen))
        for step in tests:
            run(step, base, show=True)
    print(summary(chosen + tests))
    return int(any(step.failed for step in chosen + tests) or not chosen + tests)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))

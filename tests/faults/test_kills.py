"""kill -9 around completion: nothing that was acknowledged is lost, nothing exists twice.

`KILLS` says how often; `make soak` raises it.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.separate import ROOT, manage, separate_database

pytestmark = pytest.mark.faults
CHILD = Path(__file__).with_name("child.py")
KILLS = int(os.environ.get("KILLS", "24"))

COUNT = """
import json
from certificates.models import Certificate, CertificateDocument
from enrollments.models import Completion, Enrollment
from lms.events.models import Delivery
print(json.dumps({
    "completed": [str(e) for e in Enrollment.objects.filter(state="completed").values_list("pk", flat=True)],
    "completions": Completion.objects.count(),
    "certificates": Certificate.objects.count(),
    "documents": sorted(CertificateDocument.objects.values_list("sha256", flat=True)),
    "dead": Delivery.objects.filter(state="dead").count(),
    "open": Delivery.objects.filter(state="pending").count(),
}))
"""


def test_nothing_is_lost_or_doubled_when_processes_are_killed(tmp_path):
    with separate_database(tmp_path) as environment:
        learners = KILLS * 2
        _run(environment, "prepare", str(learners))
        acknowledged: set[str] = set()
        worker = _start_worker(environment)
        for kill in range(KILLS):
            finisher = _start(environment, "finish")
            lines = _collect(finisher)
            time.sleep(random.uniform(0.02, 0.5))
            finisher.send_signal(signal.SIGKILL)
            finisher.wait()
            acknowledged |= set(lines())
            if kill % 6 == 5:
                _kill_worker(worker)
                worker = _start_worker(environment)
        _kill_worker(worker)
        _run(environment, "finish")
        _run(environment, "settle")
        found = json.loads(manage(environment, "shell", "--no-imports", "-c", COUNT))
        files = sorted(path.stem for path in Path(environment["VAR_DIR"]).rglob("*.pdf"))
        assert acknowledged
        assert acknowledged <= set(found["completed"])
        assert len(found["completed"]) == found["completions"] == found["certificates"] == learners
        assert len(found["documents"]) == learners
        assert set(found["documents"]) <= set(files)
        assert (found["dead"], found["open"]) == (0, 0)


def _start(environment: dict, *arguments: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, str(CHILD), *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def _start_worker(environment: dict) -> subprocess.Popen:
    """A real Celery worker with its schedule, in a process group of its own."""
    command = [sys.executable, "-m", "celery", "-A", "lms", "worker", "--beat", "--pool", "solo", "--loglevel", "ERROR"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, **quiet)


def _kill_worker(worker: subprocess.Popen) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _collect(process: subprocess.Popen):
    lines: list[str] = []

    def read():
        with process.stdout:
            for line in process.stdout:
                if line.endswith("\n") and line.startswith("finished "):
                    lines.append(line.split()[1])

    reader = threading.Thread(target=read)
    reader.start()

    def collected() -> list[str]:
        reader.join()
        return lines

    return collected


def _run(environment: dict, *arguments: str) -> None:
    subprocess.run([sys.executable, str(CHILD), *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)

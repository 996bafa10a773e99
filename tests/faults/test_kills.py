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

from tests.separate import manage, separate_database

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
        relay = _start(environment, "relay")
        for kill in range(KILLS):
            finisher = _start(environment, "finish")
            lines = _collect(finisher)
            time.sleep(random.uniform(0.02, 0.5))
            finisher.send_signal(signal.SIGKILL)
            finisher.wait()
            acknowledged |= set(lines())
            if kill % 2:
                relay.send_signal(signal.SIGKILL)
                relay.wait()
                relay = _start(environment, "relay")
        relay.kill()
        relay.wait()
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


def _collect(process: subprocess.Popen):
    lines: list[str] = []

    def read():
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

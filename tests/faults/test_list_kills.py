"""kill -9 while a staff list is carried out and people are told: resumed, it ends as one that nobody disturbed.

Killed fifty times; `KILLS` above that (`make soak`) raises it.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.separate import separate_database

pytestmark = pytest.mark.faults
CHILD = Path(__file__).with_name("list_child.py")
KILLS = max(50, int(os.environ.get("KILLS", "0")))
ROWS = KILLS * 5


def test_a_list_killed_fifty_times_ends_as_one_that_was_left_alone(tmp_path):
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    with separate_database(tmp_path / "whole") as environment:
        _run(environment, "prepare", str(ROWS))
        _run(environment, "settle", "0")
        whole = _told(environment)
    with separate_database(tmp_path / "broken") as environment:
        _run(environment, "prepare", str(ROWS))
        cut_short = _kill_again_and_again(environment)
        _run(environment, "settle", str(KILLS))
        broken = _told(environment)
    assert cut_short > KILLS // 4, "the kills hit nothing: the list was carried out too soon"
    assert whole["state"] == ["done", ROWS, ROWS, 0]
    assert whole["ledger"][0] == 0
    assert whole["ledger"][2] == ROWS - ROWS // 5
    assert whole["report"]["waitlisted"] > 0
    assert whole["report"]["rejected"] == 1
    assert whole["invitations"] == whole["invited"] > 0
    assert whole["invited twice"] == []
    assert whole["deliveries"] == ["done"]
    assert broken == whole


def _kill_again_and_again(environment: dict) -> int:
    """How many kills came while the list was being carried out or told."""
    command = [sys.executable, str(CHILD), "nurse"]
    nurse = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    cut_short = 0
    for turn in range(1, KILLS + 1):
        nurse.stdin.write(f"{turn}\n")
        nurse.stdin.flush()
        child = int(nurse.stdout.readline().split()[1])
        time.sleep(random.uniform(0.01, 0.15))
        try:
            os.kill(child, signal.SIGKILL)
            cut_short += 1
        except ProcessLookupError:
            pass
        assert nurse.stdout.readline() == "gone\n"
    nurse.stdin.close()
    nurse.stdout.close()
    nurse.wait(30)
    return cut_short


def _told(environment: dict) -> dict:
    return json.loads(_run(environment, "tell"))


def _run(environment: dict, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(CHILD), *arguments], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout

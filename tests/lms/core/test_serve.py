"""`manage.py serve`: one command runs the web server and the worker, and stops both."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import free_port, wait_for_port

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.broker


@contextmanager
def serving(tmp_path):
    """The command in an empty folder; yields its process and address, and stops what a failing test left."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_port(port, 60)
        yield process, f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def children_of(process):
    """Ids of the processes that it started itself."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def answers(address):
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as response:
            return response.status == 200
    except urllib.error.URLError:
        return False


def alive(pid):
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_it_serves_until_it_is_told_to_stop(tmp_path):
    with serving(tmp_path) as (process, address):
        assert answers(address)
        web, worker = children_of(process)
        process.send_signal(signal.SIGTERM)
        written, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"Open {address}" in written
    assert not alive(web)
    assert not alive(worker)
    assert not answers(address)


def test_when_the_worker_dies_the_web_server_stops_and_it_says_so(tmp_path):
    with serving(tmp_path) as (process, _address):
        web, worker = children_of(process)
        os.kill(worker, signal.SIGKILL)
        written, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The worker stopped by itself" in written
    assert not alive(web)

"""Throwaway PostgreSQL and Redis servers on private ports, as root and as an ordinary user alike."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POSTGRES_SETTINGS = "fsync=off synchronous_commit=off full_page_writes=off max_connections=200 shared_buffers=128MB"
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str, package: str) -> str:
    """Path of a program, or one sentence that says which Debian package brings it."""
    found = shutil.which(name, path=SYSTEM_PATH)
    if found is None:
        raise SystemExit(f"{name} is not here: install it with 'apt-get install {package}'.")
    return found


def postgres_programs() -> Path:
    """The folder of the newest installed PostgreSQL server."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return folders[-1].parent if folders else Path(program("initdb", "postgresql")).parent


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A running cluster without data; yields the URL of its empty database. `durable` keeps fsync on."""
    folder = Path(tempfile.mkdtemp(prefix="lms-postgres-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = [program("runuser", "util-linux"), "-u", "postgres", "--"]
    programs, data, port = postgres_programs(), folder / "data", free_port()

    def run(name: str, *arguments: str) -> None:
        subprocess.run([*as_owner, str(programs / name), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    initdb = ["--auth=trust", "--username=lms", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    run("initdb", "--pgdata", str(data), *initdb)
    switches = "" if durable else " ".join(f"-c {setting}" for setting in POSTGRES_SETTINGS.split())
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {switches}"
    run("pg_ctl", "start", "--pgdata", str(data), "-w", "-s", "-l", str(folder / "log"), "-o", options)
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "lms", "lms")
        yield f"postgres://lms@127.0.0.1:{port}/lms"
    finally:
        run("pg_ctl", "stop", "--pgdata", str(data), "-m", "immediate", "-s")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """A running Redis that keeps nothing; yields its URL."""
    folder, port = tempfile.mkdtemp(prefix="lms-redis-"), port or free_port()
    server = subprocess.Popen(
        [program("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_port(port: int, seconds: float = 15) -> None:
    """Return as soon as something listens on the port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port} after {seconds} seconds.")

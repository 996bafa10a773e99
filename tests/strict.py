"""What a test may not do unseen: talk to other machines, or leave files outside its temporary folder."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOOPBACK = ("127.", "::1", "localhost")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
PROJECT = str(Path(__file__).resolve().parent.parent)
CACHES = ("__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache", ".import_linter_cache")

_written: list[str] = []
_watching = False


class NetworkUseError(AssertionError):
    """The test tried to reach another machine."""


def refuse_network() -> None:
    """From now on this process connects to this machine only."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and not str(host).startswith(LOOPBACK):
            raise NetworkUseError(f"A test tried to reach {host!r}: only this machine is allowed.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "", socket.gethostname()):
            check((name, 0))
        return resolve(host, *arguments, **options)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_resolve


def watch_files() -> None:
    """Note every file of the project that this process opens for writing."""
    sys.addaudithook(_note)


@contextmanager
def files_written() -> Iterator[list[str]]:
    """The project's files written inside the block."""
    global _watching  # noqa: PLW0603 - an audit hook cannot be taken away again
    _written.clear()
    _watching = True
    try:
        yield _written
    finally:
        _watching = False


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or event != "open":
        return
    path, _mode, flags = arguments
    if not isinstance(path, str) or not isinstance(flags, int) or not flags & WRITING:
        return
    full = os.path.abspath(path)
    if full.startswith(PROJECT + os.sep) and not any(f"{os.sep}{cache}" in full for cache in CACHES):
        _written.append(full)

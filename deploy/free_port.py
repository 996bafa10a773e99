"""Prints the wanted port, or the next one that is free, and says so when it is another."""

import socket
import sys


def is_free(port: int) -> bool:
    """Nobody listens on it, on any address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
        return True


def main(wanted: str) -> None:
    """Print the port to use."""
    if not wanted.isdigit() or not 1 <= int(wanted) <= 65535:
        raise SystemExit(f"Stopped: PORT must be a number from 1 to 65535, not {wanted!r}.")
    port = next((port for port in range(int(wanted), min(int(wanted) + 100, 65536)) if is_free(port)), None)
    if port is None:
        raise SystemExit(f"Stopped: ports {wanted} and the hundred above it are taken: choose another with PORT=.")
    if port != int(wanted):
        sys.stderr.write(f"-- port {wanted} is taken: using {port}\n")
    sys.stdout.write(f"{port}\n")


if __name__ == "__main__":
    main(sys.argv[1])

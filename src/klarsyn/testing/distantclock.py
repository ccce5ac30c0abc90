"""
One clock for threads of several processes: it stands in one of them, the others ask it.

So two real processes can be watched in a time that only moves when all of them wait.
"""

from __future__ import annotations

import socketserver
import threading
from contextlib import ExitStack
from datetime import datetime
from io import TextIOWrapper
from socket import create_connection
from typing import ClassVar, Self

from klarsyn.testing.clock import CommonClock


class ServedClock:
    """Lets other processes of this machine read and sleep by a clock, at a port of loopback."""

    def __init__(self, clock: CommonClock) -> None:
        """Listen at once; nobody is answered before `with`."""
        asked = type("Bound", (_Asked,), {"clock": clock})
        self._server = _Server(("127.0.0.1", 0), asked)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        """Answer."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    """Each thread that asks has a thread here, which sleeps in its place."""

    daemon_threads = True
    request_queue_size = 64


class _Asked(socketserver.StreamRequestHandler):
    """Lines of `now`, `sleep SECONDS` and `leave`, each answered with the instant."""

    clock: ClassVar[CommonClock]

    def handle(self) -> None:
        """Answer until whoever asks hangs up."""
        for line in self.rfile:
            deed, _, seconds = line.decode().strip().partition(" ")
            if deed == "sleep":
                self.clock.sleep(float(seconds))
            elif deed == "leave":
                self.clock.leave()
            self.wfile.write(f"{self.clock.now().isoformat()}\n".encode())


class DistantClock:
    """A clock that stands in another process; each thread has a connection of its own to it."""

    def __init__(self, port: int) -> None:
        """Ask the clock at a port of loopback."""
        self._port = port
        self._own = threading.local()
        self._held = ExitStack()

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self._asked("now")

    def sleep(self, seconds: float) -> None:
        """Wait until the clock has come that far."""
        self._asked(f"sleep {seconds!r}")

    def leave(self) -> None:
        """Let the other threads go on without this one."""
        self._asked("leave")

    def close(self) -> None:
        """Hang up, for all threads."""
        self._held.close()

    def _asked(self, deed: str) -> datetime:
        stream: TextIOWrapper | None = getattr(self._own, "stream", None)
        if stream is None:
            line = self._held.enter_context(create_connection(("127.0.0.1", self._port)))
            stream = self._held.enter_context(line.makefile("rw", encoding="ascii", newline="\n"))
            self._own.stream = stream
        stream.write(f"{deed}\n")
        stream.flush()
        return datetime.fromisoformat(stream.readline().strip())

"""
Open connections to a vendor's hosts, kept for a while for whoever is next.

All that is HTTP is httpcore2's HTTPConnection, as in httpx2. Its pool is left out: it is fair to
more requests than connections, and costs a good part of an exchange. Here a request has a
connection to itself; there are never more than threads that send, so none is waited for.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from ssl import SSLContext
from typing import TypeVar

import httpcore2

_T = TypeVar("_T")
_Idle = deque[httpcore2.HTTPConnection]

_IDLE_SECONDS = 5
"""For how long one that nobody uses is kept; vendors close theirs, too."""
_MOST_IDLE = 16


class Lines:
    """Connections by TLS, host and port; safe between threads, since a deque is."""

    def __init__(self, trusted: SSLContext) -> None:
        """Trust these certificates; nothing is opened yet."""
        self._trusted = trusted
        self._idle: dict[tuple[bytes, bytes, int], _Idle] = defaultdict(deque)
        self._open = True

    def exchange(self, request: httpcore2.Request, read: Callable[[httpcore2.Response], _T]) -> _T:
        """
        Send a request and return what `read` makes of the response.

        Raises what httpcore2 raises; a connection is closed where anything was left unread.
        """
        to = request.url.origin
        idle = self._idle[to.scheme, to.host, to.port]
        line = _kept(idle) or httpcore2.HTTPConnection(
            to, self._trusted, keepalive_expiry=_IDLE_SECONDS
        )
        kept = False
        try:
            response = line.handle_request(request)
            found = read(response)
            response.close()
            kept = line.is_idle() and self._open and len(idle) < _MOST_IDLE and not _beyond(line)
        finally:
            if not kept:
                line.close()
        if kept:
            idle.append(line)
        return found

    def close(self) -> None:
        """Close what is idle now, and what is still in use when it is through."""
        self._open = False
        for idle in list(self._idle.values()):
            while idle:
                idle.pop().close()


def _kept(idle: _Idle) -> httpcore2.HTTPConnection | None:
    """Return the one that was used last, is not too old and was not hung up by the other side."""
    while True:
        try:
            line = idle.pop()
        except IndexError:
            return None
        if not line.has_expired():
            return line
        line.close()


def _beyond(line: httpcore2.HTTPConnection) -> bool:
    """
    Return whether more has come than the response, which would be read as the next one.

    httpcore2 does not tell (2.16), so this looks at its h11; where it cannot, it assumes so.
    """
    state = getattr(getattr(line, "_connection", None), "_h11_state", None)
    return state is None or bool(state.trailing_data[0])

"""
The ground all HTTP stand-ins stand on: a real server on loopback, with memory and with faults.

A stand-in is a class with routes. It is written from the vendor's documents and contract, never
from Klarsyn's own fact sheet of the vendor: both may not be wrong in the same way.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

from klarsyn.clock import Clock, SystemClock
from klarsyn.testing import people
from klarsyn.testing.faults import Fault, Faults, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """What came in."""

    method: str
    path: str
    """Percent-decoded, without the query."""
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)
    raw_path: str = field(repr=False, default="")
    """As it stood on the wire."""

    def param(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def json(self) -> Any:
        """Return the body as JSON; an empty body is an empty object."""
        return json.loads(self.body) if self.body else {}

    def form(self) -> dict[str, str]:
        """Return the body as form fields, the last value of each."""
        fields = parse_qs(self.body.decode(), keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out: bytes as they are, a string as text, anything else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    @property
    def content(self) -> bytes:
        """The body in bytes."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the reply it got, kept for referees."""

    request: Request
    reply: Reply
    fault: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """Where somebody's data lie in a stand-in, and whether one would expect them there."""

    person: people.InventedPerson
    place: str
    """As the vendor calls it: `member.merge_fields.FNAME`, `comment.body`."""
    expected: bool = True
    """False where a careless colleague wrote it: a note, a custom field, a file."""


Handler = Callable[..., Reply]


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Mark a method of a stand-in as the answer to `method path`; {names} become arguments."""

    def mark(handler: Handler) -> Handler:
        handler.routes = [*getattr(handler, "routes", []), (method, path)]  # type: ignore[attr-defined]
        return handler

    return mark


class Window:
    """At most `limit` requests in any `seconds`, counted by the stand-in's clock."""

    def __init__(self, limit: int, seconds: float, clock: Clock) -> None:
        """Begin with none counted."""
        self.limit = limit
        self.seconds = seconds
        self._clock = clock
        self._times: dict[str, list[float]] = {}

    def take(self, key: str = "", cost: int = 1) -> float:
        """Count a request; return 0, or after how many seconds it would have been allowed."""
        now = self._clock.now().timestamp()
        times = [one for one in self._times.get(key, []) if one > now - self.seconds]
        self._times[key] = times
        if len(times) + cost > self.limit:
            return max(0.001, times[0] + self.seconds - now) if times else self.seconds
        times.extend([now] * cost)
        return 0.0

    def left(self, key: str = "") -> int:
        """Return how many are left in the present window."""
        now = self._clock.now().timestamp()
        return self.limit - len([t for t in self._times.get(key, []) if t > now - self.seconds])


class StandIn:
    """A vendor's API on loopback: stateful, limited and fallible like the vendor's."""

    name: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    """The vendor's hosts that it stands in for; the Host header tells which one was meant."""

    def __init__(
        self, *, seed: int = 1, count: int = 12, clock: Clock | None = None, limits: bool = True
    ) -> None:
        """Draw `count` people by `seed`; without `limits` it never throttles of its own accord."""
        self.clock = clock or SystemClock()
        self.people = people.draw(count, seed)
        self.faults = Faults()
        self.exchanges: list[Exchange] = []
        self.planted: list[Planted] = []
        self.limits = limits
        self.recording = True
        self.lock = threading.RLock()
        self._routes = _routes(self)
        self._server: ThreadingHTTPServer | None = None
        self.fill()

    # What a vendor's stand-in says for itself

    def fill(self) -> None:
        """Put the people where the vendor would hold them, and note it in `planted`."""

    @property
    def secrets(self) -> dict[str, str]:
        """Return what a connection needs to know, by the names that users set."""
        return {}

    def before(self, request: Request) -> Reply | None:
        """Check key, version and limits; return a refusal, or nothing to go on."""
        del request
        return None

    def throttled(self, request: Request, retry_after: int | None) -> Reply:
        """Return this vendor's answer to too many requests."""
        del request
        return Reply(429, {}, {"Retry-After": str(retry_after)} if retry_after else {})

    def key_refused(self, request: Request) -> Reply:
        """Return this vendor's answer to a key that it does not (or no longer) know."""
        del request
        return Reply(401, {})

    def error_in_ok(self, request: Request) -> Reply:
        """Return this vendor's success that is none; 200 with an error body."""
        del request
        return Reply(200, {"error": "internal_error"})

    def not_found(self, request: Request) -> Reply:
        """Return this vendor's answer to a path or record that does not exist."""
        del request
        return Reply(404, {})

    # Serving

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        assert self._server, "start the stand-in first: with it as standin: ..."  # noqa: S101
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, port: int = 0) -> Self:
        """Listen on loopback; port 0 takes any free one."""
        handler = type("Bound", (_Wire,), {"standin": self})
        self._server = _Server(("127.0.0.1", port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def answer(self, request: Request) -> tuple[Reply, Fault | None]:
        """Return what a request gets, and the fault that it met."""
        fault = self.faults.next(request.method, request.path)
        with self.lock:
            reply = self._refusal(request, fault) or self.before(request) or self._dispatch(request)
            if fault and fault.trouble is Trouble.RENAMED_FIELD:
                reply = replace(reply, body=_renamed(reply.body, fault.field))
            if self.recording:
                self.exchanges.append(Exchange(request, reply, fault.trouble if fault else None))
        return reply, fault

    def _refusal(self, request: Request, fault: Fault | None) -> Reply | None:
        """Return the reply of a fault that keeps the deed from being done."""
        page = "<html><body>Service unavailable</body></html>"
        replies: dict[Trouble, Callable[[Fault], Reply]] = {
            Trouble.THROTTLED: lambda fault: self.throttled(request, fault.retry_after),
            Trouble.THROTTLED_SILENTLY: lambda _: self.throttled(request, None),
            Trouble.DOWN: lambda fault: Reply(fault.status, page, content_type="text/html"),
            Trouble.EXPIRED_KEY: lambda _: self.key_refused(request),
            Trouble.ERROR_IN_OK: lambda _: self.error_in_ok(request),
        }
        reply = replies.get(fault.trouble) if fault else None
        return reply(fault) if reply and fault else None

    def _dispatch(self, request: Request) -> Reply:
        for method, pattern, handler in self._routes:
            if method == request.method and (found := pattern.fullmatch(request.path)):
                return handler(request, **found.groupdict())
        return self.not_found(request)


_BOMB = gzip.compress(bytes(1 << 20), 9) * 256
"""A quarter of a megabyte that grows to 256 megabytes."""


class _Server(ThreadingHTTPServer):
    """Lets many connect at once."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone: whoever is killed hangs up like that."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Wire(BaseHTTPRequestHandler):
    """HTTP/1.1 to and from a stand-in."""

    standin: ClassVar[StandIn]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet a reply; unbuffered writes cost 40 ms each with delayed acks

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        body = self._chunks() if self.headers.get("transfer-encoding") else self._exactly(length)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            raw_path=self.path,
        )
        reply, fault = self.standin.answer(request)
        self._send(reply, fault)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        content, headers = reply.content, dict(reply.headers)
        trouble = fault.trouble if fault else None
        if fault and trouble is Trouble.SLOW:
            self.standin.clock.sleep(fault.seconds)
        if trouble is Trouble.MALFORMED:
            content = content[: len(content) // 2] + b'{"'
        if trouble is Trouble.BOMB:
            content = _BOMB
            headers["Content-Encoding"] = "gzip"
        if trouble is Trouble.CUT_OFF and not content:
            self.close_connection = True  # there is no body to be cut
            return
        self.send_response(reply.status)
        if "content-type" not in {name.lower() for name in headers}:
            self.send_header("Content-Type", reply.content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        if reply.status != 204:  # noqa: PLR2004  (No Content has no length)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if trouble is Trouble.CUT_OFF:
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        if self.command != "HEAD" and reply.status != 204:  # noqa: PLR2004
            self.wfile.write(content)

    def _chunks(self) -> bytes:
        """Return a body of unknown length (RFC 9112, 7.1)."""
        body = bytearray()
        while size := int(self._line().split(b";")[0], 16):
            body += self._exactly(size)
            self._line()
        self._line()
        return bytes(body)

    def _line(self) -> bytes:
        line = self.rfile.readline()
        if not line.endswith(b"\n"):
            raise ConnectionAbortedError
        return line

    def _exactly(self, length: int) -> bytes:
        """Return that many bytes; a client that dies before has asked for nothing (RFC 9112, 8)."""
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError
        return body

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return the same answer for every method; the server asks for `do_GET` and so on."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return what the Date header says: the vendor's time is that of its stand-in's clock."""
        return formatdate(timestamp or self.standin.clock.now().timestamp(), usegmt=True)

    def log_message(self, *_: object) -> None:
        """Say nothing: a log of requests would hold people's data."""


def _routes(standin: StandIn) -> list[tuple[str, re.Pattern[str], Handler]]:
    """Return the routes of a stand-in, those with more fixed words first."""
    found = []
    for name in dir(type(standin)):
        for method, path in getattr(getattr(type(standin), name), "routes", ()):
            pieces = re.split(r"(\{\w+\})", path)
            pattern = "".join(
                f"(?P<{piece[1:-1]}>[^/]+)" if piece.startswith("{") else re.escape(piece)
                for piece in pieces
            )
            found.append((path.count("{"), method, re.compile(pattern), getattr(standin, name)))
    return [(method, pattern, handler) for _, method, pattern, handler in sorted(found, key=_first)]


def _first(one: tuple[int, str, re.Pattern[str], Handler]) -> tuple[int, str]:
    return one[0], one[2].pattern


def _renamed(body: Any, name: str) -> Any:
    """Return a body in which every field of that name has another."""
    if isinstance(body, dict):
        return {f"{k}_v2" if k == name else k: _renamed(v, name) for k, v in body.items()}
    if isinstance(body, list):
        return [_renamed(one, name) for one in body]
    return body

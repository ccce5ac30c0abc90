"""
One HTTP exchange: bounded in size and time, to a host of the sheet, silent about what it carries.

Requests go by httpcore2's connections, not through httpx2's client: those keep no cookies, follow
no redirects, read no environment and log no addresses, and take half the CPU.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore2
import httpx2

from klarsyn.errors import CallRefused, Message, ReplyUnread, VendorDown, said
from klarsyn.transport.lines import Lines
from klarsyn.transport.replies import Reply

if TYPE_CHECKING:
    from klarsyn.transport.auth import Outgoing

# One logs every address at INFO, the other the head of each response at DEBUG, and both may hold
# people's e-mail addresses and keys. Whoever turns on logging for everything does not mean that.
for _name in ("httpx2", "httpcore2", "httpcore2.connection", "httpcore2.http11"):
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).addFilter(lambda record: record.levelno >= logging.WARNING)

_PLAIN = re.compile(r"(https://[a-z0-9.-]+)(/[!\"$-~]*)", re.ASCII)
"""An address of which only the host need be looked at again: all is encoded that has to be."""
_HOST = re.compile(r"[a-z0-9._-]+")
_GZIP_OR_ZLIB = 47
"""The window bits by which zlib tells the two apart itself."""
_OWN = {"User-Agent": "klarsyn", "Accept-Encoding": "gzip"}
_WITH_BODY = {"POST", "PUT", "PATCH"}
"""They tell the length of a body even where it is nothing (RFC 9110, 8.6)."""
_HTTPS = 443
_CONNECT_SECONDS = 10
_TROUBLES = (
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    zlib.error,
)
_UNSENT = (httpcore2.ConnectError, httpcore2.ConnectTimeout)


class Lost(Exception):
    """The connection broke; `sent` tells whether the vendor may have had the request."""

    def __init__(self, *, sent: bool) -> None:
        """Keep whether the request may have arrived, and nothing else."""
        super().__init__("sent" if sent else "not sent")
        self.sent = sent


def loopback(address: str) -> tuple[bytes, int]:
    """Return host and port of a stand-in; a detour to anywhere but this machine is refused."""
    to = urlsplit(address)
    if to.hostname not in {"127.0.0.1", "localhost", "::1"} or not to.port:
        raise CallRefused(
            said("{address} is no stand-in on this machine", address=address),
            said("start one with `klarsyn standins`"),
        )
    return to.hostname.encode(), to.port


class Wire:
    """The way to one vendor's hosts."""

    def __init__(
        self, hosts: tuple[str, ...], *, seconds: float, most_bytes: int, detour: str = ""
    ) -> None:
        """Allow the hosts of a sheet, so many seconds for each answer, so many bytes in it."""
        self.hosts = hosts
        self.most_bytes = most_bytes
        self._seconds = seconds
        self._detour = (b"http", *loopback(detour)) if detour else None
        self._lines = Lines(_trusted())
        waits = {"connect": min(seconds, _CONNECT_SECONDS), "read": seconds, "write": seconds}
        self._waits = {"timeout": waits}
        """How long is waited for a connection, and for each piece, in or out."""
        self._known: dict[str, bytes] = {}
        """The hosts of addresses that were looked at and may be sent to."""

    def send(self, outgoing: Outgoing, name: str) -> Reply:
        """
        Send a request and return the whole reply.

        Raises CallRefused before anything goes to a host that is not the vendor's, Lost where
        the connection broke, ReplyUnread where the reply is too large.
        """
        request = self._request(outgoing, name)
        # Real time, since it is a real socket that is waited for.
        ends = time.monotonic() + self._seconds
        reply: Reply | None = None
        trouble: Exception | None = None
        try:
            reply = self._lines.exchange(request, partial(self._whole, ends, name))
        except _TROUBLES as error:
            trouble = _meaning(error, name)
        # Raised out here, since what was caught above knows the whole request.
        if trouble or reply is None:
            raise trouble or Lost(sent=True)
        return reply

    def _request(self, outgoing: Outgoing, name: str) -> httpcore2.Request:
        host, target = self._allowed(outgoing.url, name)
        headers = {**_OWN, **outgoing.headers}
        if outgoing.content or outgoing.method in _WITH_BODY:
            headers["Content-Length"] = str(len(outgoing.content))
        try:
            written = [
                (one.encode("ascii"), value.encode("ascii")) for one, value in headers.items()
            ]
        except UnicodeEncodeError:
            written = []
        if not written:
            raise _unwritable(name)
        scheme, to, port = self._detour or (b"https", host, _HTTPS)
        return httpcore2.Request(
            outgoing.method,
            httpcore2.URL(scheme=scheme, host=to, port=port, target=target),
            headers=[(b"Host", host), *written],
            content=outgoing.content or (),
            extensions=self._waits,
        )

    def _allowed(self, url: str, name: str) -> tuple[bytes, bytes]:
        """Return the host of an address and what is asked of it; refuse a foreign host."""
        plain = _PLAIN.fullmatch(url)
        if not plain:
            read = refuse_foreign_host(url, self.hosts, name)
            return read.raw_host, read.raw_path
        origin, path = plain.groups()
        host = self._known.get(origin)
        if host is None:
            host = refuse_foreign_host(origin, self.hosts, name).raw_host
            self._known[origin] = host
        return host, path.encode("ascii")

    def _whole(self, ends: float, name: str, response: httpcore2.Response) -> Reply:
        """Return the whole reply, as far as it comes in time and is not too large."""
        headers = as_read(response.headers)
        if int(headers.get("content-length") or 0) > self.most_bytes:
            raise _unread(name, _LARGE)
        pieces = _in_time(response.iter_stream(), ends)
        if headers.get("content-encoding", "identity") != "identity":
            pieces = _unpacked(pieces, self.most_bytes)
        held, size = [], 0
        for piece in pieces:
            size += len(piece)
            if size > self.most_bytes:
                raise _unread(name, _LARGE)
            held.append(piece)
        return Reply(response.status, headers, b"".join(held))

    def close(self) -> None:
        """Close all connections."""
        self._lines.close()


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom we trust; to read the list again for each connection costs tens of ms."""
    return httpx2.create_ssl_context(trust_env=False)


def as_read(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """
    Return headers by their names in lower case; repeated ones joined by commas.

    RFC 9110, 5.3 and 5.5: a value is ASCII; one that is neither that nor UTF-8 is read as Latin 1.
    """
    found: dict[str, str] = {}
    for raw, value in headers:
        name = raw.decode("ascii").lower()
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def _in_time(pieces: Iterator[bytes], ends: float) -> Iterator[bytes]:
    """Yield what comes until an instant: each piece may be in time while the whole never is."""
    for piece in pieces:
        yield piece
        if time.monotonic() > ends:
            raise Lost(sent=True)


def _unpacked(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Yield the content of a gzip or zlib body, at most a byte more than may be held at a time."""
    unpack = zlib.decompressobj(_GZIP_OR_ZLIB)
    begun = False
    for piece in pieces:
        rest = piece
        while rest:
            if unpack.eof:
                unpack = zlib.decompressobj(_GZIP_OR_ZLIB)
            begun = True
            yield unpack.decompress(rest, most + 1)
            rest = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    if begun and not unpack.eof:
        raise zlib.error


def refuse_foreign_host(url: str, hosts: tuple[str, ...], name: str) -> httpx2.URL:
    """
    Return an address that may be sent to.

    Raises CallRefused where it is not on one of the sheet's hosts, or not https. What is checked
    is what is sent to: one parser reads it, once.
    """
    try:
        read = httpx2.URL(url)
        host = read.raw_host.decode("ascii").lower()
    except (httpx2.InvalidURL, UnicodeError):
        read, host = httpx2.URL(), ""
    safe = read.scheme == "https" and not read.userinfo and read.port is None
    if safe and _HOST.fullmatch(host) and any(fnmatchcase(host, pattern) for pattern in hosts):
        return read
    message = said("{vendor}: a request would go to a host that is not the vendor's", vendor=name)
    raise CallRefused(message, said("allowed are {hosts}", hosts=list(hosts)))


def _meaning(error: Exception, name: str) -> Exception:
    """Return what a failure of the transport means, without a word of it."""
    if isinstance(error, zlib.error):
        return _unread(name, said("its compression is broken"))
    if isinstance(error, httpcore2.LocalProtocolError):
        return _unwritable(name)
    return Lost(sent=not isinstance(error, _UNSENT))


_LARGE = said("it is too large")


def _unread(name: str, why: Message) -> ReplyUnread:
    return ReplyUnread(said("{vendor}: a reply cannot be read: {why}", vendor=name, why=why))


def _unwritable(name: str) -> CallRefused:
    return CallRefused(
        said("{vendor}: a request cannot be written as HTTP", vendor=name),
        said("look for a line break or a letter beyond ASCII in the keys"),
    )


def unreachable(name: str) -> VendorDown:
    """Return the error of a vendor that does not answer."""
    return VendorDown(
        said("{vendor} does not answer", vendor=name),
        said("nothing was lost; try again, and see the vendor's status page if it lasts"),
    )

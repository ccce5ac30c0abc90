"""
One HTTP exchange: bounded in size and time, to a host of the sheet, silent about what it carries.

Requests go through a bare transport, not through a client: that keeps no cookies, follows no
redirects and logs no addresses.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import httpx2

from klarsyn.errors import CallRefused, Message, ReplyUnread, VendorDown, said
from klarsyn.transport.replies import Reply

if TYPE_CHECKING:
    from klarsyn.transport.auth import Outgoing

# It logs every address at INFO, and addresses hold people's e-mail addresses and keys. Whoever
# turns on logging for everything does not mean that.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).addFilter(lambda record: record.levelno >= logging.WARNING)

_PLAIN = re.compile(r"(https://[a-z0-9.-]+)(/[!\"$-~]*)", re.ASCII)
"""An address of which only the host need be looked at again: all is encoded that has to be."""
_HOST = re.compile(r"[a-z0-9._-]+")
_GZIP_OR_ZLIB = 47
"""The window bits by which zlib tells the two apart itself."""


class Lost(Exception):
    """The connection broke; `sent` tells whether the vendor may have had the request."""

    def __init__(self, *, sent: bool) -> None:
        """Keep whether the request may have arrived, and nothing else."""
        super().__init__("sent" if sent else "not sent")
        self.sent = sent


@dataclass(frozen=True, slots=True)
class _There:
    """What a transport reads of an address; to parse a whole one takes a tenth of a request."""

    raw_scheme: bytes
    raw_host: bytes
    port: int | None
    raw_path: bytes


class Detour(httpx2.BaseTransport):
    """Takes requests for a vendor's hosts to a stand-in on loopback; the Host header stays."""

    def __init__(self, address: str) -> None:
        """Lead everything to one address."""
        to = urlsplit(address)
        if to.hostname not in {"127.0.0.1", "localhost", "::1"} or not to.port:
            raise CallRefused(
                said("{address} is no stand-in on this machine", address=address),
                said("start one with `klarsyn standins`"),
            )
        self._host, self._port = to.hostname.encode(), to.port
        self._through = _transport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to the stand-in."""
        there = _There(b"http", self._host, self._port, request.url.raw_path)
        request.url = cast("httpx2.URL", there)
        return self._through.handle_request(request)

    def close(self) -> None:
        """Close connections."""
        self._through.close()


class Wire:
    """A pool of connections to one vendor."""

    def __init__(
        self, hosts: tuple[str, ...], *, seconds: float, most_bytes: int, detour: str = ""
    ) -> None:
        """Allow the hosts of a sheet, so many seconds for each answer, so many bytes in it."""
        self.hosts = hosts
        self.most_bytes = most_bytes
        self._seconds = seconds
        self._timeout = httpx2.Timeout(seconds, connect=min(seconds, 10)).as_dict()
        self._through = Detour(detour) if detour else _transport()
        self._known: dict[str, httpx2.URL] = {}

    def send(self, outgoing: Outgoing, name: str) -> Reply:
        """
        Send a request and return the whole reply.

        Raises CallRefused before anything goes to a host that is not the vendor's, Lost where
        the connection broke, ReplyUnread where the reply is too large.
        """
        request = self._request(outgoing, name)
        # Real time, since it is a real socket that is waited for.
        ends = time.monotonic() + self._seconds
        response: httpx2.Response | None = None
        content = b""
        trouble: Exception | None = None
        try:
            response = self._through.handle_request(request)
            content = self._content(response, ends, name)
        except (httpx2.TransportError, zlib.error) as error:
            trouble = _meaning(error, name)
        finally:
            if response is not None:
                response.close()
        # Raised out here, since what was caught above knows the whole request.
        if trouble or response is None:
            raise trouble or Lost(sent=True)
        return Reply(response.status_code, response.headers, content)

    def _request(self, outgoing: Outgoing, name: str) -> httpx2.Request:
        address = _PLAIN.fullmatch(outgoing.url)
        origin, path = address.groups() if address else (outgoing.url, "")
        url = self._known.get(origin) or refuse_foreign_host(origin, self.hosts, name)
        if path:
            self._known[origin] = url
        headers = {"User-Agent": "klarsyn", "Accept-Encoding": "gzip", **outgoing.headers}
        timeout = {"timeout": self._timeout}
        try:
            request = httpx2.Request(
                outgoing.method, url, headers=headers, content=outgoing.content, extensions=timeout
            )
        except UnicodeEncodeError:
            request = None
        if request is None:
            raise _unwritable(name)
        if path:
            there = _There(url.raw_scheme, url.raw_host, None, path.encode())
            request.url = cast("httpx2.URL", there)
        return request

    def _content(self, response: httpx2.Response, ends: float, name: str) -> bytes:
        if int(response.headers.get("content-length") or 0) > self.most_bytes:
            raise _unread(name, _LARGE)
        pieces = _in_time(response, ends)
        if response.headers.get("content-encoding", "identity") != "identity":
            pieces = _unpacked(pieces, self.most_bytes)
        held, size = [], 0
        for piece in pieces:
            size += len(piece)
            if size > self.most_bytes:
                raise _unread(name, _LARGE)
            held.append(piece)
        return b"".join(held)

    def close(self) -> None:
        """Close all connections."""
        self._through.close()


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom we trust; to read the list again for each connection costs tens of ms."""
    return httpx2.create_ssl_context(trust_env=False)


def _transport() -> httpx2.HTTPTransport:
    limits = httpx2.Limits(max_connections=64, max_keepalive_connections=16)
    return httpx2.HTTPTransport(verify=_trusted(), trust_env=False, limits=limits)


def _in_time(response: httpx2.Response, ends: float) -> Iterator[bytes]:
    """Yield what comes until an instant: each piece may be in time while the whole never is."""
    assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101
    for piece in response.stream:
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
    if isinstance(error, (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol)):
        return _unwritable(name)
    unsent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
    return Lost(sent=not isinstance(error, unsent))


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

import gzip
import logging
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from contextlib import ExitStack, contextmanager, suppress

import httpcore2
import pytest

from klarsyn.errors import CallRefused, ReplyUnread
from klarsyn.testing import Reply, Trouble
from klarsyn.transport.auth import Outgoing
from klarsyn.transport.sending import (
    Lost,
    Wire,
    _trusted,
    as_read,
    loopback,
    refuse_foreign_host,
    unreachable,
)
from klarsyn.transport.words import GET
from tests.transport.desk import Desk, opened, shown

HOSTS = ("api.desk.example", "*.eu.desk.example")
URL = "https://api.desk.example/v1/people?email=maja@example.org"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.desk.example/",
        "ftp://api.desk.example/",
        "//api.desk.example/",
        "api.desk.example/",
        "https://user@api.desk.example/",
        "https://user:word@api.desk.example/",
        "https://api.desk.example@evil.example/",
        "https://api.desk.example:8443/",
        "https://api.desk.example:99999/",
        "https://api.desk.example:word/",
        "https://evil.example/api.desk.example",
        "https://evil.example#.eu.desk.example",
        "https://evil.example?.eu.desk.example",
        "https://evil.example\\.eu.desk.example/",
        "https://evil.example%2f.eu.desk.example/",
        "https://api.desk.example.evil.example/",
        "https://eu.desk.example/",
        "https://[::1/",
        "https://[::1]/",
        "https://127.0.0.1/",
        "https:///",
        "https://\u2100.eu.desk.example/",
        "https://api.desk.example/\x00maja",
        "",
    ],
)
def test_foreign_address_is_refused(url):
    """
    Only https, the usual port, no user, and a host of the sheet; the address is not quoted.
    """
    with pytest.raises(CallRefused, match="not the vendor's") as caught:
        refuse_foreign_host(url, HOSTS, "desk")
    assert not url or url not in shown(caught.value)


@pytest.mark.parametrize(
    "url",
    ["https://api.desk.example", "https://API.desk.EXAMPLE:443/x", "https://a.eu.desk.example/"],
)
def test_address_of_the_vendor(url):
    """
    A host that one of the patterns covers is fine in any case, and what was read is returned.
    """
    assert refuse_foreign_host(url, HOSTS, "desk").host.endswith("desk.example")


@pytest.mark.parametrize(
    "address", ["https://api.desk.example", "http://127.0.0.1", "http://evil.example:80", ""]
)
def test_detour_stays_on_this_machine(address):
    """
    A detour to anywhere but a port of this machine is refused.
    """
    with pytest.raises(CallRefused, match="no stand-in"):
        loopback(address)


@pytest.fixture
def wire():
    """Make wires to an address, closed in the end."""
    with ExitStack() as stack:

        def make(address, seconds=5.0, most_bytes=1000):
            made = Wire(HOSTS, seconds=seconds, most_bytes=most_bytes, detour=address)
            stack.callback(made.close)
            return made

        yield make


def ask(through, url=URL, headers=None, method="GET"):
    """Send one request."""
    return through.send(Outgoing(method, url, headers or {}, b""), "desk")


@pytest.fixture
def desk():
    """A running desk."""
    with Desk() as running:
        yield running


@pytest.mark.network
def test_request_arrives_with_the_vendors_host(wire, desk):
    """
    The stand-in sees whom the request was for, and headers of ours and no others.
    """
    assert 200 == ask(wire(desk.url), headers={"X-A": "1"}).status
    names = {"host", "user-agent", "accept-encoding", "x-a"}
    assert names == set(desk.sent[0].headers)
    assert "api.desk.example" == desk.sent[0].headers["host"]


@pytest.mark.network
def test_redirect_and_cookie_are_not_followed(wire, desk):
    """
    A redirect is a reply like any other; a cookie is not given back.
    """
    desk.says = [Reply(302, {}, {"Location": "https://evil.example/", "Set-Cookie": "a=b"})]
    through = wire(desk.url)

    assert 302 == ask(through).status
    assert 200 == ask(through).status
    assert [] == [one for one in desk.sent if "cookie" in one.headers]


@pytest.mark.network
def test_nothing_is_logged(wire, desk, caplog):
    """
    Addresses and links hold people's e-mail addresses; even who turns everything on sees none.
    """
    names = ("httpx2", "httpcore2", "httpcore2.connection", "httpcore2.http11")
    for name in (None, *names):
        caplog.set_level(logging.DEBUG, name)
    desk.says = [Reply(200, {}, {"Link": f"<{URL}>; rel=next"})]
    assert URL in ask(wire(desk.url)).header("link")
    for name in names:
        logging.getLogger(name).info(URL)

    assert "maja" not in caplog.text
    logging.getLogger("httpx2").warning("odd")
    assert "odd" in caplog.text


@pytest.mark.network
@pytest.mark.parametrize(
    "headers", [{"X-Key": "schlüssel"}, {"X-Key": "one\ntwo"}, {"X Key": "a-key"}]
)
def test_key_that_is_no_header(wire, desk, headers):
    """
    A key with a line break or an umlaut is refused before anything is sent, and not shown.
    """
    with pytest.raises(CallRefused, match="cannot be written as HTTP") as caught:
        ask(wire(desk.url), headers=headers)
    assert next(iter(headers.values())) not in shown(caught.value)
    assert [] == desk.exchanges


@pytest.mark.network
@pytest.mark.parametrize(
    ("method", "content", "length"),
    [("GET", b"", None), ("POST", b"", "0"), ("PUT", b"ab", "2"), ("DELETE", b"abc", "3")],
)
def test_length_of_what_is_sent(wire, desk, method, content, length):
    """
    A body goes whole, with its length; where one is expected, none is a length of nothing.
    """
    wire(desk.url).send(Outgoing(method, URL, {}, content), "desk")

    assert (length, content) == (desk.sent[0].headers.get("content-length"), desk.sent[0].body)


@pytest.mark.network
def test_address_that_has_to_be_encoded(wire, desk):
    """
    An address with letters beyond ASCII goes encoded, to the host that was looked at.
    """
    ask(wire(desk.url), "https://api.desk.example/v1/people?name=J\u00f8rgen")

    assert "/v1/people?name=J%C3%B8rgen" == desk.sent[0].raw_path


def test_headers_as_they_are_read():
    """
    What comes twice is joined; values need not be ASCII.
    """
    sent = [(b"x-a", b"1"), (b"x-a", b"2"), (b"name", "J\u00f8".encode()), (b"old", b"J\xf8")]

    assert {"x-a": "1, 2", "name": "J\u00f8", "old": "J\u00f8"} == as_read(sent)


# Size


@pytest.mark.network
def test_size_is_bounded(wire, desk):
    """
    What is too large is not read, whether its size is declared or not; what just fits is.
    """
    desk.says = [Reply(200, b"x" * 1000), Reply(200, b"x" * 1001)]
    through = wire(desk.url)

    assert 1000 == len(ask(through).content)
    with pytest.raises(ReplyUnread, match="too large"):
        ask(through)


@pytest.mark.network
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_packed_size_is_bounded(wire, desk, pack):
    """
    What counts is the size unpacked.
    """
    packed = {"Content-Encoding": "gzip"}
    desk.says = [Reply(200, pack(b"x" * size), packed) for size in (1000, 1001)]
    through = wire(desk.url)

    assert 1000 == len(ask(through).content)
    with pytest.raises(ReplyUnread, match="too large"):
        ask(through)


@pytest.mark.network
def test_bomb_does_not_go_off(wire, desk):
    """
    A megabyte that would be a gigabyte takes no more memory than may be held.
    """
    desk.faults.add(Trouble.BOMB)
    through = wire(desk.url, most_bytes=1 << 20)
    tracemalloc.start()
    with pytest.raises(ReplyUnread, match="too large"):
        ask(through)
    # The stand-in's own 64 MB, from which the bomb is made, count here, too.
    assert tracemalloc.get_traced_memory()[1] < 80 << 20
    tracemalloc.stop()


@pytest.mark.network
@pytest.mark.parametrize(
    "content",
    [
        b"not gzip at all",
        gzip.compress(b"x" * 100, mtime=0)[:-9],
        gzip.compress(b"x", mtime=0)[:12],
        gzip.compress(b"x", mtime=0) + b"?",
    ],
)
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_broken_compression(wire, desk, content, coding):
    """
    Half a packed body is no body.
    """
    desk.says = [Reply(200, content, {"Content-Encoding": coding})]
    with pytest.raises(ReplyUnread, match="compression is broken"):
        ask(wire(desk.url))


@pytest.mark.network
def test_packed_in_several_parts(wire, desk):
    """
    Gzip may come in members (RFC 1952, 2.2), and nothing at all is empty.
    """
    packed = {"Content-Encoding": "gzip"}
    desk.says = [
        Reply(200, gzip.compress(b"a") + gzip.compress(b"b"), packed),
        Reply(200, b"", packed),
    ]
    through = wire(desk.url)

    assert b"ab" == ask(through).content
    assert b"" == ask(through).content
    assert b"" == ask(through, method="HEAD").content


# Time


@contextmanager
def raw(*pieces, pause=0.0):
    """Yield the address of a server that answers with these bytes, whatever is asked."""

    def serve():
        with suppress(OSError), listener.accept()[0] as connection:
            connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.network
@pytest.mark.parametrize("headers", [b"", b"Content-Encoding: gzip\r\n"])
def test_dripping_body_is_cut(wire, headers):
    """
    A body of which every piece is in time, and the whole never, is given up.
    """
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n" + headers + b"\r\n"
    drops = gzip.compress(bytes(range(256)))
    begun = time.monotonic()
    with raw(head, *(bytes([one]) for one in drops), pause=0.05) as address:
        through = wire(address, 0.3)
        with pytest.raises(Lost, match="sent"):
            ask(through)
    # All of it would take fourteen seconds, and a busy machine may take some of its own.
    assert 0.3 < time.monotonic() - begun < 10


@pytest.mark.network
def test_silence_is_cut(wire):
    """
    Nobody answers in time: the request may have arrived.
    """
    with raw(b"", pause=0.5) as address, pytest.raises(Lost, match="sent") as caught:
        ask(wire(address, 0.1))
    assert caught.value.sent
    assert "maja" not in shown(caught.value)


@pytest.mark.network
@pytest.mark.parametrize(
    "reply", [b"", b"SMTP ready\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]
)
def test_what_is_no_http(wire, reply):
    """
    A connection that ends, or speaks something else, is lost after the request was sent.
    """
    with raw(reply) as address, pytest.raises(Lost) as caught:
        ask(wire(address, 2))
    assert caught.value.sent


@pytest.mark.network
def test_word_before_the_reply(wire):
    """
    Of an interim response (1xx) nothing is told, and what follows it is the reply.
    """
    with raw(b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 204 No\r\n\r\n") as address:
        reply = ask(wire(address, 2))
    assert (204, b"") == (reply.status, reply.content)


@pytest.mark.network
def test_body_in_chunks(wire):
    """
    A body of unknown length comes in chunks (RFC 9112, 7.1); one that breaks off is no body.
    """
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with raw(head, b"2\r\nab\r\n", b"1\r\nc\r\n0\r\n\r\n") as address:
        assert b"abc" == ask(wire(address, 2)).content
    with raw(head, b"2\r\nab\r\n5\r\nc") as address, pytest.raises(Lost):
        ask(wire(address, 2))


@pytest.mark.network
def test_too_large_without_a_length(wire):
    """
    A body of unknown length ends where it gets too large.
    """
    endless = raw(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1001)
    with endless as address, pytest.raises(ReplyUnread, match="too large"):
        ask(wire(address, 2))


@pytest.mark.network
def test_nobody_listens(wire):
    """
    Where no connection is made, nothing was sent.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Lost, match="not sent") as caught:
        ask(wire(f"http://127.0.0.1:{port}"))
    assert not caught.value.sent


@pytest.mark.network
def test_certificate_is_asked_for():
    """
    Without a detour it is TLS with a certificate that we trust, or nothing.
    """
    with raw(b"HTTP/1.1 200 OK\r\n\r\n") as address:
        through = Wire(HOSTS, seconds=2, most_bytes=1000)
        port = int(address.rpartition(":")[2])
        request = httpcore2.Request("GET", f"https://127.0.0.1:{port}/")
        with pytest.raises(httpcore2.ConnectError):
            through._lines.exchange(request, httpcore2.Response.read)
        through.close()
    assert ssl.CERT_REQUIRED is _trusted().verify_mode
    assert _trusted().check_hostname


def test_who_does_not_answer():
    """
    It is said in words.
    """
    assert "desk does not answer" in str(unreachable("desk"))


@pytest.mark.network
def test_size_is_the_sheets():
    """
    A connection allows what its sheet says.
    """
    refused = pytest.raises(ReplyUnread, match="too large")
    with opened(most_bytes=10) as (_, connection), refused:
        connection.call(GET("/people"))

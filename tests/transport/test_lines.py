import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import httpcore2
import pytest

from klarsyn.transport import lines
from klarsyn.transport.lines import Lines

pytestmark = pytest.mark.network
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Counter:
    """A server that says what it is told, and counts who connects."""

    def __init__(self, *says, hangs_up=False):
        self.says, self.hangs_up, self.connected = list(says), hangs_up, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        """Give each connection a thread."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connected.append(connection)
                threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        """Answer until nobody asks any more."""
        with suppress(OSError), connection:
            while connection.recv(65536):
                connection.sendall(self.says.pop(0) if self.says else OK)
                if self.hangs_up:
                    return


@contextmanager
def served(*says, **how):
    """Yield a server, and lines to it that are closed in the end."""
    server, opened = Counter(*says, **how), Lines(ssl.create_default_context())
    with server.listener:
        yield server, opened
        opened.close()


def ask(opened, server, read=httpcore2.Response.read, content=(), length=0):
    """Exchange once."""
    url = httpcore2.URL(scheme=b"http", host=b"127.0.0.1", port=server.port, target=b"/")
    waits = {"timeout": dict.fromkeys(("connect", "read", "write"), 5)}
    headers = [(b"Host", b"desk"), (b"Content-Length", str(length).encode())]
    request = httpcore2.Request("GET", url, headers=headers, content=content, extensions=waits)
    return opened.exchange(request, read)


def twice(opened, server):
    """Return what reads one response and makes another request meanwhile."""
    return lambda response: (response.read(), ask(opened, server))


def test_connection_is_used_again():
    """
    Whoever is next takes it over.
    """
    with served() as (server, opened):
        assert [b"ok"] * 5 == [ask(opened, server) for _ in range(5)]
        assert 1 == len(server.connected)


def test_requests_at_once_have_one_each():
    """
    A connection serves one request at a time.
    """
    with served() as (server, opened):
        ask(opened, server, twice(opened, server))

        assert 2 == len(server.connected)
        ask(opened, server)
        assert 2 == len(server.connected)


def test_hung_up_is_not_used_again():
    """
    What the other side has closed in the meantime is left, and the request goes by a new one.
    """
    with served(hangs_up=True) as (server, opened):
        ask(opened, server)
        while server.connected[0].fileno() >= 0:
            time.sleep(0.01)

        assert b"ok" == ask(opened, server)
        assert 2 == len(server.connected)


def test_half_read_is_not_used_again():
    """
    Nobody is given the rest of what another has not read.
    """
    with served() as (server, opened):
        ask(opened, server, lambda response: response.status)

        assert b"ok" == ask(opened, server)
        assert 2 == len(server.connected)


def test_error_closes():
    """
    What cannot be read is raised, and the connection is used no more.
    """
    with served(b"SMTP ready\r\n\r\n") as (server, opened):
        with pytest.raises(httpcore2.RemoteProtocolError):
            ask(opened, server)
        assert b"ok" == ask(opened, server)
        assert 2 == len(server.connected)


def test_few_are_kept(monkeypatch):
    """
    Of many that were used at once, no more are kept than may be idle.
    """
    monkeypatch.setattr(lines, "_MOST_IDLE", 1)
    with served() as (server, opened):
        ask(opened, server, twice(opened, server))
        ask(opened, server, twice(opened, server))

        assert 3 == len(server.connected)


def test_closed_keeps_nothing():
    """
    What is still in use when all is closed is closed when it is given back.
    """
    with served() as (server, opened):
        ask(opened, server, lambda response: (response.read(), opened.close()))

        assert all(not idle for idle in opened._idle.values())
        ask(opened, server)
        assert 2 == len(server.connected)


def test_more_than_was_asked_for():
    """
    Bytes beyond a response are not read as the next one.
    """
    with served(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil") as (server, opened):
        assert [b"ok", b"ok"] == [ask(opened, server), ask(opened, server)]
        assert 2 == len(server.connected)


def test_what_cannot_be_looked_into_is_not_kept():
    """
    Were httpcore2 to hide what lies unread, no connection would be used twice.
    """
    line = httpcore2.HTTPConnection(httpcore2.Origin(b"http", b"desk", 80))

    assert lines._beyond(line)


def test_kept_for_a_while(monkeypatch):
    """
    What nobody has used for some seconds is not used again.
    """
    monkeypatch.setattr(lines, "_IDLE_SECONDS", 0)
    with served() as (server, opened):
        assert [b"ok"] * 2 == [ask(opened, server) for _ in range(2)]
        assert 2 == len(server.connected)


def hasty():
    """Be the content of a request, of which the end cannot be sent any more."""
    yield b"a"
    raise httpcore2.WriteError


def test_answer_to_half_a_request():
    """
    Who answers before all was sent is heard; the connection is used no more.
    """
    with served() as (server, opened):
        assert b"ok" == ask(opened, server, content=hasty(), length=3)
        ask(opened, server)

        assert 2 == len(server.connected)


def test_nobody_listens():
    """
    A connection that was never made is an error, and is not kept.
    """
    with served() as (server, opened):
        pass
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
    with pytest.raises(httpcore2.ConnectError):
        ask(opened, server)
    assert all(not idle for idle in opened._idle.values())

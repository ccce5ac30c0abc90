import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from klarsyn.testing import Reply, StandIn, StillClock, Trouble, Window, route

pytestmark = pytest.mark.network


class Greeter(StandIn):
    """A stand-in of nobody: it greets."""

    name = "greeter"
    hosts = ("api.greeter.example",)

    @route("GET", "/hello/{who}")
    def hello(self, request, who):
        """Greet."""
        return Reply(200, {"hello": who, "loud": request.param("loud")})

    @route("GET", "/hello/nobody")
    def nobody(self, request):
        """Greet no one."""
        del request
        return Reply(204)

    @route("POST", "/echo")
    def echo(self, request):
        """Give back what came."""
        return Reply(200, request.json())


def ask(standin, method, path, body=None, headers=None):
    """Return status, headers and body of one exchange by the standard library's client."""
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, path, body, headers or {})
        with connection.getresponse() as reply:
            return reply.status, dict(reply.getheaders()), reply.read()


@pytest.fixture
def greeter():
    """A running greeter whose clock stands still."""
    with Greeter(clock=StillClock()) as standin:
        yield standin


def test_route_with_more_fixed_words_wins(greeter):
    """
    /hello/nobody is not the greeting of somebody named nobody.
    """
    assert 204 == ask(greeter, "GET", "/hello/nobody")[0]
    assert {"hello": "Åse", "loud": "1"} == json.loads(
        ask(greeter, "GET", "/hello/%C3%85se?loud=1")[2]
    )
    assert 404 == ask(greeter, "PUT", "/hello/nobody")[0]


def test_every_exchange_is_kept(greeter):
    """
    A referee sees what came and what went, chunked bodies too.
    """
    ask(greeter, "POST", "/echo", iter([b'{"a"', b": 1}"]))
    (exchange,) = greeter.exchanges

    assert {"a": 1} == exchange.request.json()
    assert {"a": 1} == exchange.reply.body


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (Trouble.THROTTLED, 429),
        (Trouble.THROTTLED_SILENTLY, 429),
        (Trouble.DOWN, 503),
        (Trouble.EXPIRED_KEY, 401),
        (Trouble.ERROR_IN_OK, 200),
    ],
)
def test_fault_happens_once(greeter, trouble, status):
    """
    A fault meets the requests it is for, as often as it was told, and keeps the deed undone.
    """
    greeter.faults.add(trouble, on="GET /hello/*")
    first, headers, body = ask(greeter, "GET", "/hello/you")

    assert status == first
    assert (trouble is Trouble.THROTTLED) == ("Retry-After" in headers)
    assert b"you" not in body
    assert 200 == ask(greeter, "GET", "/hello/you")[0]


def test_fault_can_come_later_and_be_called_off(greeter):
    """
    `after` lets requests pass; `clear` forgets.
    """
    greeter.faults.add(Trouble.DOWN, after=1, times=5)

    assert [200, 503] == [ask(greeter, "GET", "/hello/you")[0] for _ in range(2)]
    greeter.faults.clear()
    assert 200 == ask(greeter, "GET", "/hello/you")[0]


def test_spoilt_replies(greeter):
    """
    Malformed, renamed, cut off, slow and swollen bodies leave the server as such.
    """
    greeter.faults.add(Trouble.MALFORMED)
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask(greeter, "GET", "/hello/you")[2])
    greeter.faults.add(Trouble.RENAMED_FIELD, field="hello")
    assert "hello_v2" in json.loads(ask(greeter, "GET", "/hello/you")[2])
    greeter.faults.add(Trouble.CUT_OFF)
    with pytest.raises(http.client.IncompleteRead):
        ask(greeter, "GET", "/hello/you")
    greeter.faults.add(Trouble.SLOW, seconds=7)
    ask(greeter, "GET", "/hello/you")
    assert [7] == greeter.clock.slept
    greeter.faults.add(Trouble.BOMB)
    assert "gzip" == ask(greeter, "GET", "/hello/you")[1]["Content-Encoding"]


def test_window_counts_by_the_clock():
    """
    What a limit refuses now it allows when the window has passed.
    """
    clock = StillClock()
    window = Window(2, 10, clock)

    assert [0.0, 0.0, 10.0] == [window.take() for _ in range(3)]
    assert 0 == window.left()
    clock.move(seconds=10)
    assert 0.0 == window.take()


def test_many_at_once(greeter):
    """
    Eight threads are served and none is lost.
    """
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: ask(greeter, "GET", "/hello/you")[0], range(80)))

    assert [200] * 80 == statuses
    assert 80 == len(greeter.exchanges)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"Content-Length: 8\r\n\r\n", id="nothing of the body"),
        pytest.param(b'Content-Length: 8\r\n\r\n{"a":', id="half of the body"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n", id="no chunk"),
        pytest.param(b'Transfer-Encoding: chunked\r\n\r\n8\r\n{"a":', id="half of a chunk"),
        pytest.param(b'Transfer-Encoding: chunked\r\n\r\n8\r\n{"a": 1}\r\n', id="no last chunk"),
    ],
)
def test_request_that_breaks_off_is_not_carried_out(greeter, rest):
    """
    Whoever is killed before all of it was sent has asked for nothing.
    """
    host, port = greeter.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as killed:
        killed.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\n" + rest)
        killed.shutdown(socket.SHUT_WR)
        assert b"" == killed.recv(100)
    assert [] == greeter.exchanges

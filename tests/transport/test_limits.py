import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn import storage
from klarsyn.clock import SystemClock
from klarsyn.errors import Throttled
from klarsyn.testing import Reply, StillClock, Trouble, Window
from klarsyn.testing.storage import memory
from klarsyn.transport.connection import Surroundings
from klarsyn.transport.limits import LocalBuckets, Turnstile, backoff, pace
from klarsyn.transport.replies import Reply as Came
from klarsyn.transport.words import GET, Limit
from tests.transport.desk import Desk, connect, opened

CALL = GET("/people")
ROOT = Path(__file__).parents[2]


def wait(turnstile, limits, cost, patience):
    """Let one call through; return for how long it would still have to wait."""
    with turnstile.through(limits, cost, 60, patience) as late:
        return late


@pytest.fixture(params=["one process", "database"])
def shared(request):
    """A clock that stands still, and both kinds of buckets by it."""
    clock = StillClock()
    if request.param == "one process":
        yield clock, LocalBuckets(clock)
        return
    with memory(clock) as opened_storage:
        yield clock, storage.Buckets(opened_storage, clock)


@given(st.integers(1, 10_000), st.floats(0.1, 86_400), st.integers(1, 400))
def test_pace_never_passes_the_limit(requests, per, calls):
    """
    However a vendor counts its windows, none holds more calls than the limit.
    """
    clock, times = StillClock(), []
    turnstile = Turnstile(LocalBuckets(clock), clock, "desk")
    for _ in range(calls):
        wait(turnstile, {"all": Limit(requests, per)}, 1, math.inf)
        times.append(clock.now().timestamp())
    for first, last in zip(times, times[requests:], strict=False):
        assert last - first >= per - 1e-3


def test_pace_uses_most_of_the_limit():
    """
    In the long run four fifths of what is allowed are used.
    """
    rate, burst = pace(Limit(1000, 10))

    assert (80, 100) == (rate, burst)


def test_what_costs_much_is_paid_in_parts(shared):
    """
    A call that costs more than can be saved up waits for all of it.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    limit = {"all": Limit(100, 10)}

    assert 0 == wait(turnstile, limit, 50, 100)
    assert 40 / 8 == pytest.approx(sum(clock.slept), abs=0.01)


def test_backoff_doubles_up_to_a_minute():
    """
    However many attempts there were, a minute is the longest wait; chance takes off a quarter.
    """
    chance = Surroundings().chance
    for attempt, most in ((1, 1), (2, 2), (6, 32), (7, 60), (10_000, 60)):
        assert most * 0.75 <= backoff(attempt, chance) <= most


def test_nothing_is_waited_for_in_vain(shared):
    """
    What lies beyond one's patience is told at once.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    turnstile.block("all", 100)

    assert 100 == pytest.approx(wait(turnstile, {"all": Limit()}, 1, 99), abs=0.01)
    assert [] == clock.slept
    assert 0 == wait(turnstile, {"all": Limit()}, 1, 101)
    assert 100 == pytest.approx(sum(clock.slept), abs=0.01)


def test_block_holds_without_a_published_limit(shared):
    """
    Retry-After counts where no limit is published, too, and an earlier end changes nothing.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    wait(turnstile, {"all": Limit()}, 1, 0)
    turnstile.block("all", 30)
    turnstile.block("all", 10)
    wait(turnstile, {"all": Limit()}, 1, 60)

    assert 30 == pytest.approx(sum(clock.slept), abs=0.01)


@pytest.mark.parametrize(
    ("left", "resets", "seconds"),
    [
        ("0", "30", 30),
        ("0", str(StillClock().now().timestamp() + 40), 40),
        ("0", "", 60),
        ("0", "soon", 60),
        ("0", "nan", 60),
        ("0", "-5", 0),
        ("0.5", "30", 30),
        ("5", "30", 0),
        ("inf", "30", 0),
        ("many", "30", 0),
        ("", "30", 0),
    ],
)
def test_nothing_left_is_a_block(shared, left, resets, seconds):
    """
    A vendor that says that nothing is left is asked again when it has reset its count.
    """
    clock, buckets = shared
    turnstile, limit = (
        Turnstile(buckets, clock, "desk"),
        Limit(100, 60, remaining="Left", resets="In"),
    )
    wait(turnstile, {"all": limit}, 1, 0)
    turnstile.heed("all", limit, Came(200, {"Left": left, "In": resets}, b""))
    wait(turnstile, {"all": limit}, 1, 100)

    assert seconds == pytest.approx(sum(clock.slept), abs=0.01)


def test_vendor_is_believed_when_little_is_left(shared):
    """
    Two are left until the reset: two go at once, the third waits for it.
    """
    clock, buckets = shared
    turnstile, limit = (
        Turnstile(buckets, clock, "desk"),
        Limit(100, 60, remaining="Left", resets="In"),
    )
    wait(turnstile, {"all": limit}, 1, 0)
    turnstile.heed("all", limit, Came(200, {"Left": "2", "In": "30"}, b""))

    assert [0, 0] == [wait(turnstile, {"all": limit}, 1, 0) for _ in range(2)]
    assert wait(turnstile, {"all": limit}, 1, 0) > 30
    turnstile.heed("none", limit, Came(200, {"Left": "2", "In": "30"}, b""))


def test_places_at_once(shared):
    """
    Each limit's places are held while a call is under way; who finds none waits, then is told.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    limits = {"all": Limit(at_once=2), "few": Limit(at_once=1), "none": Limit()}
    with turnstile.through(limits, 1, 60, 5) as first:
        with turnstile.through(limits, 1, 60, 5) as second:
            assert (0, 5) == (first, second)
        assert 0 == wait(turnstile, {"all": limits["all"]}, 1, 5)
    assert 0 == wait(turnstile, limits, 1, 5)
    assert 5 == pytest.approx(sum(clock.slept), abs=0.1)


def test_place_of_the_dead_is_free_again(shared):
    """
    Who never comes back holds a place for as long as it may wait and be under way, no longer.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    dead = turnstile.through({"all": Limit(at_once=1)}, 1, 10, 20)
    dead.__enter__()

    assert 0 == wait(turnstile, {"all": Limit(at_once=1)}, 1, 60)
    assert 30 == pytest.approx(sum(clock.slept), abs=0.1)


def test_no_tokens_without_a_place(shared):
    """
    Who finds no place takes no tokens: in hand they would be used later than they count.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    limits = {"all": Limit(20, 60, at_once=1)}
    with turnstile.through(limits, 1, 60, 0):
        assert [0.5] * 9 == [wait(turnstile, limits, 1, 0.5) for _ in range(9)]
    clock.slept.clear()

    assert 0 == wait(turnstile, limits, 1, 0)


def test_own_limit_is_waited_for_in_no_place_of_all(shared):
    """
    While a call waits for a limit of its own, others find the places of all calls free.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    limits = {"own": Limit(), "all": Limit(at_once=1)}
    turnstile.block("own", 30)
    with turnstile.through(limits, 1, 60, 5) as late:
        assert 30 == pytest.approx(late, abs=0.01)
        assert 0 == wait(turnstile, {"all": limits["all"]}, 1, 0)


def test_alone(shared):
    """
    One at a time; who waits longer than the other may take goes on.
    """
    clock, buckets = shared
    turnstile = Turnstile(buckets, clock, "desk")
    with turnstile.alone("token", 10), turnstile.alone("token", 10):
        assert 10 == pytest.approx(sum(clock.slept), abs=0.1)
    buckets.block("nobody", 0)
    assert 0 == LocalBuckets(clock).take("x", 1, 1)


# With a vendor at the other end


@pytest.mark.network
def test_block_is_shared_by_threads():
    """
    One thread is told to wait, and the others wait, too: no further refusal.
    """
    clock = StillClock()
    with Desk(clock=clock, limits=False) as desk, connect(desk) as connection:
        desk.faults.add(Trouble.THROTTLED, retry_after=30)
        connection.call(CALL)
        start = desk.clock.now()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: connection.call(CALL), range(8)))

        assert 30 <= sum(clock.slept) < 31
        assert start == desk.clock.now()
        assert 1 == len([one for one in desk.exchanges if one.reply.status == 429])


@pytest.mark.network
def test_limit_of_its_own():
    """
    A call that is throttled under a limit of its own does not hold back others.
    """
    slow = CALL.but(limit="slow")
    limits = {"slow": Limit(100, 60, at_once=1, remaining="Left", resets="In")}
    with opened(limits=limits, around={"patience": 10}) as (desk, connection):
        desk.says = [Reply(200, {}, {"Left": "0", "In": "30"})]
        connection.call(slow)
        connection.call(CALL)
        with pytest.raises(Throttled) as caught:
            connection.call(slow)
        assert 30 == pytest.approx(caught.value.after, abs=0.01)
        desk.clock.move(seconds=30)
        desk.faults.add(Trouble.THROTTLED, retry_after=9)
        connection.call(slow)
        assert [9] == [round(one) for one in desk.clock.slept]


@pytest.mark.network
def test_nothing_left_is_obeyed():
    """
    The account's headers are obeyed on every call, a refused one too.
    """
    limit = Limit(100, 60, remaining="Left", resets="In")
    with opened(limit=limit, limits={"own": Limit()}) as (desk, connection):
        desk.says = [Reply(404, {}, {"Left": "0", "In": "30"})]
        assert None is connection.look(CALL.but(limit="own"))
        connection.call(CALL)
        assert 30 == pytest.approx(sum(desk.clock.slept), abs=0.01)


class Guarded(Desk):
    """A desk that takes twenty requests in any second, and stops short once."""

    def fill(self):
        """Nobody was refused yet."""
        super().fill()
        self.window, self.refused = Window(20, 1.0, self.clock), []

    def before(self, request):
        """Refuse what is too much, and note it."""
        if len(self.exchanges) == 7:
            self.clock.sleep(0.5)
        if not self.window.take():
            return None
        self.refused.append(request)
        return Reply(429, {}, {"Retry-After": "1"})


@pytest.mark.network
@pytest.mark.slow
def test_threads_and_processes_keep_one_limit(tmp_path):
    """
    Eight threads in each of two processes share a limit and never pass the vendor's window.

    Not even where the machine lets all wait: of twenty in a second eighteen are paced, and the
    two that may be under way at once can come late.
    """
    desk = Guarded(clock=SystemClock())
    url = f"sqlite:///{tmp_path / 'klarsyn.db'}"
    storage.open(url).close()
    # What is imported has to be what is tested, wherever the tests were started.
    surroundings = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    with desk, ExitStack() as stack:
        command = [sys.executable, str(Path(__file__).with_name("calling.py")), url, desk.url, "25"]
        begun = time.monotonic()
        running = [subprocess.Popen(command, env=surroundings) for _ in range(2)]
        for one in running:
            stack.enter_context(one)
            stack.callback(one.kill)
        assert [0, 0] == [one.wait(120) for one in running]

    assert [] == desk.refused
    assert 50 == len(desk.exchanges)
    assert 2 < time.monotonic() - begun

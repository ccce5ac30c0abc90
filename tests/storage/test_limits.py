import subprocess
import sys
import threading
from pathlib import Path

import pytest

from klarsyn.storage import Buckets
from klarsyn.transport import limits

TAKING = Path(__file__).parent / "taking.py"


@pytest.fixture
def buckets(storage, clock):
    """Buckets in an empty storage, of each kind in turn."""
    return Buckets(storage, clock)


@pytest.fixture
def now(clock):
    """The instant at which tests begin, in seconds since 1970."""
    return clock.now().timestamp()


def taken(buckets, times, name="x", **limit):
    """Return how often out of some times something could be taken at once."""
    waits = [buckets.take(name, **({"rate": 2, "burst": 4} | limit)) for _ in range(times)]
    return waits.count(0)


# Taking


def test_bucket_begins_full(buckets):
    """
    A burst passes at once, and no more.
    """
    assert 4 == taken(buckets, 10)


def test_wait_is_as_long_as_needed(buckets, clock):
    """
    Who waits that long and asks again is let through.
    """
    taken(buckets, 4)
    wait = buckets.take("x", 2, 4)
    clock.move(seconds=wait)

    assert 0.5 == wait
    assert 0 == buckets.take("x", 2, 4)
    assert 0 < buckets.take("x", 2, 4)


def test_tokens_come_back_up_to_the_burst(buckets, clock):
    """
    Two a second, at most four, however long nobody took any.
    """
    taken(buckets, 4)
    clock.move(seconds=1.6)
    assert 3 == taken(buckets, 10)

    clock.move(days=1)
    assert 4 == taken(buckets, 10)


@pytest.mark.parametrize("rate", [0.003, 1 / 3, 0.7, 9.99, 1000 / 7])
def test_nobody_waits_for_ever(buckets, clock, rate):
    """
    Rounding never leaves a wait that is too short for the clock to notice.
    """
    asked = 0
    for _ in range(20):
        while wait := buckets.take("x", rate, 1.5):
            clock.sleep(wait)
            asked += 1

    assert asked <= 40


def test_call_may_cost_more_than_one(buckets):
    """
    Some vendors count points.
    """
    assert 0 == buckets.take("x", 2, 4, cost=3)
    assert 1 == buckets.take("x", 2, 4, cost=3)
    assert 0 == buckets.take("x", 2, 4, cost=1)


@pytest.mark.parametrize(("rate", "burst", "cost"), [(2, 4, 5), (0, 4, 1), (2, 4, 0), (2, 4, -1)])
def test_limit_that_never_lets_through_is_refused(buckets, rate, burst, cost):
    """
    Nobody shall wait for what will never be.
    """
    with pytest.raises(ValueError, match="never fits"):
        buckets.take("x", rate, burst, cost)


def test_buckets_do_not_know_each_other(buckets):
    """
    Each name has its own limit.
    """
    assert (4, 4) == (taken(buckets, 5, "a"), taken(buckets, 5, "b"))


def test_limit_may_change(buckets, clock):
    """
    A smaller bucket holds less at once; a larger one fills at its own pace.
    """
    taken(buckets, 1)
    assert 2 == taken(buckets, 5, burst=2)

    clock.move(seconds=10)
    assert 6 == taken(buckets, 20, burst=6, rate=1)


def test_clock_that_goes_back_gives_nothing(buckets, clock):
    """
    A machine whose clock is slow neither wins tokens nor loses those of others.
    """
    taken(buckets, 3)
    clock.move(seconds=-60)
    assert 1 == taken(buckets, 5)

    clock.move(seconds=60.5)
    assert 1 == taken(buckets, 5)


# What a vendor says


def test_blocked_bucket_gives_nothing(buckets, clock, now):
    """
    Retry-After is obeyed by all, though tokens are there.
    """
    taken(buckets, 1)
    buckets.block("x", now + 30)

    assert 30 == buckets.take("x", 2, 4)
    clock.move(seconds=30)
    assert 0 == buckets.take("x", 2, 4)


def test_shorter_block_does_not_end_a_longer(buckets, now):
    """
    The day's quota stays used up, whatever a later Retry-After says.
    """
    buckets.block("x", now + 9 * 3600)
    buckets.block("x", now + 1)
    assert 9 * 3600 == buckets.take("x", 2, 4)

    buckets.block("x", now + 10 * 3600)
    assert 10 * 3600 == buckets.take("x", 2, 4)


def test_vendors_count_is_believed_where_it_is_lower(buckets, clock, now):
    """
    Somebody else uses the same key; no more is sent before the vendor's window is over.
    """
    taken(buckets, 1)
    buckets.seen("x", 1, now + 20)

    assert 1 == taken(buckets, 5)
    assert 20.5 == buckets.take("x", 2, 4)
    clock.move(seconds=21)
    assert 2 == taken(buckets, 5)


def test_vendors_count_does_not_raise_ours(buckets, clock, now):
    """
    Its window may be an hour where ours is a second.
    """
    taken(buckets, 3)
    buckets.seen("x", 4990, now + 3600)
    assert 1 == taken(buckets, 5)

    clock.move(seconds=1)
    buckets.seen("x", 3, now + 3600)
    assert 2 == taken(buckets, 5)


def test_vendors_count_meets_what_grew(buckets, clock):
    """
    What is compared is what the bucket holds by now, not when it was last looked at.
    """
    taken(buckets, 4)
    clock.move(seconds=2)
    buckets.seen("x", 1)

    assert 1 == taken(buckets, 5)
    clock.move(seconds=0.5)
    assert 1 == taken(buckets, 5)


def test_count_of_an_unknown_bucket_is_let_be(buckets):
    """
    There is nothing to lower before something was taken.
    """
    buckets.seen("x", 0)

    assert 4 == taken(buckets, 5)


def test_turnstile_of_transport_takes_from_it(buckets, clock):
    """
    What one process was told to wait for holds another back.
    """
    shared: limits.Buckets = buckets
    limits.Turnstile(shared, clock, "x").block("search", 5)

    assert 5 == buckets.take("x/search", 2, 4)


# Leases


def test_leases_are_given_up_to_the_most(buckets):
    """
    The next one gets none until one comes back.
    """
    one, two = buckets.lease("x", 2, 60), buckets.lease("x", 2, 60)
    assert buckets.lease("x", 2, 60) is None

    buckets.release(one)
    assert buckets.lease("x", 2, 60) not in {None, one, two}
    assert buckets.lease("x", 2, 60) is None


def test_lease_lapses(buckets, clock):
    """
    Who died holds none for ever, and giving it back late takes nothing from its successor.
    """
    old = buckets.lease("x", 1, 60)
    clock.move(seconds=60)
    new = buckets.lease("x", 1, 60)

    assert new is not None
    buckets.release(old)
    assert buckets.lease("x", 1, 60) is None


def test_most_may_change(buckets):
    """
    A lower limit counts only the slots that it still has.
    """
    first = buckets.lease("x", 3, 60)
    buckets.lease("x", 3, 60)

    assert buckets.lease("x", 1, 60) is None
    buckets.release(first)
    assert buckets.lease("x", 1, 60)


@pytest.mark.parametrize("attempt", range(5))
def test_no_more_leases_than_allowed_are_given_at_once(buckets, attempt):
    """
    Of eight threads that reach for three slots in one moment, three get one.
    """
    leases, barrier = [], threading.Barrier(8)

    def reach():
        barrier.wait()
        leases.append(buckets.lease("x", 3, 60))

    threads = [threading.Thread(target=reach) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert 5 == leases.count(None)
    assert 4 == len(set(leases))


# All at once


@pytest.mark.slow
def test_threads_and_processes_share_a_limit(url, storage):
    """
    8 threads in each of 2 processes never get more than the burst and what grew since.
    """
    rate, burst = 60, 10
    command = [sys.executable, TAKING, url, str(rate), str(burst), "8", "2.0"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=60)[0].splitlines() for process in processes]
    takes = [tuple(map(float, line.split())) for lines in told for line in lines]

    for begin, _ in takes:
        for _, end in takes:
            within = sum(begin <= before and after <= end for before, after in takes)
            assert within <= burst + rate * max(0, end - begin) + 0.001
    assert min(map(len, told)) > 0
    assert len(takes) > rate

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from klarsyn.testing.clock import START, CommonClock
from klarsyn.testing.distantclock import DistantClock, ServedClock

pytestmark = pytest.mark.network


def test_clock_is_read_from_afar():
    """
    It tells the same instant there, to the microsecond.
    """
    clock = CommonClock(1, START + timedelta(microseconds=1))
    with ServedClock(clock) as served, closing(DistantClock(served.port)) as distant:
        assert clock.now() == distant.now()
        distant.sleep(2.5)
        assert START + timedelta(seconds=2.5, microseconds=1) == distant.now() == clock.now()
        assert [2.5] == clock.slept


def test_near_and_far_wait_for_each_other():
    """
    Time moves when threads of both sleep, to the first who wakes.
    """
    clock = CommonClock(3)
    with ServedClock(clock) as served, closing(DistantClock(served.port)) as distant:

        def waits(which, seconds):
            which.sleep(seconds)
            woken = which.now()
            which.leave()
            return woken

        with ThreadPoolExecutor(3) as pool:
            woken = list(pool.map(waits, (clock, distant, distant), (3, 1, 2)))

    assert [START + timedelta(seconds=one) for one in (3, 1, 2)] == woken


def test_clock_that_is_gone():
    """
    Whoever asks a clock that was stopped is told so by the connection.
    """
    with ServedClock(CommonClock(1)) as served:
        port = served.port
    with closing(DistantClock(port)) as distant, pytest.raises(ConnectionError):
        distant.now()

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from klarsyn.testing.clock import START, StillClock


def test_time_stands_still():
    """
    It stands where it was put, until somebody sleeps by it or moves it.
    """
    clock = StillClock()
    assert START == clock.now()
    clock.sleep(2)
    clock.sleep(-1)
    clock.move(days=1, seconds=3)

    assert START + timedelta(days=1, seconds=5) == clock.now()
    assert [2, -1] == clock.slept


def test_threads_sleep_by_one_clock():
    """
    No sleep is lost between threads.
    """
    clock = StillClock(START)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(clock.sleep, [1] * 200))

    assert START + timedelta(seconds=200) == clock.now()

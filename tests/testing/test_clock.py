from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from klarsyn.testing.clock import START, HurriedClock, StillClock


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


def test_hurried_clock_runs_ahead_of_the_machines():
    """
    Thirty seconds for each that passes, and a sleep is thirty times as short.
    """
    machine = StillClock()
    clock = HurriedClock(30, START.timestamp(), machine)
    machine.move(seconds=2)

    assert START + timedelta(minutes=1) == clock.now()
    clock.sleep(60)
    assert ([2.0], START + timedelta(minutes=2)) == (machine.slept, clock.now())


def test_hurried_clock_is_shared_by_its_text():
    """
    Another process that reads it has the same time.
    """
    text = str(HurriedClock(30, START.timestamp()))

    assert f"30@{START.timestamp()!r}" == text
    assert text == str(HurriedClock.read(text))
    assert HurriedClock.read(text).now() >= START

import time
from datetime import UTC, datetime, timedelta

import pytest

from klarsyn.clock import SystemClock


def test_present_instant_is_in_utc():
    """
    It is the machine's time, with its zone.
    """
    now = SystemClock().now()

    assert timedelta(0) == now.utcoffset()
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


@pytest.mark.parametrize(("seconds", "least"), [(0.02, 0.02), (0, 0), (-5, 0)])
def test_sleep_waits(seconds, least):
    """
    It comes back when the time has passed, at once where there is none.
    """
    begun = time.monotonic()
    SystemClock().sleep(seconds)
    assert least <= time.monotonic() - begun < least + 5

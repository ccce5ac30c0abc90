"""
Engines on each database in turn, and a worker that carries beside the test.
"""

import threading
from contextlib import contextmanager

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.durable import Due, Engine, Workshop


@pytest.fixture(scope="session")
def keys():
    """One key of this installation."""
    return klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("2026")})


@pytest.fixture
def events():
    """What an engine told, as event and facts."""
    return []


@pytest.fixture
def due(storage, clock):
    """No rows yet."""
    return Due(storage, clock)


@pytest.fixture
def opened(url, clock, keys, due, events):
    """Opens engines with kinds of work; all are closed afterwards."""
    engines = []

    def open_one(*works, around=None, keys=keys, schedules=None):
        def tell(event, /, **facts):
            events.append((event, facts))

        shop = Workshop(works, around, due=due, schedules=schedules, tell=tell)
        engines.append(Engine(url, clock, keys, shop))
        return engines[-1]

    yield open_one
    for one in engines:
        one.close()


@contextmanager
def carrying(engine):
    """Carry work in another thread, as a server does, until the block ends."""
    thread = threading.Thread(target=engine.work)
    thread.start()
    try:
        yield
    finally:
        engine.stop()
        thread.join()

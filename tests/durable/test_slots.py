import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from klarsyn.clock import SystemClock
from klarsyn.durable import slots as slots_module
from klarsyn.durable.slots import (
    FileSlots,
    ServerSlots,
    executor,
    first_free,
    number_of,
)
from klarsyn.errors import WorkRefused
from klarsyn.storage.opening import database

#: Holds slot 1 of a folder until it is killed.
HOLDING = """
import sys, time
from pathlib import Path
from klarsyn.durable.slots import FileSlots
held = FileSlots(Path(sys.argv[1])).take(1)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def slots(url):
    """Places for workers, at each database in turn."""
    if url.startswith("sqlite"):
        return FileSlots(Path(url.removeprefix("sqlite:///")).with_suffix(".slots"))
    return ServerSlots(database(url, SystemClock()).connect, "one")


def test_nobody_lives_at_first(slots):
    """
    Where no worker ever was, none is found.
    """
    assert not slots.anybody()


def test_two_workers_have_two_places(slots):
    """
    Two who live never share a name (trap 1d.3).
    """
    first, second = first_free(slots), first_free(slots)

    assert (1, 2) == (first.number, second.number)
    assert slots.anybody()
    first.release()
    second.release()
    assert not slots.anybody()


def test_place_is_free_again_after_its_release(slots):
    """
    Numbers stay small, so who comes next finds what was left.
    """
    first_free(slots).release()
    again = first_free(slots)

    assert 1 == again.number
    assert again.held()
    assert slots.take(1) is None
    again.release()


def test_hundred_workers_are_refused(slots, monkeypatch):
    """
    So many are a mistake, such as a supervisor that starts one after the other.
    """
    monkeypatch.setattr(slots_module, "MOST", 1)
    first = first_free(slots)
    with pytest.raises(WorkRefused, match="1 workers live already"):
        first_free(slots)
    first.release()


def test_killed_process_holds_nothing(tmp_path):
    """
    The lock ends with its process, however it ends (trap 1d.2).
    """
    process = subprocess.Popen([sys.executable, "-c", HOLDING, tmp_path], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    slots = FileSlots(tmp_path)

    assert slots.take(1) is None
    assert slots.anybody()
    process.kill()
    process.communicate()
    assert 1 == first_free(slots).number


def test_server_that_hangs_up_takes_the_place_back(schema, server):
    """
    Who lost its connection lost its lock, and sees it (trap 1d.2).
    """
    slots = ServerSlots(database(schema, SystemClock()).connect, "hung-up")
    slot = first_free(slots)
    assert slot.held()
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid, 60000) from pg_locks where locktype = 'advisory'"
            " and pid <> pg_backend_pid()"
        )

    assert not slot.held()
    slot.release()


def test_installations_in_one_database_do_not_meet(schema):
    """
    A schema each keeps them apart.
    """
    connect = database(schema, SystemClock()).connect
    one, other = first_free(ServerSlots(connect, "a")), first_free(ServerSlots(connect, "b"))

    assert (1, 1) == (one.number, other.number)
    one.release()
    other.release()


def test_lock_that_cannot_be_asked_for_leaves_no_connection(schema):
    """
    An error closes what was opened for it.
    """
    opened = []

    def connect():
        opened.append(database(schema, SystemClock()).connect())
        return opened[-1]

    slots = ServerSlots(connect, "a")
    with pytest.raises(Exception, match="lock_slot"):
        slots.take(2**70)
    assert not opened[0].alive()


def test_names_of_workers_are_read_back():
    """
    Work under way that is nobody's of ours is left alone.
    """
    assert 7 == number_of(executor(7))
    assert [None, None, None] == [number_of(one) for one in (None, "local", "slot-x")]

import os
import signal
import subprocess
import sys
import time

import pytest

from klarsyn.storage.queries import Query

#: Moves tokens between two buckets for ever, each move in two statements; a line for each.
MOVING = """
import sys
from klarsyn import storage
from klarsyn.storage.queries import Query
opened = storage.open(sys.argv[1])
less = Query("less", "update bucket set tokens = tokens - 1 where name = 'a'")
more = Query("more", "update bucket set tokens = tokens + 1 where name = 'b'")
while True:
    with opened.transaction():
        opened.run(less)
        opened.run(more)
    print("moved", flush=True)
"""
TOKENS = Query("tokens", "select tokens from bucket order by name")


def moved_until_killed(url, seconds):
    """Move tokens in another process, kill it, and return how many moves it was told of."""
    with subprocess.Popen(
        [sys.executable, "-c", MOVING, url],
        stdout=subprocess.PIPE,
        text=True,
        # Coverage of a process that is killed is never written, so it need not begin.
        env={name: value for name, value in os.environ.items() if "COV" not in name},
    ) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        # Not by communicate(): it overlooks what came together with the first line.
        return 1 + process.stdout.read().count("moved\n")


@pytest.mark.slow
def test_killed_process_leaves_the_database_whole(url, storage):
    """
    What was told as done is there, and nothing is there by half, however it died.
    """
    add = Query("add", "insert into bucket values (:name, :tokens, 0, 0, 0, 0)")
    storage.run(add, name="a", tokens=0.0)
    storage.run(add, name="b", tokens=0.0)
    moves = 0
    for kill in range(6):
        moves += moved_until_killed(url, 0.05 + 0.017 * kill)
        ((a,), (b,)) = storage.run(TOKENS)

        assert 0 == a + b
        # One may have been done without there being time to tell.
        assert moves <= b <= moves + 1 + kill

    if url.startswith("sqlite"):
        assert [("ok",)] == storage.run(Query("check", "pragma integrity_check"))

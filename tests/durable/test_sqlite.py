import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from klarsyn.durable.sqlite import StartsConnection, StepsConnection, steps_file


@pytest.fixture(params=[StepsConnection, StartsConnection])
def connection(request, tmp_path):
    """A connection of each kind to a new file."""
    with closing(sqlite3.connect(tmp_path / "x.db", factory=request.param)) as opened:
        yield opened


def only(connection, query):
    """Return the one value that a query gives."""
    return connection.execute(query).fetchone()[0]


def test_milliseconds_are_known_on_every_sqlite(connection):
    """
    SQLite 3.40 knows no 'subsec', but from Python 3.12 on the engine asks for it (trap 1d.1).
    """
    assert only(connection, "select unixepoch('subsec')") == pytest.approx(time.time(), abs=5)
    assert isinstance(only(connection, "select unixepoch('now')"), int)


def test_writers_do_not_wait_for_readers(connection):
    """
    The engine leaves the rollback journal, which is three to five times as slow (trap 1d.1).
    """
    assert "wal" == only(connection, "pragma journal_mode")
    assert 30_000 == only(connection, "pragma busy_timeout")
    assert (1, 1) == (
        only(connection, "pragma foreign_keys"),
        only(connection, "pragma secure_delete"),
    )


def test_transaction_begins_with_the_right_to_write(connection):
    """
    Two who read first would not both come to write.
    """
    assert "IMMEDIATE" == connection.isolation_level


def test_what_is_started_is_on_the_disk(tmp_path):
    """
    A recorded step may be forgotten when the power goes, and is repeated; a start may not.
    """
    for kind, level in ((StepsConnection, 1), (StartsConnection, 2)):
        with closing(sqlite3.connect(tmp_path / "x.db", factory=kind)) as opened:
            assert level == only(opened, "pragma synchronous")


def test_checkpoints_lie_beside_the_database():
    """
    In a file of their own: other promises hold there.
    """
    assert Path("/var/klarsyn-steps.sqlite") == steps_file(Path("/var/klarsyn.sqlite"))

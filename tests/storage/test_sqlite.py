import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from klarsyn import storage as storages
from klarsyn.errors import StorageError
from klarsyn.storage import sqlite
from klarsyn.storage.migrations import read
from klarsyn.storage.queries import Query
from klarsyn.testing import StillClock
from tests.acceptance.processes import python


@pytest.fixture
def file(tmp_path):
    """Where the database will be."""
    return tmp_path / "klarsyn.db"


@pytest.fixture
def opened(file):
    """A storage in that file."""
    with storages.open(f"sqlite:///{file}") as storage:
        yield storage


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("cache_size", -32_000),
        ("wal_autocheckpoint", 8000),
        ("busy_timeout", 30_000),
    ],
)
def test_connection_is_prepared(opened, pragma, expected):
    """
    What durability, erasure, speed and several processes need is set on each connection.
    """
    assert [(expected,)] == opened.run(Query("pragma", f"pragma {pragma}"))


def test_transaction_locks_at_once(opened, file):
    """
    Who will write waits before reading, not in the middle.
    """
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with opened.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("begin immediate")
    other.close()


def test_only_its_owner_reads_the_files(opened, file):
    """
    Neither the database nor what lies beside it is open to others.
    """
    opened.run("put_secret", name="a", version="1", key_id="k", sealed=b"", expires_at=None)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.glob("klarsyn.db*")
    }

    assert {"klarsyn.db": 0o600, "klarsyn.db-wal": 0o600, "klarsyn.db-shm": 0o600} == modes


def test_missing_folder_is_told(tmp_path):
    """
    A folder is never made by the way.
    """
    with pytest.raises(StorageError, match=r"cannot be opened.*Look whether its folder"):
        storages.open(f"sqlite:///{tmp_path / 'nowhere' / 'klarsyn.db'}")


def test_file_that_is_no_database_is_told(file):
    """
    It is left as it is.
    """
    file.write_text("a letter, " * 100)
    with pytest.raises(StorageError, match="file is not a database"):
        storages.open(f"sqlite:///{file}")

    assert file.read_text().startswith("a letter, ")


def test_network_file_system_is_refused(file, tmp_path, monkeypatch):
    """
    Locks over a network cannot be trusted; PostgreSQL is for several machines.
    """
    mounts = tmp_path / "mounts"
    mounts.write_text("files.example.com:/ / nfs4 rw 0 0\n")
    monkeypatch.setattr(sqlite, "_MOUNTS", mounts)
    with pytest.raises(StorageError, match=r"network file system \(nfs4 at /\).*use PostgreSQL"):
        storages.open(f"sqlite:///{file}")

    assert not file.exists()


def test_old_sqlite_is_refused(file, monkeypatch):
    """
    One that does not know the SQL of our queries says so at once.
    """
    monkeypatch.setattr(sqlite, "OLDEST", (99, 0, 0))
    with pytest.raises(StorageError, match=r"SQLite 3[\d.]+ < 99\.0\.0"):
        storages.open(f"sqlite:///{file}")


def test_without_a_list_of_mounts_a_disk_is_assumed(file, tmp_path, monkeypatch):
    """
    Only Linux has one.
    """
    monkeypatch.setattr(sqlite, "_MOUNTS", tmp_path / "nothing")
    storages.open(f"sqlite:///{file}").close()

    assert file.exists()


class Stubborn(sqlite3.Connection):
    """A connection that is busy for ever, or cannot keep a log."""

    def __init__(self, answer):
        """Answer with a mode, or be busy where it is None."""
        super().__init__(":memory:")
        self.answer = answer

    def execute(self, *_):
        """Behave like a connection of SQLite."""
        if self.answer is None:
            raise sqlite3.OperationalError("database is locked")
        return self

    def fetchone(self):
        """Return the mode."""
        return (self.answer,)


def test_switch_to_wal_is_tried_for_half_a_minute(file):
    """
    SQLite does not wait there by itself.
    """
    clock = StillClock()
    locked = pytest.raises(sqlite3.OperationalError, match="locked")
    with closing(Stubborn(None)) as connection, locked:
        sqlite.SQLite(file, clock)._use_wal(connection)

    assert 30 <= sum(clock.slept) < 30.1


def test_file_system_without_wal_is_refused(file):
    """
    Without a write-ahead log readers and writers would wait for each other.
    """
    refused = pytest.raises(sqlite3.OperationalError, match="no write-ahead log")
    with closing(Stubborn("delete")) as connection, refused:
        sqlite.SQLite(file, StillClock())._use_wal(connection)


@pytest.mark.slow
def test_many_processes_make_it_at_once(file):
    """
    Whoever comes first makes the file; nobody is told that it is locked.
    """
    code = (
        "import sys\nfrom klarsyn import storage\n"
        "print(len(storage.open(sys.argv[1]).run('applied_migrations')))"
    )
    with ThreadPoolExecutor(6) as pool:
        seen = list(pool.map(lambda _: python(code, f"sqlite:///{file}"), range(6)))

    assert [f"{len(read())}\n"] * 6 == seen

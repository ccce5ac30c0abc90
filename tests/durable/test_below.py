import sqlite3
import stat
from importlib.metadata import version
from pathlib import Path

import pytest

from klarsyn.durable.below import Below, SealedCheckpoints
from klarsyn.errors import StorageError
from klarsyn.storage import sqlite as storage_sqlite
from klarsyn.storage.queries import Query
from tests.acceptance.processes import python


@pytest.fixture
def below(url, clock, keys):
    """The engine below, at each database in turn."""
    opened = Below(url, clock, SealedCheckpoints(keys))
    yield opened
    opened.close()


def test_checkpoints_lie_apart(below, url, storage):
    """
    In SQLite in a file that nobody else reads; in PostgreSQL in a schema beside ours.
    """
    if url.startswith("sqlite"):
        file = Path(below.shown)
        assert "klarsyn-steps.db" == file.name
        assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    else:
        ((ours,),) = storage.run(Query("ours", "select current_schema()"))
        assert f"{ours}_steps" == below.schema


def test_usual_schema_has_a_plain_name(server, clock, keys):
    """
    Whoever looks into the database understands whose it is.
    """
    opened = Below(server, clock, SealedCheckpoints(keys))
    opened.close()

    assert "klarsyn_steps" == opened.schema


def test_file_of_steps_is_in_wal(tmp_path, clock, keys):
    """
    The engine would leave the rollback journal (trap 1d.1).
    """
    Below(f"sqlite:///{tmp_path / 'k.db'}", clock, SealedCheckpoints(keys)).close()
    connection = sqlite3.connect(tmp_path / "k-steps.db")

    assert ("wal",) == connection.execute("pragma journal_mode").fetchone()
    connection.close()


def test_network_file_system_is_refused(tmp_path, clock, keys, monkeypatch):
    """
    Its locks cannot be trusted, neither for checkpoints nor for slots.
    """
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(storage_sqlite, "_MOUNTS", mounts)
    with pytest.raises(StorageError, match=r"k-steps\.db lies on a network file system"):
        Below(f"sqlite:///{tmp_path / 'k.db'}", clock, SealedCheckpoints(keys))


def test_engine_s_own_words_are_not_told(below, url):
    """
    They may repeat what was written.
    """
    import sqlalchemy as sa

    with below._engine.begin() as connection:
        prefix = "" if url.startswith("sqlite") else f"{below.schema}."
        connection.execute(sa.text(f"alter table {prefix}workflow_status rename to gone"))
    with (
        pytest.raises(StorageError, match="did not keep the steps of work: ") as refusal,
        below.told(),
    ):
        below.client.list_workflows()

    assert "workflow_status" not in str(refusal.value)


def test_engine_is_of_the_release_that_recovers():
    """
    Recovery was mended several times up to 3.4; another first number may change all (trap 1d.8).
    """
    major, minor, *_ = version("dbos").split(".")

    assert "3" == major
    assert int(minor) >= 4


def test_nothing_heavy_is_imported_before_work_is_started():
    """
    A command that only publishes does not wait half a second for the engine.
    """
    code = "import sys, klarsyn.durable, klarsyn.cli.work; print('dbos' in sys.modules)"

    assert "False\n" == python(code)

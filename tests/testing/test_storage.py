from pathlib import Path

import pytest

from klarsyn import storage
from klarsyn.storage.queries import Query
from klarsyn.testing import StillClock
from klarsyn.testing.storage import memory

WHEN = Query("when", "select applied_at from migration")


def test_storage_in_memory_is_gone_when_closed():
    """
    It has our schema, and closing it leaves nothing behind.
    """
    opened = memory(StillClock())
    folder = Path(opened.database.shown).parent

    applied = opened.run(WHEN)
    opened.close()
    assert {(StillClock().now().timestamp(),)} == set(applied)
    assert not folder.exists()


def test_each_is_a_world_of_its_own():
    """
    Two tests do not see each other.
    """
    with memory() as one, memory() as other:
        one.run("put_secret", name="a", version="1", key_id="k", sealed=b"", expires_at=None)

        assert [] == other.run("secret", name="a")


def test_one_that_cannot_be_opened_leaves_nothing(monkeypatch, tmp_path):
    """
    Its folder goes, whatever went wrong.
    """
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(storage, "open", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        memory()

    assert [] == list(tmp_path.iterdir())

from pathlib import Path

import pytest

from klarsyn import storage as storages
from klarsyn.clock import SystemClock
from klarsyn.errors import StorageError, StorageNewer
from klarsyn.storage.opening import database
from klarsyn.storage.queries import Query
from tests.acceptance.processes import python


def test_opened_database_is_up_to_date(storage, clock):
    """
    The schema is there, and when it came.
    """
    applied = storage.run(Query("when", "select version, applied_at from migration"))

    assert {clock.now().timestamp()} == {applied_at for _, applied_at in applied}
    assert [*range(1, len(applied) + 1)] == sorted(version for version, _ in applied)


def test_newer_database_is_closed_again(url, clock):
    """
    Nothing stays open after a refusal.
    """
    with storages.open(url, clock) as opened:
        opened.run("add_migration", version=999, name="later", sha256="", applied_at=0.0)
    told = []
    with pytest.raises(StorageNewer):
        storages.open(url, clock, lambda: told.append("closed"))

    assert ["closed"] == told


def test_system_clock_is_usual(tmp_path):
    """
    Only tests hand in another.
    """
    with storages.open(f"sqlite:///{tmp_path / 'klarsyn.db'}") as opened:
        query = Query("when", "select applied_at from migration")
        applied = opened.read(lambda applied_at: applied_at, query)

    assert all(abs(SystemClock().now().timestamp() - one) < 60 for one in applied)


def test_path_of_sqlite_may_be_relative(clock, tmp_path, monkeypatch):
    """
    Three slashes begin beside where the process stands, four at the root.
    """
    monkeypatch.chdir(tmp_path)

    assert str(tmp_path / "a.db") == database("sqlite:///a.db", clock).shown
    assert str(Path("/a.db")) == database("sqlite:////a.db", clock).shown


@pytest.mark.parametrize(
    "address",
    [
        "mysql://us:hush@host/x",
        "sqlite://a.db",
        "sqlite:///",
        "sqlite:///a.db?hush=1",
        "hush",
        "",
    ],
)
def test_other_address_is_refused_unrepeated(address, clock):
    """
    What may be written is told; what was written may hold a password.
    """
    with pytest.raises(StorageError, match="Write sqlite:///FILE or postgresql") as refusal:
        database(address, clock)

    assert "hush" not in str(refusal.value)


def test_heavy_libraries_wait_until_needed():
    """
    Who uses SQLite pays for neither psycopg nor cryptography.
    """
    code = "import sys, klarsyn.storage; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in python(code).split()}

    assert set() == loaded & {"psycopg", "cryptography", "sqlalchemy", "msgspec"}
    assert "klarsyn" in loaded

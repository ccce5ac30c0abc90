import sys
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from klarsyn.errors import SourceUnread
from klarsyn.transport.sourceparquet import opened_parquet


@pytest.fixture
def write(tmp_path):
    """Write the answer to a question as a Parquet file, and return its path."""

    def writing(question):
        path = tmp_path / "people.parquet"
        with duckdb.connect(":memory:") as database:
            database.execute(f"copy ({question}) to '{path}' (format parquet)")
        return path

    return writing


def read(path, wanted):
    """Return all rows with their numbers."""
    with opened_parquet(path) as table:
        return [
            row
            for chunk in table.chunks(wanted)
            for row in zip(chunk.lines, *chunk.columns, strict=True)
        ]


def test_values_come_with_their_types(write):
    """
    Columns as they were asked for; a name may hold anything.
    """
    path = write("""select 7 as no, null as mail, date '1980-12-24' as born, 1.50 as "a ""b" """)

    assert [(1, date(1980, 12, 24), 7, Decimal("1.50"), None)] == read(
        path, ["born", "no", 'a "b', "mail"]
    )


def test_rows_come_in_their_order(write):
    """
    In batches, and counted from 1.
    """
    rows = read(write("select i as no from range(2500) as t(i)"), ["no"])

    assert [(one + 1, one) for one in range(2500)] == rows


def test_names_of_columns_are_nfc(write):
    """
    And are found in the file all the same.
    """
    path = write('select 1 as "A\u030ar"')
    with opened_parquet(path) as table:
        assert ("År",) == table.columns
    assert [(1, 1)] == read(path, ["År"])


def test_a_file_that_is_no_parquet(tmp_path):
    """
    DuckDB's own words are not repeated.
    """
    path = tmp_path / "people.parquet"
    path.write_bytes(b"no;name\n")
    with pytest.raises(SourceUnread, match=r"people\.parquet: it is no Parquet file"):
        read(path, ["no"])


def test_nothing_else_can_be_opened(write, tmp_path):
    """
    Neither another file nor the network.
    """
    path = write("select 1 as no")
    with opened_parquet(path) as table, pytest.raises(duckdb.PermissionException):
        table._database.execute("select * from read_csv(?)", [str(tmp_path / "x.csv")])


def test_without_duckdb_it_says_what_to_install(write, monkeypatch):
    """
    Who reads CSV files needs none.
    """
    path = write("select 1 as no")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(SourceUnread, match=r"klarsyn\[bulk\]"):
        read(path, ["no"])

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from klarsyn.errors import SourceInvalid, UnknownName
from klarsyn.people.rejected import Rejections
from klarsyn.personal import Personal
from klarsyn.sourcesettings import SourceTable
from tests.people.builders import FORM, source, told

TEXT = "no;day;sum;state\nAB-1;24.12.2025;1200,50;paid\n1;;;\n;31.11.2025;1.000,00;\nx;1.1.2025\n"
ORDERS: dict[str, Any] = {
    "csv": "orders.csv",
    "form": FORM,
    "key": "no",
    "columns": {"on": "day", "amount": "sum", "state": "state"},
}


@pytest.fixture
def orders(tmp_path):
    """Return a source with a table of orders."""

    def made(text=TEXT, **given):
        (tmp_path / "orders.csv").write_text(text)
        table = SourceTable(**ORDERS | given)
        return source(tmp_path, "no;mail\n", tables={"orders": table})

    return made


def test_rows_are_typed(orders):
    """
    A date, an exact number, a text; the key as that of the person.
    """
    row, *_ = orders().table("orders", Rejections())

    assert (Personal("ab-1"), 2) == (row.key, row.line)
    assert (date(2025, 12, 24), Decimal("1200.50"), "paid") == (
        row["on"],
        row["amount"],
        row["state"],
    )
    assert "<Row of line 2>" == repr(row)


def test_wrong_rows_are_told_with_every_mistake(orders):
    """
    A date or a number that is missing is a mistake; a text may be empty.
    """
    rejected = Rejections()

    assert [2] == [one.line for one in orders().table("orders", rejected)]
    assert [
        (3, "day", "there is no value"),
        (3, "sum", "there is no value"),
        (4, "no", "the row has no key"),
        (4, "day", "this is no date in the declared form"),
        (4, "sum", "this is no number with the declared decimal sign"),
        (5, "", "the row has 2 values, the header 4"),
    ] == sorted(told(rejected), key=lambda one: one[0])
    assert {"orders.csv"} == {one.source for one in rejected.first}


def test_types_can_be_said(orders):
    """
    Other names than `on` and `amount` are texts unless klarsyn.yaml says otherwise.
    """
    found = orders(
        "no;sum;day\n1;3;1.2.2025\n",
        columns={"items": "sum", "paid": "day"},
        types={"items": "number", "paid": "date"},
    )
    (row,) = found.table("orders", Rejections())

    assert (Decimal(3), date(2025, 2, 1)) == (row["items"], row["paid"])


def test_a_damaged_value_is_told_as_that(orders):
    """
    Not as a wrong number.
    """
    rejected = Rejections()
    list(orders("no;day;sum;state\n1;1.1.2025;\0;x\n").table("orders", rejected))

    assert ["the value holds signs that are no text in the declared encoding"] == [
        reason for _, _, reason in told(rejected)
    ]


def test_a_table_that_is_not_there(orders):
    """
    And a column that is not.
    """
    with pytest.raises(UnknownName, match="no table called refunds"):
        list(orders().table("refunds", Rejections()))
    with pytest.raises(SourceInvalid, match=r"orders\.csv has no column 'day'"):
        list(orders("no;sum;state\n").table("orders", Rejections()))

from datetime import date
from decimal import Decimal

import pytest

from klarsyn.errors import ScoreTableMissing
from klarsyn.people.rejected import Rejections
from klarsyn.people.scores import Scores, is_known, tables
from klarsyn.people.source import Source
from klarsyn.personal import Personal
from klarsyn.settings import load as settings
from tests.people.scores.cards import DAY, card, points
from tests.register.builders import register

FORM = '{delimiter: ";", encoding: utf-8, decimal: ",", date: "%d.%m.%Y"}'
SETTINGS = f"""\
format: 1
source:
  csv: people.csv
  form: {FORM}
  key: no
  country: DK
  columns: {{person.name: name}}
  tables:
    orders: {{csv: orders.csv, form: {FORM}, key: no, columns: {{on: day, amount: sum}}}}
    logins: {{csv: orders.csv, form: {FORM}, key: no, columns: {{on: day}}}}
    notes: {{csv: orders.csv, form: {FORM}, key: no, columns: {{amount: sum}}}}
"""
PEOPLE = "no;name\nK1;Anna\nK2;Bo\n;Nobody\n"
ORDERS = "no;day;sum\nK1;25.11.2026;1,5\nk1;24.11.2026;2,5\nK3;24.11.2026;much\n"


@pytest.fixture
def source(tmp_path):
    """A source of two people and their orders."""
    for name, text in (
        ("klarsyn.yaml", SETTINGS),
        ("people.csv", PEOPLE),
        ("orders.csv", ORDERS),
    ):
        (tmp_path / name).write_text(text)
    return Source.of(settings(tmp_path), register())


def test_rows_have_a_key_a_day_and_an_amount(source):
    """
    As klarsyn.yaml maps them; a wrong row is refused and stops no other.
    """
    rejected = Rejections()
    rows = [(one.key, one.on, one.amount) for one in tables(source, rejected)["orders"]]

    assert [
        (Personal("k1"), date(2026, 11, 25), Decimal("1.5")),
        (Personal("k1"), date(2026, 11, 24), Decimal("2.5")),
    ] == rows
    assert 1 == rejected.rows


def test_table_without_amounts_is_counted(source):
    """
    Three rows on two days: nothing is asked that the score does not need.
    """
    made = card(points(table="logins"))
    found = Scores.of(tables(source, Rejections()), made, DAY)

    assert {Personal("k1"): Decimal(20), Personal("k3"): Decimal(10)} == {
        key: score.value for key, score in found.items()
    }


def test_table_without_amounts_has_no_sum(source):
    """
    76: told with the next move.
    """
    made = card(points("sum", table="logins"))

    with pytest.raises(ScoreTableMissing, match=r"amounts of the table 'logins'.*`amount`"):
        Scores.of(tables(source, Rejections()), made, DAY)


def test_table_without_days_makes_no_score(source):
    """
    76: nobody would know what lies in the period.
    """
    made = card(points(table="notes"))

    with pytest.raises(ScoreTableMissing, match=r"days of the table 'notes'.*`on`"):
        Scores.of(tables(source, Rejections()), made, DAY)


@pytest.mark.parametrize(("key", "expected"), [("k1", True), ("K2", True), ("k3", False)])
def test_person_is_known_by_the_key(source, key, expected):
    """
    However it is written; an order alone makes nobody a customer.
    """
    assert expected == is_known(source, Personal(key))

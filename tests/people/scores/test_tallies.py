from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import ScoreTableMissing
from klarsyn.people.scores.tallies import STATISTICS, Book, Tally
from klarsyn.personal import Personal
from klarsyn.register.calculation import Figure
from tests.people.scores.cards import DAY, A, B, number, order

EVERY = frozenset(STATISTICS)
AMOUNTS = st.decimals("-99999", "999999", places=2, allow_nan=False)
ORDERS = st.lists(st.builds(lambda amount, ago: (amount, ago), AMOUNTS, st.integers(1, 30)))


def tally(*orders):
    """Return the tally of some orders that keeps everything."""
    made = Tally.fit_for(EVERY)
    for one in orders:
        made.add(one.on, one.amount)
    return made


def read(*orders, statistics=EVERY, keep=()):
    """Return a book of the orders of ten days."""
    book = Book("orders", frozenset(statistics))
    book.read(iter(orders), order("", ago=10).on, order("", ago=1).on, keep)
    return book


@given(ORDERS)
def test_statistics_are_those_of_the_textbook(rows):
    """
    Count, days, sum, mean, median and recency of any rows, exactly.
    """
    orders = [order("a", str(amount), ago) for amount, ago in rows]
    made = tally(*orders)

    for statistic, of in STATISTICS.items():
        assert number(Figure(statistic=statistic), orders) == of(made, DAY)


def test_sum_is_exact_beyond_the_usual_precision():
    """
    Twenty-eight digits are not enough for the orders of a country.
    """
    made = tally(order("a", "9" * 30), order("a", "0.01"))

    assert Decimal("9" * 30 + ".01") == made.total


@given(AMOUNTS, st.integers(1, 10**11))
def test_rows_alike_are_counted_at_once(amount, times):
    """
    So many rows of the same day and amount are a count and a product.
    """
    made = Tally.fit_for(EVERY)
    made.add(DAY, amount, times)

    assert (times, Fraction(amount) * times) == (made.count, Fraction(made.total))
    assert Fraction(amount) == made.median()


def test_rows_outside_the_period_are_passed_over():
    """
    The first and the last day count; the days around them do not.
    """
    book = read(*(order("a", ago=ago) for ago in (0, 1, 10, 11)))

    assert 2 == book.of(A).count == book.everyone.count


def test_nobody_has_an_empty_tally():
    """
    Whoever has no row has a count of 0, and no average.
    """
    nobody = read(order("a")).of(B)

    assert 0 == STATISTICS["count"](nobody, DAY)
    assert STATISTICS["mean"](nobody, DAY) is None


def test_rows_are_kept_of_whom_was_asked_for():
    """
    A pass holds nobody's rows but theirs.
    """
    book = read(order("a"), order("b"), order("c"), keep=[B, Personal("d")])

    assert {"b": 1, "d": 0} == {key: len(rows) for key, rows in book.kept.items()}


def test_rows_that_were_not_kept_are_missed_without_a_name():
    """
    The key of a person gets into no crash report.
    """
    with pytest.raises(KeyError) as missed:
        read(order("secretive")).rows_of(Personal("secretive"))

    assert "***" == str(missed.value)


def test_days_and_amounts_are_held_only_for_figures_that_need_them():
    """
    A count and a sum are all that most tables cost.
    """
    made = read(order("a"), statistics=["count", "sum", "mean", "days-since-last"]).of(A)

    assert (None, None) == (made.days, made.amounts)


def test_table_without_amounts_can_be_counted():
    """
    A login has no amount.
    """
    assert 1 == read(order("a", None), statistics=["count"]).of(A).count


def test_missing_amount_is_not_taken_for_nothing():
    """
    76: a sum over a row without an amount would be a wrong one.
    """
    with pytest.raises(ScoreTableMissing, match="needs the amounts of the table 'orders'"):
        read(order("a", None), statistics=["sum"])


def test_tally_prints_nothing_of_the_person():
    """
    What a person bought does not get into a log.
    """
    assert "12345" not in repr(tally(order("a", "12345")))

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from klarsyn.people.scores import Scores, what_ifs
from tests.people.scores.cards import (
    BANDS,
    DAY,
    A,
    Order,
    card,
    carried_out,
    from_numbers,
    order,
    points,
    scores,
    share,
)
from tests.people.scores.drawn import CARDS, tables

FEW = 2_000  # rows, that a property still writes out one by one
DRAWN = CARDS.flatmap(lambda made: st.tuples(st.just(made), tables(made)))


def others(made, *orders, **rows):
    """Return the what-ifs of a person called a."""
    return what_ifs(scores(made, *orders, keep=[A], **rows), A)


@given(DRAWN)
def test_score_that_would_have_been_is_the_one_that_those_rows_make(drawn):
    """
    Written into the tables in place of what was, the changed rows make exactly the told score.
    """
    made, rows = drawn
    for other in what_ifs(Scores.of(rows, made, DAY, keep=[A]), A):
        if sum(one.times for one in other.rows) > FEW:
            continue
        changed = [Order(A, one.on, one.amount) for one in other.rows for _ in range(one.times)]
        rest = [one for one in rows[other.table] if one.key != A]
        again = Scores.of({**rows, other.table: rest + changed}, made, DAY).of_person(A)

        assert (again.value, again.numbers, again.whole) == (
            other.score.value,
            other.score.numbers,
            other.score.whole,
        )


@given(DRAWN)
def test_numbers_that_are_told_make_the_score_that_is_told(drawn):
    """
    Whoever reads "if X had been Y" can work it out from the card, and gets the same.
    """
    made, rows = drawn
    for other in what_ifs(Scores.of(rows, made, DAY, keep=[A]), A):
        told = from_numbers(carried_out(made), other.score.numbers, other.score.whole)

        assert told == other.score.value


@given(DRAWN)
def test_what_if_makes_another_score(drawn):
    """
    Higher, lower, or in a higher band: never the same again, and no more than three.
    """
    made, rows = drawn
    found = Scores.of(rows, made, DAY, keep=[A])
    told = what_ifs(found, A)

    assert len(told) <= 3
    assert found.of_person(A).value not in {other.score.value for other in told}


def test_smallest_change_is_told_first():
    """
    One order more, one order less, and as many more as the next band takes.
    """
    found = others(card(points(full_at="20"), bands=BANDS), *[order("a")] * 6)

    assert [Decimal(35), Decimal(25), Decimal(50)] == [one.score.value for one in found]


def test_share_rises_with_what_all_ordered():
    """
    An order more is one more of everybody's, too: 2 of 4 are 50 per cent.
    """
    more, less = others(share("count"), order("a"), order("b"), order("b"))

    assert (Decimal(50), 2, 4) == (more.score.value, more.score.numbers[0], more.score.whole)
    assert (Decimal(0), 2) == (less.score.value, less.score.whole)


def test_small_share_among_many_takes_many_orders():
    """
    Where one order changes nothing, more are tried until the score moves; round numbers at last.
    """
    (more,) = others(share("count"), *[order("b")] * 4_000)
    (many,) = others(share("count"), *[order("b")] * 12_000)

    assert (Decimal(1), 100) == (many.score.value, many.score.numbers[0])
    assert (Decimal(1), 21) == (more.score.value, more.score.numbers[0])


def test_days_are_added_where_there_was_none():
    """
    A day counts once, so the added ones are days of their own.
    """
    made = card(points("days", full_at="30"), bands=BANDS)
    more, _, band = others(made, order("a", ago=1), order("a", ago=3))

    assert [1, 2, 3] == [(DAY - one.on).days for one in sorted(more.rows, reverse=True)]
    assert 15 == band.score.numbers[0]


def test_period_full_of_days_has_no_more():
    """
    Thirty days of thirty: only less is possible.
    """
    made = card(points("days", full_at="60"))
    (less,) = others(made, *(order("a", ago=ago) for ago in range(1, 31)))

    assert 29 == less.score.numbers[0]


def test_average_changes_by_one_large_order():
    """
    More orders of the usual size leave an average where it is.
    """
    made = card(points("mean", full_at="5000"))
    less, more = others(made, order("a", "100"))

    assert (Decimal(0), Decimal(100)) == (less.score.value, more.score.value)
    assert 5000 == more.score.numbers[0]


def test_somebody_without_orders_is_told_what_one_would_do():
    """
    The invented order has a round amount, not another customer's.
    """
    (more,) = others(card(points("sum", full_at="1000")), order("b", "37"))

    assert (Decimal(10), 100) == (more.score.value, more.score.numbers[0])


def test_nothing_is_told_where_nothing_would_change():
    """
    Half the points for days with an order, half for none of them: always the same score.
    """
    opposed = card(
        points("count", weight="50", full_at="1"),
        points("days", weight="50", full_at="1", direction="lowers"),
    )

    assert () == others(opposed, order("a"))
    assert () == others(opposed)


def test_what_if_prints_nothing_of_the_person():
    """
    The rows of a person do not get into a log.
    """
    made = others(card(points("sum")), order("a", "7.77"))

    assert "7.77" not in repr(made)

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import ScoreNotCalculated, ScoreTableMissing
from klarsyn.people.scores import Scores
from klarsyn.personal import Personal
from klarsyn.register import load
from tests.people.scores.cards import (
    BANDS,
    DAY,
    NOBODY,
    A,
    B,
    card,
    carried_out,
    order,
    points,
    scores,
    share,
    slowly,
)
from tests.people.scores.drawn import CARDS, tables

EXAMPLES = Path(__file__).parents[3] / "examples"


@given(CARDS.flatmap(lambda made: st.tuples(st.just(made), tables(made))))
def test_score_is_the_one_worked_out_slowly(drawn):
    """
    One pass over the tables makes the same as going through all rows for each person.
    """
    made, rows = drawn
    found = Scores.of(rows, made, DAY)

    for key in (*found, NOBODY):
        assert slowly(made, rows, key) == found.of_person(key).value


def test_share_is_a_part_of_what_everybody_ordered():
    """
    1 of 3 of the money is 33.33 per cent with two decimals.
    """
    found = scores(share(decimals=2), order("a", "100"), order("b", "150"), order("b", "50"))

    assert {A: Decimal("33.33"), B: Decimal("66.67")} == {
        key: score.value for key, score in found.items()
    }


def test_share_counts_orders_where_it_is_told_to():
    """
    The same orders by their number.
    """
    found = scores(share("count"), order("a", "100"), order("b", "150"), order("b", "50"))

    assert (Decimal(33), Fraction(100, 3)) == (found[A].value, found[A].exact)


@pytest.mark.parametrize(
    ("mine", "others", "expected"),
    [
        ("-50", "150", "0"),  # more came back than was bought
        ("100", "-50", "100"),  # others sent back more than they bought
        ("100", "-150", "0"),  # so did all together
        ("100", "-100", "0"),  # nothing is left to take a share of
    ],
)
def test_refunds_make_no_share_below_0_or_above_100(mine, others, expected):
    """
    A share stays a share, whatever was sent back.
    """
    assert Decimal(expected) == scores(share(), order("a", mine), order("b", others))[A].value


def test_figure_gives_points_up_to_its_weight():
    """
    5 of 10 orders give half the points, 10 and more give all.
    """
    found = scores(card(points()), *[order("a")] * 5, *[order("b")] * 12)

    assert (Decimal(50), Decimal(100)) == (found[A].value, found[B].value)


def test_figure_that_lowers_gives_all_points_for_nothing():
    """
    No open case is the best that there can be.
    """
    made = card(points(direction="lowers"))

    assert Decimal(100) == scores(made).of_person(A).value
    assert Decimal(70) == scores(made, *[order("a")] * 3)[A].value


def test_figure_of_no_rows_gives_no_points_either_way():
    """
    Nobody knows how long ago an order was that was never made.
    """
    made = card(points("days-since-last", direction="lowers"))

    assert (Decimal(0), (None,)) == (
        scores(made).of_person(A).value,
        scores(made).of_person(A).numbers,
    )


def test_half_is_rounded_up_at_the_very_end():
    """
    Two quarters of a point make half a point, and that makes one.
    """
    made = card(points(weight="50", full_at="200"), points("days", weight="50", full_at="200"))

    assert (Fraction(1, 2), Decimal(1)) == (
        scores(made, order("a"))[A].exact,
        scores(made, order("a"))[A].value,
    )


def test_band_is_that_of_the_rounded_score():
    """
    49.5 is printed as 50, so it is in the band that begins at 50.
    """
    made = card(points(full_at="200"), bands=BANDS)

    assert BANDS == [scores(made, *[order("a")] * count)[A].band for count in (98, 99)]
    assert scores(card(points()), order("a"))[A].band is None


def test_day_itself_is_not_counted():
    """
    A score is the same all day long; thirty days back is the first that counts.
    """
    found = scores(card(points()), *(order("a", ago=ago) for ago in (0, 1, 30, 31)))

    assert 2 == found[A].numbers[0]
    assert (date(2026, 10, 27), date(2026, 11, 25)) == (found.recipe.first, found.recipe.last)


def test_several_tables_make_one_score():
    """
    Figures of each are added; a person in one of them only has a score too.
    """
    made = card(points(weight="60"), points("days", weight="40", full_at="2", table="logins"))
    found = scores(made, order("a"), logins=[order("b", None, 1), order("b", None, 2)])

    assert {A: Decimal(6), B: Decimal(40)} == {key: one.value for key, one in found.items()}
    assert ([A, B], 2) == ([*found], len(found))
    assert [True, False, False] == [one in found for one in (B, NOBODY, "b")]


def test_person_without_a_row_is_not_among_them():
    """
    Their score has to be asked for by name.
    """
    found = scores(card(points()), order("a"))

    with pytest.raises(KeyError):
        found[B]
    assert Decimal(0) == found.of_person(B).value


def test_card_without_a_calculation_is_refused():
    """
    75: with the next move.
    """
    bare = msgspec.structs.replace(card(points()), calculation=None)

    with pytest.raises(ScoreNotCalculated, match=r"Customer score is not calculated.*its card"):
        scores(bare)


def test_table_that_is_not_mapped_is_refused():
    """
    76: with the next move.
    """
    with pytest.raises(ScoreTableMissing, match=r"'logins'.*klarsyn\.yaml"):
        scores(card(points(table="logins")))


def test_score_is_not_shown_and_is_sent_as_a_decimal():
    """
    It prints as ***, and only who sends it sees it.
    """
    score = scores(share(decimals=2), order("a", "1"), order("b", "3"))[A]

    assert ("Score(***)", "***") == (repr(score), str(score.sent))
    assert Personal("25.00") == score.sent


def test_example_that_nordlys_tells_people_is_true():
    """
    Five days, 22 invoices and no open case make 47 points; 20 days would make 62.
    """
    made = load(EXAMPLES / "nordlys" / "register").scores["activity-score"]

    def score(days):
        rows = {
            "logins": [order("a", None, ago) for ago in range(1, days + 1)],
            "invoices": [order("a", None)] * 22,
            "open_cases": [],
        }
        return Scores.of(rows, made, DAY)[A]

    assert [Decimal(47), Decimal(62)] == [score(days).value for days in (5, 20)]


def test_calculations_of_klarpris_are_examples():
    """
    D06: nobody has confirmed how KlarPris makes its scores.
    """
    cards = load(EXAMPLES / "klarpris" / "register").scores

    assert dict.fromkeys(cards, True) == {
        name: carried_out(one).example for name, one in cards.items()
    }
    assert {"order-share", "order-statistics"} == {
        carried_out(one).algorithm for one in cards.values()
    }

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn.language import translator
from klarsyn.people.scores import Scores, explain
from klarsyn.personal import Personal
from klarsyn.register import load
from klarsyn.stored import from_json, to_json
from tests.people.scores.cards import BANDS, DAY, A, card, order, points, scores, share
from tests.people.scores.drawn import CARDS, tables

NORDLYS = Path(__file__).parents[3] / "examples" / "nordlys" / "register"
TOLD = Path(__file__).with_name("activity-score.txt")


def told(made, *orders, language="en"):
    """Return the sentences about the score of a person called a."""
    explained = explain(scores(made, *orders, keep=[A]), A, made, "Fjordkraft")
    return [translator(language).say(one) for one in explained.messages]


def test_score_of_a_user_of_nordlys_is_told_whole():
    """
    What came out, of what, from when, what would change it, who acts on it, how to object.
    """
    made = load(NORDLYS).scores["activity-score"]
    rows = {
        "logins": [order("a", None, ago) for ago in range(1, 6)],
        "invoices": [order("a", None)] * 22,
        "open_cases": [order("a", None)],
    }
    explained = explain(Scores.of(rows, made, DAY, keep=[A]), A, made, "Nordlys")
    say = translator("en").say

    assert TOLD.read_text().splitlines() == [say(one) for one in explained.messages]


def test_example_says_whose_it_is_not():
    """
    D06: an example of ours is not taken for the company's own way.
    """
    sentences = told(share(), order("a"))

    assert (
        "This calculation is an example. Fjordkraft has not confirmed how it makes this score."
        == sentences[1]
    )
    assert "Who acts on it: not yet known" in sentences


def test_share_is_told_with_what_it_is_a_share_of():
    """
    Both numbers, for now and for what would have been.
    """
    sentences = told(share(decimals=1), order("a", "1000"), order("b", "2000.50"))

    assert [
        "Amount of all orders: 1000",
        "Amount of all orders, all customers together: 3000.50",
        "The score is the first number as a share of the second, in per cent.",
        "It is rounded to 33.30.",
    ] == sentences[3:7]
    assert (
        'If "Amount of all orders" had been 2000 instead of 1000 and "Amount of all orders, '
        'all customers together" had been 4000.50 instead of 3000.50, the score would have been '
        "50 instead of 33.30." == sentences[7]
    )


def test_figure_without_a_row_is_told_as_nothing():
    """
    Neither 0 days ago nor an average of 0.
    """
    sentences = told(card(points("mean", full_at="200")))

    assert "Average amount of an order: nothing in this time, so 0 of 100 points." in sentences
    assert (
        'If "Average amount of an order" had been 100 instead of nothing, the score would have '
        "been 50 instead of 0." in sentences
    )


def test_number_that_goes_on_for_ever_is_called_about():
    """
    A third is not 0.33.
    """
    sentences = told(card(points(full_at="3")), order("a"))

    assert "Together that makes about 33.33 points." in sentences
    assert "It is rounded to 33." in sentences


def test_exact_score_is_not_called_rounded():
    """
    Nothing was rounded where the points make a whole number.
    """
    assert [] == [one for one in told(card(points()), order("a")) if "rounded" in one]


def test_numbers_are_written_as_the_language_does():
    """
    A comma in Danish, and thousands apart.
    """
    sentences = told(share(), order("a", "12345.5"), language="da")

    assert "12.345,50" in "".join(sentences)


def test_score_that_nothing_changes_says_so():
    """
    Nobody is told an "if" that is not true.
    """
    opposed = card(
        points("count", weight="50", full_at="1"),
        points("days", weight="50", full_at="1", direction="lowers"),
    )

    assert "No change that was tried would have made another score." in told(opposed, order("a"))


def test_band_is_told_where_it_would_be_another():
    """
    The sentence about the next band names both.
    """
    sentences = told(card(points(full_at="20"), bands=BANDS), *[order("a")] * 6)

    assert "the score would have been 35 instead of 30." in sentences[-7]
    assert "the score would have been 50 (High) instead of 30 (Low)." in sentences[-5]


@settings(max_examples=25)
@given(CARDS.flatmap(lambda made: st.tuples(st.just(made), tables(made))))
def test_every_explanation_can_be_stored_and_said(drawn):
    """
    In all six languages, and again after it was stored.
    """
    made, rows = drawn
    explained = explain(Scores.of(rows, made, DAY, keep=[A]), A, made, "Fjordkraft")

    for language in ("sv", "da", "nb", "en", "de", "fi"):
        say = translator(language).say
        said = [say(one) for one in explained.messages]
        assert said == [say(from_json(to_json(one))) for one in explained.messages]


def test_programs_get_exact_numbers():
    """
    Decimals where there is one, else a fraction; never a floating-point number.
    """
    made = share(decimals=1)
    found = scores(made, order("a", "1000"), order("b", "2000.50"), keep=[A])
    plain = explain(found, A, made, "Fjordkraft").plain()

    assert ("33.3", ["1000"], "3000.5") == (plain["score"], plain["numbers"], plain["whole"])
    assert Fraction(100_000, 3000) != Fraction(str(plain["exact"])) == Fraction(200_000, 6001)


@pytest.mark.parametrize("key", ["exact", "score", "band"])
def test_what_ifs_are_there_for_programs(key):
    """
    Each as complete as the score itself.
    """
    made = card(points("mean"), bands=BANDS)
    plain = explain(scores(made, keep=[A]), A, made, "Fjordkraft").plain()

    assert (None, [None]) == (plain["whole"], plain["numbers"])
    assert isinstance(plain["what_if"], list)
    assert key in plain["what_if"][0]


def test_explanation_prints_nothing_of_the_person():
    """
    It is said, not logged.
    """
    made = card(points("sum"))
    found = scores(made, order("secretive", "7.77"), keep=[Personal("secretive")])

    assert "7.77" not in repr(explain(found, Personal("secretive"), made, "Fjordkraft"))

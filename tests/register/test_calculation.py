import pytest

from klarsyn.errors import RegisterError
from klarsyn.register.calculation import label_of, period_of, version_of
from tests.register.builders import GAP, SCORE, add, after, line, load, register, unknown
from tests.register.builders import edited as files_of

SHARE = """\
calculation:
  algorithm: order-share
  figures:
    - {statistic: count}
"""
POINTS = """\
calculation:
  algorithm: order-statistics
  figures:
    - {statistic: count, weight: 60, full_at: 10}
    - {statistic: sum, weight: 40, full_at: 0.5}
  example: true
  version: try-1
  period: P6M
"""
SECOND = f"""\
  statistics:
    text: {{en: What was ordered.}}
    confirmed: {GAP}
"""
WEIGHT_IN_WORDS = line(
    SCORE,
    "inputs:",
    "inputs: {value: [{label: {en: Orders}, direction: both, weight: much}], source: own}",
)


def calculation(text, *changes):
    """Return an edit that adds a calculation, with other words in some places."""
    for old, new in changes:
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    return add(SCORE, text)


def made(*edits):
    """Return the card of the small register, and its calculation."""
    card = register(*edits).scores["order-score"]
    assert card.calculation is not None
    return card, card.calculation


def refused(*edits):
    """Return what the loading refuses, as `beginning of the line: what`."""
    files = files_of(*edits)
    with pytest.raises(RegisterError) as refusal:
        load(files)
    return [
        f"{files[SCORE].splitlines()[one.line - 1].strip().split(':')[0]}: {one.what}"
        for one in refusal.value.problems
    ]


GOOD = {
    "a share": (calculation(SHARE),),
    "an example of points": (calculation(POINTS),),
    "points as the card tells them": (
        line(
            SCORE,
            "inputs:",
            "inputs: {value: [{label: {en: Cases}, direction: lowers, weight: 100/100}], "
            "source: own}",
        ),
        calculation(
            POINTS.partition("  example")[0],
            ("    - {statistic: sum, weight: 40, full_at: 0.5}\n", ""),
            ("count, weight: 60", "count, table: cases, direction: lowers, weight: 100"),
        ),
    ),
    "bands that rise from 0": (
        calculation(
            POINTS
            + "  bands: [{id: low, at_least: 0, label: {en: Low}}, "
            + "{id: high, at_least: 50.5, label: {en: High}}]\n"
        ),
    ),
    "a weight in words is not compared": (WEIGHT_IN_WORDS, calculation(SHARE)),
    "one of two definitions, named": (
        after(SCORE, "confirmed:", SECOND),
        calculation(SHARE + "  definition: statistics\n"),
    ),
}


@pytest.mark.parametrize("edits", GOOD.values(), ids=GOOD)
def test_calculation_that_is_sound_is_read(edits):
    """
    What can be carried out, and is what people are told, passes.
    """
    assert register(*edits).scores["order-score"].calculation


BAD = {
    "a share of a mean": (
        (calculation(SHARE, ("count", "mean")),),
        "- {statistic: no share can be taken of 'mean'",
    ),
    "a share of two figures": (
        (calculation(SHARE + "    - {statistic: sum}\n"),),
        "- {statistic: a share is taken of one figure, and here are 2",
    ),
    "a share with a weight": (
        (calculation(SHARE, ("count", "count, weight: 100")),),
        "- {statistic: a share has no weight, no full_at and no direction",
    ),
    "points without a weight": (
        (calculation(POINTS, ("sum, weight: 40", "sum")),),
        "- {statistic: this figure needs a weight and a full_at above 0",
    ),
    "points from 0 on": (
        (calculation(POINTS, ("full_at: 0.5", "full_at: 0.0")),),
        "- {statistic: this figure needs a weight and a full_at above 0",
    ),
    "weights that make no 100": (
        (calculation(POINTS, ("weight: 40", "weight: 40.5")),),
        "figures: the weights make 100.5 together",
    ),
    "a figure that counts twice": (
        (calculation(POINTS, ("sum", "count")),),
        "- {statistic: 'count' of this table is listed twice",
    ),
    "more figures than anybody could explain": (
        (
            calculation(
                POINTS,
                (
                    "    - {statistic: count, weight: 60, full_at: 10}\n",
                    "".join(
                        f"    - {{table: t{n}, label: {{en: T}}, statistic: count, weight: 5, "
                        "full_at: 1}\n"
                        for n in range(12)
                    ),
                ),
            ),
        ),
        "figures: here are 13 figures",
    ),
    "bands that do not begin at 0": (
        (calculation(POINTS + "  bands: [{id: low, at_least: 1, label: {en: Low}}]\n"),),
        "bands: the bands do not begin at 0, or do not rise",
    ),
    "a band that nobody reaches": (
        (
            calculation(
                POINTS
                + "  bands: [{id: low, at_least: 0, label: {en: L}}, "
                + "{id: low, at_least: 100.1, label: {en: H}}]\n"
            ),
        ),
        "bands: a band begins above 100",
    ),
    "a definition that is not there": (
        (calculation(SHARE + "  definition: shares\n"),),
        "definition: the card has no definition 'shares'",
    ),
    "one of two definitions, not named": (
        (after(SCORE, "confirmed:", SECOND), calculation(SHARE)),
        "calculation: it does not say which of 2 definitions it is",
    ),
    "an example without a version": (
        (calculation(POINTS, ("  version: try-1\n", "")),),
        "calculation: an example needs a version and a period of its own",
    ),
    "an example of no day": (
        (calculation(POINTS, ("P6M", "P0D")),),
        "calculation: its period has no day",
    ),
    "a card of no day": (
        (line(SCORE, "period:", "period: {value: P0M, source: own}"), calculation(SHARE)),
        "calculation: its period has no day",
    ),
    "a second version beside the card's": (
        (calculation(SHARE + "  version: other\n"),),
        "calculation: version and period stand in the card already",
    ),
    "a card that does not know its own period": (
        (unknown(SCORE, "period"), calculation(SHARE)),
        "calculation: the card does not know: period",
    ),
    "more figures than the card tells of": (
        (calculation(POINTS.partition("  example")[0]),),
        "figures: it has 2 figures, and the card tells of 1 inputs",
    ),
    "another direction than people are told": (
        (
            line(
                SCORE,
                "inputs:",
                "inputs: {value: [{label: {en: Orders}, direction: lowers}], source: own}",
            ),
            calculation(SHARE),
        ),
        "- {statistic: direction or weight are not those of the card's input",
    ),
    "another weight than people are told": (
        (
            line(
                SCORE,
                "inputs:",
                "inputs: {value: [{label: {en: Orders}, direction: raises, weight: 40 %}], "
                "source: own}",
            ),
            calculation(SHARE),
        ),
        "- {statistic: direction or weight are not those of the card's input",
    ),
    "a table whose rows have no name": (
        (calculation(POINTS, ("sum", "sum, table: visits")),),
        "- {statistic: nobody knows what a row of 'visits' is called",
    ),
}


@pytest.mark.parametrize(("edits", "told"), BAD.values(), ids=BAD)
def test_calculation_that_is_unsound_is_refused(edits, told):
    """
    Each contradiction is told where it stands, beside whatever else is wrong.
    """
    assert told in refused(*edits)


def test_number_is_read_as_it_is_written():
    """
    A decimal stays one: what people read is what is calculated with.
    """
    _, found = made(calculation(POINTS))

    assert ["10", "0.5"] == [one.full_at for one in found.figures]


@pytest.mark.parametrize("number", ["-1", "1e3", "half", "1,5", ".5"])
def test_other_number_is_refused(number):
    """
    A sign, an exponent or a comma is no exact decimal here.
    """
    told = refused(calculation(POINTS, ("full_at: 0.5", f'full_at: "{number}"')))

    assert 1 == len([one for one in told if f"'{number}'" in one])


def test_version_period_and_labels_are_the_cards():
    """
    What is no example repeats nothing.
    """
    card, found = made(calculation(SHARE))

    assert ("1.10", "P1Y") == (
        version_of(card, found),
        period_of(card, found),
    )
    assert {"en": "Orders"} == label_of(card, found, 0)


def test_version_period_and_labels_of_an_example_are_its_own():
    """
    Nothing of an example is taken for what the company said.
    """
    named = calculation(POINTS, ("count, weight", "count, label: {en: Baskets}, weight"))
    card, found = made(named)

    assert ("try-1", "P6M") == (
        version_of(card, found),
        period_of(card, found),
    )
    assert [{"en": "Baskets"}, None] == [label_of(card, found, n) for n in (0, 1)]

"""
How a score is calculated, in a form that can be carried out: figures, points, bands (R46).

The card tells people about a score in words; this part of it is what klarsyn.people.scores works
by. Numbers are written as decimals and never become floating-point ones. A calculation is the
company's own, and then agrees with what the rest of the card says, or it is marked as an example.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Final, Literal

from msgspec import Meta

from klarsyn.errors import said
from klarsyn.language import mark
from klarsyn.register.facts import Id, Part, Period, Text, known
from klarsyn.rules.periods import length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.errors import Message
    from klarsyn.register.company import Input, ScoreCard

Exact = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9]{1,12}(?:\.[0-9]{1,6})?\Z",
        extra={"description": mark("a number such as 40 or 0.25")},
        extra_json_schema={"type": ["string", "number"]},
    ),
]

Algorithm = Literal["order-share", "order-statistics"]
"""
How figures make a score: a person's part of what all people have together, in per cent, by one
count or sum; or points from 0 to 100, added up of several figures.
"""

Statistic = Literal["count", "days", "sum", "mean", "median", "days-since-last"]
"""
What is made of a person's rows in a table: their number, the number of days that have one, the
sum, mean or median of their amounts, or the days from the last one to the day of the score.
"""

ORDERS: Final = "orders"
"""The table of a figure that names none."""

LARGEST: Final = 100
"""What all points of a score make together, and the whole of a share in per cent."""

MOST_FIGURES: Final = 12
"""More could not be explained to anybody, and each could be too small to ever matter."""

_SHARED: Final = frozenset({"count", "sum"})
"""The statistics of which a part can be taken."""


class Figure(Part, frozen=True, kw_only=True):
    """One number that is made of a person's rows in a table, and the points that it can give."""

    table: Id = "orders"
    """One of the tables in the `source` of klarsyn.yaml."""
    statistic: Statistic
    direction: Literal["raises", "lowers"] = "raises"
    weight: Exact | None = None
    """The most points that it gives; those of all figures make 100."""
    full_at: Exact | None = None
    """From which number on it gives all its points; where it lowers the score, none of them."""
    label: Text | None = None
    """What it is called; left out, as the card's input in the same position."""


class Band(Part, frozen=True, kw_only=True):
    """A range of a score that has a name; it ends where the next one begins."""

    id: Id
    at_least: Exact
    label: Text


class Calculation(Part, frozen=True, kw_only=True):
    """How a score is calculated from the tables of the company's source, step by step."""

    algorithm: Algorithm
    definition: Id | None = None
    """Which of the card's definitions it carries out."""
    figures: Annotated[list[Figure], Meta(min_length=1)]
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    """To how many decimals the score is rounded, at the very end; a half goes up."""
    bands: list[Band] = []
    example: bool = False
    """Whether it only shows how a score could be made; nobody confirmed that it is so."""
    version: str | None = None
    """Of an example only; otherwise the card's counts."""
    period: Period | None = None
    """Of an example only; otherwise the card's counts."""


def version_of(card: ScoreCard, calculation: Calculation) -> str:
    """Return the version of a calculation; it is the card's where it is no example."""
    return calculation.version or str(card.version.value)


def period_of(card: ScoreCard, calculation: Calculation) -> str:
    """Return the period that a calculation looks back on; see `version_of`."""
    return calculation.period or str(card.period.value)


def label_of(card: ScoreCard, calculation: Calculation, number: int) -> Text | None:
    """Return what the figure in a position is called, or None where only its kind has a name."""
    inputs = [] if calculation.example else known(card.inputs) or []
    own = calculation.figures[number].label
    return own or (inputs[number].label if number < len(inputs) else None)


# What makes a calculation impossible, or something else than the card says.

Wrong = tuple[str, "Message", "Message"]
"""A path inside the card's file, what is wrong there, and what to do."""


def mistakes(card: ScoreCard) -> Iterator[Wrong]:
    """Yield what cannot be calculated, or contradicts what the card tells people."""
    calculation = card.calculation
    if calculation is None:
        return
    if calculation.algorithm == "order-share":
        yield from _share(calculation)
    else:
        yield from _points(calculation)
    yield from _bands(calculation)
    if (period := calculation.period or known(card.period)) and length(period) == (0, 0):
        yield "calculation", said("its period has no day"), said("write one such as P1Y")
    yield from _definition(card, calculation)
    yield from _as_example(calculation) if calculation.example else _as_own(card, calculation)
    yield from _labels(card, calculation)


def _at(number: int) -> str:
    return f"calculation/figures/{number}"


def _share(calculation: Calculation) -> Iterator[Wrong]:
    first, *others = calculation.figures
    if others:
        what = said("a share is taken of one figure, and here are {n}", n=len(others) + 1)
        yield _at(1), what, said("keep one")
    if first.statistic not in _SHARED:
        what = said("no share can be taken of '{statistic}'", statistic=first.statistic)
        yield _at(0), what, said("write count or sum")
    if first.weight or first.full_at or first.direction != "raises":
        what = said("a share has no weight, no full_at and no direction")
        yield _at(0), what, said("take them out")


def _points(calculation: Calculation) -> Iterator[Wrong]:
    seen = set()
    for number, figure in enumerate(calculation.figures):
        if not (Fraction(figure.weight or 0) and Fraction(figure.full_at or 0)):
            what = said("this figure needs a weight and a full_at above 0")
            yield _at(number), what, said("write both, or leave the figure out")
        if (figure.table, figure.statistic) in seen:
            what = said("'{statistic}' of this table is listed twice", statistic=figure.statistic)
            yield _at(number), what, said("keep one")
        seen.add((figure.table, figure.statistic))
    if len(calculation.figures) > MOST_FIGURES:
        what = said("here are {n} figures", n=len(calculation.figures))
        yield "calculation/figures", what, said("keep at most {most}", most=MOST_FIGURES)
    total = sum((Fraction(one.weight or 0) for one in calculation.figures), Fraction(0))
    if total != LARGEST:
        what = said("the weights make {total} together", total=_decimal(total))
        yield "calculation/figures", what, said("let them make {largest}", largest=LARGEST)


def _decimal(number: Fraction) -> str:
    return f"{float(number):g}"  # of a mistake's text only; a sum of few short decimals


def _bands(calculation: Calculation) -> Iterator[Wrong]:
    starts = [Fraction(one.at_least) for one in calculation.bands]
    if starts and (starts[0] or any(one >= other for one, other in pairwise(starts))):
        what = said("the bands do not begin at 0, or do not rise")
        yield "calculation/bands", what, said("write the lowest first, at_least 0")
    if any(one > LARGEST for one in starts):
        what = said("a band begins above {largest}", largest=LARGEST)
        yield "calculation/bands", what, said("no score can reach it; take it out")
    if len({one.id for one in calculation.bands}) < len(starts):
        yield "calculation/bands", said("two bands have the same id"), said("rename one")


def _definition(card: ScoreCard, calculation: Calculation) -> Iterator[Wrong]:
    chosen, place = calculation.definition, "calculation/definition"
    if chosen and chosen not in card.definitions:
        what = said("the card has no definition '{name}'", name=chosen)
        yield place, what, said("add it, or name another")
    if not chosen and len(card.definitions) > 1:
        what = said("it does not say which of {n} definitions it is", n=len(card.definitions))
        yield "calculation", what, said("write `definition:`")


def _as_example(calculation: Calculation) -> Iterator[Wrong]:
    if not (calculation.version and calculation.period):
        what = said("an example needs a version and a period of its own")
        yield "calculation", what, said("write `version:` and `period:`")


def _as_own(card: ScoreCard, calculation: Calculation) -> Iterator[Wrong]:
    if calculation.version or calculation.period:
        what = said("version and period stand in the card already")
        yield "calculation", what, said("take them out, or write `example: true`")
    facts = {"inputs": card.inputs, "period": card.period, "version": card.version}
    if missing := [name for name, fact in facts.items() if not fact.known]:
        what = said("the card does not know: {fields}", fields=missing)
        yield "calculation", what, said("fill them in, or write `example: true`")
        return
    inputs = card.inputs.value or []
    if len(inputs) != len(calculation.figures):
        facts_ = {"figures": len(calculation.figures), "inputs": len(inputs)}
        what = said("it has {figures} figures, and the card tells of {inputs} inputs", **facts_)
        yield "calculation/figures", what, said("write one figure for each input, in their order")
    for number, (figure, one) in enumerate(zip(calculation.figures, inputs, strict=False)):
        if not _agrees(figure, one):
            what = said("direction or weight are not those of the card's input")
            yield _at(number), what, said("write in both what is so")


def _agrees(figure: Figure, one: Input) -> bool:
    """Tell whether people are told what is calculated; a weight in words is not compared."""
    if one.direction not in {figure.direction, "both"}:
        return False
    try:
        told = Fraction((one.weight or "").replace("%", "/100").replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        return True
    return told in {
        Fraction(figure.weight or LARGEST),
        Fraction(figure.weight or LARGEST) / LARGEST,
    }


def _labels(card: ScoreCard, calculation: Calculation) -> Iterator[Wrong]:
    for number, figure in enumerate(calculation.figures):
        if figure.table != ORDERS and label_of(card, calculation, number) is None:
            what = said("nobody knows what a row of '{table}' is called", table=figure.table)
            yield _at(number), what, said("write a `label:`")

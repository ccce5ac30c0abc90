"""
From tallies to scores: fractions all the way, rounded once at the end.

A score is computed for a day from the whole days before it, so it is the same all day long. The
period begins and ends with days of the company's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import floor
from typing import TYPE_CHECKING, Self

from klarsyn.errors import ScoreNotCalculated, ScoreTableMissing, said
from klarsyn.people.scores.tallies import STATISTICS, Book
from klarsyn.personal import Personal
from klarsyn.register.calculation import LARGEST, period_of, version_of
from klarsyn.rules.periods import before

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from klarsyn.people.scores.tallies import Row, Tally
    from klarsyn.register.calculation import Band, Calculation, Figure, Statistic
    from klarsyn.register.company import ScoreCard

_NONE = Fraction(0)
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A figure of a calculation with its numbers read: the points it gives, and from where on."""

    figure: Figure
    weight: Fraction
    full_at: Fraction
    each: Fraction
    """The points for a number of 1."""

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """Read the numbers of a figure; one of a share has none, and is not asked for points."""
        weight, full_at = Fraction(figure.weight or LARGEST), Fraction(figure.full_at or 1)
        return cls(figure, weight, full_at, weight / full_at)

    def points(self, number: Fraction | None) -> Fraction:
        """Return the points for a number; none for no number, whichever way the figure moves."""
        if number is None:
            return _NONE
        if number >= self.full_at:
            moved = self.weight
        else:
            moved = number * self.each if number > 0 else _NONE
        return moved if self.figure.direction == "raises" else self.weight - moved


@dataclass(frozen=True, slots=True)
class Recipe:
    """A calculation on a day: what is counted, from which days, and how."""

    calculation: Calculation
    version: str
    day: date
    first: date
    last: date
    figures: tuple[Weighed, ...]

    @classmethod
    def of(cls, card: ScoreCard, day: date) -> Self:
        """Prepare the calculation of a card for a day. ScoreNotCalculated where it has none."""
        calculation = card.calculation
        if calculation is None:
            raise ScoreNotCalculated(
                said("{score} is not calculated here.", score=card.label),
                said("Write `calculation:` in its card."),
            )
        return cls(
            calculation,
            version_of(card, calculation),
            day,
            before(day, period_of(card, calculation)),
            day - timedelta(days=1),
            tuple(map(Weighed.of, calculation.figures)),
        )

    def statistics(self) -> dict[str, frozenset[Statistic]]:
        """Return which statistics are made of which table."""
        figures = self.calculation.figures
        return {
            table: frozenset(one.statistic for one in figures if one.table == table)
            for table in dict.fromkeys(one.table for one in figures)
        }

    def score(self, own: Mapping[str, Tally], everyone: Mapping[str, Tally]) -> Score:
        """Return the score that these rows make, by table: the person's own, and everyone's."""
        numbers = tuple(
            STATISTICS[one.figure.statistic](own[one.figure.table], self.day)
            for one in self.figures
        )
        if self.calculation.algorithm == "order-share":
            first = self.figures[0].figure
            whole = STATISTICS[first.statistic](everyone[first.table], self.day)
            points: tuple[Fraction, ...] = (_share(numbers[0], whole),)
        else:
            whole = None
            points = tuple(
                one.points(number) for one, number in zip(self.figures, numbers, strict=True)
            )
        exact = sum(points, _NONE)
        value = _rounded(exact, self.calculation.decimals)
        return Score(self, value, exact, numbers, whole, points, self._band(value))

    def _band(self, value: Decimal) -> Band | None:
        found = None
        for one in self.calculation.bands:
            if Decimal(one.at_least) <= value:
                found = one
        return found


def _share(own: Fraction | None, whole: Fraction | None) -> Fraction:
    """Return a part in per cent, from 0 to 100: refunds may outweigh what was bought."""
    if not own or not whole or own < 0 or whole < 0:
        return _NONE
    return min(LARGEST * own / whole, Fraction(LARGEST))


def _rounded(exact: Fraction, decimals: int) -> Decimal:
    """Return a number above or at 0 with so many decimals, a half rounded up."""
    return Decimal(floor(exact * 10**decimals + _HALF)).scaleb(-decimals)


@dataclass(frozen=True, slots=True, repr=False)
class Score:
    """One person's score, and how it came about. It prints as `Score(***)`."""

    recipe: Recipe
    value: Decimal
    exact: Fraction
    """Before it was rounded."""
    numbers: tuple[Fraction | None, ...]
    """What each figure counted; None where there was no row to make it of."""
    whole: Fraction | None
    """What all people together have, of which a share is taken."""
    points: tuple[Fraction, ...]
    band: Band | None

    def __repr__(self) -> str:
        return "Score(***)"

    @property
    def sent(self) -> Personal[str]:
        """The score as it is delivered: a decimal with a point, such as 47 or 12.5."""
        return Personal(str(self.value))


class Scores(Mapping[Personal[str], Score]):
    """
    The scores of everybody who has a row in the period, by the company's key of the person.

    What is held is one tally a person and table; a score is made when it is asked for.
    """

    def __init__(self, recipe: Recipe, books: Mapping[str, Book]) -> None:
        """Take tables after the pass; `Scores.of` makes the pass."""
        self.recipe = recipe
        self.books = books
        self._everyone = {table: one.everyone for table, one in books.items()}

    @classmethod
    def of(
        cls,
        tables: Mapping[str, Iterable[Row]],
        card: ScoreCard,
        day: date,
        *,
        keep: Collection[Personal[str]] = (),
    ) -> Self:
        """
        Go over the tables once, for the scores on a day.

        Of the people in `keep` the rows are kept, so that their scores can be explained.
        ScoreNotCalculated where the card has no calculation, ScoreTableMissing where it names a
        table that is not among these.
        """
        recipe = Recipe.of(card, day)
        books = {}
        for table, statistics in recipe.statistics().items():
            if table not in tables:
                raise ScoreTableMissing(
                    said("{score} needs the table '{table}'.", score=card.label, table=table),
                    said("Add it under `source: tables:` in klarsyn.yaml."),
                )
            books[table] = Book(table, statistics)
            books[table].read(tables[table], recipe.first, recipe.last, keep)
        return cls(recipe, books)

    def of_person(self, key: Personal[str]) -> Score:
        """Return a person's score, also where they have no row at all."""
        own = {table: one.of(key) for table, one in self.books.items()}
        return self.recipe.score(own, self._everyone)

    def __getitem__(self, key: Personal[str]) -> Score:
        """Return the score of a person with a row; KeyError for others."""
        if key not in self:
            raise KeyError(key)
        return self.of_person(key)

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, Personal):
            return False
        return any(key.reveal() in one.tallies for one in self.books.values())

    def __iter__(self) -> Iterator[Personal[str]]:
        """Yield the keys, each once, in the order in which the tables name them."""
        yield from map(Personal, dict.fromkeys(chain.from_iterable(self._tallies())))

    def __len__(self) -> int:
        return len(set().union(*self._tallies()))

    def _tallies(self) -> Iterator[Iterable[str]]:
        return (one.tallies for one in self.books.values())

"""
One pass over a table: what is kept of each person's rows, and of all rows together.

Sums are exact: decimals are added with two hundred digits, and one more would be an error. Kept
are, for each person and table, a count, a sum and a day, and only where a figure asks for them
the days with a row and the different amounts. Rows outside the period are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from klarsyn.errors import ScoreTableMissing, said

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from klarsyn.personal import Personal
    from klarsyn.register.calculation import Statistic

_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
NOTHING = Decimal(0)

OF_AMOUNTS: frozenset[Statistic] = frozenset({"sum", "mean", "median"})
"""The statistics that need a row's amount."""


class Row(Protocol):
    """A row of a table: whose, on which day in the company's zone, and how much."""

    @property
    def key(self) -> Personal[str]:
        """The company's own key of the person, casefolded."""
        ...

    @property
    def on(self) -> date:
        """The day, where the company is."""
        ...

    @property
    def amount(self) -> Decimal | None:
        """How much; None in a table that has no amounts."""
        ...


class Entry(NamedTuple):
    """A row of one person's that is kept, or several alike."""

    on: date
    amount: Decimal
    times: int = 1


@dataclass(slots=True, repr=False)
class Tally:
    """What is kept of some rows; `days` and `amounts` only where they were asked for."""

    count: int = 0
    total: Decimal = NOTHING
    last: date | None = None
    days: set[date] | None = None
    amounts: dict[Decimal, int] | None = None

    @classmethod
    def fit_for(cls, statistics: Collection[Statistic]) -> Self:
        """Return an empty one that keeps what these statistics need."""
        return cls(
            days=set() if "days" in statistics else None,
            amounts={} if "median" in statistics else None,
        )

    def add(self, on: date, amount: Decimal, times: int = 1) -> None:
        """Count a row, or so many alike."""
        self.count += times
        self.total = _EXACT.add(self.total, amount if times == 1 else _times(amount, times))
        if self.last is None or on > self.last:
            self.last = on
        if self.days is not None:
            self.days.add(on)
        if self.amounts is not None:
            self.amounts[amount] = self.amounts.get(amount, 0) + times

    def exchanged(self, was: Tally, now: Tally) -> Tally:
        """Return the count and the sum after some of the rows were exchanged for others."""
        total = _EXACT.add(_EXACT.subtract(self.total, was.total), now.total)
        return Tally(self.count - was.count + now.count, total)

    def median(self) -> Fraction:
        """Return the middle amount, or the mean of the two middle ones; 0 of none."""
        lower, upper = (self.count - 1) // 2, self.count // 2
        found, passed = Fraction(0), 0
        for amount, times in sorted((self.amounts or {}).items()):
            for wanted in (lower, upper):
                if passed <= wanted < passed + times:
                    found += Fraction(amount) / 2
            passed += times
        return found


def _times(amount: Decimal, times: int) -> Decimal:
    return _EXACT.multiply(amount, Decimal(times))


STATISTICS: Mapping[Statistic, Callable[[Tally, date], Fraction | None]] = {
    "count": lambda tally, _: Fraction(tally.count),
    "days": lambda tally, _: Fraction(len(tally.days or ())),
    "sum": lambda tally, _: Fraction(tally.total),
    "mean": lambda tally, _: Fraction(tally.total) / tally.count if tally.count else None,
    "median": lambda tally, _: tally.median() if tally.count else None,
    "days-since-last": lambda tally, on: Fraction((on - tally.last).days) if tally.last else None,
}
"""What each statistic makes of a tally on a day; None where there is no row to make it of."""


@dataclass(slots=True, repr=False)
class Book:
    """One table after the pass: a tally for each person with a row, and of all rows together."""

    table: str
    statistics: frozenset[Statistic]
    tallies: dict[str, Tally] = field(default_factory=dict)
    """By the key itself: it is not handed out, and a wrapped one would cost as much as the rest."""
    everyone: Tally = field(default_factory=Tally)
    kept: dict[str, list[Entry]] = field(default_factory=dict)
    """The rows themselves of those few people who were asked about."""

    @property
    def has_amounts(self) -> bool:
        """Whether a figure is made of the amounts."""
        return not OF_AMOUNTS.isdisjoint(self.statistics)

    def read(
        self, rows: Iterable[Row], first: date, last: date, keep: Collection[Personal[str]]
    ) -> None:
        """
        Go over the rows once; those of the people in `keep` are kept as well.

        ScoreTableMissing where amounts are needed and a row has none: it is not taken for 0.
        """
        tallies, whole = self.tallies, self.everyone
        self.kept = {key.reveal(): [] for key in keep}
        for row in rows:
            on = row.on
            if not first <= on <= last:
                continue
            key, amount = row.key.reveal(), row.amount
            if amount is None:
                amount = self.no_amount()
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = Tally.fit_for(self.statistics)
            tally.add(on, amount)
            whole.add(on, amount)
            if key in self.kept:
                self.kept[key].append(Entry(on, amount))

    def no_amount(self) -> Decimal:
        """Return 0 for a row without an amount, where none is needed."""
        if self.has_amounts:
            what = said("A score needs the amounts of the table '{table}'.", table=self.table)
            remedy = said("Map its column `amount` in klarsyn.yaml, and fill in every row.")
            raise ScoreTableMissing(what, remedy)
        return NOTHING

    def of(self, key: Personal[str]) -> Tally:
        """Return the tally of a person, an empty one where they have no row."""
        return self.tallies.get(key.reveal()) or Tally.fit_for(self.statistics)

    def rows_of(self, key: Personal[str]) -> list[Entry]:
        """Return the rows of a person that were kept; KeyError, without the key, for others."""
        kept = self.kept.get(key.reveal())
        if kept is None:
            raise KeyError(key)
        return kept

"""
Score cards with a calculation, and rows of a table, as short as a test can say them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from klarsyn.people.scores import Scores
from klarsyn.personal import Personal
from klarsyn.register.calculation import Band, Calculation, Figure
from klarsyn.register.company import ScoreCard
from klarsyn.register.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from klarsyn.register.calculation import Algorithm

DAY = date(2026, 11, 26)
GAP = {"not_yet_known_until": date(2027, 2, 22)}
UNKNOWN = dict.fromkeys(
    (
        "inputs",
        "period",
        "method",
        "version",
        "acted_on_by",
        "effect",
        "human_step",
        "objection",
        "example",
    ),
    GAP,
)
BANDS = [
    Band(id="low", at_least="0", label={"en": "Low"}),
    Band(id="high", at_least="50", label={"en": "High"}),
]


@dataclass(frozen=True)
class Order:
    """A row of the table of orders, so many days before the day of the score."""

    key: Personal[str]
    on: date
    amount: Decimal | None


def order(key: str, amount: str | None = "100", ago: int = 1) -> Order:
    """Return a row; yesterday's unless something else is said."""
    return Order(Personal(key), DAY - timedelta(days=ago), Decimal(amount) if amount else None)


A, B, NOBODY = Personal("a"), Personal("b"), Personal("nobody")
"""People."""


def card(*figures: Figure, algorithm: Algorithm = "order-statistics", **other) -> ScoreCard:
    """Return a card of which nothing is known but an example of a calculation over 30 days."""
    made = {"decimals": 0, "example": True, "version": "try-1", "period": "P30D", **other}
    bare = {"format": 1, "elements": ["customer.rating"], "label": {"en": "Customer score"}}
    found = msgspec.convert({**bare, **UNKNOWN}, ScoreCard)
    calculation = Calculation(algorithm=algorithm, figures=[*figures], **made)
    return msgspec.structs.replace(found, calculation=calculation)


def carried_out(card_: ScoreCard) -> Calculation:
    """Return the calculation of a card that has one."""
    assert card_.calculation is not None
    return card_.calculation


def points(statistic="count", weight="100", full_at="10", **other) -> Figure:
    """Return a figure that gives points."""
    return Figure(statistic=statistic, weight=weight, full_at=full_at, **other)


def share(statistic="sum", **other) -> ScoreCard:
    """Return a card that takes a share."""
    return card(Figure(statistic=statistic), algorithm="order-share", **other)


def scores(
    card_: ScoreCard, *orders: Order, keep: Collection[Personal[str]] = (), **tables
) -> Scores:
    """Return the scores that these orders make, and the rows of other tables."""
    return Scores.of({"orders": orders, **tables}, card_, DAY, keep=keep)


def own(card_: ScoreCard, **facts) -> ScoreCard:
    """Return a card with the company's own facts, each from its own records."""
    return msgspec.structs.replace(
        card_, **{name: Fact(value=value, source="own") for name, value in facts.items()}
    )


# The same again, slowly, and in other words: what the scores are compared with.


def number(figure: Figure, rows: Iterable[Order]) -> Fraction | None:
    """Return what a figure counts among one person's rows of the period."""
    rows = list(rows)
    amounts = [Fraction(row.amount) for row in rows if row.amount is not None]
    days = {row.on for row in rows}
    always = {
        "count": Fraction(len(rows)),
        "days": Fraction(len(days)),
        "sum": sum(amounts, Fraction(0)),
    }
    if figure.statistic in always:
        return always[figure.statistic]
    if not rows:
        return None
    if figure.statistic == "days-since-last":
        return Fraction((DAY - max(days)).days)
    return sum(amounts, Fraction(0)) / len(rows) if figure.statistic == "mean" else median(amounts)


def from_numbers(
    calculation: Calculation, numbers: Iterable[Fraction | None], whole: Fraction | None
) -> Decimal:
    """Return the score that numbers make, as the reference describes it."""
    total = Fraction(0)
    for figure, found in zip(calculation.figures, numbers, strict=True):
        if calculation.algorithm == "order-share":
            part = found / whole if found and whole and found > 0 and whole > 0 else Fraction(0)
            total = 100 * min(Fraction(1), part)
        elif found is not None:
            part = max(Fraction(0), min(Fraction(1), found / Fraction(figure.full_at or 0)))
            part = part if figure.direction == "raises" else 1 - part
            total += Fraction(figure.weight or 0) * part
    scale = 10**calculation.decimals
    twice = 2 * total * scale
    return Decimal((twice.numerator // twice.denominator + 1) // 2) / Decimal(scale)


def slowly(card_: ScoreCard, tables: Mapping[str, Iterable[Order]], key: Personal[str]) -> Decimal:
    """Return one person's score from all rows of all tables, 30 days back."""
    first = DAY - timedelta(days=30)
    rows = {name: [row for row in table if first <= row.on < DAY] for name, table in tables.items()}
    made = carried_out(card_)
    numbers = [
        number(one, [row for row in rows[one.table] if row.key == key]) for one in made.figures
    ]
    everyone = number(made.figures[0], rows[made.figures[0].table])
    return from_numbers(made, numbers, everyone)

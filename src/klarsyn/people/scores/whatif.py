"""
"If X had been Y": the smallest changes found of one person's rows that make another score.

Nothing is estimated. Rows are added or taken away, and the score is calculated again from what
is then there, for this person and for all together. Tried are, table by table, one row more or
less, then two, and so on in growing steps; at the end no row at all, and a single large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from klarsyn.people.scores.tallies import NOTHING, Entry, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from klarsyn.people.scores.points import Recipe, Score, Scores
    from klarsyn.people.scores.tallies import Book
    from klarsyn.personal import Personal

_STEPS = (*range(1, 51), *(n * 10**power for power in range(2, 12) for n in (1, 2, 5)))
"""How many rows are added or taken away: each number up to fifty, then round ones."""

_USUAL = Decimal(100)
"""The amount of an invented row of somebody who has none."""

Rows = tuple[Entry, ...]


@dataclass(frozen=True, slots=True, repr=False)
class WhatIf:
    """One person's rows of a table as they might have been, and the score that they make."""

    table: str
    rows: Rows
    score: Score


def what_ifs(scores: Scores, key: Personal[str]) -> tuple[WhatIf, ...]:
    """
    Return a higher score, a lower one, and the next band up, as far as each can be reached.

    The person has to be one of those whose rows were kept; KeyError for others. None at all means
    that no change that was tried makes a difference.
    """
    now = scores.of_person(key)
    wanted: list[Callable[[Score], bool]] = [
        lambda other: other.value > now.value,
        lambda other: other.value < now.value,
    ]
    if now.band is not None:
        wanted.append(lambda other: other.value > now.value and other.band is not now.band)
    found: list[WhatIf] = []
    for other in _tried(scores, key):
        left = [fits for fits in wanted if not fits(other.score)]
        if len(left) < len(wanted):
            found.append(other)
        wanted = left
        if not wanted:
            break
    return tuple(found)


def _tried(scores: Scores, key: Personal[str]) -> Iterator[WhatIf]:
    own = {table: book.of(key) for table, book in scores.books.items()}
    everyone = {table: book.everyone for table, book in scores.books.items()}
    for book, rows in _changed(scores, key):
        tally = Tally.fit_for(book.statistics)
        for row in rows:
            tally.add(*row)
        others = book.everyone.exchanged(own[book.table], tally)
        score = scores.recipe.score({**own, book.table: tally}, {**everyone, book.table: others})
        yield WhatIf(book.table, rows, score)


def _changed(scores: Scores, key: Personal[str]) -> Iterator[tuple[Book, Rows]]:
    """Yield each table with other rows of this person's, small changes before large ones."""
    books = [(book, tuple(sorted(book.rows_of(key)))) for book in scores.books.values()]
    for step in _STEPS:
        for book, rows in books:
            if more := _more(scores.recipe, book, rows, step):
                yield book, (*rows, *more)
            if step <= len(rows):
                yield book, rows[:-step]
    for book, _ in books:
        yield book, ()
        yield book, (Entry(scores.recipe.last, _large(scores.recipe, book)),)


def _more(recipe: Recipe, book: Book, rows: Rows, count: int) -> Rows:
    """Return so many rows as this person's usual one, the latest that there could have been."""
    amounts = sorted(row.amount for row in rows if row.amount > 0) or [_USUAL]
    amount = amounts[(len(amounts) - 1) // 2] if book.has_amounts else NOTHING
    if "days" not in book.statistics:
        return (Entry(recipe.last, amount, count),)
    taken = {row.on for row in rows}
    if count > (recipe.last - recipe.first).days + 1 - len(taken):
        return ()  # the period has no so many days without a row
    found: list[Entry] = []
    day = recipe.last
    while len(found) < count:
        if day not in taken:
            found.append(Entry(day, amount))
        day -= timedelta(days=1)
    return tuple(found)


def _large(recipe: Recipe, book: Book) -> Decimal:
    """Return an amount that gives every figure of a table all its points, or none."""
    figures = recipe.calculation.figures
    return max(Decimal(one.full_at or _USUAL) for one in figures if one.table == book.table)

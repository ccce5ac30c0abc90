"""
Calculated elements beside those of the source: a score is sent, compared and hashed like any value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from klarsyn.people.meaning import Kind
from klarsyn.people.person import Batch, Column
from klarsyn.people.rejected import Rejections
from klarsyn.people.scores import Scores, tables
from klarsyn.personal import Personal

if TYPE_CHECKING:
    from datetime import date

    from klarsyn.people.source import Source
    from klarsyn.register.company import ScoreCard

Calculated = Mapping[str, Scores]
"""By data element: everybody's score."""


class ScoresOfDay(Calculated):
    """
    Everybody's scores on a day, by data element; each is calculated when it is first asked for.

    Those of a card whose tables the source does not map are not among them, nor an element that the
    source has a column for.
    """

    def __init__(self, source: Source, day: date) -> None:
        """Read nothing yet."""
        self._source = source
        self._day = day
        self._made: dict[str, Scores] = {}
        self.rejected = Rejections()
        """Rows of the tables that were wrong, of those that were read."""

    @cached_property
    def _cards(self) -> dict[str, ScoreCard]:
        return dict(_cards(self._source))

    def __getitem__(self, element: str) -> Scores:
        if element not in self._made:
            rows = tables(self._source, self.rejected)
            self._made[element] = Scores.of(rows, self._cards[element], self._day)
        return self._made[element]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)


def _cards(source: Source) -> Iterator[tuple[str, ScoreCard]]:
    register, settings = source.register, source.settings
    for name, element in register.elements.items():
        card = register.scores.get(element.score or "")
        if card is None or card.calculation is None or name in settings.columns:
            continue
        if {one.table for one in card.calculation.figures} <= settings.tables.keys():
            yield name, card


def with_calculated(batch: Batch, calculated: Calculated, only: Collection[str]) -> Batch:
    """Return a batch with the scores of its people as further elements, as far as named."""
    wanted = [one for one in calculated if one in only]
    if not wanted:
        return batch
    columns = dict(batch.columns)
    for element in wanted:
        scores = calculated[element]
        values = [scores.of_person(Personal(key)).sent.reveal() for key in batch.keys]
        columns[element] = Column(Kind.TEXT, about_person=True, sent=values, normal=values)
    return replace(batch, columns=columns)

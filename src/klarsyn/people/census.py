"""
What a source holds, counted: for whoever maps it, and to be compared with what they expect.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from klarsyn.people.rejected import Reject
    from klarsyn.people.source import Source


@dataclass(frozen=True, slots=True)
class Census:
    """Counts without a value of anybody's."""

    people: int
    populations: dict[str, int]
    values: dict[str, int]
    """How many people have a value, by data element."""
    national_ids: dict[str, int]
    """How many values are, or may be, national ids, by data element (R90)."""
    rows: dict[str, int]
    """Of other tables, by their names."""


def census(source: Source, reject: Reject) -> Census:
    """Read all people and all tables once, and count them."""
    settings = source.settings
    people = 0
    populations = Counter(dict.fromkeys(settings.populations, 0))
    values = Counter(dict.fromkeys(settings.columns, 0))
    national: Counter[str] = Counter()
    for batch in source.read(reject):
        people += len(batch)
        for belongs in batch.populations:
            populations.update(belongs)
        for element, column in batch.columns.items():
            values[element] += len(batch) - column.sent.count("")
            national[element] += len(column.national)
    return Census(
        people=people,
        populations=dict(populations),
        values=dict(values),
        national_ids={element: count for element, count in national.items() if count},
        rows={name: sum(1 for _ in source.table(name, reject)) for name in settings.tables},
    )

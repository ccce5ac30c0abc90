"""
Tables of the company's source, as scores read them: whose row, on which day, how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from klarsyn.errors import ScoreTableMissing, said
from klarsyn.people.cells import folded
from klarsyn.people.rejected import Rejections
from klarsyn.people.tables import kind_of

if TYPE_CHECKING:
    from klarsyn.people.rejected import Reject
    from klarsyn.people.source import Source
    from klarsyn.personal import Personal

DAY, AMOUNT = "on", "amount"
"""The names under which klarsyn.yaml maps the columns that scores read."""


@dataclass(frozen=True, slots=True, repr=False)
class Dated:
    """A row of a table."""

    key: Personal[str]
    on: date
    amount: Decimal | None


def tables(source: Source, reject: Reject) -> dict[str, Iterator[Dated]]:
    """
    Return every other table of the source, each to be read once; `reject` takes wrong rows.

    ScoreTableMissing, when it is read, where a table has no column for the day.
    """
    return {name: _rows(source, name, reject) for name in source.settings.tables}


def _rows(source: Source, name: str, reject: Reject) -> Iterator[Dated]:
    table = source.settings.tables[name]
    typed = {one: kind_of(table, one) for one in table.columns}
    if typed.get(DAY) != "date":
        what = said("A score needs the days of the table '{table}'.", table=name)
        raise ScoreTableMissing(what, said("Map its column `on` in klarsyn.yaml, as a date."))
    has_amounts = typed.get(AMOUNT) == "number"
    for row in source.table(name, reject):
        on, amount = row[DAY], row[AMOUNT] if has_amounts else None
        assert isinstance(on, date)  # noqa: S101  (its type, as asked above)
        assert amount is None or isinstance(amount, Decimal)  # noqa: S101  (the same)
        yield Dated(row.key, on, amount)


def is_known(source: Source, key: Personal[str]) -> bool:
    """
    Tell whether the source has a person with this key, also in a row that is wrong.

    Rows are read until one is found.
    """
    rejected = Rejections()
    wanted = folded(key.reveal())
    return any(wanted in batch.keys for batch in source.read(rejected)) or key in rejected.keys

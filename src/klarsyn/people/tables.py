"""
Rows about people that stand beside them, such as their orders; scores are calculated from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from klarsyn.errors import Message, said
from klarsyn.people.cells import Faults, cleaned, folded
from klarsyn.people.mapping import NO_KEY, form_of
from klarsyn.people.normal import NO_DATE, NO_NUMBER, Form, day, number
from klarsyn.people.rejected import Reject, Rejected
from klarsyn.personal import Personal

if TYPE_CHECKING:
    from klarsyn.sourcesettings import SourceTable
    from klarsyn.transport.source import Chunk

Value = date | Decimal | str

_USUAL: Final = {"on": "date", "amount": "number"}
_EMPTY: Final = said("there is no value")
_Read = Callable[[str, Form], Value | None]


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row: whose it is, and its values by the names of klarsyn.yaml."""

    key: Personal[str]
    """Casefolded, as that of the person."""
    line: int
    values: dict[str, Value]

    def __getitem__(self, name: str) -> Value:
        """Return a value: a date, an exact number, or a text, which may be empty."""
        return self.values[name]

    def __repr__(self) -> str:
        """Return the line in the source, and nothing else."""
        return f"<Row of line {self.line}>"


def kind_of(table: SourceTable, name: str) -> str:
    """Return date, number or text: what is said of a name, else what it usually is."""
    return table.types.get(name) or _USUAL.get(name, "text")


def rows(table: SourceTable, chunk: Chunk, reject: Reject) -> Iterator[Row]:
    """Yield the rows of a chunk that are right; refuse the others with every mistake."""
    form = form_of(table)
    wanted = wanted_of(table)
    texts: dict[str, list[str]] = {}
    faults: dict[str, Faults] = {}
    for name, values in zip(wanted, chunk.columns, strict=True):
        texts[name], faults[name] = cleaned(values)
    keys = [folded(one) for one in texts[table.key]]
    faults[table.key] |= {at: NO_KEY for at, one in enumerate(keys) if not one}
    typed: dict[str, Sequence[Value]] = {}
    for name, column in table.columns.items():
        typed[name], wrong = _typed(texts[column], kind_of(table, name), form)
        faults[column] = wrong | faults[column]
    for one in chunk.broken:
        reject(Rejected(one.line, "", one.what))
    for at, key in enumerate(keys):
        mistakes = [(column, one[at]) for column, one in faults.items() if at in one]
        for column, reason in mistakes:
            reject(Rejected(chunk.lines[at], column, reason, Personal(key) if key else None))
        if not mistakes:
            yield Row(Personal(key), chunk.lines[at], {name: typed[name][at] for name in typed})


def wanted_of(table: SourceTable) -> list[str]:
    """Return the columns that are read, each once."""
    return list(dict.fromkeys([table.key, *table.columns.values()]))


def _typed(texts: list[str], kind: str, form: Form) -> tuple[Sequence[Value], Faults]:
    if kind == "text":
        return texts, {}
    read, fault = _READ[kind]
    found = [read(text, form) for text in texts]
    faults = {at: fault if texts[at] else _EMPTY for at, one in enumerate(found) if one is None}
    return [one if one is not None else "" for one in found], faults


_READ: Final[dict[str, tuple[_Read, Message]]] = {
    "date": (day, NO_DATE),
    "number": (number, NO_NUMBER),
}

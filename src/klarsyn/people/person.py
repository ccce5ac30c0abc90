"""
A person of the company's own, as one row of the source tells; a batch of them is held in columns.

A person is a view of a row. Values are wrapped when somebody asks for one, which for a million
people with nine elements saves nine million objects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from klarsyn.people.identities import KINDS, Identity
from klarsyn.people.meaning import Kind
from klarsyn.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class Column:
    """A data element of all people of a batch; empty texts where somebody has no value."""

    kind: Kind
    about_person: bool
    sent: Sequence[str]
    normal: Sequence[str]
    national: frozenset[int] = frozenset()
    """Rows whose organisation number is, or may be, a national id (R90)."""


@dataclass(frozen=True, slots=True, repr=False)
class Batch(Sequence["Person"]):
    """People in the order of the source, up to 1,000. Its columns stay within this package."""

    keys: Sequence[str]
    lines: Sequence[int]
    customers: Sequence[str]
    countries: Sequence[str]
    sole_traders: Sequence[bool]
    populations: Sequence[frozenset[str]]
    columns: Mapping[str, Column]

    def revealed(self, elements: Collection[str]) -> Iterable[tuple[str, ...]]:
        """Return of each person what is sent of some elements; empty where there is no value."""
        none = [""] * len(self.keys)
        columns = (self.columns[one].sent if one in self.columns else none for one in elements)
        return zip(*columns, strict=True)

    def __len__(self) -> int:
        """Return how many people."""
        return len(self.keys)

    @overload
    def __getitem__(self, at: int) -> Person: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Person]: ...
    def __getitem__(self, at: int | slice) -> Person | Sequence[Person]:
        """Return a person, or some of them."""
        if isinstance(at, slice):
            return [Person(self, one) for one in range(*at.indices(len(self.keys)))]
        return Person(self, range(len(self.keys))[at])

    def __iter__(self) -> Iterator[Person]:
        """Yield every person."""
        for at in range(len(self.keys)):
            yield Person(self, at)

    def __repr__(self) -> str:
        """Return how many people; their values are not shown."""
        return f"<Batch of {len(self.keys)} people>"


class Person:
    """One person. The key is casefolded; values are as written, and no value is no entry."""

    __slots__ = ("_at", "_batch")

    def __init__(self, batch: Batch, at: int) -> None:
        """See the row of a batch."""
        self._batch = batch
        self._at = at

    def __repr__(self) -> str:
        """Return the line in the source, and nothing else."""
        return f"<Person of line {self.line}>"

    @property
    def key(self) -> Personal[str]:
        """The company's own key, casefolded."""
        return Personal(self._batch.keys[self._at])

    @property
    def line(self) -> int:
        """The line of the source, or the number of the row in a database."""
        return self._batch.lines[self._at]

    @property
    def customer(self) -> str:
        """Whose contract counts: an id of customers.yaml, casefolded."""
        return self._batch.customers[self._at]

    @property
    def country(self) -> str:
        """The two letters of ISO 3166."""
        return self._batch.countries[self._at]

    @property
    def sole_trader(self) -> bool:
        """Whether the source says that the firm is the person."""
        return self._batch.sole_traders[self._at]

    @property
    def populations(self) -> frozenset[str]:
        """The populations that the person belongs to."""
        return self._batch.populations[self._at]

    @property
    def values(self) -> Mapping[str, Personal[str]]:
        """What is sent, by data element: the original, in NFC, dates in ISO 8601."""
        return _Values(self._batch.columns, self._at, normal=False)

    @property
    def normal(self) -> Mapping[str, Personal[str]]:
        """What is compared and hashed, by data element."""
        return _Values(self._batch.columns, self._at, normal=True)

    @property
    def national_ids(self) -> frozenset[str]:
        """Elements whose value is, or may be, a national id, so that the gate decides (R90)."""
        columns = self._batch.columns.items()
        return frozenset(element for element, one in columns if self._at in one.national)

    @property
    def identities(self) -> tuple[Identity, ...]:
        """What the person is known again by; see hashes.Hashes.identities."""
        return tuple(
            Identity(KINDS[one.kind], Personal(one.normal[self._at]), element, one.about_person)
            for element, one in self._batch.columns.items()
            if one.kind in KINDS and one.normal[self._at]
        )


class _Values(Mapping[str, Personal[str]]):
    """The values of one row that are there, each wrapped when it is asked for."""

    __slots__ = ("_at", "_columns", "_normal")

    def __init__(self, columns: Mapping[str, Column], at: int, *, normal: bool) -> None:
        self._columns = columns
        self._at = at
        self._normal = normal

    def _of(self, column: Column) -> str:
        return (column.normal if self._normal else column.sent)[self._at]

    def __getitem__(self, element: str) -> Personal[str]:
        value = self._of(self._columns[element])
        if not value:
            raise KeyError(element)
        return Personal(value)

    def __iter__(self) -> Iterator[str]:
        return (element for element, column in self._columns.items() if self._of(column))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr({element: self[element] for element in self})

"""
From columns of a source to people: what each column means, checked row by row.

A row with a mistake is refused as a whole, with every mistake in it, and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

from klarsyn.errors import Message, said
from klarsyn.language import COUNTRIES
from klarsyn.people.cells import Faults, cleaned, folded
from klarsyn.people.identities import is_national_id
from klarsyn.people.meaning import Kind, kind_of
from klarsyn.people.normal import Form, forms
from klarsyn.people.person import Batch, Column
from klarsyn.people.rejected import Reject, Rejected
from klarsyn.people.seen import Seen
from klarsyn.personal import Personal
from klarsyn.transport.source import Chunk

if TYPE_CHECKING:
    from klarsyn.register import Register
    from klarsyn.sourcesettings import SourceSettings, SourceTable

T = TypeVar("T")

Choose = Callable[[Sequence[str]], Sequence[int]]
"""From keys, casefolded, to the places of those whose rows are wanted."""
NO_KEY: Final = said("the row has no key")
NO_CUSTOMER: Final = said("the row does not say whose contract counts")
NO_COUNTRY: Final = said("this is no country: write the two letters of ISO 3166, such as DK")
NO_ANSWER: Final = said("this is neither yes nor no")
_ANSWERS: Final = {
    **dict.fromkeys(("yes", "true", "1", "ja"), True),
    **dict.fromkeys(("no", "false", "0", "nej", "nei", ""), False),
}
"""Of a sole trader; where nothing is said, the number itself tells in Sweden."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A data element and the column that holds it."""

    element: str
    column: str
    kind: Kind
    about_person: bool


@dataclass(slots=True)
class Mapping:
    """What the columns of a source mean."""

    settings: SourceSettings
    mapped: tuple[Mapped, ...]
    form: Form
    seen: Seen = field(default_factory=Seen)

    @classmethod
    def of(cls, settings: SourceSettings, register: Register) -> Mapping:
        """Return the mapping of a source without problems; see checking.problems."""
        found = []
        for element, column in settings.columns.items():
            declared = register.elements[element]
            about_person = declared.about == "person"
            found.append(Mapped(element, column, kind_of(declared), about_person))
        return cls(settings, tuple(found), form_of(settings))

    @property
    def wanted(self) -> list[str]:
        """The columns that are read, each once."""
        return list(dict.fromkeys(named(self.settings).values()))

    def chosen(self, chunk: Chunk, choose: Choose) -> Chunk:
        """Return the rows of a chunk whose keys are chosen; of the others nothing else is read."""
        keys, _ = cleaned(chunk.columns[self.wanted.index(self.settings.key)])
        places = choose([folded(one) for one in keys])
        if len(places) == len(keys):
            return chunk
        columns = [[column[at] for at in places] for column in chunk.columns]
        return Chunk([chunk.lines[at] for at in places], columns, chunk.broken)

    def batch(self, chunk: Chunk, reject: Reject) -> Batch:
        """Return the people of a chunk whose rows are right, in order; refuse the others."""
        rows = _Rows(chunk, self.wanted)
        settings = self.settings
        keys = [folded(one) for one in rows.text(settings.key)]
        rows.blame(settings.key, {at: NO_KEY for at, one in enumerate(keys) if not one})
        countries = self._countries(rows)
        traders = _sole_traders(rows, settings.sole_trader)
        columns = {one.element: self._column(rows, one, countries, traders) for one in self.mapped}
        customers = keys
        if column := settings.customer:
            customers = [folded(one) for one in rows.text(column)]
            rows.blame(column, {at: NO_CUSTOMER for at, one in enumerate(customers) if not one})
        before = self.seen.add(keys, chunk.lines)
        rows.blame(settings.key, {at: _again(line) for at, line in before.items()})
        whole = Batch(
            keys, chunk.lines, customers, countries, traders, self._populations(rows), columns
        )
        if not (rows.faults or chunk.broken):
            return whole
        for one in rows.rejections(keys, chunk):
            reject(one)
        return _without(whole, rows.faults)

    def _countries(self, rows: _Rows) -> list[str]:
        if fixed := fixed_country(self.settings):
            return [fixed] * rows.count
        countries = [one.upper() for one in rows.text(self.settings.country)]
        if not COUNTRIES.issuperset(countries):
            wrong = {at: NO_COUNTRY for at, one in enumerate(countries) if one not in COUNTRIES}
            rows.blame(self.settings.country, wrong)
        return countries

    def _column(
        self, rows: _Rows, one: Mapped, countries: list[str], traders: list[bool]
    ) -> Column:
        found = forms(one.kind, rows.text(one.column), countries, self.form)
        rows.blame(one.column, found.faults)
        national: frozenset[int] = frozenset()
        if one.kind is Kind.ORGANISATION_NUMBER:
            asked = zip(found.normal, traders, strict=True)
            national = frozenset(
                at
                for at, (number, trader) in enumerate(asked)
                if number and is_national_id(number, sole_trader=trader)
            )
        return Column(one.kind, one.about_person, found.sent, found.normal, national)

    def _populations(self, rows: _Rows) -> list[frozenset[str]]:
        """Return to which populations each row belongs; sets that are equal are one."""
        populations = self.settings.populations
        members = []
        for conditions in populations.values():
            is_in = [True] * rows.count
            for column, accepted in conditions.items():
                texts = rows.text(column)
                is_in = [one and text in accepted for one, text in zip(is_in, texts, strict=True)]
            members.append(is_in)
        if not members:
            return [frozenset()] * rows.count
        known: dict[tuple[bool, ...], frozenset[str]] = {}
        return [
            known.get(row) or known.setdefault(row, _named(populations, row))
            for row in zip(*members, strict=True)
        ]


class _Rows:
    """The columns of a chunk as texts, and what is wrong with its rows."""

    def __init__(self, chunk: Chunk, names: Sequence[str]) -> None:
        self.count = len(chunk.lines)
        self.faults: dict[int, list[tuple[str, Message]]] = {}
        self._texts: dict[str, list[str]] = {}
        for name, values in zip(names, chunk.columns, strict=True):
            self._texts[name], faults = cleaned(values)
            self.blame(name, faults)

    def text(self, name: str) -> list[str]:
        """Return a column."""
        return self._texts[name]

    def blame(self, column: str, faults: Faults) -> None:
        """Keep what is wrong with a column; one that is damaged already is not judged again."""
        for at, reason in faults.items():
            known = self.faults.setdefault(at, [])
            if column not in [one for one, _ in known]:
                known.append((column, reason))

    def rejections(self, keys: Sequence[str], chunk: Chunk) -> Iterable[Rejected]:
        """Yield what is wrong, in the order of lines."""
        mine = (
            Rejected(chunk.lines[at], column, reason, Personal(keys[at]) if keys[at] else None)
            for at, told in self.faults.items()
            for column, reason in told
        )
        broken = (Rejected(one.line, "", one.what) for one in chunk.broken)
        return sorted(chain(mine, broken), key=lambda one: one.line)


def named(settings: SourceSettings) -> dict[str, str]:
    """Return every column that a source names, by where: `columns/person.email`."""
    found = {"key": settings.key}
    if settings.customer:
        found["customer"] = settings.customer
    if not fixed_country(settings):
        found["country"] = settings.country
    if settings.sole_trader:
        found["sole_trader"] = settings.sole_trader
    found |= {f"columns/{element}": column for element, column in settings.columns.items()}
    found |= {
        f"populations/{name}/{column}": column
        for name, conditions in settings.populations.items()
        for column in conditions
    }
    return found


def fixed_country(settings: SourceSettings) -> str:
    """Return the country of everybody; nothing where a column tells it."""
    return settings.country if settings.country in COUNTRIES else ""


def form_of(settings: SourceSettings | SourceTable) -> Form:
    """Return how numbers and dates are written: as declared, and in ISO 8601 in a database."""
    return Form(settings.form.decimal, settings.form.date) if settings.form else Form()


def _again(line: int) -> Message:
    return said("the key stands on line {line} already", line=line)


def _sole_traders(rows: _Rows, column: str | None) -> list[bool]:
    if not column:
        return [False] * rows.count
    answers = [_ANSWERS.get(one.casefold()) for one in rows.text(column)]
    rows.blame(column, {at: NO_ANSWER for at, one in enumerate(answers) if one is None})
    return [bool(one) for one in answers]


def _named(names: Iterable[str], row: tuple[bool, ...]) -> frozenset[str]:
    return frozenset(name for name, is_in in zip(names, row, strict=True) if is_in)


def _without(batch: Batch, rows: Iterable[int]) -> Batch:
    """Return a batch without some of its rows."""
    gone = set(rows)
    kept = [at for at in range(len(batch)) if at not in gone]

    def of(values: Sequence[T]) -> list[T]:
        return [values[at] for at in kept]

    columns = {
        element: Column(
            one.kind,
            one.about_person,
            of(one.sent),
            of(one.normal),
            frozenset(at for at, old in enumerate(kept) if old in one.national),
        )
        for element, one in batch.columns.items()
    }
    return Batch(
        of(batch.keys),
        of(batch.lines),
        of(batch.customers),
        of(batch.countries),
        of(batch.sole_traders),
        of(batch.populations),
        columns,
    )

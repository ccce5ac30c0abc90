"""
The journal as it lies in the database: its head, its entries in order, the hashes of its tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeVar, cast

import msgspec

from klarsyn.errors import JournalDamaged, Message, said
from klarsyn.journal import tree
from klarsyn.journal.checkpoints import State
from klarsyn.journal.entries import Entry, Row, decoded
from klarsyn.storage import Storage, Value

T = TypeVar("T")

#: Entries that are held at once while many are read.
BATCH: Final = 500
_NODES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the journal, to which the next entry is added."""

    journal: str
    size: int
    head: bytes
    """The hash of the last entry; the journal's id where there is none."""
    peaks: bytes

    @property
    def frontier(self) -> tree.Frontier:
        """What the tree needs to grow; JournalDamaged where it cannot be that of this size."""
        peaks = tuple(
            self.peaks[at : at + tree.BYTES] for at in range(0, len(self.peaks), tree.BYTES)
        )
        if len(peaks) != self.size.bit_count() or len(self.peaks) % tree.BYTES:
            raise damaged(said("the head of the journal was altered"))
        return tree.Frontier(self.size, peaks)

    @property
    def state(self) -> State:
        """What a checkpoint says of it."""
        return State(self.journal, self.size, self.frontier.root, self.head.hex())


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of the table of entries: the text, and what stands beside it to search by."""

    number: int
    key: str
    kind: str
    vendor: str
    at: str
    entry: str
    hashes: bytes

    def read(self) -> Entry:
        """Return the entry; JournalDamaged where it is none, or where what is beside it differs."""
        try:
            entry = decoded(self.entry)
        except (msgspec.DecodeError, UnicodeEncodeError):
            raise damaged(said("its text is not an entry"), self.number) from None
        for name in ("number", "key", "kind", "vendor", "at"):
            if getattr(entry, name) != getattr(self, name):
                what = said("its column {name} says something else", name=name)
                raise damaged(what, self.number)
        return entry


class Selection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries are asked for; what is blank asks for all."""

    vendor: str = ""
    kind: str = ""
    subject: str = ""
    """Only entries that have a row on this subject."""
    since: str = ""
    """A day or an instant in UTC, as the texts have it."""


def head(storage: Storage) -> Head | None:
    """Return the head; None where nothing was ever recorded."""
    found = storage.read(_typed(Head), "journal_head")
    return found[0] if found else None


def batches(storage: Storage, upto: int, wanted: Selection) -> Iterator[list[Recorded]]:
    """Yield the selected entries up to a number, in order, a batch at a time."""
    values = {"vendor": wanted.vendor, "kind": wanted.kind, "since": wanted.since}
    query = "journal_entries"
    if wanted.subject:
        query, values = "journal_entries_of_subject", values | {"subject": wanted.subject}
    after = 0
    while True:
        found = storage.read(_typed(Recorded), query, after=after, upto=upto, most=BATCH, **values)
        if not found:
            return
        yield found
        after = found[-1].number


def rows(storage: Storage, first: int, last: int) -> dict[int, list[Row]]:
    """Return people's rows of a range of entries."""
    found = storage.read(_typed(Row), "journal_rows", first=first, last=last)
    return {number: list(of) for number, of in groupby(found, key=lambda row: row.entry)}


def hashes(storage: Storage) -> tree.Hashes:
    """
    Return the tree as it is stored: an entry holds its own hash and those of what it completes.

    JournalDamaged where one is missing.
    """

    @lru_cache(_NODES)
    def of(number: int) -> bytes:
        found = storage.run("journal_hashes", number=number)
        return cast("bytes", found[0][0]) if found else b""

    def at(level: int, position: int) -> bytes:
        number = (position + 1) << level
        found = of(number)[level * tree.BYTES : (level + 1) * tree.BYTES]
        if len(found) != tree.BYTES:
            raise damaged(said("a hash of the tree is missing"), number)
        return found

    return at


def _typed(kind: type[T]) -> Callable[..., T]:
    """Return what makes a row's columns a value; SQLite lets somebody put bytes where text was."""

    def made(**columns: Value) -> T:
        try:
            return msgspec.convert(columns, kind, builtin_types=(bytes,))
        except msgspec.ValidationError:
            raise damaged(said("a column holds another kind of value")) from None

    return made


def damaged(what: Message, number: int = 0) -> JournalDamaged:
    """Return what is wrong with an entry, or with the whole, and what to do about it."""
    place = said("Entry {number}: {what}.", number=number, what=what) if number else None
    return JournalDamaged(
        place or said("Journal: {what}.", what=what),
        said("Find out who could write to the database, and restore a backup of before that."),
        number=number,
    )

"""
Verifies the journal where it lies: every entry, every row, the tree and each checkpoint.

It reads and hashes everything once, in memory that does not grow with the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from klarsyn.errors import JournalDamaged, Message, said
from klarsyn.journal import reading, tree
from klarsyn.journal.checkpoints import Checkpoint
from klarsyn.journal.entries import Entry, Row, named
from klarsyn.journal.journal import ALL, rows_root
from klarsyn.journal.notes import PublicKey
from klarsyn.journal.reading import Head, Recorded, damaged
from klarsyn.storage import Storage

#: What a journal without a head is told to have: nothing.
_NONE: Final = Head("", 0, b"", b"")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was verified, and the first thing that is wrong."""

    entries: int
    """How many were read and are as they were written."""
    checkpoint: Checkpoint | None = None
    """The newest one whose signature and root hold."""
    key: PublicKey | None = None
    """The key that signed it."""
    unsigned: int = 0
    """Entries after the newest checkpoint: their chain holds, and nobody has signed them yet."""
    damage: JournalDamaged | None = None
    own_key: bool = False
    """Whether the key came with the evidence: then it proves nothing until it is compared."""


def verify(
    storage: Storage, trusted: Sequence[PublicKey], kept: Sequence[Checkpoint] = ()
) -> Verdict:
    """
    Return what the journal of a storage is worth, by keys that are trusted.

    `kept` are checkpoints that somebody has elsewhere; without one, nobody can tell a journal that
    was cut off together with its checkpoints from a younger one.
    """
    # Before the head, so that a checkpoint of what is appended meanwhile is not one too many.
    stored = [(size, str(note)) for size, note in storage.run("journal_checkpoints")]
    walk = _Walk(storage, trusted)
    try:
        walk.expect(stored, kept)
        walk.go()
    except JournalDamaged as damage:
        return walk.verdict(damage)
    return walk.verdict()


@dataclass
class _Walk:
    """From the first entry to the head."""

    storage: Storage
    trusted: Sequence[PublicKey]
    head: Head = _NONE
    frontier: tree.Frontier = field(default_factory=tree.Frontier)
    previous: str = ""
    signed: dict[int, list[tuple[Checkpoint, PublicKey]]] = field(default_factory=dict)
    newest: tuple[Checkpoint, PublicKey] | None = None

    def expect(self, stored: Iterable[tuple[object, str]], kept: Sequence[Checkpoint]) -> None:
        """Note what has to hold at which size; a signature that is wrong is told at once."""
        self.head = reading.head(self.storage) or _NONE
        self.previous = self.head.journal
        notes = [(size, note) for size, note in stored]
        notes += [(one.size, one.note) for one in kept]
        for size, note in notes:
            checkpoint, key = Checkpoint.verified(note, self.trusted)
            if checkpoint.size != size:
                raise damaged(said("a checkpoint lies where another one was"))
            if checkpoint.size > self.head.size or checkpoint.journal != self.head.journal:
                raise damaged(_elsewhere(checkpoint, self.head.size, self.head.journal))
            self.signed.setdefault(checkpoint.size, []).append((checkpoint, key))

    def go(self) -> None:
        """Read all, and stop at the first thing that is wrong."""
        self._at_size()
        for batch in reading.batches(self.storage, self.head.size, ALL):
            rows = reading.rows(self.storage, self.frontier.size + 1, batch[-1].number)
            for one in batch:
                self._entry(one, rows.get(one.number, []))
        if self.frontier.size < self.head.size:
            raise damaged(said("it is missing"), self.frontier.size + 1)
        if (self.previous, self.frontier) != (
            self.head.head.hex() if self.head.size else self.head.journal,
            self.head.frontier,
        ):
            raise damaged(said("the head is not the last entry"), self.head.size)
        self._strays()

    def _entry(self, one: Recorded, rows: list[Row]) -> None:
        number = self.frontier.size + 1
        if one.number != number:
            raise damaged(said("it is missing"), number)
        entry = one.read()
        if entry.previous != self.previous:
            raise damaged(said("it does not name the entry before it"), number)
        frontier, hashes = self.frontier.grown(tree.leaf(one.entry.encode()))
        if one.hashes != b"".join(hashes):
            raise damaged(said("its text is not the one that was hashed"), number)
        check_rows(entry, rows)
        self.frontier, self.previous = frontier, hashes[0].hex()
        self._at_size()

    def _at_size(self) -> None:
        """Compare with the checkpoints of just so many entries."""
        for checkpoint, key in self.signed.get(self.frontier.size, []):
            if (checkpoint.root, checkpoint.head) != (self.frontier.root, self.previous):
                what = said(
                    "all up to here is not what the checkpoint of {at} signs", at=checkpoint.at
                )
                raise damaged(what, self.frontier.size)
            self.newest = checkpoint, key

    def _strays(self) -> None:
        counts = [*self.storage.run("journal_strays"), *self.storage.run("journal_orphans")]
        if any(count for row in counts for count in row):
            raise damaged(said("there are entries or rows that no head knows"))

    def verdict(self, damage: JournalDamaged | None = None) -> Verdict:
        """Return how far it came."""
        checkpoint, key = self.newest or (None, None)
        signed = checkpoint.size if checkpoint else 0
        return Verdict(self.frontier.size, checkpoint, key, self.frontier.size - signed, damage)


def _elsewhere(checkpoint: Checkpoint, count: int, journal: str) -> Message:
    return said(
        "a checkpoint signs {size} entries of journal {one}, and here are {count} of {another}",
        size=checkpoint.size,
        one=checkpoint.journal[:8],
        count=count,
        another=journal[:8] or "-",
    )


def check_rows(entry: Entry, rows: Sequence[Row]) -> None:
    """Refuse rows of people that are not those whose root an entry holds: JournalDamaged."""
    positions = [row.position for row in rows]
    try:
        for row in rows:
            named(row.subject)
        holds = positions == [*range(entry.rows)] and rows_root(rows).hex() == entry.rows_root
    except ValueError:
        holds = False
    if not holds:
        raise damaged(
            said("its rows of people are not those that it was written with"), entry.number
        )

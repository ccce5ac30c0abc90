"""
Verifies evidence in a file, with nothing but the file and public keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from klarsyn.errors import EvidenceUnread, JournalDamaged, Message, said
from klarsyn.journal import tree
from klarsyn.journal.checkpoints import Checkpoint
from klarsyn.journal.entries import Entry, decoded
from klarsyn.journal.export import Earlier, ExportedEntry, ExportedRow, Line, Opening, Seal, sealed
from klarsyn.journal.notes import PublicKey, opened
from klarsyn.journal.reading import Selection
from klarsyn.journal.verification import Verdict

L = TypeVar("L", bound=Line)


class RowText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row's text says."""

    facts: dict[str, object]
    subject: str


def verify_file(
    file: Path, trusted: Sequence[PublicKey] = (), kept: Sequence[Checkpoint] = ()
) -> Verdict:
    """
    Return what a file of evidence is worth, by keys that are trusted.

    Without any, its own keys are used and the verdict says so. `kept` are checkpoints that the
    reader has: the file has to prove that it goes on from each.
    """
    walk = _File(list(trusted), kept)
    try:
        with file.open("rb") as lines:
            walk.go(lines)
    except JournalDamaged as damage:
        return walk.verdict(damage)
    return walk.verdict()


class _File:
    """From the first line to the seal."""

    def __init__(self, trusted: list[PublicKey], kept: Sequence[Checkpoint]) -> None:
        self._own_key = not trusted
        self._trusted = trusted
        self._kept = kept
        self._count = 0
        self._last: Entry | None = None
        self._selection = Selection()
        self._checkpoint: Checkpoint | None = None
        self._key: PublicKey | None = None

    def go(self, lines: Iterator[bytes]) -> None:
        """Read all, and stop at the first thing that is wrong."""
        digest = sha256()
        first = next(lines, b"")
        checkpoint = self._opening(_line(first, Opening, 1))
        digest.update(first)
        number, waiting = 2, next(lines, b"")
        for following in lines:
            digest.update(waiting)
            self._entry(_line(waiting, ExportedEntry, number), checkpoint)
            number, waiting = number + 1, following
        self._seal(_line(waiting, Seal, number), sealed(checkpoint.journal, digest.hexdigest()))
        if self._selection == Selection() and self._count != checkpoint.size:
            raise _damaged(said("it should hold all entries, and some are missing"))

    def verdict(self, damage: JournalDamaged | None = None) -> Verdict:
        """Return how far it came."""
        return Verdict(
            entries=self._count,
            checkpoint=self._checkpoint,
            key=self._key,
            damage=damage,
            own_key=self._own_key,
        )

    def _opening(self, first: Opening) -> Checkpoint:
        if self._own_key:
            try:
                self._trusted = [PublicKey.read(key) for key in first.keys]
            except EvidenceUnread as error:
                raise _damaged(error.message) from None
        self._selection = first.selection
        self._checkpoint, self._key = Checkpoint.verified(first.checkpoint, self._trusted)
        if first.earlier:
            self._earlier(first.earlier, self._checkpoint)
        proved = {self._checkpoint.note, first.earlier.checkpoint if first.earlier else ""}
        for one in self._kept:
            self._goes_on_from(one, self._checkpoint, proved)
        return self._checkpoint

    def _earlier(self, earlier: Earlier, now: Checkpoint) -> None:
        before, _ = Checkpoint.verified(earlier.checkpoint, self._trusted)
        if before.journal != now.journal or not _begins_with(before, now, earlier.proof):
            raise _damaged(said("its tree does not begin with that of the earlier checkpoint"))

    def _goes_on_from(self, kept: Checkpoint, now: Checkpoint, proved: set[str]) -> None:
        """Refuse a file that does not prove to go on from a checkpoint that the reader has."""
        Checkpoint.verified(kept.note, self._trusted)
        same = (kept.journal, kept.size, kept.root) == (now.journal, now.size, now.root)
        if kept.note in proved or same:
            return
        if kept.journal == now.journal and kept.size < now.size:
            raise _damaged(said("it does not prove to go on from the checkpoint that is given"))
        raise _damaged(said("it cannot go on from the checkpoint that is given"))

    def _entry(self, one: ExportedEntry, checkpoint: Checkpoint) -> None:
        text = one.entry.encode()
        try:
            entry = decoded(text)
            found = tree.leaf(text)
            proof = _hashes(one.proof)
            root = tree.root_by_inclusion(found, entry.number - 1, checkpoint.size, proof)
        except (msgspec.DecodeError, tree.ProofWrong):
            root, entry = b"", None
        if entry is None or root != checkpoint.root:
            number = entry.number if entry else 0
            raise _damaged(said("an entry is not one that the checkpoint signs"), number)
        self._in_order(entry)
        self._selected(entry, one.rows)
        self._count, self._last = self._count + 1, entry

    def _in_order(self, entry: Entry) -> None:
        last = self._last
        if last and entry.number <= last.number:
            raise _damaged(said("it stands twice or out of order"), entry.number)
        if last and entry.number == last.number + 1 and entry.previous != last.hashed.hex():
            raise _damaged(said("it does not name the entry before it"), entry.number)

    def _selected(self, entry: Entry, rows: Sequence[ExportedRow]) -> None:
        wanted = self._selection
        fits = wanted.vendor in {"", entry.vendor} and wanted.kind in {"", entry.kind}
        if not fits or entry.at < wanted.since or bool(rows) != bool(wanted.subject):
            raise _damaged(said("it is not one that was selected"), entry.number)
        for row in rows:
            text = row.row.encode()
            try:
                subject = msgspec.json.decode(text, type=RowText).subject
                proof = _hashes(row.proof)
                root = tree.root_by_inclusion(tree.leaf(text), row.position, entry.rows, proof)
            except (msgspec.DecodeError, tree.ProofWrong):
                subject, root = "", b""
            if subject != wanted.subject or root.hex() != entry.rows_root:
                what = said("a row of it is not one that it was written with")
                raise _damaged(what, entry.number)

    def _seal(self, seal: Seal, expected: str) -> None:
        body, _ = opened(seal.seal, self._trusted)
        if body != expected:
            raise _damaged(said("the file was altered after it was sealed"))


def _line(text: bytes, kind: type[L], number: int) -> L:
    """Return what a line says; one that could be written otherwise was not written by Klarsyn."""
    try:
        found = msgspec.json.decode(text, type=kind)
        if found.text() == text:
            return found
    except (msgspec.DecodeError, UnicodeError):
        pass
    raise _damaged(said("line {number} is not what Klarsyn writes there", number=number))


def _begins_with(before: Checkpoint, now: Checkpoint, proof: Sequence[str]) -> bool:
    """Return whether a proof leads to both roots; every tree begins with the empty one."""
    if not before.size:
        return not proof
    try:
        roots = tree.roots_by_consistency(before.size, before.root, now.size, _hashes(proof))
    except tree.ProofWrong:
        return False
    return roots == (before.root, now.root)


def _hashes(proof: Sequence[str]) -> list[bytes]:
    """Return the hashes of a proof; ProofWrong where one is not a hash."""
    try:
        return [bytes.fromhex(one) for one in proof]
    except ValueError:
        raise tree.ProofWrong("this is no hash") from None


def _damaged(what: Message, number: int = 0) -> JournalDamaged:
    place = said("Entry {number}: {what}.", number=number, what=what) if number else None
    return JournalDamaged(
        place or said("File: {what}.", what=what),
        said("Ask for the file again, and compare what both copies say."),
        number=number,
    )

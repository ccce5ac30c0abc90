"""
Evidence in a file, for somebody who has neither the database nor Klarsyn.

One JSON document a line: what is exported and the signed checkpoint, then an entry a line with the
proof that the checkpoint covers it, then a signed note with the SHA-256 of all lines before. The
form is told in docs/how-to/verify-evidence.md, so that fifty lines of any language verify it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import msgspec

from klarsyn.errors import said
from klarsyn.journal import reading, tree
from klarsyn.journal.checkpoints import Checkpoint
from klarsyn.journal.entries import Row
from klarsyn.journal.journal import Journal
from klarsyn.journal.notes import Signer, public_keys
from klarsyn.journal.reading import Recorded, Selection, damaged

ORIGIN: Final = "klarsyn-evidence/"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the file; the same value is always the same bytes."""

    def text(self) -> bytes:
        """Return the line with its end."""
        return msgspec.json.encode(self) + b"\n"


class Earlier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint that the reader had, and the proof that today's tree begins with its own."""

    checkpoint: str
    proof: list[str]


class Opening(Line, frozen=True):
    """The first line."""

    format: Literal[1]
    checkpoint: str
    keys: list[str]
    """Public keys that signed; they prove nothing until compared with those that are published."""
    selection: Selection
    earlier: Earlier | None


class ExportedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an entry says of one person, with its proof under the entry's own root."""

    position: int
    row: str
    proof: list[str]


class ExportedEntry(Line, frozen=True):
    """An entry as it was hashed, with its proof under the checkpoint's root."""

    entry: str
    proof: list[str]
    rows: list[ExportedRow]


class Seal(Line, frozen=True):
    """The last line."""

    seal: str


def sealed(journal: str, digest: str) -> str:
    """Return what the seal signs: the journal, and the hash of all lines before."""
    return f"{ORIGIN}{journal}\n{digest}\n"


def export(
    journal: Journal, file: Path, wanted: Selection, earlier: Checkpoint | None = None
) -> int:
    """
    Write the selected entries to a file, up to a checkpoint that is signed now; return how many.

    Rows of people are left out, but for the subject that was asked for. `earlier` is a checkpoint
    that the reader has. JournalDamaged where the journal would not prove what it says; then no
    file is made or changed.
    """
    made = Export(journal, wanted, earlier)
    part = file.with_name(f"{file.name}.part")
    digest = sha256()
    try:
        # Pseudonymous data of people are data of people: nobody else on the machine reads them.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for line in made.lines():
                text = line.text()
                out.write(text)
                digest.update(text)
            body = sealed(made.checkpoint.journal, digest.hexdigest())
            out.write(Seal(Signer(journal.keys).sign(body)).text())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return made.count


class Export:
    """The lines of a file, in order."""

    def __init__(self, journal: Journal, wanted: Selection, earlier: Checkpoint | None) -> None:
        """Sign a checkpoint of all there is, unless the newest one covers it."""
        self.checkpoint = journal.checkpoint()
        self.count = 0
        """How many entries have been given."""
        self._journal = journal
        self._wanted = wanted
        self._earlier = earlier
        self._hashes = reading.hashes(journal.storage)

    def lines(self) -> Iterator[Line]:
        """Give all but the seal."""
        keys = [str(key) for key in public_keys(self._journal.keys)]
        earlier = self._consistency(self._earlier) if self._earlier else None
        yield Opening(1, self.checkpoint.note, keys, self._wanted, earlier)
        for batch in reading.batches(self._journal.storage, self.checkpoint.size, self._wanted):
            for one in batch:
                self.count += 1
                yield self._exported(one)

    def _consistency(self, earlier: Checkpoint) -> Earlier:
        size = self.checkpoint.size
        if earlier.journal != self.checkpoint.journal or earlier.size > size:
            raise damaged(
                said(
                    "a checkpoint signs {size} entries of journal {one}, and here are {count} of "
                    "{another}",
                    size=earlier.size,
                    one=earlier.journal[:8],
                    count=size,
                    another=self.checkpoint.journal[:8],
                )
            )
        return Earlier(earlier.note, _hex(tree.consistency(self._hashes, earlier.size, size)))

    def _exported(self, one: Recorded) -> ExportedEntry:
        entry = one.read()
        index, size = entry.number - 1, self.checkpoint.size
        proof = tree.inclusion(self._hashes, index, size)
        hashed = tree.leaf(one.entry.encode())
        if tree.root_by_inclusion(hashed, index, size, proof) != self.checkpoint.root:
            raise damaged(said("its text is not the one that was hashed"), entry.number)
        rows = self._rows(entry.number) if self._wanted.subject else []
        return ExportedEntry(one.entry, _hex(proof), rows)

    def _rows(self, number: int) -> list[ExportedRow]:
        """Return the rows of the subject, with proofs that show nothing of the others'."""
        rows: list[Row] = self._journal.rows(number)
        hashes = tree.in_memory([tree.leaf(row.text()) for row in rows])
        return [
            ExportedRow(at, row.text().decode(), _hex(tree.inclusion(hashes, at, len(rows))))
            for at, row in enumerate(rows)
            if row.subject == self._wanted.subject
        ]


def _hex(proof: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in proof]

"""
The journal: what happened, once, in order, and so that it can be proved later.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from msgspec import structs

from klarsyn.clock import Clock
from klarsyn.errors import EntryDiffers, said
from klarsyn.journal import checkpoints, reading, tree
from klarsyn.journal.checkpoints import Checkpoint
from klarsyn.journal.entries import Entry, Json, Row, canonical, instant, named, plain, worded
from klarsyn.journal.notes import Signer, public_keys
from klarsyn.journal.reading import Head, Recorded, Selection, damaged
from klarsyn.journal.subjects import Subjects
from klarsyn.keys import Keys
from klarsyn.storage import Storage, Value

ALL: Final = Selection()
NOTHING: Final[Mapping[str, Json]] = MappingProxyType({})


class Journal:
    """
    Evidence that only grows.

    It names people by subjects, staff by pseudonyms, and holds no value of anybody.
    """

    def __init__(self, storage: Storage, clock: Clock, keys: Keys) -> None:
        """Keep it in a storage; the keys sign checkpoints."""
        self.storage = storage
        self.clock = clock
        self.keys = keys
        self.subjects = Subjects(storage)

    def append(
        self,
        key: str,
        kind: str,
        *,
        vendor: str = "",
        by: str = "",
        facts: Mapping[str, Json] = NOTHING,
        people: Sequence[tuple[str, Mapping[str, Json]]] = (),
    ) -> int:
        """
        Record what happened, and return its number.

        `key` says which workflow, step and outcome it was: the same again changes nothing and
        returns the same number; another entry under the same key is EntryDiffers. `people` are
        subjects and the facts on each; they lie beside the entry, ordered by subject, and it holds
        the root of their tree. Facts that are not plain JSON are TypeError or ValueError, a
        wrapped value too.

        Inside of the caller's transaction it is kept or undone with it, and others wait from here
        to its end; so append last.
        """
        worded(key=key, kind=kind, vendor=vendor, by=by)
        made = _rows(people)
        entry = Entry(
            number=0,
            previous="",
            at="",
            key=key,
            kind=kind,
            vendor=vendor,
            by=by,
            facts=plain(facts),
            rows=len(made),
            rows_root=rows_root(made).hex(),
        )
        with self.storage.transaction():
            head = self._locked()
            if known := self.storage.read(Recorded, "journal_entry_of_key", key=key):
                return _repeated(entry, known[0].read())
            return self._added(head, entry, made)

    def subject(self, person: bytes) -> str:
        """Return the random id of a person's keyed hash; who has none is given one."""
        return self.subjects.of([person])[person]

    def forget(self, person: bytes) -> bool:
        """Delete who a subject was; its entries stay and lead to nobody. False where none was."""
        return self.subjects.forget(person)

    def checkpoint(self) -> Checkpoint:
        """
        Return a signed checkpoint of all there is; the newest one where nothing was added since.

        Nothing is signed that does not begin with what was signed before: JournalDamaged.
        """
        with self.storage.transaction():
            head = self._locked()
            newest = self._newest()
            if newest:
                self._continues(newest, head)
            if newest and newest.size == head.size:
                return newest
            if head.size and reading.hashes(self.storage)(0, head.size - 1) != head.head:
                raise damaged(said("the head is not the last entry"), head.size)
            made = checkpoints.signed(head.state, self.clock.now(), Signer(self.keys))
            self.storage.run("add_checkpoint", size=made.size, note=made.note)
            return made

    def entries(self, wanted: Selection = ALL) -> Iterator[Entry]:
        """Yield what was recorded, oldest first; JournalDamaged where a text is no entry."""
        head = reading.head(self.storage)
        for batch in reading.batches(self.storage, head.size if head else 0, wanted):
            for one in batch:
                yield one.read()

    def rows(self, number: int) -> list[Row]:
        """Return what an entry says of people, in their order."""
        return reading.rows(self.storage, number, number).get(number, [])

    def _locked(self) -> Head:
        """Return the head, which nobody else moves before the transaction ends."""
        journal = secrets.token_bytes(tree.BYTES)
        (head,) = self.storage.read(
            Head, "lock_journal", journal=journal.hex(), head=journal, peaks=b""
        )
        return head

    def _added(self, head: Head, draft: Entry, made: list[Row]) -> int:
        number = head.size + 1
        now = instant(self.clock.now())
        entry = structs.replace(draft, number=number, previous=head.head.hex(), at=now)
        text = entry.text()
        frontier, hashes = head.frontier.grown(tree.leaf(text))
        self.storage.run(
            "add_journal_entry",
            number=number,
            key=entry.key,
            kind=entry.kind,
            vendor=entry.vendor,
            at=entry.at,
            entry=text.decode(),
            hashes=b"".join(hashes),
        )
        columns: dict[str, Sequence[Value]] = {
            "position": [one.position for one in made],
            "subject": [one.subject for one in made],
            "facts": [one.facts for one in made],
        }
        self.storage.run_many("add_journal_row", columns, entry=number)
        self.storage.run(
            "move_journal", size=number, head=hashes[0], peaks=b"".join(frontier.peaks)
        )
        return number

    def _newest(self) -> Checkpoint | None:
        found = self.storage.run("newest_checkpoint")
        if not found:
            return None
        return Checkpoint.verified(str(found[0][1]), public_keys(self.keys))[0]

    def _continues(self, newest: Checkpoint, head: Head) -> None:
        """Refuse a journal that does not begin with the one that was signed."""
        if newest.journal != head.journal:
            raise damaged(said("the newest checkpoint is of another journal"))
        if newest.size > head.size:
            raise damaged(said("entries after {size} were cut off", size=head.size), newest.size)
        if not newest.size:
            return
        hashes = reading.hashes(self.storage)
        proof = tree.consistency(hashes, newest.size, head.size)
        roots = tree.roots_by_consistency(newest.size, newest.root, head.size, proof)
        if roots != (newest.root, head.frontier.root):
            what = said("the tree does not begin with what the newest checkpoint signs")
            raise damaged(what, newest.size)


def rows_root(made: Sequence[Row]) -> bytes:
    """Return the root over people's rows."""
    return tree.root(tree.in_memory([tree.leaf(one.text()) for one in made]), len(made))


def _rows(people: Sequence[tuple[str, Mapping[str, Json]]]) -> list[Row]:
    made: list[Row] = []
    # Thousands of rows say the same: facts that are one object are checked and written once.
    texts: dict[int, str] = {}
    # By their subjects, which are random: the order in which they were done tells who they were.
    for position, (subject, facts) in enumerate(sorted(people, key=itemgetter(0))):
        named(subject)
        if id(facts) not in texts:
            texts[id(facts)] = canonical(facts).decode()
        made.append(Row(0, position, subject, texts[id(facts)]))
    return made


def _repeated(draft: Entry, known: Entry) -> int:
    """Return the number that the same entry has; EntryDiffers where it is another."""
    if not known.says_the_same(draft):
        raise EntryDiffers(
            said("Entry {number} has the same key and says something else.", number=known.number),
            said("A key names workflow, step and outcome; what differs needs one of its own."),
        )
    return known.number

"""
Who is meant by a subject of the journal. The table lies outside of the chain and can be deleted.

A person is a keyed hash of 16 bytes; a subject is random, so that nothing leads back from it once
the row is gone. On PostgreSQL the deleted row's bytes are gone with the next vacuum; backups
keep them until they lapse.

Those who are given subjects together share its first eight digits: their rows lie together in the
journal's index, instead of all over it. So it shows who was first named together, which mostly
one entry, or entries that follow one another, show too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar, cast

from klarsyn.storage import Storage

T = TypeVar("T")

_COMMON_BYTES: Final = 4
_OWN_BYTES: Final = 12


def in_no_order(rows: Iterable[T]) -> list[T]:
    """
    Return rows in an order that tells nothing.

    Entries follow one another. Were people done in the order of their hashes, or of the source,
    who stands between two that are known would be known too, though nothing links them any more.
    """
    mixed = list(rows)
    secrets.SystemRandom().shuffle(mixed)
    return mixed


def _given(people: Sequence[bytes]) -> dict[bytes, str]:
    """Return a subject for each; the system is asked for randomness once."""
    begin = secrets.token_hex(_COMMON_BYTES)
    every, digits = secrets.token_hex(_OWN_BYTES * len(people)), 2 * _OWN_BYTES
    return {
        person: begin + every[at * digits : (at + 1) * digits] for at, person in enumerate(people)
    }


class Subjects:
    """The table from person to subject."""

    def __init__(self, storage: Storage) -> None:
        """Keep it in a storage."""
        self._storage = storage

    def of(self, people: Iterable[bytes]) -> dict[bytes, str]:
        """Return each person's subject; who has none is given one."""
        # In one order, so that two who add the same people do not wait for each other.
        asked = sorted(set(people))
        with self._storage.transaction():
            found = self._all(asked)
            new = _given([one for one in asked if one not in found])
            if new:
                mine = self._storage.run_many(
                    "add_journal_subject", {"person": list(new), "subject": list(new.values())}
                )
                # Where somebody else was first, theirs.
                found |= new if mine == len(new) else self._all(list(new))
        return found

    def known(self, person: bytes) -> str | None:
        """Return a person's subject; None where nothing was ever recorded of them, or forgotten."""
        return self._all([person]).get(person)

    def _all(self, people: Sequence[bytes]) -> dict[bytes, str]:
        rows = self._storage.run_for("journal_subjects", people)
        return dict(cast("list[tuple[bytes, str]]", rows))

    def move(self, people: Mapping[bytes, bytes]) -> None:
        """Let subjects stand under other hashes of the same people, unless they have one there."""
        found = self._all(list(people))
        columns = {"old_person": list(found), "person": [people[one] for one in found]}
        self._storage.run_many("move_journal_subject", columns)

    def forget(self, person: bytes) -> bool:
        """Delete the link; False where there was none."""
        return bool(self._storage.run("forget_journal_subject", person=person))

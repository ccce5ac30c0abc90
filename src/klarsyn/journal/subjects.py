"""
Who is meant by a subject of the journal. The table lies outside of the chain and can be deleted.

A person is a keyed hash of 16 bytes; a subject is random, so that nothing leads back from it once
the row is gone. On PostgreSQL the deleted row's bytes are gone with the next vacuum; backups
keep them until they lapse.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from klarsyn.storage import Storage


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
            return {person: self.known(person) or self._added(person) for person in asked}

    def known(self, person: bytes) -> str | None:
        """Return a person's subject; None where nothing was ever recorded of them, or forgotten."""
        rows = self._storage.run("journal_subject", person=person)
        return str(rows[0][0]) if rows else None

    def _added(self, person: bytes) -> str:
        """Give a person a subject; where somebody else was first, return theirs."""
        subject = secrets.token_hex(16)
        is_mine = self._storage.run("add_journal_subject", person=person, subject=subject)
        return subject if is_mine else self.known(person) or ""

    def forget(self, person: bytes) -> bool:
        """Delete the link; False where there was none."""
        return bool(self._storage.run("forget_journal_subject", person=person))

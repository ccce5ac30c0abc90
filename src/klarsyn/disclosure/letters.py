"""
Dead letters: rows that a vendor refused to the end, encrypted and expiring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, cast

import msgspec

from klarsyn.clock import Clock
from klarsyn.people.ledger import Person
from klarsyn.personal import Personal
from klarsyn.storage import Sealed, Sealing, Storage

KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A refused row, decrypted."""

    person: Person = field(repr=False)
    values: Mapping[str, Personal[str] | None]
    """By what the fact sheet calls the element; None where it was to be cleared."""
    expires_at: float


@dataclass(frozen=True, slots=True)
class _Stored:
    """A row of the database."""

    person: Person
    key_id: str
    sealed: bytes
    expires_at: float


class DeadLetters:
    """The dead letters in a storage."""

    def __init__(self, storage: Storage, clock: Clock, sealing: Sealing) -> None:
        """Encrypt them with the keys of an installation."""
        self._storage = storage
        self._clock = clock
        self._sealing = sealing

    def put(self, vendor: str, person: Person, values: Mapping[str, str | None]) -> None:
        """Keep a row for thirty days; one that is kept already is replaced."""
        sealed = self._sealing.seal(msgspec.json.encode(dict(values)), _bound(vendor, person))
        self._storage.run(
            "put_dead_letter",
            vendor=vendor,
            person=person,
            key_id=sealed.key_id,
            sealed=sealed.sealed,
            expires_at=(self._clock.now() + KEPT).timestamp(),
        )

    def of(self, vendor: str) -> Iterator[DeadLetter]:
        """Yield a vendor's dead letters; SecretUnreadable where a key is missing."""
        for one in self._storage.read(_Stored, "dead_letters", vendor=vendor):
            sealed, bound = Sealed(one.key_id, one.sealed), _bound(vendor, one.person)
            clear = self._sealing.open(sealed, bound, f"{vendor}: dead letter")
            values = msgspec.json.decode(clear, type=dict[str, str | None])
            wrapped = {k: None if v is None else Personal(v) for k, v in values.items()}
            yield DeadLetter(one.person, wrapped, one.expires_at)

    def people(self, vendor: str) -> set[Person]:
        """Return of whom a vendor has dead letters."""
        rows = self._storage.run("dead_letter_people", vendor=vendor)
        return {person for (person,) in cast("list[tuple[Person]]", rows)}

    def drop(self, vendor: str, people: Collection[Person]) -> None:
        """Erase what of these people there is."""
        self._storage.run_for("drop_dead_letters", list(people), vendor=vendor)

    def forget(self, person: Person) -> None:
        """Erase all of a person."""
        self._storage.run("drop_dead_letters_of", person=person)

    def expire(self, now: datetime) -> int:
        """Erase those whose time is over; return how many."""
        return len(self._storage.run("drop_expired_dead_letters", now=now.timestamp()))


def _bound(vendor: str, person: Person) -> str:
    return f"klarsyn dead letter {vendor} {person.hex()}"

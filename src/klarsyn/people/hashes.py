"""
Keyed hashes: what stands in our database in the place of people and their values.

They are pseudonymous data (Art. 4(5)): who has the key can try values. So the key is not in the
database, no two uses share one, and equal values of two people, or of two elements, have different
hashes. BLAKE2b with a key (RFC 7693) and a word for each use; each part in front of the last has
a fixed length or says its own. Measured in docs/decisions/0035-people.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, cast

from klarsyn.errors import KeysMissing, said
from klarsyn.keys import Keys
from klarsyn.people.cells import folded
from klarsyn.people.identities import KINDS, Identity, IdentityKind, identity_forms
from klarsyn.people.ledger import IDENTITY_BYTES
from klarsyn.people.ledger import Person as PersonHash
from klarsyn.people.packed import HASH_BYTES, NOTHING, HashState
from klarsyn.personal import Personal

if TYPE_CHECKING:
    from klarsyn.people.person import Batch

PERSON_BYTES: Final = 16
ELEMENT_BYTES: Final = HASH_BYTES
"""Enough for "is it still the same?": one of 2**96 changes of a value would be missed."""
_PERSON: Final = b"klarsyn person 1"
_ELEMENT: Final = b"klarsyn value 1"
_IDENTITY: Final = b"klarsyn known 1"


@dataclass(frozen=True)
class Hashes:
    """Hashes under one key; the newest, unless an older one is named."""

    keys: Keys
    key_id: str = ""
    _beginnings: dict[tuple[str, bytes, bytes], HashState] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Take the newest key where none is named; KeysMissing where the named one is not given."""
        object.__setattr__(self, "key_id", self.key_id or self.keys.newest)
        self.refuse_unknown([self.key_id])

    def under(self, key_id: str) -> Hashes:
        """Return the hashes under another key, such as one that was in use before."""
        return Hashes(self.keys, key_id, self._beginnings)

    def refuse_unknown(self, key_ids: Collection[str]) -> None:
        """Raise KeysMissing where a key is not given: what lies under it would be overlooked."""
        for key_id in sorted(set(key_ids) - set(self.keys.secrets)):
            raise KeysMissing(
                said("Facts about people lie under the key {key}, which is not given.", key=key_id),
                said("Give that key too, before those that are newer."),
            )

    # One by one

    def person(self, key: Personal[str]) -> PersonHash:
        """Return 16 bytes for the person with a key, which counts without case."""
        return PersonHash(self._ended(_PERSON, PERSON_BYTES, b"", folded(key.reveal())))

    def element(self, element: str, person: PersonHash, normal: Personal[str]) -> bytes:
        """Return 12 bytes for the normal form of a person's value."""
        begin = _prefix(element)
        return self._ended(_ELEMENT, ELEMENT_BYTES, begin, normal.reveal(), person)

    def identity(self, kind: IdentityKind, form: str) -> bytes:
        """Return 16 bytes for one form by which somebody is known again."""
        return self._ended(_IDENTITY, IDENTITY_BYTES, _prefix(kind), form)

    def identities(
        self, identities: Iterable[Identity], key_ids: Collection[str] | None = None
    ) -> frozenset[bytes]:
        """Return a hash for every form of each, under every key that is named, or this one."""
        every = [self] if key_ids is None else [self.under(one) for one in key_ids]
        return frozenset(
            hashes.identity(one.kind, form)
            for one in (identities if every else ())
            for form in identity_forms(one.kind, one.form.reveal())
            for hashes in every
        )

    # Whole batches

    def known_by(self, batch: Batch, rows: Sequence[int]) -> list[tuple[bytes, ...]]:
        """Return, for some people of a batch, a hash for every form of what they are known by."""
        found: list[dict[bytes, None]] = [{} for _ in rows]
        for column in batch.columns.values():
            if column.kind not in KINDS:
                continue
            kind = KINDS[column.kind]
            begin = self._beginning(_IDENTITY, IDENTITY_BYTES, _prefix(kind))
            for known, at in zip(found, rows, strict=True):
                for form in identity_forms(kind, column.normal[at]) if column.normal[at] else ():
                    state = begin.copy()
                    state.update(form.encode())
                    known[state.digest()] = None
        return [tuple(one) for one in found]

    def people(self, batch: Batch) -> list[PersonHash]:
        """Return the hash of each person."""
        return self.of_keys(batch.keys)

    def of_keys(self, keys: Sequence[str]) -> list[PersonHash]:
        """Return the hash of the person with each key, which is casefolded already."""
        begin = self._beginning(_PERSON, PERSON_BYTES, b"").copy
        found: list[bytes] = [
            (state := begin(), state.update(key.encode()), state.digest())[2] for key in keys
        ]
        return cast("list[PersonHash]", found)  # PersonHash() is a call for each

    def elements(
        self, batch: Batch, people: Sequence[PersonHash], only: Collection[str] | None = None
    ) -> dict[str, list[bytes]]:
        """Return by element the hash of each person's value, `NOTHING` where there is none."""
        return {
            element: self._column(element, people, column.normal)
            for element, column in batch.columns.items()
            if only is None or element in only
        }

    def _column(
        self, element: str, people: Sequence[PersonHash], normal: Sequence[str]
    ) -> list[bytes]:
        begin = self._beginning(_ELEMENT, ELEMENT_BYTES, _prefix(element)).copy
        # In one expression: a call of ours for each would cost as much again as the hash.
        return [
            (state := begin(), state.update(person + value.encode()), state.digest())[2]
            if value
            else NOTHING
            for person, value in zip(people, normal, strict=True)
        ]

    def _ended(self, use: bytes, size: int, prefix: bytes, text: str, person: bytes = b"") -> bytes:
        state = self._beginning(use, size, prefix).copy()
        state.update(person + text.encode())
        return state.digest()

    def _beginning(self, use: bytes, size: int, prefix: bytes) -> HashState:
        """Return the state after key and prefix, from which each hash goes on."""
        found = self._beginnings.get((self.key_id, use, prefix))
        if found is None:
            key = self.keys.derived("hash", self.key_id)
            found = blake2b(prefix, key=key, person=use, digest_size=size)
            self._beginnings[self.key_id, use, prefix] = found
        return found


def _prefix(word: str) -> bytes:
    """Return a word that says its own length, so that no two words and values run together."""
    written = word.encode()
    return len(written).to_bytes(2, "big") + written

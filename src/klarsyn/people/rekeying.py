"""
After a new key was made: the ledger under the new one, as the source names its people.

A hash cannot be turned into another. Who is in the source is hashed under both keys, and what
agrees under the old one stands under the new one; a value that has changed meanwhile agrees with
neither and is sent again. Who is no longer in the source stays under the old key until removed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from klarsyn.journal.subjects import Subjects
from klarsyn.people import packed
from klarsyn.people.hashes import Hashes
from klarsyn.people.ledger import Holding, Ledger, Person
from klarsyn.people.person import Batch
from klarsyn.people.rejected import Rejections
from klarsyn.people.scored import Calculated, with_calculated
from klarsyn.people.source import Source
from klarsyn.storage import Storage

_CHANGED = bytes(packed.HASH_BYTES)
"""A hash that no value has."""


def rekey(
    storage: Storage, ledger: Ledger, source: Source, calculated: Calculated, hashes: Hashes
) -> int:
    """
    Bring the ledger under the key in use; return how many people were.

    KeysMissing where it lies under one that is not given. Nothing is read where all is in order.
    """
    old_ids = {str(one) for (one,) in storage.run("delivery_keys")} - {hashes.key_id}
    hashes.refuse_unknown(old_ids)
    count = 0
    for old in [hashes.under(one) for one in sorted(old_ids)]:
        elements = {
            one.number: one.element
            for vendor in source.register.vendors
            for one in ledger.placed(vendor)
        }
        waiting = {
            cast("Person", one) for (one,) in storage.run("changes_under", key_id=old.key_id)
        }
        for plain in source.read(Rejections()):
            batch = with_calculated(plain, calculated, calculated)
            count += _batch(storage, ledger, batch, elements, (old, hashes), waiting)
    return count


def _batch(
    storage: Storage,
    ledger: Ledger,
    batch: Batch,
    elements: Mapping[int, str],
    keys: tuple[Hashes, Hashes],
    waiting: Collection[Person],
) -> int:
    old, new = keys
    people = list(zip(old.people(batch), new.people(batch), strict=True))
    old_columns = old.elements(batch, [before for before, _ in people])
    new_columns = new.elements(batch, [after for _, after in people])
    known: list[tuple[Person, list[bytes]]] = []
    with storage.transaction():
        Subjects(storage).move(dict(people))
        for at, (before, after) in enumerate(people):
            holdings = storage.read(Holding, "deliveries_under", person=before, key_id=old.key_id)
            for one in holdings:
                held = _held(one, elements, old_columns, new_columns, at)
                _rewrite(storage, one, after, new.key_id, held)
            if holdings:
                _others(storage, before, after, new.key_id)
                ledger.forget_identities(before)
                known.append((after, sorted(new.identities(batch[at].identities))))
            elif before in waiting:
                # A vendor may have them already, under the reference that moves along.
                storage.run("rekey_changes", old_person=before, person=after, key_id=new.key_id)
        ledger.know(new.key_id, known)
    return len(known)


def _held(
    one: Holding,
    elements: Mapping[int, str],
    old: Mapping[str, Sequence[bytes]],
    new: Mapping[str, Sequence[bytes]],
    at: int,
) -> bytes:
    found = {}
    for number, (hash_, instant) in packed.read_held(one.held).items():
        element = elements.get(number, "")
        same = element in old and old[element][at] == hash_
        found[number] = (new[element][at] if same else _CHANGED, float(instant))
    return packed.held(found)


def _rewrite(storage: Storage, one: Holding, person: Person, key_id: str, held: bytes) -> None:
    storage.run(
        "rekey_delivery",
        vendor=one.vendor,
        old_person=one.person,
        person=person,
        key_id=key_id,
        held=held,
        digest=packed.digest(packed.as_wanted(held)),
    )


def _others(storage: Storage, before: Person, after: Person, key_id: str) -> None:
    storage.run("rekey_changes", old_person=before, person=after, key_id=key_id)
    storage.run("rekey_letters", old_person=before)

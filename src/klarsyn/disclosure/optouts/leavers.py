"""
Who has left a vendor, as the vendor tells it: those who want no mail, and those whom none reaches.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from klarsyn.disclosure.around import Around
from klarsyn.people import normal
from klarsyn.people.identities import Identity
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors.connections import Bound
from klarsyn.vendors.reading import Seen, outer_places, read
from klarsyn.vendors.sheet import Record


@dataclass(frozen=True, slots=True, repr=False)
class Leaver:
    """Somebody who has left a vendor."""

    key: str
    """The vendor's own."""
    why: str
    identities: tuple[Identity, ...]
    """By which address; what a firm shares says nothing of one person."""


def left_at(around: Around, vendor: str) -> list[Leaver] | None:
    """
    Return everybody who has left a vendor; None where it cannot tell, or is not connected.

    An error of the vendor's is raised: half a list would be taken for the whole.
    """
    bound = around.bind(vendor)
    record = telling(bound)
    if record is None or bound.missing:
        return None
    with bound.open(Purpose.AUDIT, around.surroundings(vendor)) as connection:
        return list(leavers(connection, record))


def telling(bound: Bound) -> Record | None:
    """Return the record that tells who has left; None where the sheet knows of none."""
    return next((one for one in bound.vendor.records if one.left), None)


def leavers(connection: Connection, record: Record) -> Iterator[Leaver]:
    """Yield who has left, by the vendor's own list of them."""
    left = record.left
    if left is None:
        return
    for page in read(connection, replace(record, read=left.read)):
        for seen in page:
            if why := left.tells(seen.raw):
                yield Leaver(seen.key, why, address_of(seen))


def in_one_place(connection: Connection, record: Record) -> bool:
    """Return whether all records lie in one place: who left one audience may be in another."""
    return record.within is None or len(list(outer_places(connection, record.within))) == 1


def stopped_by_us(vendor: str) -> str:
    """
    Return the origin of opt-outs that a vendor tells since we have looked, and stopped what was on.

    It is no new word of the person's, neither of theirs now nor after they have opted in again.
    """
    return f"{vendor}/stopped"


def address_of(seen: Seen) -> tuple[Identity, ...]:
    """Return the address of a record, as one by which its person is known again."""
    value = seen.values().get("email")
    return known_by(value) if value else ()


def known_by(address: Personal[str]) -> tuple[Identity, ...]:
    """Return an address as one by which somebody is known again; () for what is none."""
    form = normal.email(unicodedata.normalize("NFC", address.reveal()).strip())
    return (Identity("email", Personal(form), "", about_person=True),) if form else ()

"""
When what a vendor knows somebody by changes: their record is corrected, or there would be two.
"""

from __future__ import annotations

from collections.abc import Sequence

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.sending.courier import Courier, stumbled
from klarsyn.disclosure.sending.rows import Ready
from klarsyn.errors import KlarsynError, said
from klarsyn.people.ledger import Person
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import RowOutcome, RowState, Target

PATIENCE = 60.0
"""Seconds for which a correction in several stages is waited for."""


NOBODY = Person(b"")
NOT_FOUND = said("the vendor does not list the record whose address has changed")
SHARED = said("the record whose address has changed is somebody else's, too")


def renamed(around: Around, opened: Ceiling, courier: Courier, batch: Sequence[Ready]) -> None:
    """
    Correct the records of people whose address has changed.

    Whoever is not found waits: a list may lag, and sent as somebody new they would be there twice.
    Tried before, they may be there under the new address: a worker died, or a reply was lost.
    """
    around.ledger.claim(opened.vendor, [one.change.person for one in batch])
    left = {one.change.person: one for one in batch}
    by_key = {one.change.known_as: one.change.person for one in batch if one.change.known_as}
    bound = around.bind(opened.vendor)
    with bound.open(Purpose.RECTIFY, around.surroundings(opened.vendor)) as connection:
        try:
            for page in read(connection, opened.record):
                for seen in page:
                    if one := left.get(by_key.get(seen.key, NOBODY)):
                        courier.take(one, _corrected(connection, opened, one, seen.target))
                        del left[one.change.person]
            for person, one in list(left.items()):
                if one.change.attempts and (target := _there(connection, opened, one)):
                    courier.take(one, _corrected(connection, opened, one, target))
                    del left[person]
        except KlarsynError as error:
            courier.wait(left.values(), error)
            return
    for one in left.values():
        courier.take(one, RowOutcome(one.row, "refused", why=NOT_FOUND))


def _corrected(connection: Connection, opened: Ceiling, one: Ready, target: Target) -> RowOutcome:
    try:
        return _tried(connection, opened, one, target)
    except KlarsynError:
        raise
    except Exception as error:  # noqa: BLE001  (one row that breaks a sheet stops no other)
        return RowOutcome(one.row, "unknown", why=stumbled(error))


def _tried(connection: Connection, opened: Ceiling, one: Ready, target: Target) -> RowOutcome:
    may = {each.name for each in opened.record.elements if each.write == "always"}
    changes = {name: value for name, value in one.row.values.items() if name in may}
    found = jobs.rectify(connection, target, changes, PATIENCE)
    if found.state == "done":
        return RowOutcome(one.row, "updated", _key_now(connection, opened, one) or target.key)
    state: RowState = "refused" if found.state == "refused" else "unknown"
    return RowOutcome(one.row, state, why=found.why or said("the correction is not finished"))


def _key_now(connection: Connection, opened: Ceiling, one: Ready) -> str:
    """Return the vendor's key after a correction, which may change it: a hash of the address."""
    target = _there(connection, opened, one)
    return target.key if target else ""


def _there(connection: Connection, opened: Ceiling, one: Ready) -> Target | None:
    """Return the record that has the new address, if the vendor's search knows it."""
    match = opened.match
    value = one.row.values.get(match.name) if match else None
    if not value:
        return None
    identity = Identity(email=(Personal(value),))
    return next((seen.target for seen in jobs.looked_up(connection, opened.record, identity)), None)

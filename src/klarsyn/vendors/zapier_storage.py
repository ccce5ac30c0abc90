"""
Storage by Zapier: a flat object of keys and values behind a secret that is all there is of access.

From what others report of it, read on 2026-11-22: it has no contract of the vendor's.
"""

import calendar
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from klarsyn.errors import ReplyUnread, RightsMissing, said
from klarsyn.vendors.sheet import (
    DELETE,
    GET,
    POST,
    Connection,
    Done,
    Element,
    Job,
    Place,
    Places,
    Progress,
    Record,
    Refused,
    Repeat,
    Residue,
    Target,
)

RECORDS = GET("/records", host="store")
MERGE = POST("/records", host="store", body=Place("entry"), repeat=Repeat.SAFE)
FORGET = DELETE("/records", host="store", query={"key": Place("id")})
"""Without a key it would empty the store, and so it cannot be written without one."""


def needs(connection: Connection, setting: str) -> None:
    """Refuse to read a part whose key is not there: it counts as not read."""
    if not connection.settings.get(setting):
        message = said("it is not read without the setting '{setting}'", setting=setting)
        raise RightsMissing(message)


def stored(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield what a store holds, key by key."""
    needs(connection, "storage_secret")
    held = connection.call(RECORDS).json
    if not isinstance(held, dict):
        raise ReplyUnread(said("{vendor}: a store is not an object", vendor=connection.name))
    yield [{"key": key, "value": value} for key, value in held.items()]


def set_value(connection: Connection, target: Target) -> Progress:
    """Set fields of a value; a store replaces values whole, so what else is there is sent, too."""
    held = (connection.call(RECORDS).json or {}).get(target.key)
    if not isinstance(held, dict):
        return Refused(said("it is not made of fields: change it in the Zap"), by_hand=True)
    changed = {**held, **target.filled["changes"].get("value", {})}
    connection.call(MERGE, entry={target.key: changed})
    return Done()


def backups(on: date, _known: Mapping[str, Any]) -> date:
    """Return when the last backup with something that went today is gone: after four months."""
    return months_later(on, 4)


def months_later(on: date, months: int) -> date:
    """Return the same day of a later month, or the last that it has."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


IN_BACKUPS = said("copies in backups, for up to four months")
storage = Record(
    name="storage",
    about=said("whomever a Zap has put into Storage"),
    read=stored,
    key="key",
    elements=(
        Element("name", "value.name", means="user.name"),
        Element("email", "value.email", means="user.contact.email"),
        Element("phone", "value.phone", means="user.contact.phone_number"),
    ),
    open_fields=("key", "value.*"),
    rectify=Job(stages=(set_value,)),
    erase=Job(stages=(FORGET,), residue=(Residue(IN_BACKUPS, backups),)),
)

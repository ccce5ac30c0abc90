"""
Slots: places for workers, each held by a lock that ends with its process (traps 1d.2 and 1d.3).

The engine below knows work under way by the name of who carries it. Two who live must not share
a name, and who takes the name of a dead one may carry on its work: a lock decides both. Files are
locked beside SQLite, PostgreSQL locks by itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from klarsyn.errors import StorageError, WorkRefused, said
from klarsyn.storage.port import Connection
from klarsyn.storage.queries import Query

MOST: Final = 99
_PREFIX: Final = "slot-"

_LOCK = Query(
    "lock_slot", "select case when pg_try_advisory_lock(:schema, :slot) then 1 else 0 end"
)
_UNLOCK = Query("unlock_slot", "select cast(pg_advisory_unlock(:schema, :slot) as text)")
_LOCKED = Query(
    "locked_slots",
    """select count(*) from pg_locks
    where locktype = 'advisory' and granted and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())
        and cast(classid as bigint) = :schema""",
)
#: A machine that vanished holds its locks until the server misses it: by these a minute, not two
#: hours. A Unix socket ignores them.
_KEEPALIVE = Query(
    "keepalive",
    """select set_config('tcp_keepalives_idle', '30', false),
        set_config('tcp_keepalives_interval', '10', false),
        set_config('tcp_keepalives_count', '3', false)""",
)


class Slot(Protocol):
    """One worker's place, until it is released or the process ends."""

    number: int

    def held(self) -> bool:
        """Return whether it is still ours; a server may have lost the connection."""
        ...

    def release(self) -> None:
        """Let others have it; never fails."""
        ...


class Slots(Protocol):
    """All places at one database."""

    def take(self, number: int) -> Slot | None:
        """Take one; None where somebody lives there."""
        ...

    def anybody(self) -> bool:
        """Return whether any worker lives, in this process or another."""
        ...


def first_free(slots: Slots) -> Slot:
    """Take the first place that nobody holds; WorkRefused where all are held."""
    for number in range(1, MOST + 1):
        if slot := slots.take(number):
            return slot
    raise WorkRefused(said("{count} workers live already; more are not allowed.", count=MOST))


def executor(number: int) -> str:
    """Return the name under which who holds a slot carries work."""
    return f"{_PREFIX}{number}"


def number_of(executor_id: str | None) -> int | None:
    """Return the slot of such a name; None where it is none of ours."""
    digits = (executor_id or "").removeprefix(_PREFIX)
    return int(digits) if executor_id != digits and digits.isdecimal() else None


class FileSlots:
    """Files in a folder beside the database, locked by flock(2)."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first slot."""
        self._folder = folder

    def take(self, number: int) -> FileSlot | None:
        """Lock one file."""
        import fcntl

        self._folder.mkdir(mode=0o700, exist_ok=True)
        opened = self._open(number, fcntl.LOCK_EX)
        return None if opened is None else FileSlot(number, opened)

    def anybody(self) -> bool:
        """Try every file, so that two who only look do not hinder each other."""
        import fcntl

        if not self._folder.is_dir():
            return False
        for file in sorted(self._folder.iterdir()):
            opened = self._open(int(file.name), fcntl.LOCK_SH)
            if opened is None:
                return True
            os.close(opened)
        return False

    def _open(self, number: int, how: int) -> int | None:
        import fcntl

        opened = os.open(self._folder / str(number), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return None
        return opened


class FileSlot:
    """A locked file."""

    def __init__(self, number: int, opened: int) -> None:
        """Take over a descriptor that holds the lock."""
        self.number = number
        self._opened = opened

    def held(self) -> bool:
        """Return True: only this process could let go."""
        return True

    def release(self) -> None:
        """Close the file, and with it the lock."""
        os.close(self._opened)


class ServerSlots:
    """Advisory locks of PostgreSQL, each held by a connection of its own."""

    def __init__(self, connect: Callable[[], Connection], schema: str) -> None:
        """Connect anew for each slot; the schema keeps installations in one database apart."""
        self._connect = connect
        # The first half of an advisory lock's key is a signed number of 32 bits.
        digest = hashlib.sha256(f"klarsyn {schema}".encode()).digest()
        self._schema = int.from_bytes(digest[:4], "big") >> 1

    def take(self, number: int) -> ServerSlot | None:
        """Lock one number."""
        connection = self._connect()
        try:
            connection.execute(_KEEPALIVE)
            (((locked,),)) = connection.execute(_LOCK, (self._schema, number))[1]
        except BaseException:
            connection.close()
            raise
        if not locked:
            connection.close()
            return None
        return ServerSlot(number, connection, self._schema)

    def anybody(self) -> bool:
        """Ask the server, without touching a lock."""
        connection = self._connect()
        try:
            ((count,),) = connection.execute(_LOCKED, (self._schema,))[1]
        finally:
            connection.close()
        return bool(count)


class ServerSlot:
    """A lock of the server, for as long as the connection lives."""

    def __init__(self, number: int, connection: Connection, schema: int) -> None:
        """Take over a connection that holds the lock."""
        self.number = number
        self._connection = connection
        self._schema = schema

    def held(self) -> bool:
        """Return whether the server has not hung up."""
        return self._connection.alive()

    def release(self) -> None:
        """Unlock before hanging up: the server takes its time to notice that."""
        with suppress(StorageError):
            self._connection.execute(_UNLOCK, (self._schema, self.number))
        self._connection.close()

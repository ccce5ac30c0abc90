"""
From an address to a storage that is up to date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from klarsyn.clock import Clock, SystemClock
from klarsyn.errors import StorageError, said
from klarsyn.storage.migrations import migrate, read
from klarsyn.storage.port import Database, Storage
from klarsyn.storage.sqlite import SQLite


def open_storage(
    url: str, clock: Clock | None = None, afterwards: Callable[[], object] = lambda: None
) -> Storage:
    """
    Open the database at an address and bring its schema up to date.

    `sqlite:///file.db` lies beside where the process stands, `sqlite:////var/lib/file.db` where
    it says (as SQLAlchemy reads them, and with it the engine of durable steps), and
    `postgresql://USER@HOST/DATABASE` on a server. `afterwards` is called when it was closed.
    """
    clock = clock or SystemClock()
    storage = Storage(database(url, clock), afterwards=afterwards)
    try:
        migrate(storage, read(), clock)
    except BaseException:
        storage.close()
        raise
    return storage


def database(url: str, clock: Clock) -> Database:
    """Return what an address names, without reaching it."""
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and re.fullmatch(r"///[^?]+", rest):
        return SQLite(Path(rest.removeprefix("///")).absolute(), clock)
    if kind == "postgresql":
        from klarsyn.storage.postgresql import PostgreSQL

        return PostgreSQL(url)
    # The address itself may hold a password, so only its beginning is told.
    what = said("There is no database of the kind {kind}.", kind=repr(kind if rest else ""))
    remedy = said("Write sqlite:///FILE or postgresql://USER@HOST/DATABASE.")
    raise StorageError(what, remedy)

"""
Connections to the file of checkpoints, as the engine below opens them in SQLite.

It picks functions by the version of Python, not of SQLite, and leaves the journal as it is; both
is put right here (trap 1d.1).
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from klarsyn.storage.sqlite import BUSY_SECONDS

_MILLISECONDS: Final = 3


class StepsConnection(sqlite3.Connection):
    """
    A connection that records steps.

    A step that was recorded when the power went may be forgotten, and is then repeated, as any
    step may be; so a commit does not wait for the disk.
    """

    synchronous = "normal"

    def __init__(self, *given: Any, **named: Any) -> None:
        """Open it; `begin immediate`, since two who read first would not both come to write."""
        super().__init__(*given, **(named | {"isolation_level": "IMMEDIATE"}))
        self.create_function("unixepoch", 1, _unixepoch)
        for pragma in (
            f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
            "journal_mode = wal",
            f"synchronous = {self.synchronous}",
            "foreign_keys = on",
            "secure_delete = on",
        ):
            self.execute(f"pragma {pragma}")


class StartsConnection(StepsConnection):
    """A connection that starts work: what was started must not be forgotten."""

    synchronous = "full"


def steps_file(database: Path) -> Path:
    """Return where checkpoints lie beside a database: `klarsyn-steps.sqlite`."""
    return database.with_name(f"{database.stem}-steps{database.suffix}")


def _unixepoch(word: str) -> float:
    """Answer as SQLite does from 3.42 on; SQLite 3.40 does not know 'subsec' and answers null."""
    now = time.time()
    return round(now, _MILLISECONDS) if word in {"subsec", "subsecond"} else int(now)

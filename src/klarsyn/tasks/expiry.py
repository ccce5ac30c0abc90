"""
What this package keeps, erased when its time is over: files, tasks, requests, accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klarsyn.storage import Storage


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were erased."""

    uploads: int
    tasks: int
    requests: int
    accounts: int


def expire(storage: Storage, now: datetime) -> Erased:
    """Erase all whose time is over; the journal keeps hashes and pseudonyms. May be repeated."""
    counts = [
        len(storage.run(query, now=now.timestamp()))
        for query in (
            "remove_expired_uploads",
            "remove_expired_tasks",
            "remove_old_approvals",
            "remove_expired_accounts",
        )
    ]
    return Erased(*counts)

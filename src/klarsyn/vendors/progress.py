"""
What a stage of a job may say of itself, and what is true of data after an erasure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from klarsyn.errors import Message


class Level(Enum):
    """What is true of data after an erasure, in honest words."""

    HIDDEN = "hidden"  #: no longer shown, still there
    ARCHIVED = "archived"  #: put aside, still there
    SOFT_DELETED = "soft-deleted"  #: marked as deleted; it can be brought back
    PURGED = "purged"  #: deleted for good, as far as the vendor says
    REDACTED = "redacted"  #: the record stays, the person's data in it do not
    RETAINED = "retained"  #: kept until a date, because the law or the vendor says so
    MANUAL = "manual"  #: waits for a person
    IMPOSSIBLE = "impossible"  #: cannot be done; the reason is told


@dataclass(frozen=True, slots=True)
class Done:
    """A stage is through."""

    count: int = 1
    """How many records it changed; 0 where there was nothing left to change."""
    level: Level | None = None
    """For an erasure: what is true of the data, where that is less than the job's level."""


@dataclass(frozen=True, slots=True)
class Later:
    """A stage has begun and has to be asked for again after so many seconds."""

    after: float
    why: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """The vendor will not do it; the reason is for people."""

    why: Message
    by_hand: bool = False
    """A person can do it at the vendor; the reason tells where."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows; a person settles it."""

    why: Message


Progress = Done | Later | Refused | Unknown

"""
How deliveries stand at a vendor: whom it holds, what is open and why, and when it goes on.

Read from the database alone: neither source nor vendor is asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from klarsyn.clock import Clock
from klarsyn.disclosure.pauses import Pause, Pauses
from klarsyn.durable import Due
from klarsyn.errors import Message
from klarsyn.journal import Entry, Journal, Selection
from klarsyn.keys import Keys
from klarsyn.people.ledger import Kind, Ledger, State
from klarsyn.storage import Storage
from klarsyn.stored import from_json

RESUME: Final = "disclosure.resume"
"""The work that goes on with what waits; delivering.py has it, and takes long to import."""
REASONS: Final = 10
"""So many different reasons are told, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many people's changes are open."""

    state: State
    why: Message
    people: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """In how many records of the last sample a vendor had not kept an element."""

    element: str
    looked_at: float
    looked: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Status:
    """How deliveries stand at one vendor; instants are seconds since 1970."""

    vendor: str
    held: int
    """People of whom it holds something."""
    open: Mapping[tuple[Kind, State], int]
    reasons: tuple[Reason, ...]
    paused: Pause | None
    resumes_at: datetime | None
    """When changes that wait are tried again."""
    letters: int
    letters_expire_at: float | None
    """When the first of the dead letters is erased."""
    dropped: tuple[Dropped, ...]
    last: Entry | None
    """The journal's entry of the last plan that was carried out."""

    def count(self, state: State) -> int:
        """Return how many people have an open change in a state."""
        return sum(count for (_, one), count in self.open.items() if one == state)

    def plain(self) -> dict[str, Any]:
        """Return it for programs."""
        paused = self.paused
        return {
            "vendor": self.vendor,
            "held": self.held,
            "open": [
                {"kind": kind, "state": state, "people": count}
                for (kind, state), count in self.open.items()
            ],
            "reasons": [
                {"state": one.state, "why": str(one.why), "people": one.people}
                for one in self.reasons
            ],
            "paused": paused
            and {"since": told(paused.since), "by": paused.by, "why": str(paused.why)},
            "resumes_at": self.resumes_at and told(self.resumes_at.timestamp()),
            "letters": self.letters,
            "letters_expire_at": self.letters_expire_at and told(self.letters_expire_at),
            "read_back": [
                {**asdict(one), "looked_at": told(one.looked_at)} for one in self.dropped
            ],
            "last_run": self.last and {"at": self.last.at, "facts": self.last.facts},
        }


def told(instant: float) -> str:
    """Return an instant as programs read it, in UTC."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="seconds")


class Standing:
    """Tells how deliveries stand, from one storage."""

    def __init__(self, storage: Storage, clock: Clock, keys: Keys) -> None:
        """Count once what is counted for all vendors."""
        self._storage = storage
        self._ledger = Ledger(storage, clock)
        self._journal = Journal(storage, clock, keys)
        self._open = self._ledger.counts()
        self._paused = Pauses(storage, clock).all()
        self._resumes = {
            one.subject: one.at for one in Due(storage, clock).waiting() if one.what == RESUME
        }
        self._letters = {
            str(vendor): (int(count or 0), float(at or 0))
            for vendor, count, at in storage.run("dead_letter_counts")
        }

    def known(self, vendor: str) -> bool:
        """Tell whether anything was ever planned for a vendor, also one that the register lost."""
        return bool(self._ledger.placed(vendor))

    def at(self, vendor: str) -> Status:
        """Return how deliveries stand at one vendor."""
        letters, expire_at = self._letters.get(vendor, (0, None))
        return Status(
            vendor,
            self._ledger.count(vendor),
            self._open.get(vendor, {}),
            tuple(self._reasons(vendor)),
            self._paused.get(vendor),
            self._resumes.get(vendor),
            letters,
            expire_at,
            tuple(self._dropped(vendor)),
            self._last(vendor),
        )

    def unknown(self, vendor: str) -> list[str]:
        """Return the subjects of whom nobody knows whether they arrived: a person settles it."""
        people = [one.person for one in self._ledger.all(vendor, "unknown")]
        subjects = self._journal.subjects.of(people)
        return [subjects[one] for one in people]

    def _reasons(self, vendor: str) -> list[Reason]:
        rows = self._storage.run("change_reasons", vendor=vendor, most=REASONS)
        return [
            Reason(state, from_json(str(why)), int(count or 0))  # type: ignore[arg-type]
            for state, why, count in rows
        ]

    def _dropped(self, vendor: str) -> list[Dropped]:
        rows = self._storage.run("dropped_elements")
        return [
            Dropped(str(element), float(at or 0), int(looked or 0), int(dropped or 0))
            for one, element, at, looked, dropped in rows
            if one == vendor
        ]

    def _last(self, vendor: str) -> Entry | None:
        wanted = Selection(vendor=vendor, kind="delivery.planned")
        last = deque(self._journal.entries(wanted), maxlen=1)
        return last[0] if last else None

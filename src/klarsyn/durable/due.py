"""
Due rows: work that waits for an instant of our clock.

No work waits longer than a minute by itself: it ends, and a row says what goes on and when. So
memory stays flat, a test can move time, and an upgrade drains within minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import msgspec

from klarsyn.clock import Clock
from klarsyn.durable.works import Json, Work
from klarsyn.storage.port import Storage

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that waits."""

    what: str
    """Its name, without version: the newest is started."""
    subject: str
    """For whom or what, such as a vendor, or a vendor and a stage. It stands in clear."""
    number: int
    """Which of those for the same it is."""
    at: datetime
    lane: str
    arguments: Mapping[str, Json]

    @property
    def run(self) -> str:
        """The id under which it will be started, once."""
        return f"{self.what}:{self.subject}:{self.number}"


class Due:
    """The rows of one database. All can be put and called off inside of a transaction."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep them in a storage."""
        self._storage = storage
        self._clock = clock

    def put(
        self,
        what: Work[Any] | str,
        subject: str,
        at: datetime,
        *,
        lane: str = "",
        arguments: Mapping[str, Json] | None = None,
    ) -> str:
        """
        Let work begin at an instant (not before; a worker looks each second) and return its id.

        What waits for the same subject is replaced. Arguments are references, and lie in clear.
        """
        name = what if isinstance(what, str) else what.name
        ((number,),) = self._storage.run(
            "put_due",
            what=name,
            subject=subject,
            due_at=at.timestamp(),
            lane=lane,
            arguments=msgspec.json.encode(arguments or {}).decode(),
        )
        return f"{name}:{subject}:{number!s}"

    def cancel(self, what: str, subject: str) -> bool:
        """Call off what waits; False where nothing does."""
        return bool(self._storage.run("cancel_due", what=what, subject=subject))

    def waiting(self) -> list[Waiting]:
        """Return everything that waits, the next first."""
        return self._storage.read(_waiting, "all_due")

    def now(self) -> list[Waiting]:
        """Return what is due, the longest overdue first; at most a hundred at a time."""
        now = self._clock.now().timestamp()
        return self._storage.read(_waiting, "due_now", now=now, most=_AT_ONCE)

    def started(self, one: Waiting) -> None:
        """Note that a row was started; one that was put anew meanwhile goes on waiting."""
        self._storage.run("due_started", what=one.what, subject=one.subject, number=one.number)

    def spent(self) -> Iterator[tuple[str, str, int]]:
        """Give what, subject and number of each row that waits no longer."""
        for what, subject, number in self._storage.run("spent_due"):
            yield cast("str", what), cast("str", subject), cast("int", number)

    def forget(self, what: str, subject: str, number: int) -> None:
        """Delete a row that waits no longer: no work of its ids may be left, or one recurs."""
        self._storage.run("forget_due", what=what, subject=subject, number=number)


def _waiting(**row: Any) -> Waiting:
    at = datetime.fromtimestamp(row.pop("due_at"), UTC)
    arguments = msgspec.json.decode(row.pop("arguments"))
    return Waiting(**row, at=at, arguments=arguments)

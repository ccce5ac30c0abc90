"""
The engine: starts work, looks at it, and carries it where this process is a worker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Self, TypeVar

from klarsyn.clock import Clock, SystemClock
from klarsyn.durable.checkpoints import Unread
from klarsyn.durable.due import Due
from klarsyn.durable.failures import misplaced
from klarsyn.durable.quiet import Tell, quieten, silent
from klarsyn.durable.schedules import Schedules
from klarsyn.durable.works import Json, Work, Works
from klarsyn.errors import (
    SecretUnreadable,
    StorageError,
    UnknownName,
    WorkFailed,
    WorkRefused,
    said,
)
from klarsyn.keys import Keys
from klarsyn.personal import forbid_cores

if TYPE_CHECKING:
    from dbos import WorkflowStatus

A = TypeVar("A")

Stage = Literal["waiting", "running", "done", "failed", "cancelled"]
"""Waiting for a worker or its lane; with a worker; ended, in one of three ways."""

_STAGES: Final[dict[str, Stage]] = {
    "ENQUEUED": "waiting",
    "DELAYED": "waiting",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}
_ENDED: Final = [word for word, stage in _STAGES.items() if stage not in {"waiting", "running"}]
#: These waits are for other processes, so they take real time, whatever the clock says.
_REAL: Final = SystemClock()
#: The engine below is one a process, so there is one worker in it; held while it lives.
_HERE: Final = threading.Lock()
_BEAT_SECONDS: Final = 0.25
_BEATS_A_ROUND: Final = 20
_PAGE: Final = 500
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class State:
    """How far a piece of work is."""

    run: str
    name: str
    """With its version."""
    lane: str
    stage: Stage
    result: Any = None
    failure: WorkFailed | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.stage not in {"waiting", "running"}


@dataclass(frozen=True, slots=True)
class Workshop(Generic[A]):
    """What an engine works with."""

    works: Sequence[Work[A]]
    around: A
    """What each piece of work finds in `run.around`."""
    due: Due | None = None
    schedules: Schedules | None = None
    at_once: int = 8
    """How many pieces of work one worker carries at a time; the last worker that began says."""
    tell: Tell = silent


class Engine(Generic[A]):
    """Durable work at one database. Any number may be open; one a process carries work."""

    def __init__(self, address: str, clock: Clock, keys: Keys, workshop: Workshop[A]) -> None:
        """
        Open it; nothing is carried before `work` or `follow`.

        Raises StorageError where the database cannot be used, on a network's file system above all.
        """
        from klarsyn.durable.below import Below, SealedCheckpoints

        quieten(workshop.tell)
        forbid_cores()
        self._shop = workshop
        self._works = Works(workshop.works)
        self._below = Below(address, clock, SealedCheckpoints(keys))
        # A plain truth, since a signal sets it: whoever it interrupts may hold any lock.
        self._stopping = False

    def close(self) -> None:
        """Let go of the database; a worker is to be stopped before."""
        self._below.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Starting and looking

    def start(self, work: Work[A] | str, run: str, /, *, lane: str = "", **arguments: Json) -> bool:
        """
        Start work, or return False where that id was started before, whatever became of it.

        Of one lane one piece of work runs at a time, over all workers; without a lane it waits for
        nobody. Name, id and lane stand in clear. Inside a transaction of the storage put a due
        row instead: what is started here stays started when the transaction is undone.
        """
        from dbos import error

        from klarsyn.durable.below import QUEUE, VERSION

        one = self._works[work] if isinstance(work, str) else self._works[work.full_name]
        checked = one.checked(arguments)
        try:
            with self._below.told():
                self._below.client.enqueue(
                    {
                        "queue_name": QUEUE,
                        "workflow_name": one.full_name,
                        "workflow_id": run,
                        # Deduplication is refused in lanes, so the id does it (trap 1d.6).
                        "workflow_id_reuse_policy": "reject",
                        "queue_partition_key": lane or run,
                        "app_version": VERSION,
                    },
                    run=run,
                    arguments=checked,
                )
        except error.DBOSWorkflowIDInUseError:
            return False
        return True

    def state(self, run: str) -> State:
        """Return how far work is; UnknownName where none was started under that id."""
        found = self._listed(workflow_ids=[run])
        if not found:
            raise UnknownName(said("No work was started as {id}.", id=run))
        return _state(found[0])

    def unfinished(self, lane: str | None = None) -> list[State]:
        """Return what waits or runs, oldest first; of one lane, or of all."""
        found = self._listed(
            status=[word for word in _STAGES if word not in _ENDED], load_output=False
        )
        states = [_state(one) for one in found]
        return [one for one in states if lane is None or one.lane == lane]

    def wait(self, run: str, seconds: float) -> State:
        """Return how far work is when it has ended, or after so many seconds."""
        for _ in range(int(seconds / _BEAT_SECONDS)):
            if (state := self.state(run)).ended or self._stopping:
                return state
            _REAL.sleep(_BEAT_SECONDS)
        return self.state(run)

    def cancel(self, run: str) -> None:
        """Let work end before its next step; what has ended stays as it is."""
        with self._below.told():
            self._below.client.cancel_workflow(run)

    def ended(self, before: datetime) -> int:
        """Count what ended before an instant, by the machine's clock; at most ten thousand."""
        instant = before.astimezone(UTC).isoformat()
        found = self._listed(
            status=_ENDED, completed_before=instant, limit=_MOST, load_output=False
        )
        return len(found)

    def forget(self, before: datetime) -> int:
        """
        Delete what ended before an instant, by the machine's clock, and return how much it was.

        Their ids may then be used again. Due rows that wait no longer go with the last of theirs.
        """
        count = 0
        instant = before.astimezone(UTC).isoformat()
        while found := self._listed(
            status=_ENDED, completed_before=instant, limit=_PAGE, load_output=False
        ):
            with self._below.told():
                self._below.client.delete_workflows([one.workflow_id for one in found])
            count += len(found)
        if due := self._shop.due:
            for what, subject, number in due.spent():
                if not self._listed(workflow_id_prefix=f"{what}:{subject}:", limit=1):
                    due.forget(what, subject, number)
        return count

    # Carrying

    def work(self, until: Callable[[], bool] = lambda: False) -> None:
        """
        Carry work until `stop`, or until a condition holds; both end after the step under way.

        WorkRefused where this process carries work already, or unfinished work is not known here.
        """
        if not self._work(until):
            raise WorkRefused(said("This process carries work already; it does so once."))

    def _work(self, until: Callable[[], bool]) -> bool:
        """Return False at once where this process carries work already, True afterwards."""
        if not _HERE.acquire(blocking=False):
            return False
        try:
            self._stay(until)
        finally:
            _HERE.release()
        return True

    def _stay(self, until: Callable[[], bool]) -> None:
        from klarsyn.durable.carrying import Worker

        shop, begun, ended = self._shop, False, False
        while not ended:
            try:
                with Worker(
                    self._below, self._works, shop.around, shop.tell, shop.at_once
                ) as worker:
                    begun = True
                    # Not ended, where the server gave our place to somebody else: take another.
                    ended = self._carry(worker, until)
            except StorageError:
                if not begun or self._stopping:
                    raise
                shop.tell("database-away")
                _REAL.sleep(_BEAT_SECONDS * 4)

    def follow(self, run: str, seconds: float = 3600) -> State:
        """
        Return how far work is when it has ended, or after so many seconds.

        Where no worker lives this process becomes one meanwhile; the lock of a slot decides.
        """
        for _ in range(max(1, int(seconds))):
            if (state := self.state(run)).ended or self._stopping:
                return state
            # One of this process that is only beginning has no place yet that could be seen.
            if self.has_worker() or not self._work(lambda: self.state(run).ended):
                self.wait(run, 1)
        return self.state(run)

    def has_worker(self) -> bool:
        """Return whether any worker lives, in this process or another."""
        return self._below.slots.anybody()

    def is_idle(self) -> bool:
        """Return whether nothing waits, runs or is due."""
        return not (self._shop.due and self._shop.due.now()) and not self.unfinished()

    def stop(self) -> None:
        """Let `work`, `follow` and `wait` end within a beat; a signal may call it."""
        self._stopping = True

    def tick(self) -> int:
        """Start what is due, and put what is scheduled; return how much was started."""
        if self._shop.schedules:
            self._shop.schedules.arm(self._works.scheduled())
        count = 0
        due = self._shop.due
        if due is None:
            return count
        for one in due.now():
            if one.what not in self._works:
                self._shop.tell("work-unknown", id=one.run)
                continue
            # Before the row is noted as started, so that a crash between the two starts it again,
            # under the same id, which does nothing.
            count += self.start(one.what, one.run, lane=one.lane, **one.arguments)
            due.started(one)
        return count

    def _carry(self, worker: Any, until: Callable[[], bool]) -> bool:
        """Return True when it is time to end, False where our place was lost."""
        from klarsyn.durable.carrying import reap

        beat, away = 0, False
        while not self._stopping:
            if not worker.slot.held():
                return False
            try:
                if beat % _BEATS_A_ROUND == 0:
                    reap(self._below, worker.slot.number, self._shop.tell)
                self.tick()
                if until():
                    return True
                away = False
            except StorageError:
                # It comes back; what is under way waits for it by itself.
                if not away:
                    self._shop.tell("database-away")
                away = True
            beat += 1
            _REAL.sleep(_BEAT_SECONDS)
        return True

    def _listed(self, **asked: Any) -> list[WorkflowStatus]:
        with self._below.told():
            return self._below.client.list_workflows(load_input=False, **asked)


def _state(found: WorkflowStatus) -> State:
    stage = _STAGES[found.status]
    failure = found.error if isinstance(found.error, WorkFailed) else None
    if isinstance(found.output, Unread) or isinstance(found.error, Unread):
        raise SecretUnreadable(
            said(
                "What became of {id} is encrypted under a key that is not given.",
                id=found.workflow_id,
            ),
            said("Give that key too."),
        )
    if stage == "failed" and not failure:
        failure = WorkFailed(said("Its process died too often."), cause="abandoned")
    whose, result = found.output or (found.workflow_id, None)
    if whose != found.workflow_id:
        raise misplaced(found.workflow_id)
    return State(
        found.workflow_id, found.name, found.queue_partition_key or "", stage, result, failure
    )

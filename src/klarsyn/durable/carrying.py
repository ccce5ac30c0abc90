"""
Carrying work: what a process does while it is a worker.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, Self, TypeVar

from dbos import DBOS, DBOSConfig

from klarsyn.clock import SystemClock
from klarsyn.durable.below import APPLICATION, LOOK_SECONDS, QUEUE, UNFINISHED, VERSION, Below
from klarsyn.durable.checkpoints import Unread
from klarsyn.durable.failures import kept, misplaced
from klarsyn.durable.quiet import Tell
from klarsyn.durable.slots import Slot, executor, first_free, number_of
from klarsyn.durable.works import Json, Run, Work, Works, as_json
from klarsyn.errors import WorkFailed, WorkRefused, said

A = TypeVar("A")

#: How often it is tried whether what just ended is recorded, before the engine is closed.
_TRIES: Final = 250
_TRY_SECONDS: Final = 0.02


class Left(BaseException):
    """
    The worker ends: the step before was the last.

    No Exception: the engine would record that the work failed, but it only goes on elsewhere.
    """


class Worker(Generic[A]):
    """
    One process's part in carrying work. The engine below allows one at a time in a process.
    """

    def __init__(self, below: Below, works: Works[A], around: A, tell: Tell, at_once: int) -> None:
        """Stand ready; nothing is carried before `with`."""
        self._below = below
        self._works = works
        self._around = around
        self._tell = tell
        self._at_once = at_once
        self._ending = threading.Event()
        self._turn = threading.Condition()
        self._under_way = 0
        self._just_ended: deque[str] = deque(maxlen=64)
        self.slot: Slot

    def __enter__(self) -> Self:
        """Take a place and begin; WorkRefused where unfinished work is not known here."""
        self._refuse_unknown()
        self.slot = first_free(self._below.slots)
        try:
            self._launch()
        except BaseException:
            self.__exit__()
            raise
        self._tell("worker-began", slot=self.slot.number)
        return self

    def __exit__(self, *_: object) -> None:
        """Let the steps under way end, and leave the rest to whoever comes next."""
        self._ending.set()
        with self._turn:
            self._turn.wait_for(lambda: not self._under_way)
        try:
            with self._below.told():
                self._see_recorded()
                DBOS.destroy(destroy_registry=True)
                take_over(self._below, self.slot.number)
        finally:
            # Where the database is away: whoever gets the slot next takes over what is left.
            self._engine.dispose()
            self.slot.release()
        self._tell("worker-ended", slot=self.slot.number)

    def _refuse_unknown(self) -> None:
        """Refuse what would be taken from the queue and never carried; nothing is lost by that."""
        with self._below.told():
            waiting = self._below.client.list_workflows(
                status=UNFINISHED, load_input=False, load_output=False
            )
        unknown = sorted({one.name for one in waiting if one.name not in self._works})
        if unknown:
            raise WorkRefused(
                said(
                    "There is unfinished work that this Klarsyn does not know: {names}.",
                    names=unknown,
                ),
                said("Let the Klarsyn that started it end it, or cancel it."),
            )

    def _launch(self) -> None:
        self._engine = self._below.engine()
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": executor(self.slot.number),
            "system_database_engine": self._engine,
            "dbos_system_schema": self._below.schema,
            "serializer": self._below.checkpoints,
            # Steps send each other no messages, so nobody has to listen for any.
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": _TRY_SECONDS * 10,
            "log_level": "WARNING",
        }
        with self._below.told():
            self._below.client.register_queue(
                QUEUE,
                partition_concurrency=1,
                worker_concurrency=self._at_once,
                polling_interval_sec=LOOK_SECONDS,
                application_name=APPLICATION,
            )
            DBOS(config=config)
            for one in self._works:
                DBOS.workflow(name=one.full_name)(self._carried(one))
            DBOS.launch()

    def _carried(self, work: Work[A]) -> Callable[..., Any]:
        """Return a kind of work as the engine below calls it."""

        def carried(run: str = "", arguments: dict[str, Json] | None = None, **unread: bool) -> Any:
            carried_as = DBOS.workflow_id or ""
            if unread:
                self._tell("key-missing", id=carried_as, name=work.full_name)
                raise Unread
            with self._turn:
                self._under_way += 1
            try:
                return self._carry(work, carried_as, run, arguments or {})
            finally:
                with self._turn:
                    self._under_way -= 1
                    self._turn.notify_all()

        return carried

    def _carry(self, work: Work[A], run: str, told: str, arguments: dict[str, Json]) -> Any:
        if self._ending.is_set():
            raise Left
        self._tell("work-began", id=run, name=work.full_name)

        def do() -> Any:
            if told != run:
                raise misplaced(run)
            return as_json(work.do(Run(run, self._around, self._recorder(run)), **arguments))

        try:
            result = kept(do)
        except WorkFailed as failure:
            self._just_ended.append(run)
            self._tell("work-failed", id=run, name=work.full_name, error=failure.cause)
            raise
        self._just_ended.append(run)
        self._tell("work-done", id=run, name=work.full_name)
        # With its id, since checkpoints are not bound to their row.
        return [run, result]

    def _recorder(self, run: str) -> Callable[[str, Callable[[], Json]], Any]:
        def record(name: str, do: Callable[[], Json]) -> Any:
            if self._ending.is_set():
                raise Left
            found: Any = DBOS.run_step({"name": name}, lambda: [run, name, do()])
            if isinstance(found, Unread):
                self._tell("key-missing", id=run, name=name)
                raise found
            whose, called, result = found
            if (whose, called) != (run, name):
                raise misplaced(run)
            return result

        return record

    def _see_recorded(self) -> None:
        """
        Wait until what just ended is recorded by the engine, which does so after us.

        What is not recorded in time runs again, and finds its steps done.
        """
        ids = list(self._just_ended)
        for _ in range(_TRIES if ids else 0):
            if not self._below.client.list_workflows(
                workflow_ids=ids, status=["PENDING"], load_input=False, load_output=False
            ):
                return
            SystemClock().sleep(_TRY_SECONDS)


def take_over(below: Below, number: int) -> int:
    """
    Put back into the queue what was under way in a slot, and return how much it was.

    Whoever calls holds the slot's lock, so nobody carries any of it. Each goes back to its lane:
    the engine by itself would move it to a queue without lanes (trap 1d.2).
    """
    found = below.client.list_workflows(
        status=["PENDING"], executor_id=executor(number), load_input=False, load_output=False
    )
    if found:
        below.client.resume_workflows([one.workflow_id for one in found], queue_name=QUEUE)
    return len(found)


def reap(below: Below, own: int, tell: Tell) -> None:
    """Take over from every worker that died: its slot's lock is free, and its work under way."""
    with below.told():
        pending = below.client.list_workflows(
            status=["PENDING"], load_input=False, load_output=False
        )
    numbers = {number_of(one.executor_id) for one in pending} - {None, own}
    for number in sorted(filter(None, numbers)):
        slot = below.slots.take(number)
        if slot is None:
            continue
        try:
            with below.told():
                count = take_over(below, number)
        finally:
            slot.release()
        tell("work-taken-over", slot=number, count=count)

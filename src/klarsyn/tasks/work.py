"""
Tasks that only a person can do, and attestations that only a person can give.

What a task says is a message without values of people; a subject stands in it by the journal's
random id. It ends done, failed or attested, by somebody who has signed in for it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, Protocol

from klarsyn import stored
from klarsyn.clock import Clock
from klarsyn.errors import EvidenceRefused, Message, TaskClosed, UnknownName, said
from klarsyn.rules.periods import after
from klarsyn.storage import Storage
from klarsyn.tasks.evidence import MOST, Evidence, Uploads
from klarsyn.tasks.records import Recorded, Records
from klarsyn.tasks.users import SignedIn, User, Users

Kind = Literal["manual", "attestation"]
State = Literal["open", "done", "failed", "attested"]
Failure = Literal["no-answer", "refused", "impossible", "needless"]
FAILURES: Final[dict[Failure, Message]] = {
    "no-answer": said("nobody answered"),
    "refused": said("whoever was asked refused"),
    "impossible": said("it cannot be done"),
    "needless": said("it is no longer needed"),
}
"""Why a task was given up: fixed words, since free ones could name people."""


class Voice(Protocol):
    """Says a message in one language."""

    def say(self, message: Message) -> str:
        """Return the sentence."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be opened, once for each key."""

    key: str
    kind: Kind
    vendor: str
    """The vendor's id in the register; empty where it is about none."""
    what: Message
    due: date
    letter: Message | None = None
    """A text that is ready to send."""
    subject: str = ""
    """The journal's random id of the person it is about."""
    again: int = 0
    """An attestation is due again after so many months; 0 where it is not."""
    assigned: str = ""
    """The pseudonym of whoever shall do it; empty for anybody who may."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands."""

    id: str
    asked: NewTask
    state: State
    opened_at: float
    closed_at: float | None = None
    closed_by: str = ""

    def letter(self, voice: Voice) -> str:
        """Return the text to send, in the language that a voice speaks; nothing where none is."""
        told = voice.say(self.asked.letter) if self.asked.letter else ""
        return re.sub(r"\n{3,}", "\n\n", told)  # a paragraph may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tasks to list; an empty word stands for any."""

    state: State | Literal[""] = "open"
    kind: Kind | Literal[""] = ""
    vendor: str = ""
    assigned: str = ""


class Tasks:
    """The tasks of this installation."""

    def __init__(
        self, storage: Storage, clock: Clock, users: Users, uploads: Uploads, records: Records
    ) -> None:
        """Keep tasks in a storage, their evidence among the uploads."""
        self._storage = storage
        self._clock = clock
        self._users = users
        self._uploads = uploads
        self._records = records

    def open(self, task: NewTask, by: SignedIn | None = None) -> Task:
        """Open a task once; under a key that is known, the first one stands, whatever it says."""
        opener = self._users.check(by, "work").pseudonym if by else ""
        with self._storage.transaction():
            new = self._storage.run("open_task", **_columns(task), opened_at=self._now())
            (row,) = self._storage.read(_Row, "task_opened_as", opened_as=task.key)
            if new:
                self._record(row.task, "task.opened", opener, {"due": task.due.isoformat()})
        return row.task

    def get(self, task_id: str) -> Task:
        """Return a task; UnknownName where there is none."""
        rows = self._storage.read(_Row, "task", id=task_id)
        if not rows:
            raise UnknownName(
                said("There is no task {id}.", id=repr(task_id)), said("See `klarsyn tasks`.")
            )
        return rows[0].task

    def all(self, wanted: Wanted) -> list[Task]:
        """Return tasks, the next due first."""
        rows = self._storage.read(
            _Row,
            "tasks",
            state=wanted.state,
            kind=wanted.kind,
            vendor=wanted.vendor,
            assigned=wanted.assigned,
        )
        return [row.task for row in rows]

    def assign(self, task_id: str, to: User, who: SignedIn) -> Task:
        """Give an open task to somebody, who may do it."""
        by = self._users.check(who, "work").pseudonym
        with self._storage.transaction():
            if not self._storage.run("assign_task", id=task_id, assigned=to.pseudonym):
                raise _closed(self.get(task_id))
            task = self.get(task_id)
            key = f"task:{task_id}:assigned:{secrets.token_hex(4)}"
            self._record(task, "task.assigned", by, {"to": to.pseudonym}, key)
        return task

    def evidence(self, task: Task, who: SignedIn) -> list[Evidence]:
        """Return what was uploaded to a task; that somebody looked is recorded."""
        by = self._users.check(who, "read").pseudonym
        files = self._uploads.of(task.id)
        with self._storage.transaction():
            key = f"task:{task.id}:evidence:{secrets.token_hex(4)}"
            seen: dict[str, Recorded] = {"evidence": [one.sha256 for one in files]}
            self._record(task, "evidence.read", by, seen, key)
        return [self._uploads.open(one.id) for one in files]

    # Ends

    def done(self, task_id: str, evidence: Sequence[Evidence], who: SignedIn) -> Task:
        """End a manual task; it takes evidence, since nobody could show it later."""
        task = self.get(task_id)
        if task.asked.kind != "manual":
            raise TaskClosed(
                said("This is attested, not done."),
                said("Run `klarsyn tasks attest {id}`.", id=task_id),
            )
        if not evidence:
            raise EvidenceRefused(
                said("What was done by hand is shown by a file."),
                said("Give the answer, or a picture of the screen, with --evidence."),
            )
        return self._end(task, "done", evidence, who)

    def attest(self, task_id: str, evidence: Sequence[Evidence], who: SignedIn) -> Task:
        """
        Attest what a task says, with a signed paper where there is one.

        Where it is due again, the next attestation is opened in the same breath.
        """
        task = self.get(task_id)
        if task.asked.kind != "attestation":
            raise TaskClosed(
                said("This is done, not attested."),
                said("Run `klarsyn tasks done {id}`.", id=task_id),
            )
        return self._end(task, "attested", evidence, who)

    def fail(self, task_id: str, why: Failure, who: SignedIn) -> Task:
        """Give a task up, and say why."""
        return self._end(self.get(task_id), "failed", (), who, {"why": why})

    def _end(
        self,
        task: Task,
        state: State,
        evidence: Sequence[Evidence],
        who: SignedIn,
        facts: dict[str, Recorded] | None = None,
    ) -> Task:
        user = self._users.check(who, "work")
        if len(evidence) > MOST:
            raise EvidenceRefused(said("A task takes {most} files at most.", most=MOST))
        now = self._clock.now()
        with self._storage.transaction():
            ended = self._storage.run(
                "close_task",
                id=task.id,
                state=state,
                closed_at=now.timestamp(),
                closed_by=user.pseudonym,
                expires_at=self._uploads.until(now).timestamp(),
            )
            if not ended:
                raise _closed(task)
            kept = [self._uploads.keep(task.id, one, now).sha256 for one in evidence]
            told = {"evidence": kept, **(facts or {})}
            self._record(task, f"task.{state}", user.pseudonym, told)
            if state == "attested" and task.asked.again:
                self.open(_next(task.asked, now.date()))
        return replace(task, state=state, closed_at=now.timestamp(), closed_by=user.pseudonym)

    def _record(
        self, task: Task, kind: str, by: str, facts: dict[str, Recorded], key: str = ""
    ) -> None:
        said_so = hashlib.sha256(stored.to_json(task.asked.what).encode()).hexdigest()
        about: dict[str, Recorded] = {"task": task.id, "of": task.asked.kind, "what": said_so}
        subject = task.asked.subject
        self._records.append(
            key or f"task:{task.id}:{kind}",
            kind,
            vendor=task.asked.vendor,
            by=by,
            facts={**about, **facts},
            people=[(subject, {"task": task.id, "kind": kind})] if subject else [],
        )

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _next(task: NewTask, attested: date) -> NewTask:
    """Return the attestation that follows, due so many months after this one was given."""
    due = after(attested, f"P{task.again}M")
    origin = task.key.partition(" again ")[0]
    return replace(task, key=f"{origin} again {due.isoformat()}", due=due)


def _closed(task: Task) -> TaskClosed:
    return TaskClosed(said("The task {id} is not open any more.", id=task.id))


def _columns(task: NewTask) -> dict[str, str | int]:
    return {
        "id": secrets.token_hex(4),
        "opened_as": task.key,
        "kind": task.kind,
        "vendor": task.vendor,
        "subject": task.subject,
        "assigned": task.assigned,
        "what": stored.to_json(task.what),
        "letter": stored.to_json(task.letter) if task.letter else "",
        "due": task.due.isoformat(),
        "again": task.again,
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """A task as it lies in the database."""

    id: str
    opened_as: str
    kind: Kind
    vendor: str
    subject: str
    assigned: str
    what: str
    letter: str
    due: str
    again: int
    state: State
    opened_at: float
    closed_at: float | None
    closed_by: str

    @property
    def task(self) -> Task:
        """The task as the rest of the program knows it."""
        asked = NewTask(
            key=self.opened_as,
            kind=self.kind,
            vendor=self.vendor,
            what=stored.from_json(self.what),
            due=date.fromisoformat(self.due),
            letter=stored.from_json(self.letter) if self.letter else None,
            subject=self.subject,
            again=self.again,
            assigned=self.assigned,
        )
        closed = (self.closed_at, self.closed_by)
        return Task(self.id, asked, self.state, self.opened_at, *closed)

"""
What a Zapier account holds: Zaps, the runs they made, what waits to be run, and what is purged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted, StandIn

Record = dict[str, Any]
#: What a Catch Hook of KlarPris is sent: exactly what the overview declares.
DECLARED = ("name", "email", "status", "source", "rating")
#: How an app is called by the Zap's steps and by the export.
HOOKS, STORAGE, MAIL = "WebHookCLIAPI", "StorageCLIAPI", "MailchimpCLIAPI"
TITLES = {HOOKS: "Webhooks by Zapier", STORAGE: "Storage by Zapier", MAIL: "Mailchimp"}


@dataclass(slots=True)
class Step:
    """One step of a Zap."""

    app: str
    action: str
    """The key that the app's developer gave it."""
    kind: str
    """READ or WRITE."""
    inputs: Record
    authentication: str | None = None
    sample: Record = field(default_factory=dict)
    """Test data, kept until the Zap is deleted; the export shows them, the API does not."""


@dataclass(slots=True)
class Zap:
    """An automation."""

    number: int
    title: str
    steps: list[Step]
    hook: str
    """Under which id of the user's its Catch Hook listens."""
    is_enabled: bool = True
    last_run: datetime | None = None

    @property
    def id(self) -> str:
        """As v2 writes it; runs name the Zap by the number at its end."""
        return f"00000000-0000-c000-8000-{self.number:012d}"


@dataclass(slots=True)
class Run:
    """One run of a Zap, with a copy of what went through it."""

    id: str
    zap: Zap
    title: str
    """The Zap's title at that time."""
    started: datetime
    data_in: Any
    data_out: Any
    status: str = "success"


@dataclass(frozen=True, slots=True)
class Queued:
    """What a hook has caught and no Zap has seen."""

    due: datetime
    zap: Zap
    item: Any


class ZapierAccount(StandIn):
    """The account of one company."""

    name = "zapier"
    hosts = ("store.zapier.com", "hooks.zapier.com", "api.zapier.com")
    USER: ClassVar[str] = "1234567"
    #: How long a caught item waits; the vendor says that it may be minutes.
    QUEUE_SECONDS: ClassVar[float] = 120
    #: Content is purged on the first Monday of a month if it is older than this.
    CONTENT_DAYS: ClassVar[int] = 29

    def fill(self) -> None:
        """Run two Zaps for everybody in the last weeks, and leave somebody where nobody looks."""
        self.queue: list[Queued] = []
        self.runs: list[Run] = []
        """Oldest first."""
        self._runs_made = 0
        self.zaps = [self._registered(), self._left_over()]
        start = max(self.clock.now() - timedelta(days=40), self._oldest_kept())
        apart = (self.clock.now() - start) / max(1, len(self.people))
        for person in self.people:
            self._run_for(person, start + apart * person.number)
        if self.people:
            person = self.people[-1]
            self.zaps[1].title = f"Kopi: test med {person.name}"
            self._plant(person, "zap.title", expected=False)
            self.zaps[1].steps[1].inputs["email"] = person.email
            self._plant(person, "zap.steps.inputs", expected=False)
            self.zaps[0].steps[0].sample = _event(person)
            self._plant(person, "zap.sample", expected=False)

    def _run_for(self, person: InventedPerson, when: datetime) -> None:
        event = _event(person)
        if person.number % 4 == 1:
            event |= {"note": f"Ring til {person.phone} efter kl. 16"}
            self._plant(person, "zap-run.data_in.note", expected=False)
        self.make_run(self.zaps[0], event, when)
        for name in DECLARED:
            self._plant(person, f"zap-run.data_in.{name}")

    def make_run(self, zap: Zap, item: Any, when: datetime) -> None:
        """Let a Zap do its work with one item."""
        self._runs_made += 1
        digest = hashlib.sha256(f"run {self._runs_made}".encode()).digest()[:16]
        told = item if isinstance(item, dict) else {}
        out = {"email_address": told.get("email", ""), "status": "subscribed"}
        run_id = str(UUID(bytes=digest, version=4))
        self.runs.append(Run(run_id, zap, zap.title, when, item, out))
        zap.last_run = when

    def go_on(self) -> None:
        """Run what has waited long enough, and purge what is due."""
        now = self.clock.now()
        for one in [one for one in self.queue if one.due <= now]:
            self.queue.remove(one)
            if one.zap.is_enabled:
                self.make_run(one.zap, one.item, one.due)
        oldest = self._oldest_kept()
        self.runs = [one for one in self.runs if one.started >= oldest]

    def _oldest_kept(self) -> datetime:
        """Return before when the last purge took everything."""
        now = self.clock.now()
        purge = first_monday(now)
        if purge > now:
            purge = first_monday(now.replace(day=1) - timedelta(days=1))
        return purge - timedelta(days=self.CONTENT_DAYS)

    def catch(self, hook: str, items: Iterable[Any]) -> bool:
        """Queue items for the Zap of a hook; return whether there is one."""
        zap = next((one for one in self.zaps if one.hook == hook), None)
        due = self.clock.now() + timedelta(seconds=self.QUEUE_SECONDS)
        if zap:
            self.queue += [Queued(due, zap, one) for one in items]
        return zap is not None

    def _registered(self) -> Zap:
        mapped = {name: f"{{{{104445735__{name}}}}}" for name in DECLARED}
        steps = [
            Step(HOOKS, "hook_v2", "READ", {}),
            Step(STORAGE, "set_value", "WRITE", {"key": "{{104445735__email}}"}, "QVaPP2O1"),
            Step(MAIL, "memberCreate", "WRITE", {"list_id": "invented"} | mapped, "MVA64zk4"),
        ]
        return Zap(104445735, "Ny kunde til nyhedsbrev", steps, "3abcdef")

    def _left_over(self) -> Zap:
        steps = [
            Step(HOOKS, "hook_v2", "READ", {}),
            Step(MAIL, "memberCreate", "WRITE", {"email": "{{104445736__email}}"}, "MVA64zk4"),
        ]
        return Zap(104445736, "Kopi", steps, "3fedcba", is_enabled=False)

    def _plant(self, person: InventedPerson, place: str, *, expected: bool = True) -> None:
        self.planted.append(Planted(person, place, expected))


def first_monday(instant: datetime) -> datetime:
    """Return the first Monday of the month of an instant, at midnight UTC."""
    first = instant.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first + timedelta(days=-first.weekday() % 7)


def searched(run: Run) -> str:
    """Return what a search of runs looks in, in lower case."""
    parts = (json.dumps(one, ensure_ascii=False) for one in (run.data_in, run.data_out))
    return "\n".join((run.title, *parts)).lower()


def _event(person: InventedPerson) -> Record:
    """Return what KlarPris tells of a customer."""
    return {
        "event_id": f"event-{person.number}",
        "name": person.name,
        "email": person.email,
        "status": "unregistered" if (person.number + 1) % 5 == 0 else "registered",
        "source": "Comfort" if person.number % 2 else "KlarPris",
        "rating": 1 + person.number % 5,
    }

"""
A trial: customers who change, deliveries that are begun, workers who die; and what must hold then.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from klarsyn import journal
from klarsyn.disclosure import delivering
from klarsyn.disclosure.telling.status import Standing
from klarsyn.personal import Personal
from klarsyn.tasks import Wanted
from klarsyn.testing.faults import Trouble
from klarsyn.upkeep.retention import erase
from klarsyn.vendors.mailchimp import hash_of
from tests.acceptance.processes import ROOT
from tests.crash.company import VENDORS, Company
from tests.crash.workers import engine
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klarsyn.durable import Engine

LONG = 300.0
"""Seconds after which what should have happened will not."""
Shown = tuple[str, ...]


class Nursery:
    """Workers in processes of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Speak with a process that forks them."""
        self._process = process
        self.living: list[int] = []

    def bear(self, point: str = "") -> None:
        """Let one begin, to die at a point or to live."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{point}\n")
        self._process.stdin.flush()
        self.living.append(int(self._process.stdout.readline()))

    def kill(self, worker: int) -> None:
        """Kill one of them in the midst of whatever it does."""
        self.living.remove(worker)
        os.kill(worker, signal.SIGKILL)

    def kill_all(self) -> None:
        """Kill whoever lives."""
        for worker in tuple(self.living):
            self.kill(worker)


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """Open a nursery on a company's folder; whoever still lives in it is killed afterwards."""
    temporary = folder / "tmp"
    for made in (temporary, folder / "cores"):
        made.mkdir(exist_ok=True)
    # Coverage of a process that is killed is never written, so it need not begin.
    environ = {name: value for name, value in os.environ.items() if "COV" not in name}
    with (folder / "workers.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.workers", folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environ | {"TMPDIR": str(temporary)},
        )
        opened = Nursery(process)
        try:
            yield opened
        finally:
            opened.kill_all()
            process.communicate(timeout=60)


@dataclass
class Trial:
    """One company, its customers and its workers."""

    company: Company
    born: Nursery
    vendors: tuple[str, ...] = VENDORS
    customers: dict[int, dict[str, str]] = field(default_factory=dict)
    begun: int = 0
    newest: int = 0
    version: int = 0
    died_busy: int = 0
    """How many workers died in the midst of something, when it was last looked."""
    engine: Engine[Any] = field(init=False)

    def __enter__(self) -> Self:
        """Open the engine, to begin deliveries and to see how far they are."""
        self.engine = engine(self.company)
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        self.engine.close()

    # Customers

    def enrol(self, count: int) -> None:
        """Let there be so many more customers."""
        for _ in range(count):
            self.newest += 1
            self.customers[self.newest] = customer(self.newest)
        self.company.write(*self.customers.values())

    def stir(self, at_once: int = 1) -> None:
        """Let somebody come, leave, move, marry, and be reached elsewhere; each value is new."""
        self.version += 1
        for _ in range(at_once):
            oldest, *others = self.customers
            del self.customers[oldest]
            address, *rest = others
            self.customers[address]["email"] = f"v{self.version}.{address}@example.org"
            self._again(address)
            for number in rest[:at_once]:
                self.customers[number] |= {
                    "name": f"Astrid Snöfall {number} {self.version}",
                    "phone": f"+44 7700 900{self.version % 1000:03}",
                }
                self._again(number)
        self.enrol(at_once)

    def _again(self, number: int) -> None:
        """Put somebody to the end, so that everybody has a turn."""
        self.customers[number] = self.customers.pop(number)

    # Deliveries

    def deliver(self) -> None:
        """Deliver to every vendor at once, and see that everything is in order."""
        self.begin()
        self.heal()
        self.check()

    def begin(self) -> None:
        """Begin a delivery to each vendor that has none under way."""
        for vendor in self.vendors:
            if not self.engine.unfinished(lane=vendor):
                self.begun += 1
                run = f"trial:{vendor}:{self.begun}"
                self.engine.start(delivering.deliver, run, lane=vendor, vendor=vendor, digest="")

    def deaths(self) -> list[str]:
        """Return at which points workers have died."""
        file = self.company.folder / "deaths"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def change_and_die(self, point: str) -> None:
        """Let something change, and a worker die while it is delivered."""
        self.stir()
        if point.startswith("settle"):
            self.put_off(self.vendors[0])
        self.begin()
        self.die_at(point)

    def die_at(self, point: str) -> None:
        """Let one worker live until it comes to a point; what waits becomes due meanwhile."""
        before = len(self.deaths())
        self.born.bear(point)
        ends = time.monotonic() + LONG
        while len(self.deaths()) == before:
            assert time.monotonic() < ends, f"nobody came to: {point}"
            self.hurry()
            if not self.engine.unfinished():
                self.stir()
                self.begin()
            time.sleep(0.05)
        self.born.living.pop()

    def put_off(self, vendor: str) -> None:
        """Let a vendor take nothing for now, so that its delivery has to be resumed."""
        faults = self.company.standins[vendor].faults
        for writes in ("POST *", "PATCH *"):
            faults.add(Trouble.THROTTLED_SILENTLY, on=writes, times=10_000)
        self.born.bear()
        self.begin()
        ends = time.monotonic() + LONG
        while self.engine.unfinished(lane=vendor):
            assert time.monotonic() < ends, self.told()
            time.sleep(0.05)
        self.born.kill_all()
        faults.clear()

    def rest(self) -> None:
        """Wait until nothing is under way, and nothing waits that will come by itself."""
        ends = time.monotonic() + LONG
        while not self.is_idle():
            assert time.monotonic() < ends, self.told()
            self.hurry()
            time.sleep(0.05)

    def busy(self) -> list[int]:
        """Return the workers that live and have begun something that they have not ended."""
        under_way: Counter[int] = Counter()
        for line in (self.company.folder / "workers.log").read_text("utf-8").splitlines():
            worker, _, event = line.partition(" ")
            if worker.isdecimal():
                under_way[int(worker)] += event.startswith("work-began")
                under_way[int(worker)] -= event.startswith(("work-done", "work-failed"))
        self.died_busy = sum(
            1 for one, count in under_way.items() if count and one not in self.born.living
        )
        return [one for one in self.born.living if under_way[one]]

    def wait_until_busy(self) -> list[int]:
        """Let there be something to do, and return who does it."""
        ends = time.monotonic() + LONG
        while not (busy := self.busy()):
            assert time.monotonic() < ends, self.told()
            self.hurry()
            if not self.engine.unfinished():
                self.stir()
            self.begin()
            time.sleep(0.05)
        return busy

    def is_idle(self) -> bool:
        """Tell whether nothing waits or runs; what is due is started before its row goes away."""
        due = self.company.around.due
        return not (due.waiting() or self.engine.unfinished() or due.waiting())

    def hurry(self) -> None:
        """Let time pass to the next due row, where nothing else happens."""
        if self.engine.unfinished() or not (waiting := self.company.around.due.waiting()):
            return
        left = (waiting[0].at - self.company.clock.now()).total_seconds()
        if left > 0:
            self.company.clock.move(seconds=left)

    def heal(self) -> None:
        """Let one worker go on, and deliver once more, until there is nothing to do."""
        self.born.bear()
        for _ in range(4):
            self.rest()
            if all(not self.company.plan(one).people for one in self.vendors):
                break
            self.begin()
        self.born.kill_all()

    # What must hold

    def told(self) -> str:
        """Return what is open, for whoever wonders why it does not end."""
        unfinished = [(one.run, one.stage) for one in self.engine.unfinished()]
        return f"{unfinished} {self.company.around.ledger.counts()}"

    def check(self) -> None:
        """Hold ledger, journal and every vendor against the source; after `heal`."""
        around = self.company.around
        self.company.clock.move(days=2)
        for vendor in self.vendors:
            assert {} == dict(self.company.plan(vendor).kinds), vendor
            CHECKS[vendor](self)
        erase(around.storage, around.journal, around.clock.now(), around.retention, lambda _: 0)
        states = {
            (vendor, state)
            for vendor, counts in around.ledger.counts().items()
            for (_, state) in counts
        }
        assert states <= {("zapier", "unknown")}
        verdict = journal.verify(self.company.storage, journal.public_keys(around.keys))
        assert verdict.damage is None

    def known_as(self, vendor: str) -> dict[str, Shown]:
        """Return, by the vendor's key, whom the ledger says that it holds."""
        around = self.company.around
        people = {around.hashes.person(Personal(str(one))): one for one in self.customers}
        held = (one for one in around.ledger.holdings_at(vendor) if one.held)
        return {one.known_as: (str(people[one.person]),) for one in held}


def check_mailchimp(trial: Trial) -> None:
    """Everybody is a member once, with the newest values, under the key that the ledger has."""
    audiences = trial.company.standins["mailchimp"].audiences.values()
    members = [one for audience in audiences for one in audience.members.values()]
    there = Counter((one.email, one.name) for one in members)
    wanted = Counter((one["email"], one["name"]) for one in trial.customers.values())
    assert (Counter(), Counter()) == (wanted - there, there - wanted)
    keys = {hash_of(one["email"]): (str(number),) for number, one in trial.customers.items()}
    assert keys == trial.known_as("mailchimp")


def check_pipedrive(trial: Trial) -> None:
    """Everybody is a person once, with the newest values; nobody was made twice."""
    records = trial.company.standins["pipedrive"].records["persons"]
    persons = [one for one in records.values() if not one["is_deleted"]]
    there = Counter((one["name"], *_reached(one)) for one in persons)
    wanted = Counter((one["name"], one["email"], one["phone"]) for one in trial.customers.values())
    assert (Counter(), Counter()) == (wanted - there, there - wanted)
    added = [
        one.request
        for one in trial.company.standins["pipedrive"].exchanges
        if (one.request.method, one.request.path) == ("POST", "/api/v2/persons")
        and one.reply.status == HTTPStatus.OK  # those who were told to come later were not added
    ]
    assert trial.newest >= len(added)
    numbers = {one["email"]: (str(number),) for number, one in trial.customers.items()}
    keys = {str(one["id"]): numbers[_reached(one)[0]] for one in persons}
    assert keys == trial.known_as("pipedrive")


def check_zapier(trial: Trial) -> None:
    """
    Each row was caught at most once; whoever's newest one was not is unknown, and shown.

    Whoever left has to be removed by hand: there is a task for each, once.
    """
    exchanges = trial.company.standins["zapier"].exchanges
    rows = [
        one.request.json()
        for one in exchanges
        if one.request.path.startswith("/hooks/") and one.reply.status == 200
    ]
    assert [] == [one for one in rows if not {"name", "email"} <= one.keys()]
    caught = Counter((one["name"], one["email"]) for one in rows)
    assert {1} == set(caught.values())
    around = trial.company.around
    unknown = [one.person for one in around.ledger.all("zapier", "unknown")]
    standing = Standing(trial.company.storage, trial.company.clock, around.keys)
    assert len(unknown) == len(standing.unknown("zapier"))
    for number, one in trial.customers.items():
        if around.hashes.person(Personal(str(number))) not in unknown:
            assert (one["name"], one["email"]) in caught, number
    leavers = {
        around.journal.subject(one.person)
        for one in around.ledger.all("zapier", "unknown")
        if one.kind == "remove"
    }
    assert leavers == {one.asked.subject for one in around.tasks.all(Wanted())}


CHECKS = {"mailchimp": check_mailchimp, "pipedrive": check_pipedrive, "zapier": check_zapier}


def _reached(person: dict[str, Any]) -> Shown:
    return (
        *(one["value"] for one in person["emails"]),
        *(one["value"] for one in person["phones"]),
    )

"""
Delivery as work that survives: plan, send part by part, remove, and come back for what waits.

The rows of work lie in the ledger, so a worker that dies loses nothing: who comes next settles
what was under way and goes on with what is left. One run per vendor at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, Self

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.optouts.learning import learnt
from klarsyn.disclosure.plans import planning
from klarsyn.disclosure.plans.agreeing import agreement
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.plan import Tally
from klarsyn.disclosure.sending import clearing
from klarsyn.disclosure.sending.courier import AWAY, Courier
from klarsyn.disclosure.sending.doubt import take_back
from klarsyn.disclosure.sending.readback import sample_of
from klarsyn.disclosure.sending.removing import Removing
from klarsyn.disclosure.sending.renaming import renamed
from klarsyn.disclosure.sending.rows import Preparing, Ready
from klarsyn.durable import Json, Run, work
from klarsyn.errors import (
    CallRefused,
    KlarsynError,
    ManyProblems,
    Message,
    Throttled,
    VendorDown,
    said,
)
from klarsyn.people.ledger import Difference, Person
from klarsyn.people.rekeying import rekey
from klarsyn.stored import to_json
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.transport.words import Repeat
from klarsyn.vendors.reading import outer_places
from klarsyn.vendors.sheet import Record

PART: Final = 1000
"""Rows in one durable step."""
FEW: Final = 100_000
"""So many changes, some 25 MB, are kept between counting and noting them; more are found again."""
DIED: Final = said("the worker died while this was under way")
RETRY: Final = timedelta(hours=1)
"""When a vendor is tried again that refuses the key."""
Result = dict[str, Json]


@work("disclosure.deliver", 1)
def deliver(run: Run[Around], vendor: str, digest: str) -> Json:
    """Plan for one vendor and carry it out; `digest` is that of the plan that was looked at."""
    told = run.step("opt-outs", lambda: learnt(run.around, run.id, vendor))
    if told.get("stopped"):
        run.step("afterwards", lambda: _again(run.around, vendor, digest))
        return told
    begun = run.step("plan", lambda: begin(run.around, run.id, vendor, digest))
    if begun.get("stopped"):
        return begun
    return {**begun, **_sent(run, vendor)}


def _again(around: Around, vendor: str, digest: str) -> Result:
    """Come back when another vendor may tell again who has opted out there."""
    arguments: Result = {"vendor": vendor, "digest": digest}
    around.due.put(deliver, vendor, around.clock.now() + AWAY, lane=vendor, arguments=arguments)
    return {}


@work("disclosure.resume", 1)
def resume(run: Run[Around], vendor: str) -> Json:
    """Go on with changes that waited; nothing new is planned."""
    settled = run.step("settle", lambda: _settle(run.around, vendor))
    return {**settled, **_sent(run, vendor)}


# Planning


def begin(around: Around, run: str, vendor: str, digest: str) -> Result:
    """Compare again, and note the changes where they are those that were looked at."""
    if vendor in around.pauses.all():
        return _stopped("paused", said("nothing is sent to {vendor} for now", vendor=vendor))
    _settle(around, vendor)
    facts = around.facts.load()
    rekey(around.storage, around.ledger, around.source, around.calculated, around.hashes)
    (opened,) = planning.ceilings(around, [vendor], facts)
    if not isinstance(opened, Ceiling):
        return _stopped("closed", opened.why)
    with planning.compared(around, [opened], facts) as comparison:
        tally = planning.tally(around, opened)
        found = _counted(comparison, tally)
        plan = tally.ended()
        plan.held = around.ledger.count(vendor)
        if digest and digest != plan.digest:
            return _stopped("changed", said("the changes are not those that were planned"))
        request = agreement(around, plan, None)
        if request and request.state != "approved":
            return _stopped("approval", request.what) | {"request": request.id}
        _drop(around, vendor, comparison.shared.get(vendor, ()))
        for part in _parts(found, PART):
            around.ledger.put_changes(vendor, run, around.hashes.key_id, part)
    if plan.digest:
        around.journal.append(
            f"{run}:planned:{plan.digest}",
            "delivery.planned",
            vendor=vendor,
            facts={"digest": plan.digest, "kinds": dict(plan.kinds), "sets": dict(plan.sets)},
        )
    if plan.cleaned:
        numbers = [
            one.number for one in around.ledger.placed(vendor) if one.element in plan.cleaned
        ]
        clearing.ask(around, vendor, numbers)
    return {"digest": plan.digest, "planned": dict(plan.kinds)}


def _counted(comparison: planning.Comparison, tally: Tally) -> Iterator[Difference]:
    """Count all differences; return the same again, from memory where they are few."""
    few: list[Difference] = []
    for _, one in comparison.differences():
        tally.add(one)
        if len(few) <= FEW:
            few.append(one)
    if len(few) <= FEW:
        return iter(few)
    return (one for _, one in comparison.differences())


def _drop(around: Around, vendor: str, people: Sequence[Person]) -> None:
    """Take back what waits of people who are not sent any more because of somebody else."""
    for one in around.ledger.waiting(vendor, people):
        if not one.in_doubt:
            around.ledger.drop(vendor, one.person)


def _stopped(word: str, why: Message) -> Result:
    return {"stopped": word, "why": to_json(why)}


def _settle(around: Around, vendor: str) -> Result:
    """Decide about what a dead worker left: tried again, or looked at by a person."""
    opened = around.bind(vendor)
    never = any(one.deliver.repeat is Repeat.NEVER for one in opened.vendor.records if one.deliver)
    count = around.ledger.settle(vendor, "unknown" if never else "waiting", DIED)
    return {"settled": count}


def _parts(found: Iterator[Difference], size: int) -> Iterator[list[Difference]]:
    while part := list(islice(found, size)):
        yield part


# Sending


def _sent(run: Run[Around], vendor: str) -> Result:
    around, ends = run.around, Counter[str]()
    with Sending(around, vendor, run.id) as sending:
        part = run.step("part 1", sending.part)
        ends.update(part["ends"])
        number = 1
        while part["more"]:
            number += 1
            part = run.step(f"part {number}", sending.part)
            ends.update(part["ends"])
        later, stopped = part["later"], part["stopped"]
        if not later and not stopped:
            removed = run.step("removals", sending.removals)
            ends.update(removed["ends"])
            later = removed["later"]
    run.step("afterwards", lambda: _afterwards(around, vendor, later, stopped))
    return {"ends": dict(ends), "later": later, "stopped": stopped}


def _afterwards(around: Around, vendor: str, later: float, stopped: str) -> Result:
    """Come back when the vendor takes more, or when the next row is due; not while it is paused."""
    if vendor in around.pauses.all():
        return {"resumes": ""}
    now = around.clock.now()
    at = now + timedelta(seconds=later) if later else None
    if stopped:
        at = now + RETRY
    elif (waiting := around.ledger.next_at(vendor)) is not None:
        at = max(at or now, datetime.fromtimestamp(waiting, UTC))
    if at is not None:
        around.due.put(resume, vendor, at, lane=vendor, arguments={"vendor": vendor})
    return {"resumes": at.isoformat() if at else ""}


class Sending:
    """The rows of one vendor, sent part by part over one connection, opened when it is needed."""

    def __init__(self, around: Around, vendor: str, run: str) -> None:
        """Nothing is read or opened yet."""
        self._around = around
        self._vendor = vendor
        self._run = run
        self._stack = ExitStack()
        self._courier: Courier | None = None
        self._rows: Iterator[Ready] = iter(())
        self._ceiling: Ceiling | None = None
        self._is_settled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def part(self) -> dict[str, Any]:
        """Send up to a thousand rows; tell what became of them, and whether there are more."""
        try:
            ceiling = self._now()
            courier = self._opened(ceiling)
        except (VendorDown, Throttled) as error:
            after = error.after or AWAY.total_seconds()
            return {"ends": {}, "more": False, "later": after, "stopped": ""}
        except KlarsynError as error:  # paused, shut, no key, no right, read-only, several places
            return {"ends": {}, "more": False, "later": 0, "stopped": to_json(_said(error))}
        if courier is None:
            return {"ends": {}, "more": False, "later": 0, "stopped": ""}
        before = Counter(courier.sent.ends)
        most, count = ceiling.how.most, 0
        while count < PART and not courier.sent.over:
            batch = list(islice(self._rows, most))
            if not batch:
                break
            count += len(batch)
            renames = [one for one in batch if one.renames]
            if renames:
                renamed(self._around, ceiling, courier, renames)
            courier.send([one for one in batch if not one.renames])
        sent = courier.sent
        more = count >= PART and not sent.over
        if not more:
            courier.end()
            self._sample(courier)
        return {
            "ends": dict(sent.ends - before),
            "more": more,
            "later": sent.later,
            "stopped": to_json(sent.stopped) if sent.stopped else "",
        }

    def removals(self) -> dict[str, Any]:
        """Remove those whom the vendor should not hold any more."""
        try:
            ceiling = self._now()
        except CallRefused:  # paused meanwhile: what waits goes on waiting
            return {"ends": {}, "later": 0}
        return Removing(self._around, ceiling, self._run).all()

    def _opened(self, ceiling: Ceiling) -> Courier | None:
        if self._courier is None:
            around = self._around
            preparing = Preparing(around, ceiling)
            first = next(rows := preparing.ready(), None)
            if first is None:
                self._forget(preparing)
                return None
            bound = around.bind(self._vendor)
            connection = self._stack.enter_context(
                bound.open(Purpose.DELIVER, around.surroundings(self._vendor))
            )
            where = place(connection, ceiling.record, self._into())
            self._courier = Courier(around, ceiling, connection, self._run, where)
            self._rows = self._followed(first, rows, preparing)
        return self._courier

    def _followed(
        self, first: Ready, rows: Iterator[Ready], preparing: Preparing
    ) -> Iterator[Ready]:
        yield first
        yield from rows
        self._forget(preparing)

    def _forget(self, preparing: Preparing) -> None:
        """Take changes back whose values are not those that were planned; the next plan sees."""
        if self._ceiling:
            take_back(self._around, self._ceiling, self._run, preparing.moved)

    def _now(self) -> Ceiling:
        """Return what may be sent today; CallRefused where nothing may: paused, or shut."""
        if not self._is_settled:
            # The step may have been begun before, by a worker who died in it: of a lane one runs.
            _settle(self._around, self._vendor)
            self._is_settled = True
        if pause := self._around.pauses.all().get(self._vendor):
            raise CallRefused(pause.why)
        if self._ceiling is None:
            facts = self._around.facts.load()
            (found,) = planning.ceilings(self._around, [self._vendor], facts)
            if not isinstance(found, Ceiling):
                raise CallRefused(found.why, found.remedy)
            self._ceiling = found
        return self._ceiling

    def _into(self) -> dict[str, str]:
        deliver = self._around.register.vendors[self._vendor].deliver
        return deliver.into if deliver else {}

    def _sample(self, courier: Courier) -> None:
        """Let some of the rows be read back, once the vendor's search can know them."""
        if (found := sample_of(courier.sent.known)) and self._ceiling:
            lag = max([one.lag for one in self._ceiling.record.find], default=0)
            at = self._around.clock.now() + timedelta(seconds=lag)
            people = [one.hex() for one in found]
            self._around.due.put(
                "disclosure.read-back",
                self._vendor,
                at,
                lane=self._vendor,
                arguments={"vendor": self._vendor, "people": people},
            )


def _said(error: KlarsynError) -> Message:
    """Return what is wrong, and what to do about it, in one sentence."""
    if isinstance(error, ManyProblems):
        first = error.problems[0]
        return said("{what}: {remedy}", what=first.what, remedy=first.remedy)
    if error.remedy is None:
        return error.message
    return said("{what}: {remedy}", what=error.message, remedy=error.remedy)


def place(connection: Connection, record: Record, into: dict[str, str]) -> dict[str, Any]:
    """Return what the record lies within, where that is one thing; CallRefused where it is not."""
    found = [
        one
        for one in outer_places(connection, record.within)
        if all(str(one.get(name)) == value for name, value in into.items())
    ]
    if len(found) == 1:
        return found[0]
    raise CallRefused(
        said(
            "{vendor} has {count} places for {record}",
            vendor=connection.name,
            count=len(found),
            record=record.name,
        ),
        said("name one under `deliver: into:` in its file"),
    )

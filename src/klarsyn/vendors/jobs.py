"""
The five jobs at any vendor: read, find, rectify, erase, deliver, as far as its sheet goes.

Each is made of small steps that may be run again; whoever wants them to survive a crash runs each
as a durable step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from klarsyn.errors import CallRefused, Message, RightsMissing, VendorError, said
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection
from klarsyn.transport.paging import Capped
from klarsyn.transport.paths import at
from klarsyn.transport.words import Call
from klarsyn.vendors.matching import Identity, Wanted, plain
from klarsyn.vendors.reading import Coverage, Seen, outer_places, read, records_of
from klarsyn.vendors.sheet import (
    Delivery,
    Done,
    Job,
    Later,
    Level,
    Lookup,
    Progress,
    Record,
    Refused,
    Row,
    RowOutcome,
    Target,
    Unknown,
    Vendor,
)

# Find


@dataclass(slots=True)
class Finding:
    """What was found of a person, and what could not be looked through."""

    matches: list[Match] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)


@dataclass(frozen=True, slots=True)
class Match:
    """A record that is about the person."""

    seen: Seen
    by: tuple[str, ...]
    """The kinds of data that agree: email, phone ..."""
    known: tuple[Personal[str], ...] = ()
    """All that the person was looked for by."""

    @property
    def target(self) -> Target:
        """What a job needs to know of it."""
        return replace(self.seen.target, known=self.known)


def find(
    connection: Connection, vendor: Vendor, identity: Identity, *, thorough: bool = False
) -> Finding:
    """
    Find every record about a person.

    A vendor's search finds fast and proves nothing: what a lookup cannot look for is scanned, and
    a thorough search scans everything. What a lookup returns is compared again here.
    """
    wanted, finding = Wanted(identity), Finding()
    kinds = {kind for kind, _ in identity.each()}
    known = tuple(value for _, value in identity.each())
    seen_keys: set[tuple[str, str, str]] = set()
    for record in records_of(vendor, connection, finding.coverage):
        covered = {lookup.by for lookup in record.find}
        scanned = thorough or not kinds <= covered
        found = _looked_up(connection, record, identity, finding.coverage, scanned=scanned)
        if scanned:
            found = _both(found, _scanned(connection, record, finding.coverage))
        for seen in found:
            by = wanted.by(seen)
            mark = (record.name, seen.key, str(sorted(seen.places.items())))
            if by and mark not in seen_keys:
                seen_keys.add(mark)
                finding.matches.append(Match(seen, by, known))
    finding.matches.sort(key=lambda match: match.seen.record.order)
    return finding


def looked_up(connection: Connection, record: Record, identity: Identity) -> Iterator[Seen]:
    """
    Yield the records of one kind that the vendor's own search finds, compared again.

    It proves nothing: a search may lag, and a kind of record may have none.
    """
    wanted = Wanted(identity)
    for seen in _looked_up(connection, record, identity, Coverage(), scanned=True):
        if wanted.by(seen):
            yield seen


def _both(first: Iterator[Seen], second: Iterator[Seen]) -> Iterator[Seen]:
    yield from first
    yield from second


def _scanned(connection: Connection, record: Record, coverage: Coverage) -> Iterator[Seen]:
    for page in read(connection, record, coverage):
        yield from page


def _looked_up(
    connection: Connection,
    record: Record,
    identity: Identity,
    coverage: Coverage,
    *,
    scanned: bool,
) -> Iterator[Seen]:
    for lookup in record.find:
        for kind, value in identity.each():
            if kind != lookup.by:
                continue
            try:
                yield from _one_lookup(connection, record, lookup, value.reveal())
            except RightsMissing:
                # A key that may not search may still read: all is looked through instead.
                if not scanned:
                    yield from _scanned(connection, record, coverage)
                return
            except Capped:
                coverage.missed.append((record.name, said("the vendor shows no more of the list")))
            except VendorError as error:
                coverage.missed.append((record.name, error.message))


def _one_lookup(
    connection: Connection, record: Record, lookup: Lookup, value: str
) -> Iterator[Seen]:
    computed = {name: by(value) for name, by in lookup.compute.items()}
    if lookup.gives is not None:
        for raw in _answers(connection, lookup, value, {**computed, "value": value}):
            yield Seen(record, raw, {place: at(raw, path) for place, path in lookup.gives.items()})
        return
    for places in outer_places(connection, lookup.over or record.within):
        filled = {**places, **computed, "value": value}
        for raw in _answers(connection, lookup, value, filled):
            if lookup.again:
                key = Seen(record, raw, places).key
                reply = connection.look(lookup.again, **{**filled, "id": key})
                if reply is None:
                    continue
                yield Seen(record, reply.at(lookup.again.items) or {}, places)
            else:
                yield Seen(record, raw, places)


def _answers(
    connection: Connection, lookup: Lookup, value: str, filled: Mapping[str, Any]
) -> Iterator[Any]:
    if not isinstance(lookup.call, Call):
        yield from lookup.call(connection, value, filled)
        return
    if lookup.call.items:
        for page in connection.pages(lookup.call, **filled):
            yield from page
        return
    reply = connection.look(lookup.call, **filled)
    if reply is not None:
        yield reply.json


# Rectify and erase


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job on one record."""

    state: Literal["done", "later", "refused", "unknown"]
    level: Level | None = None
    stage: int = 0
    """The stage that it stands before, where it is not done."""
    after: float = 0
    why: Message | None = None
    residue: tuple[tuple[Message, date | None], ...] = ()


def step(connection: Connection, job: Job, target: Target, stage: int) -> Progress:
    """Run one stage of a job; it may be run again after a crash."""
    how = job.stages[stage]
    if not isinstance(how, Call):
        return how(connection, target)
    reply = connection.look(how, **target.filled)
    return Done(0 if reply is None else 1)


def carry_out(
    connection: Connection, job: Job, target: Target, *, patience: float = 0, stage: int = 0
) -> Outcome:
    """
    Run the stages from `stage` on; wait at most `patience` seconds by the clock for slow ones.

    An error of the vendor's ends as an outcome in its words; only a faulty sheet or a refused
    call raises.
    """
    waited, level = 0.0, job.level
    while stage < len(job.stages):
        try:
            progress = step(connection, job, target, stage)
        except VendorError as error:
            state: Literal["unknown", "refused", "later"] = _STATES.get(error.id, "later")
            return Outcome(state, None, stage, error.after or 0, error.message)
        match progress:
            case Later(after, why):
                if waited + after > patience:
                    return Outcome("later", None, stage, after, why)
                connection.clock.sleep(after)
                waited += after
            case Refused(why, by_hand):
                far = Level.MANUAL if by_hand else Level.IMPOSSIBLE
                return Outcome("refused", far, stage, 0, why)
            case Unknown(why):
                return Outcome("unknown", None, stage, 0, why)
            case Done(_, lower):
                stage, level = stage + 1, lower or level
    return Outcome("done", level, stage, residue=residue(connection, job))


_STATES: dict[str, Literal["unknown", "refused", "later"]] = {
    "outcome-unknown": "unknown",
    "record-refused": "refused",
    "rights-missing": "refused",
    "not-there": "refused",
}


def residue(connection: Connection, job: Job) -> tuple[tuple[Message, date | None], ...]:
    """Return what a job leaves from today on, and until when."""
    today = connection.clock.now().date()
    known = {**connection.settings, **connection.memory}
    return tuple((one.what, one.until(today, known)) for one in job.residue)


def erase(connection: Connection, target: Target, *, patience: float = 0) -> Outcome:
    """Erase a record as far as the sheet goes."""
    if target.record.erase is None:
        return _by_hand()
    return carry_out(connection, target.record.erase, target, patience=patience)


def rectify(
    connection: Connection, target: Target, changes: Mapping[str, str | None], patience: float = 0
) -> Outcome:
    """Set elements of a record to other values; None clears. Elements are those of the sheet."""
    job = target.record.rectify
    if job is None:
        return _by_hand()
    for name in changes:
        if target.record.element(name).write != "always":
            return Outcome(
                "refused", Level.IMPOSSIBLE, why=said("the vendor lets nobody change it")
            )
    return carry_out(connection, job, replace(target, changes=changes), patience=patience)


def _by_hand() -> Outcome:
    return Outcome("refused", Level.MANUAL, why=said("a person has to do this at the vendor"))


def gone(connection: Connection, target: Target) -> bool:
    """Return whether an erased record is really gone, by the sheet's proof or by reading again."""
    job = target.record.erase
    proof = job.proof if job else None
    if proof is None:
        return not any(
            seen.key == target.key and seen.places == target.places
            for page in read(connection, target.record)
            for seen in page
        )
    if isinstance(proof, Call):
        return connection.look(proof, **target.filled) is None
    return proof(connection, target)


def rectified(connection: Connection, target: Target, changes: Mapping[str, str | None]) -> bool:
    """Return whether a record now has the new values and nobody's old key: it is read again."""
    record = target.record
    wanted = {name: plain(value) for name, value in changes.items() if value}
    for page in read(connection, record):
        for seen in page:
            values = {name: plain(value.reveal()) for name, value in seen.values().items()}
            if seen.places == target.places and wanted.items() <= values.items():
                return not any(name in values for name, value in changes.items() if not value)
    return False


# Stop


def stop(connection: Connection, target: Target, *, patience: float = 0) -> Outcome:
    """End mail to a record's person; what is held of them stays."""
    if target.record.stop is None:
        return _by_hand()
    return carry_out(connection, target.record.stop, target, patience=patience)


def stopped(connection: Connection, target: Target) -> bool:
    """Return whether a record is mailed nothing any more: by the sheet's proof, or gone."""
    job, left = target.record.stop, target.record.left
    proof = job.proof if job else None
    if proof is not None and not isinstance(proof, Call):
        return proof(connection, target)
    if left is None:
        return False
    if proof is None:
        listed = replace(target.record, read=left.read)
        return any(
            seen.key == target.key and seen.places == target.places and left.tells(seen.raw)
            for page in read(connection, listed)
            for seen in page
        )
    reply = connection.look(proof, **target.filled)
    return reply is None or bool(left.tells(reply.at(proof.items)))


# Deliver


def deliver(
    connection: Connection,
    record: Record,
    rows: Sequence[Row],
    declared: frozenset[str],
    places: Mapping[str, Any] | None = None,
) -> Iterator[RowOutcome]:
    """
    Deliver rows in as few calls as the vendor's batches allow; rows fail alone.

    A row with an element that is not declared is refused before anything is sent (Art. 5(1)(c));
    one may be cleared that is not declared any more.
    """
    how = record.deliver
    if how is None:
        raise CallRefused(said("{record}: nothing is delivered there", record=record.name))
    for row in rows:
        undeclared = {one for one in row.values.keys() - declared if row.values[one] is not None}
        if undeclared:
            message = said(
                "{record}: {elements} is not declared",
                record=record.name,
                elements=sorted(undeclared),
            )
            raise CallRefused(
                message, said("declare it in the register, or drop it from the mapping")
            )
    free = []
    never_taken = _never_taken(record, how)
    for row in rows:
        if why := never_taken(row):
            yield RowOutcome(row, "refused", why=why)
        else:
            free.append(row)
    for begin in range(0, len(free), how.most):
        yield from how.send(connection, free[begin : begin + how.most], places or {})


def _never_taken(record: Record, how: Delivery) -> Callable[[Row], Message | None]:
    """
    Return what tells why a row cannot be sent.

    It would make a second record, or leave a part as it was.
    """
    fixed = tuple(one.name for one in record.elements if one.write == "create")
    address = {one.name for one in record.elements if one.means == "user.contact.email"}
    by_address = how.match_on in address

    def why(row: Row) -> Message | None:
        if row.known_as and any(row.values.get(one, "") is None for one in fixed):
            return _FIXED
        known = not by_address or row.values.get(how.match_on) or (row.known_as and how.by_key)
        return None if known else _NAMELESS

    return why


_NAMELESS = said("without an e-mail address the vendor does not know them again")
_FIXED = said("the vendor lets nobody clear a part of it: a person has to do it there")
NEVER_SENT = (_NAMELESS, _FIXED)
"""Why a row is refused here, before the vendor is asked."""

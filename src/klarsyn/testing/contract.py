"""
One suite for every vendor: what its fact sheet promises, tried against its stand-in.

For a sheet of your own, write a `Trial` and run every check of `CHECKS` with it:

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_contract(check): check(Trial(vendor=mine, standin=MyStandIn, record="contact", ...))
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from klarsyn.errors import (
    CallRefused,
    KeyRefused,
    KlarsynError,
    OutcomeUnknown,
    ReplyUnread,
    Throttled,
    VendorDown,
    VendorError,
)
from klarsyn.testing.clock import CommonClock
from klarsyn.testing.faults import Trouble
from klarsyn.testing.people import InventedPerson, draw
from klarsyn.testing.stopping import check_stopping
from klarsyn.testing.together import check_limits_are_kept_together
from klarsyn.testing.trials import Running, Trial, identity_of
from klarsyn.transport.connection import Purpose
from klarsyn.transport.paths import texts
from klarsyn.transport.words import Call
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Wanted
from klarsyn.vendors.reading import Seen, read, records_of
from klarsyn.vendors.sheet import Depth, Row, Target, Vendor

# Reading and finding


def check_everybody_is_read(trial: Trial) -> None:
    """Whoever lies in the stand-in, where one expects it or not, is read; nothing is left out."""
    with trial.running() as running:
        found, coverage = running.everything()
        assert coverage.complete, coverage.missed
        for planted in running.standin.planted:
            wanted = Wanted(identity_of(planted.person, "email", "name", "phone"))
            assert any(wanted.by(seen) for seen in found), f"not read: {planted.place}"


def check_people_are_found(trial: Trial) -> None:
    """By e-mail, phone, name or company: the same person, everywhere, and nobody else."""
    with trial.running() as running:
        found, _ = running.everything()
        for person in running.standin.people[:2]:
            for kind in trial.kinds:
                wanted = Wanted(identity_of(person, kind))
                expected = {_mark(seen) for seen in found if wanted.by(seen)}
                finding = running.find(person, kind, thorough=True)
                assert {_mark(one.seen) for one in finding.matches} == expected, kind
                assert finding.coverage.complete, finding.coverage.missed


def _mark(seen: Seen) -> tuple[str, str, str]:
    return seen.record.name, seen.key, str(sorted(seen.places.items()))


def check_reading_changes_nothing(trial: Trial) -> None:
    """An audit sends nothing but calls that read, and refuses every other call."""
    with trial.running() as running, running.open(Purpose.AUDIT) as connection:
        writing = [one for one in _calls(trial.vendor) if not one.reads or one.notifies]
        for call in writing:
            places = dict.fromkeys([*call.places, "value", "id", "key"], "1")
            _refused(partial(connection.call, call, **places))
        assert running.standin.exchanges == []


def check_blank_id_is_refused(trial: Trial) -> None:
    """No call can be made with a place left blank."""
    with trial.running() as running, running.open(Purpose.ERASE) as connection:
        for call in _calls(trial.vendor):
            for place in call.places:
                for blank in ("", " ", None, ".."):
                    places: dict[str, Any] = {**dict.fromkeys(call.places, "1"), place: blank}
                    _refused(partial(connection.call, call, **places))
        assert running.standin.exchanges == []


def _calls(vendor: Vendor) -> list[Call]:
    """Return every call that a sheet names outside its functions."""
    found: list[Any] = [vendor.api.ping]
    for record in vendor.records:
        found += [record.read, *(one.call for one in record.find)]
        found += [stage for job in (record.rectify, record.erase) if job for stage in job.stages]
    return [one for one in found if isinstance(one, Call)]


def _refused(deed: Callable[[], object]) -> None:
    try:
        deed()
    except CallRefused:
        return
    message = "the call was made"
    raise AssertionError(message)


# Writing


def check_rectification(trial: Trial) -> None:
    """What is rectified is read back, and no other person's record is touched."""
    if trial.vendor.rectify.depth in {Depth.NONE, Depth.MANUAL} or not trial.change:
        return
    with trial.running() as running:
        _, target = running.somebody()
        before = _others(running, target, trial.change)
        with running.open(Purpose.RECTIFY) as connection:
            outcome = jobs.rectify(connection, target, trial.change, patience=trial.settles)
        assert outcome.state == "done", outcome
        _let_settle(running, target)
        with running.open(Purpose.FIND) as connection:
            assert jobs.rectified(connection, target, trial.change)
        assert _others(running, target, trial.change) == before


def _let_settle(running: Running, target: Target) -> None:
    """Let as much time pass as the old state may still be read after a rectification."""
    running.clock.move(seconds=target.record.rectify.lag if target.record.rectify else 0)


def _others(running: Running, target: Target, changes: Mapping[str, str]) -> set[str]:
    """Return all records of the same kind but one, as they stand, before or after its change."""
    with running.open(Purpose.AUDIT) as connection:
        every = [seen for page in read(connection, target.record) for seen in page]
    values = [{name: value.reveal() for name, value in one.values().items()} for one in every]
    return {
        f"{_mark(seen)} {sorted(held.items())}"
        for seen, held in zip(every, values, strict=True)
        if (seen.key, seen.places) != (target.key, target.places)
        and not (changes and changes.items() <= held.items())
    }


def check_erasure(trial: Trial) -> None:
    """What is erased is gone, its level and residue are told, and everybody else stays."""
    if trial.vendor.erase.depth in {Depth.NONE, Depth.MANUAL}:
        return
    with trial.running() as running:
        _, target = running.somebody()
        job = target.record.erase
        assert job, f"{target.record.name} cannot be erased"
        before = _others(running, target, trial.change)
        with running.open(Purpose.ERASE) as connection:
            outcome = jobs.erase(connection, target, patience=trial.settles)
        assert (outcome.state, outcome.level) == ("done", job.level), outcome
        assert len(outcome.residue) == len(job.residue)
        running.clock.move(seconds=job.lag)
        with running.open(Purpose.FIND) as connection:
            assert jobs.gone(connection, target)
        assert _others(running, target, trial.change) == before
        with running.open(Purpose.ERASE) as connection:
            again = jobs.erase(connection, target, patience=trial.settles)
        assert again.state in {"done", "refused"}, again


REFERENCE = "a-reference-of-ours"
"""The key of the suite's rows begins with it."""


def check_delivery(trial: Trial) -> None:
    """Exactly the given elements go on the wire, arrive, and arrive once."""
    if trial.vendor.deliver.depth is not Depth.FULL or trial.row is None:
        return
    with trial.running() as running:
        rows = [_row(trial, one) for one in _newcomers(running)]
        declared = frozenset(rows[0].values)
        begun = len(running.standin.exchanges)
        outcomes = _delivered(running, rows, declared)
        assert [one.state for one in outcomes] == ["created"] * len(rows), outcomes
        assert [one.state for one in _delivered(running, rows, declared)] == ["updated"] * len(rows)
        allowed = {value for row in rows for value in row.values.values()}
        for text in _written(running.standin.exchanges[begun:]):
            assert _allowed(text, allowed, trial), f"not asked for: {len(text)} characters"
        paths = [exchange.request.raw_path for exchange in running.standin.exchanges[begun:]]
        # Where `Delivery.reference` asks for it, an element has its place here: it stands behind.
        assert not [one for one in paths if REFERENCE in one], "a row's key is on the wire"
        running.clock.move(seconds=3600)
        for person in _newcomers(running):
            found = [one.seen.record.name for one in running.find(person, "email").matches]
            assert found.count(trial.delivered or trial.record) == 1
        _refused(lambda: _delivered(running, rows, declared - {"name"}))


def _newcomers(running: Running) -> Sequence[InventedPerson]:
    return draw(len(running.standin.people) + 3, seed=77)[-3:]


def _row(trial: Trial, person: InventedPerson) -> Row:
    assert trial.row
    return Row(f"{REFERENCE}-{person.number}", trial.row(person))


def _delivered(running: Running, rows: list[Row], declared: frozenset[str]) -> list[Any]:
    trial = running.trial
    with running.open(Purpose.DELIVER) as connection:
        places = trial.places(running.standin)
        return list(jobs.deliver(connection, trial.receiving(connection), rows, declared, places))


def _written(exchanges: Sequence[Any]) -> Iterator[str]:
    """Yield every text in the bodies of requests that write."""
    for exchange in exchanges:
        if exchange.request.method in {"POST", "PUT", "PATCH"} and exchange.request.body:
            yield from (text for _, text in texts(exchange.request.json()))


def _allowed(text: str, allowed: set[str | None], trial: Trial) -> bool:
    return text in trial.constants or any(text and text in (value or "") for value in allowed)


# Limits and faults


def check_limits_are_kept(trial: Trial) -> None:
    """Eight threads on one connection never make the vendor throttle."""
    clock = CommonClock(8)
    with trial.running(limits=True, clock=clock) as running:
        trial.small(running.standin)
        with running.open(Purpose.AUDIT, patience=1e9) as connection:
            record = records_of(trial.vendor, connection)[0]

            def walk(_: int) -> int:
                try:
                    return sum(len(page) for page in read(connection, record))
                finally:
                    clock.leave()

            with ThreadPoolExecutor(8) as pool:
                counts = set(pool.map(walk, range(8)))
        assert len(counts) == 1
        throttled = [one for one in running.standin.exchanges if one.reply.status == 429]  # noqa: PLR2004
        assert throttled == []


PASSING = (Trouble.THROTTLED, Trouble.THROTTLED_SILENTLY, Trouble.DOWN, Trouble.CUT_OFF)
LASTING: Mapping[Trouble, tuple[type[KlarsynError], ...]] = {
    Trouble.THROTTLED: (Throttled,),
    Trouble.DOWN: (VendorDown,),
    Trouble.CUT_OFF: (VendorDown,),
    Trouble.MALFORMED: (ReplyUnread, VendorDown),
    Trouble.RENAMED_FIELD: (ReplyUnread,),
    Trouble.EXPIRED_KEY: (KeyRefused,),
    Trouble.ERROR_IN_OK: (VendorError,),
    Trouble.BOMB: (ReplyUnread,),
}


def check_passing_fault_is_waited_for(trial: Trial) -> None:
    """A fault that passes costs time and nothing else."""
    with trial.running() as running:
        expected, _ = running.everything()
        for trouble in PASSING:
            running.standin.faults.add(trouble, on=trial.lists, after=1)
            found, coverage = running.everything()
            assert coverage.complete, (trouble, coverage.missed)
            assert [_mark(one) for one in found] == [_mark(one) for one in expected], trouble
            running.standin.faults.clear()


def check_lasting_fault_is_told(trial: Trial) -> None:
    """A fault that lasts is an error of its own kind, never an empty list."""
    with trial.running() as running:
        for trouble, errors in LASTING.items():
            if trouble in trial.beyond:
                continue
            running.standin.faults.add(trouble, on=trial.lists, times=10_000, field=trial.renames)
            try:
                with running.open(Purpose.AUDIT) as connection:
                    for _ in read(connection, trial.main(connection)):
                        pass
            except errors:
                pass
            else:
                message = f"{trouble} was not told"
                raise AssertionError(message)
            running.standin.faults.clear()
            _, coverage = running.everything()
            assert coverage.complete, "it did not recover"


def check_lasting_fault_is_not_covered(trial: Trial) -> None:
    """What could not be read is named in the coverage."""
    if Trouble.DOWN in trial.beyond:
        return
    with trial.running() as running:
        running.standin.faults.add(Trouble.DOWN, on=trial.lists, times=10_000)
        _, coverage = running.everything()
        assert not coverage.complete


def check_lost_write_ends_truthfully(trial: Trial) -> None:
    """A write whose reply is lost is done, or said to be unknown; never done twice."""
    if trial.vendor.rectify.depth in {Depth.NONE, Depth.MANUAL} or not trial.change:
        return
    with trial.running() as running:
        _, target = running.somebody()
        running.standin.faults.add(Trouble.CUT_OFF, on=trial.writes)
        with running.open(Purpose.RECTIFY) as connection:
            outcome = jobs.rectify(connection, target, trial.change, patience=trial.settles)
        assert outcome.state in {"done", "unknown"}, outcome
        _let_settle(running, target)
        if outcome.state == "done":
            with running.open(Purpose.FIND) as connection:
                assert jobs.rectified(connection, target, trial.change)


# Silence


def check_nobody_is_printed(trial: Trial) -> None:
    """No value of anybody's stands in a log, an error or a repr, whatever happens."""
    stream = io.StringIO()
    root, shown = logging.getLogger(), logging.StreamHandler(stream)
    level = root.level
    root.addHandler(shown)
    root.setLevel(logging.DEBUG)
    try:
        said = _everything_that_is_said(trial)
    finally:
        root.removeHandler(shown)
        root.setLevel(level)
    said += stream.getvalue()
    with trial.running() as running:
        for person in running.standin.people:
            for value in (person.email, person.phone, person.name, person.company):
                assert value not in said, "somebody was printed"
        for secret in running.standin.secrets.values():
            assert len(str(secret)) < 12 or str(secret) not in said, "a key was printed"  # noqa: PLR2004


def _everything_that_is_said(trial: Trial) -> str:
    """Run reading, finding and writing through every fault; return all that is printed of it."""
    said: list[str] = []
    with trial.running() as running:
        found, coverage = running.everything()
        said += [repr(found), repr(coverage), repr(found[0].target)]
        person, target = running.somebody()
        said.append(repr(running.find(person, "email")))
        for trouble in Trouble:
            running.standin.faults.add(trouble, times=10_000, field=trial.renames, seconds=0.01)
            for purpose in (Purpose.FIND, Purpose.RECTIFY):
                said += _attempted(running, purpose, person, target)
            running.standin.faults.clear()
    return "\n".join(said)


def _attempted(
    running: Running, purpose: Purpose, person: InventedPerson, target: Target
) -> list[str]:
    trial = running.trial
    with running.open(purpose, patience=5) as connection:
        try:
            if purpose is Purpose.FIND:
                identity = identity_of(person, *trial.kinds)
                return [repr(jobs.find(connection, trial.vendor, identity)), repr(connection)]
            return [repr(jobs.rectify(connection, target, trial.change or {}))]
        except (KlarsynError, OutcomeUnknown) as error:
            chain = [
                error,
                error.__cause__,
                None if error.__suppress_context__ else error.__context__,
            ]
            return [f"{one!r} {one} {getattr(one, 'args', '')}" for one in chain if one]


CHECKS = (
    check_everybody_is_read,
    check_people_are_found,
    check_reading_changes_nothing,
    check_blank_id_is_refused,
    check_rectification,
    check_erasure,
    check_delivery,
    check_stopping,
    check_limits_are_kept,
    check_limits_are_kept_together,
    check_passing_fault_is_waited_for,
    check_lasting_fault_is_told,
    check_lasting_fault_is_not_covered,
    check_lost_write_ends_truthfully,
    check_nobody_is_printed,
)
"""All checks; each raises AssertionError where the sheet does not keep its promise."""

"""
The check that a vendor really stops: mail to a person ends, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from klarsyn.testing.trials import Running, Trial
from klarsyn.transport.connection import Purpose
from klarsyn.transport.words import Call
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Seen, read
from klarsyn.vendors.sheet import Left, Record


def check_stopping(trial: Trial) -> None:
    """Who is stopped is read as somebody who has left; all that is held of anybody stays."""
    record = next((one for one in trial.vendor.records if one.stop), None)
    if record is None or record.stop is None:
        return
    assert record.left, "nothing tells whether somebody was stopped"
    left = record.left
    assert not any(one.notifies for one in record.stop.stages if isinstance(one, Call))
    with replace(trial, record=record.name, suits=_stays(trial, left)).running() as running:
        _, target = running.somebody()
        before = {_values(one) for one in _read(running, record)}
        for _ in range(2):
            with running.open(Purpose.RECTIFY) as connection:
                outcome = jobs.stop(connection, target, patience=trial.settles)
            assert outcome.state == "done", outcome
        with running.open(Purpose.FIND) as connection:
            assert jobs.stopped(connection, target)
        after = _read(running, record)
        assert {_values(one) for one in after} == before, "stopping changed what is held"
        listed = _read(running, replace(record, read=left.read))
        for seen in (*after, *listed):
            if (seen.key, seen.places) == (target.key, target.places):
                assert left.tells(seen.raw) == "unsubscribed"
        assert {_mark(one) for one in listed} == {
            _mark(one) for one in after if left.tells(one.raw)
        }
        assert _mark(Seen(record, target.raw, target.places)) in {_mark(one) for one in listed}


def _stays(trial: Trial, left: Left) -> Callable[[Seen], bool]:
    return lambda seen: trial.suits(seen) and not left.tells(seen.raw)


def _read(running: Running, record: Record) -> list[Seen]:
    with running.open(Purpose.AUDIT) as connection:
        return [seen for page in read(connection, record) for seen in page]


def _mark(seen: Seen) -> tuple[str, str]:
    return seen.key, str(sorted(seen.places.items()))


def _values(seen: Seen) -> tuple[tuple[str, str], str]:
    """Return what a record says of somebody, but for the element that says whether they left."""
    how = seen.record.deliver
    status = how.consent if how else ""
    told = {name: value.reveal() for name, value in seen.values().items() if name != status}
    return _mark(seen), str(sorted(told.items()))

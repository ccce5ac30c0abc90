"""
Where a worker dies: methods of Klarsyn are wrapped in its process, so that none has to know.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from klarsyn.disclosure.sending.courier import Courier
from klarsyn.durable import Due, Run
from klarsyn.journal import Journal
from klarsyn.people.ledger import Ledger
from klarsyn.people.snapshot import Snapshot
from klarsyn.people.source import Source
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Row

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, AFTER = "before", "after"

#: In the order in which a delivery comes to them: what is wrapped, and when it dies there.
POINTS: dict[str, tuple[Any, str, str]] = {
    "staged": (Snapshot, "stage", AFTER),
    "before the changes are noted": (Ledger, "put_changes", BEFORE),
    "changes noted": (Ledger, "put_changes", AFTER),
    "before the claim": (Ledger, "claim", BEFORE),
    "claimed": (Ledger, "claim", AFTER),
    "taken by the vendor": (Ledger, "finish_all", BEFORE),
    "aborted": (Ledger, "finish_all", BEFORE),
    "half written": (Journal, "append", BEFORE),
    "written": (Courier, "send", AFTER),
    "before a correction": (jobs, "rectify", BEFORE),
    "corrected by the vendor": (jobs, "rectify", AFTER),
    "before an erasure": (jobs, "erase", BEFORE),
    "erased by the vendor": (jobs, "erase", AFTER),
    "coming back noted": (Due, "put", AFTER),
    "dead worker's rows settled": (Ledger, "settle", AFTER),
}
#: Of each step: before it begins, when it is done and not recorded, when it is recorded.
STEPS = ("plan", "settle", "part 1", "removals", "afterwards", "read")
WHEN = ("to begin", "unrecorded", "recorded")
#: Points that only some vendors come to: elsewhere an address is written as any other value, and
#: nothing can be erased by a call.
REACHED_AT = {
    "before a correction": ("mailchimp",),
    "corrected by the vendor": ("mailchimp",),
    "before an erasure": ("mailchimp", "pipedrive"),
    "erased by the vendor": ("mailchimp", "pipedrive"),
}
ALL = (
    *(one for one in POINTS if one != "aborted"),
    *(f"{step}, {when}" for step in STEPS for when in WHEN),
)

#: What `make test` has time for.
SAMPLE = (
    "staged",
    "changes noted",
    "before the claim",
    "claimed",
    "taken by the vendor",
    "half written",
    "part 1, unrecorded",
    "corrected by the vendor",
    "erased by the vendor",
    "removals, recorded",
    "coming back noted",
    "settle, unrecorded",
    "read, unrecorded",
)


def _stumbling_over_rows(_: Any, __: Any, rows: Sequence[Row], *___: Any) -> Any:
    raise ValueError(f"these rows are wrong: {[(one.key, one.values) for one in rows]}")


def _stumbling_over_the_source(source: Source, reject: Any) -> Any:
    for batch in READ(source, reject):
        people = [{name: one.reveal() for name, one in each.values.items()} for each in batch]
        raise ValueError(f"these people are wrong: {people}")
    yield


READ = Source.read
#: Where a fault of our own has people's values in its text; the worker lives on.
STUMBLES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "stumbling over rows": (jobs, "deliver", _stumbling_over_rows),
    "stumbling over the source": (Source, "read", _stumbling_over_the_source),
}


def arm(point: str, deaths: Path) -> None:
    """Let this process die as soon as it comes to a point; nothing happens without one."""
    if not point:
        return

    def die() -> None:
        with deaths.open("a", encoding="utf-8") as lines:
            lines.write(f"{point}\n")
        if point == "aborted":
            os.abort()  # with a traceback, and a core where the system writes any
        os.kill(os.getpid(), signal.SIGKILL)

    if point in STUMBLES:
        owner, name, stumbling = STUMBLES[point]
        setattr(owner, name, stumbling)
        return
    if point in POINTS:
        owner, name, when = POINTS[point]
        setattr(owner, name, _dying(getattr(owner, name), when, point, die))
        return
    step, _, phase = point.rpartition(", ")
    setattr(Run, "step", _stepping(step, phase, die))  # noqa: B010  (mypy lets no method be replaced)


def _dying(
    method: Callable[..., Any], when: str, point: str, die: Callable[[], None]
) -> Callable[..., Any]:
    @wraps(method)
    def wrapped(*given: Any, **named: Any) -> Any:
        # The plan is an entry of its own, and not what this point is about.
        there = point != "half written" or "delivery.sent" in given
        if when == BEFORE and there:
            die()
        found = method(*given, **named)
        if when == AFTER and there:
            die()
        return found

    return wrapped


def _stepping(step: str, phase: str, die: Callable[[], None]) -> Callable[..., Any]:
    original = Run.step

    def wrapped(self: Run[Any], name: str, do: Callable[[], Any]) -> Any:
        if name != step:
            return original(self, name, do)
        if phase == "to begin":
            die()

        def told() -> Any:
            found = do()
            if phase == "unrecorded":
                die()
            return found

        found = original(self, name, told)
        die()
        return found

    return wrapped

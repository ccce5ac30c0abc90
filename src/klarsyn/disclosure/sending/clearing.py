"""
After a clean-up: the vendor is read again, to show that an element is gone from everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from klarsyn.disclosure.around import Around
from klarsyn.durable import Json, Run, work
from klarsyn.errors import said
from klarsyn.people.ledger import Person, Placed
from klarsyn.tasks import NewTask
from klarsyn.transport.connection import Purpose
from klarsyn.vendors.elements import Element
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Record

LATER: Final = timedelta(hours=1)
"""When it is read again: lists of some vendors lag by minutes."""
BY_HAND: Final = timedelta(days=14)


def ask(around: Around, vendor: str, numbers: Sequence[int]) -> None:
    """Let the vendor be read again, an hour from now."""
    around.due.put(
        verify_cleared,
        vendor,
        around.clock.now() + LATER,
        lane=vendor,
        arguments={"vendor": vendor, "numbers": sorted(numbers)},
    )


@work("disclosure.verify-cleared", 1)
def verify_cleared(run: Run[Around], vendor: str, numbers: list[int]) -> Json:
    """Read everybody at a vendor, and note who still has what was to be cleared."""
    around = run.around
    if _under_way(around, vendor):
        run.step("later", lambda: ask(around, vendor, numbers))
        return {"later": True}
    return run.step("read", lambda: _verify(around, run.id, vendor, numbers))


def _under_way(around: Around, vendor: str) -> bool:
    """Return whether changes of people who were to be cleared still wait."""
    counts = around.ledger.counts().get(vendor, {})
    return any(count for (_, state), count in counts.items() if state in {"waiting", "sending"})


def _verify(around: Around, run: str, vendor: str, numbers: Sequence[int]) -> dict[str, Json]:
    placed = [one for one in around.ledger.placed(vendor) if one.number in numbers]
    bound = around.bind(vendor)
    known = {one.known_as: one.person for one in around.ledger.holdings_at(vendor)}
    left: dict[Person, list[str]] = {}
    looked = 0
    with bound.open(Purpose.AUDIT, around.surroundings(vendor)) as connection:
        for name, elements in _by_record(placed).items():
            record = bound.vendor.record(name)
            for page in read(connection, record):
                for seen in page:
                    if seen.key not in known:
                        continue
                    looked += 1
                    there = [one for one, at in elements.items() if seen.value(_at(record, at))]
                    if there:
                        left.setdefault(known[seen.key], []).extend(there)
    counts = Counter(element for elements in left.values() for element in elements)
    _record(around, run, vendor, looked, left)
    if counts:
        _task(around, run, vendor, sorted(counts))
    return {"looked": looked, "left": dict(counts)}


def _by_record(placed: Sequence[Placed]) -> dict[str, dict[str, str]]:
    """Return by record, data element -> name of its place there."""
    found: dict[str, dict[str, str]] = {}
    for one in placed:
        record, _, name = one.place.partition(".")
        found.setdefault(record, {})[one.element] = name
    return found


def _at(record: Record, name: str) -> Element:
    """Return the element of the sheet, or of a field that is the company's own."""
    return next((one for one in record.elements if one.name == name), Element(name))


def _record(
    around: Around, run: str, vendor: str, looked: int, left: Mapping[Person, list[str]]
) -> None:
    subjects = around.journal.subjects.of(list(left))
    around.journal.append(
        f"{run}:cleared",
        "delivery.clear-verified",
        vendor=vendor,
        facts={"looked": looked, "left": len(left)},
        people=[(subjects[one], {"left": elements}) for one, elements in left.items()],
    )


def _task(around: Around, run: str, vendor: str, elements: Sequence[str]) -> None:
    name = around.register.vendors[vendor].name
    around.tasks.open(
        NewTask(
            key=f"{run}:cleared",
            kind="manual",
            vendor=vendor,
            what=said(
                "{vendor} was asked to clear {elements} and has it still: clear it there",
                vendor=name,
                elements=list(elements),
            ),
            due=around.today + BY_HAND,
        )
    )

"""
The off-boarding report: what a vendor that has ended was asked to delete, and how that was proved.

R62: GDPR Art. 28(3)(g); SCC 2021/915 clause 10(d). It names nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec

from klarsyn.disclosure.around import Around
from klarsyn.errors import Message, said
from klarsyn.journal import Selection
from klarsyn.people import packed
from klarsyn.tasks import Task, Wanted
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Connection


@dataclass(frozen=True, slots=True)
class OffBoarding:
    """What can be said of a vendor's end on a day."""

    vendor: str
    name: str
    on: date
    ended: date | None
    received: int
    """People of whom the vendor was ever sent anything."""
    held: int
    """People of whom it holds something still, as far as is known."""
    removed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Level and proof -> people."""
    tasks: tuple[Task, ...] = ()
    """What a person has yet to do."""
    residue: tuple[tuple[Message, date | None], ...] = ()
    """What a removal leaves at the vendor, and until when."""
    clause: str | None = None
    """Where the agreement says that data are deleted or returned."""
    entries: tuple[int, int] | None = None
    """The first and the last entry of the journal about it."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return not self.held and not self.tasks

    def sentences(self) -> Iterator[Message]:
        """Yield the report, sentence by sentence."""
        yield said("Off-boarding of {vendor}, as of {day}", vendor=self.name, day=self.on)
        if self.ended:
            yield said("The use of it ended on {day}.", day=self.ended)
        if self.clause:
            yield said("The agreement settles deletion and return in {clause}.", clause=self.clause)
        yield said("It was sent data of {count} people.", count=self.received)
        for (level, proof), count in sorted(self.removed.items()):
            yield Message(REMOVED[proof].text, {"count": count, "level": level})
        if self.held:
            yield said("It holds data of {count} people still.", count=self.held)
        for what, until in self.residue:
            if until:
                yield said("What it keeps until {day}: {what}.", what=what, day=until)
            else:
                yield said("What it keeps: {what}.", what=what)
        for task in self.tasks:
            yield said("To be done by {day}: {what}", day=task.asked.due, what=task.asked.what)
        if self.entries:
            first, last = self.entries
            yield said("Evidence: entries {first} to {last}.", first=first, last=last)
        yield said("Nothing is left to do.") if self.is_over else said("It is not finished.")


REMOVED = {
    "verified": said("{count} people were removed ({level}), and read again: they are gone."),
    "claimed": said("{count} people were removed ({level}), as the vendor says; not proved yet."),
    "": said("{count} people were not there any more."),
}
"""By how it was proved."""


def off_boarding(around: Around, vendor: str) -> OffBoarding:
    """Return what can be said of a vendor's end today."""
    declared = around.register.vendors[vendor]
    agreement = declared.agreement.value
    holdings = list(around.ledger.holdings_at(vendor))
    numbers = [one.number for one in around.journal.entries(Selection(vendor=vendor))]
    return OffBoarding(
        vendor,
        declared.name,
        around.today,
        declared.end.value if declared.end else None,
        received=len(holdings),
        held=sum(1 for one in holdings if packed.read_held(one.held)),
        removed=_removed(around, vendor),
        tasks=tuple(around.tasks.all(Wanted(vendor=vendor))),
        residue=_residue(around, vendor),
        clause=agreement.clauses.get("g") if agreement else None,
        entries=(numbers[0], numbers[-1]) if numbers else None,
    )


def _removed(around: Around, vendor: str) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for entry in around.journal.entries(Selection(vendor=vendor)):
        if entry.kind != "delivery.removed":
            continue
        for row in around.journal.rows(entry.number):
            facts = msgspec.json.decode(row.facts)
            found[facts.get("level", ""), facts.get("proof", "")] += 1
    return found


def _residue(around: Around, vendor: str) -> tuple[tuple[Message, date | None], ...]:
    bound = around.bind(vendor)
    jobs_there = [one.erase for one in bound.vendor.records if one.deliver and one.erase]
    connection = Connection(
        vendor, bound.vendor.api, bound.settings, around=around.surroundings(vendor)
    )
    with connection:
        return tuple(each for job in jobs_there for each in jobs.residue(connection, job))

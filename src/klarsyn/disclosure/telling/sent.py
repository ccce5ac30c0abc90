"""
What a vendor was sent, in numbers: people, elements, and the runs that the journal tells of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from klarsyn.journal import Journal, Selection
from klarsyn.people import packed
from klarsyn.people.ledger import Ledger


@dataclass(slots=True)
class ElementSent:
    """Of how many people a vendor holds an element, and when it took the first and the last."""

    element: str
    place: str
    people: int = 0
    first_at: int = 0
    last_at: int = 0

    def count(self, at: int) -> None:
        """Count one more, taken at an instant."""
        self.first_at = min(self.first_at or at, at)
        self.last_at = max(self.last_at, at)
        self.people += 1


@dataclass(frozen=True, slots=True)
class RunSent:
    """A run, with what was planned in it and how many rows arrived."""

    run: str
    at: str
    planned: dict[str, int]
    arrived: int
    removed: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Everything that a vendor was sent."""

    vendor: str
    people: int
    """Of whom it holds something."""
    past: int
    """Of whom it once held something, and was told to remove it."""
    elements: tuple[ElementSent, ...]
    runs: tuple[RunSent, ...]

    def plain(self) -> dict[str, Any]:
        """Return it for programs; instants are in UTC."""
        return {
            "vendor": self.vendor,
            "people": self.people,
            "past": self.past,
            "elements": [
                {
                    **asdict(one),
                    "first_at": _instant(one.first_at),
                    "last_at": _instant(one.last_at),
                }
                for one in self.elements
            ],
            "runs": [asdict(one) for one in self.runs],
        }


def sent_to(vendor: str, ledger: Ledger, journal: Journal) -> Sent:
    """Return what a vendor was sent; of people who were erased nothing is left but the runs."""
    found = {one.number: ElementSent(one.element, one.place) for one in ledger.placed(vendor)}
    people = past = 0
    for holding in ledger.holdings_at(vendor):
        held = packed.read_held(holding.held)
        people += bool(held)
        past += not held
        for number, (_, at) in held.items():
            found[number].count(at)
    elements = tuple(one for one in found.values() if one.people)
    return Sent(vendor, people, past, elements, tuple(_runs(vendor, journal)))


def _runs(vendor: str, journal: Journal) -> Iterator[RunSent]:
    arrived: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    planned: dict[str, tuple[str, dict[str, int]]] = {}
    for entry in journal.entries(Selection(vendor=vendor)):
        facts: dict[str, Any] = entry.facts
        run = str(facts.get("run", ""))
        if entry.kind == "delivery.planned":
            planned[entry.key.partition(":planned")[0]] = (entry.at, dict(facts["kinds"]))
        elif entry.kind == "delivery.sent":
            arrived[run] += int(facts["rows"])
            planned.setdefault(run, (entry.at, {}))
        elif entry.kind == "delivery.removed":
            removed[run] += 1
            planned.setdefault(run, (entry.at, {}))
    for run, (at, kinds) in planned.items():
        yield RunSent(run, at, kinds, arrived[run], removed[run])


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()

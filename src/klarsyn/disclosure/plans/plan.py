"""
What a delivery would do, in numbers.

It is looked at, kept beside a pull request, and held against what is carried out. No value and no
person stands in it.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from klarsyn.disclosure.plans.ceiling import Ceiling, Closed
from klarsyn.errors import Message, PlanRefused, said
from klarsyn.people.ledger import Difference, Kind
from klarsyn.people.rejected import Rejected
from klarsyn.stored import to_json

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """From which size on a person has to agree."""

    removals: int = 25
    """People who are removed from one vendor."""
    share: float = 0.25
    """Part of the people whom a vendor holds that is changed or cleared."""
    few: int = 50
    """Changes that are never many, whatever their share."""


@dataclass(slots=True)
class VendorPlan:
    """What would be done at one vendor."""

    vendor: str
    digest: str = ""
    """Stands for exactly these changes of exactly these people."""
    kinds: Counter[str] = field(default_factory=Counter)
    """create, update, clear, remove -> people."""
    sets: Counter[str] = field(default_factory=Counter)
    """Element -> people for whom it is set."""
    clears: Counter[str] = field(default_factory=Counter)
    """Element -> people for whom it is cleared."""
    cleaned: Counter[str] = field(default_factory=Counter)
    """Of these, elements that are not declared there any more, or lie at an old place."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Reason of the gate -> people."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Element -> people for whom it alone is left out: a national id (R90)."""
    stuck: Counter[str] = field(default_factory=Counter)
    """State of an earlier change -> people for whom a person has to settle that first."""
    fixed: Counter[str] = field(default_factory=Counter)
    """Element -> people for whom it differs there, and the vendor lets nobody change it."""
    withheld: dict[str, Message] = field(default_factory=dict)
    """Element that is declared as delivered and is not -> why."""
    ends: bool = False
    """Whether the vendor has ended, and everybody is removed."""
    closed: Message | None = None
    """Why nothing can be sent there."""
    remedy: Message | None = None
    held: int = 0
    """People of whom the vendor holds something now."""
    most: int = 1
    """People in one call."""
    known_there: Message | None = None
    """By what the vendor knows people, where it takes a reference."""
    residue: tuple[Message, ...] = ()
    """What a removal leaves at the vendor."""

    @property
    def people(self) -> int:
        """How many people would be changed in any way."""
        return sum(self.kinds.values())

    @property
    def calls(self) -> int:
        """The smallest number of calls that the vendor's batches allow; removals not counted."""
        return math.ceil((self.people - self.kinds["remove"]) / self.most)

    def needs(self, limits: Limits) -> Message | None:
        """Return why a person has to agree first, or None."""
        if self.ends and self.kinds["remove"]:
            return said("it has ended: all {count} people are removed", count=self.kinds["remove"])
        if self.kinds["remove"] > limits.removals:
            return said(
                "{count} people would be removed; {most} at most without an approval",
                count=self.kinds["remove"],
                most=limits.removals,
            )
        if self.cleaned:
            return said(
                "{elements} would be cleared for everybody, since it is not declared any more",
                elements=sorted(self.cleaned),
            )
        changed = self.kinds["update"] + self.kinds["clear"]
        if changed > limits.few and changed > limits.share * self.held:
            return said(
                "{count} of {held} people would be changed at once", count=changed, held=self.held
            )
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done at every vendor."""

    vendors: tuple[VendorPlan, ...]
    people: int = 0
    """People in the source."""
    rejected: int = 0
    """Rows of the source that are wrong: these people are neither sent nor removed."""
    nameless: int = 0
    """Of these, rows of nobody knows whom: nobody is removed for being absent."""
    wrong: tuple[Rejected, ...] = field(default=(), repr=False)
    """The first mistakes: where they stand and why, never a value."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(one.people for one in self.vendors)

    def to_json(self) -> dict[str, Any]:
        """Return the plan for machines, and for `apply`."""
        return {
            "format": FORMAT,
            "people": self.people,
            "rejected": self.rejected,
            "nameless": self.nameless,
            "wrong": [_row(one) for one in self.wrong],
            "vendors": [_plain(one) for one in self.vendors],
        }


def digests(content: bytes) -> dict[str, str]:
    """
    Return, from a plan that was written down, the digest of each vendor's changes; "" for none.

    PlanRefused where it is no plan, or of another form.
    """
    try:
        found = msgspec.json.decode(content, type=_Written)
    except msgspec.MsgspecError:
        raise PlanRefused(_NO_PLAN, _AGAIN) from None
    if found.format != FORMAT:
        raise PlanRefused(_NO_PLAN, _AGAIN)
    return {one.vendor: one.digest for one in found.vendors}


_NO_PLAN = said("The file is no plan that this Klarsyn reads.")
_AGAIN = said("Make one: `klarsyn deliver plan --out plan.json`.")


class _WrittenVendor(msgspec.Struct, frozen=True):
    vendor: str
    digest: str


class _Written(msgspec.Struct, frozen=True):
    format: int
    vendors: list[_WrittenVendor]


def _row(one: Rejected) -> dict[str, Any]:
    return {
        "file": one.source,
        "line": one.line,
        "column": one.column,
        "reason": _said(one.reason),
    }


def _plain(one: VendorPlan) -> dict[str, Any]:
    counted: Mapping[str, Counter[str]] = {
        "kinds": one.kinds,
        "sets": one.sets,
        "clears": one.clears,
        "cleaned": one.cleaned,
        "skipped": one.skipped,
        "left_out": one.left_out,
        "stuck": one.stuck,
        "fixed": one.fixed,
    }
    return {
        "vendor": one.vendor,
        "digest": one.digest,
        "held": one.held,
        "calls": one.calls,
        **{name: dict(sorted(counts.items())) for name, counts in counted.items()},
        "withheld": {name: _said(why) for name, why in sorted(one.withheld.items())},
        "ends": one.ends,
        "closed": _said(one.closed) if one.closed else None,
        "residue": [_said(what) for what in one.residue],
        "known_there": _said(one.known_there) if one.known_there else None,
    }


def _said(message: Message) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(to_json(message))
    return {"en": str(message), **plain}


class Tally:
    """Counts one vendor's differences, and digests them in the order in which they come."""

    def __init__(
        self, opened: Ceiling, names: Mapping[int, str], undeclared: frozenset[int]
    ) -> None:
        """`names` gives the element of each number; `undeclared` those to be cleaned up."""
        how = opened.how
        erase = opened.record.erase
        self.plan = VendorPlan(
            opened.vendor,
            withheld={one.element: one.why for one in opened.withheld},
            most=1 if how.alone else how.most,
            known_there=opened.known_there,
            ends=not opened.population,
            residue=tuple(one.what for one in erase.residue) if erase else (),
        )
        self._names = names
        self._undeclared = undeclared
        # Thousands differ in the same: kinds and elements are counted once for all of them.
        self._alike: Counter[tuple[Kind, frozenset[int], frozenset[int]]] = Counter()
        self._hash = hashlib.sha256(f"klarsyn plan {opened.vendor}\n".encode())

    def add(self, one: Difference) -> None:
        """Count one."""
        self._alike[one.kind, one.sets, one.clears] += 1
        self._hash.update(b"%b %b %b\n" % (one.kind.encode(), one.person, one.wanted))

    def ended(self) -> VendorPlan:
        """Return the plan, with its digest where there is anything to do."""
        plan, names = self.plan, self._names
        for (kind, sets, clears), count in self._alike.items():
            plan.kinds[kind] += count
            for number in sets:
                plan.sets[names[number]] += count
            for number in clears if kind != "remove" else ():
                plan.clears[names[number]] += count
                if number in self._undeclared:
                    plan.cleaned[names[number]] += count
        self._alike.clear()
        if self.plan.people:
            self.plan.digest = self._hash.hexdigest()
        return self.plan


def closed(one: Closed) -> VendorPlan:
    """Return the plan of a vendor to which nothing can be sent."""
    withheld = {each.element: each.why for each in one.withheld}
    return VendorPlan(one.vendor, withheld=withheld, closed=one.why, remedy=one.remedy)

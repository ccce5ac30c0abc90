"""
The gate: whether a person's data may go to a vendor today, and if not, the first reason.

Whether an element is declared, and in effect, was settled before, for everybody (ceiling.py). Here
come, in this order: an objection that is open, a restriction, an erasure, an opt-out, a consent
that is not told. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.errors import Message, said
from klarsyn.people.gate import MARKETING, GateFacts
from klarsyn.people.hashes import Hashes
from klarsyn.people.ledger import Person as PersonHash
from klarsyn.people.person import Batch, Person
from klarsyn.people.snapshot import ELSEWHERE, FIRST_REASON, WANTED
from klarsyn.register import Register

REASONS: Final[Mapping[str, Message]] = {
    "row-wrong": said("their row in the source is wrong"),
    "objection": said("an objection of their customer is open"),
    "restricted": said("the processing of their data is restricted"),
    "erased": said("they were erased, and have not come back by themselves"),
    "opted-out": said("they have opted out"),
    "no-consent": said("nothing says whether they want it"),
    "shared": said("another customer is known there by the same value"),
}
"""Why nothing is sent of somebody, in the order in which it is asked."""
NOWHERE: Final[Collection[str]] = ()
_STATES: Final = {one: FIRST_REASON + at for at, one in enumerate(REASONS)}
NAMES: Final = {state: one for one, state in _STATES.items()}
SHARED: Final = _STATES["shared"]
"""The state of somebody who is not sent because of somebody else; see sharing.py."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch after the gate."""

    states: list[bytes]
    """For each person a byte a vendor; see people.snapshot."""
    left_out: Mapping[str, Collection[int]]
    """Element -> rows in which it alone is left out."""


@dataclass(slots=True)
class Gate:
    """The gate of one run: facts as they were when it began."""

    register: Register
    ceilings: Sequence[Ceiling]
    facts: GateFacts
    hashes: Hashes
    leavers: str | None = None
    """The population of those who have opted out of marketing, as the source tells."""
    _families: dict[str, str] = field(default_factory=dict)
    _consents: dict[str, str] = field(default_factory=dict)
    _objecting: frozenset[str] = frozenset()
    _alike: dict[frozenset[str], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up to which family of purposes each vendor's belongs: an opt-out is of a family."""
        self._objecting = frozenset(customer for customer, _, _ in self.facts.holds)
        purposes = self.register.purposes
        self._families = {  # what has ended has no purpose, and sends nothing
            one.vendor: purposes[one.purpose].kind if one.purpose else "" for one in self.ceilings
        }
        self._consents = {
            one.vendor: sent.element
            for one in self.ceilings
            for sent in one.sent
            if sent.name == one.how.consent
        }

    def judge(self, batch: Batch, people: Sequence[PersonHash]) -> Judged:
        """Return what each vendor should hold of each person of a batch, or why not."""
        silent = self._silent(batch)
        asked = silent.keys() | self._spoken_of(batch, people)
        states = [
            bytes(self._asked(batch[at], silent.get(at, NOWHERE)))
            if at in asked or self.leavers in populations
            else self._usual(populations)
            for at, populations in enumerate(batch.populations)
        ]
        return Judged(states, self._left_out(batch))

    def _usual(self, populations: frozenset[str]) -> bytes:
        """Return the states of everybody of the same populations of whom nothing else is known."""
        found = self._alike.get(populations)
        if found is None:
            every = (one.population for one in self.ceilings)
            found = bytes(WANTED if one in populations else ELSEWHERE for one in every)
            self._alike[populations] = found
        return found

    def _spoken_of(self, batch: Batch, people: Sequence[PersonHash]) -> set[int]:
        """Return the rows of whom a fact speaks: of the others, whole columns are settled here."""
        facts, every = self.facts, range(len(batch))
        found: set[int] = set()
        if facts.holds:
            found.update(at for at in every if batch[at].customer in self._objecting)
        for key_id in facts.person_keys if facts.restricted else ():
            is_ours = key_id == self.hashes.key_id
            hashed = people if is_ours else self.hashes.under(key_id).people(batch)
            found.update(at for at in every if hashed[at] in facts.restricted)
        identities = [facts.tombstones, *facts.opt_outs.values()]
        for key_id in facts.identity_keys:
            known = self.hashes.under(key_id).known_by(batch, every)
            for one in identities:
                found.update(at for at in every if not one.isdisjoint(known[at]))
        return found

    def _silent(self, batch: Batch) -> dict[int, set[str]]:
        """Return rows that do not say whether mail is wanted, and the vendors that are told."""
        found: dict[int, set[str]] = {}
        for vendor, element in self._consents.items():
            column = batch.columns.get(element)
            for at, value in enumerate(column.normal if column else ()):
                if not value:
                    found.setdefault(at, set()).add(vendor)
        return found

    def _asked(self, person: Person, silent: Collection[str]) -> Iterator[int]:
        """
        Yield what each vendor should hold of somebody of whom there is something to ask.

        Who opted out is stopped there and not removed for having left its population: a removal
        forgets who wants no mail, or blocks the address for ever.
        """
        populations, facts = person.populations, self.facts
        has_left = self.leavers in populations
        identities = facts.hashes_of_identities(self.hashes, person.identities)
        blocked = None
        if facts.is_restricted(facts.hashes_of_person(self.hashes, person.key)):
            blocked = "restricted"
        elif facts.erased(identities):
            blocked = "erased"
        for one in self.ceilings:
            family = self._families[one.vendor]
            out = facts.opted_out(identities, family) or (has_left and family == MARKETING)
            if one.population in populations:
                held = "objection" if self._held(person.customer, one) else None
                asked_not = "no-consent" if one.vendor in silent else None
                why = held or blocked or ("opted-out" if out else asked_not)
                yield _STATES[why] if why else WANTED
            else:
                stays = out and not blocked and one.record.stop
                yield _STATES["opted-out"] if stays else ELSEWHERE

    def _held(self, customer: str, opened: Ceiling) -> bool:
        """An objection to one element holds all: a row without it would be another row."""
        return any(
            self.facts.held(customer, opened.vendor, element) for element in ("", *opened.elements)
        )

    def _left_out(self, batch: Batch) -> dict[str, Collection[int]]:
        """R90: a sole trader's number that is a national id stays here unless it is allowed."""
        found: dict[str, Collection[int]] = {}
        for element, column in batch.columns.items():
            if not column.national:
                continue
            treated = self.register.elements[element].sole_traders
            if treated is None or treated.value != "allowed":
                found[element] = column.national
        return found


def rejected_states(vendors: int) -> bytes:
    """Return the states of somebody whose row is wrong: neither sent nor removed."""
    return bytes([_STATES["row-wrong"]]) * vendors

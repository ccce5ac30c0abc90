"""
Opt-outs: who has left one newsletter gets none of the others (D20, R42; Art. 21(3), 7(3) GDPR).

What vendors and the source say is noted as hashes, for good: no later row of the source takes it
back. Then mail is stopped wherever somebody who opted out is mailed still (stopping.py).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.optouts.leavers import Leaver, left_at, stopped_by_us
from klarsyn.disclosure.optouts.stopping import stop_at
from klarsyn.disclosure.sending.courier import AWAY
from klarsyn.durable import Json, Run, work
from klarsyn.errors import KlarsynError, said
from klarsyn.people.facts import OURSELVES
from klarsyn.people.gate import MARKETING
from klarsyn.people.identities import Identity
from klarsyn.people.ledger import Person
from klarsyn.people.rejected import Rejections
from klarsyn.register import Register
from klarsyn.stored import to_json

PART: Final = 1000
"""Opt-outs in one entry of the journal."""
LANE: Final = "disclosure.opt-outs"
Result = dict[str, Json]


@work(LANE, 1, schedule="opt-outs")
def opt_outs(run: Run[Around]) -> Json:
    """Note who has opted out anywhere, and stop mail to them everywhere."""
    noted = run.step("note", lambda: note(run.around, run.id))
    ends: Counter[str] = Counter()
    later, stopped = 0.0, dict(noted["unread"])
    for vendor in noted["vendors"]:
        ended = run.step(f"stop {vendor}", partial(stop_at, run.around, run.id, vendor))
        ends.update(ended["ends"])
        later = max(later, ended["later"])
        stopped |= {vendor: ended["why"]} if ended["why"] else {}
    again = later or (AWAY.total_seconds() if stopped else 0)
    run.step("afterwards", lambda: _come_back(run.around, again))
    return {"noted": noted["noted"], "ends": dict(ends), "later": again, "stopped": stopped}


def learnt(around: Around, run: str, vendor: str) -> Result:
    """
    Note opt-outs before a delivery to a vendor, where it is one of marketing.

    It does not begin while another vendor cannot tell who has left it: in doubt the gate is shut.
    """
    if vendor not in family(around.register):
        return {}
    found = note(around, run)
    if any(found["noted"].values()):
        around.due.put(opt_outs, "noted", around.clock.now(), lane=LANE)
    others = {one: why for one, why in found["unread"].items() if one != vendor}
    if not others:
        return {}
    one = min(others)
    why = said("it cannot be told who has opted out at {vendor}", vendor=one)
    return {"stopped": "opt-outs", "why": to_json(why)}


def family(register: Register) -> list[str]:
    """Return the vendors that something is sent to for marketing: an opt-out ends all of it."""
    return [
        one
        for one, vendor in register.vendors.items()
        if vendor.deliver and register.purposes[vendor.deliver.purpose].kind == MARKETING
    ]


def _come_back(around: Around, seconds: float) -> Result:
    if seconds:
        at = around.clock.now() + timedelta(seconds=seconds)
        around.due.put(opt_outs, "again", at, lane=LANE)
    return {}


# Noting


def note(around: Around, run: str) -> dict[str, Any]:
    """Note who has opted out at any vendor, or in the source; may be repeated."""
    noting = Noting(around, run)
    vendors = family(around.register)
    unread: dict[str, str] = {}
    for vendor in vendors:
        try:
            leavers = left_at(around, vendor)
        except KlarsynError as error:
            unread[vendor] = to_json(error.message)
        else:
            if leavers is not None:
                noting.vendor(vendor, leavers)
    if vendors:
        noting.source()
    return {"vendors": vendors, "noted": dict(noting.noted), "unread": unread}


@dataclass(frozen=True, slots=True, repr=False)
class New:
    """Somebody whose opt-out was not known: by what they are known, and who they are to us."""

    identities: tuple[Identity, ...]
    people: frozenset[Person]
    why: str


@dataclass(slots=True)
class Noting:
    """What one run notes."""

    around: Around
    run: str
    noted: Counter[str] = field(default_factory=Counter)
    """Origin -> how many opt-outs were new."""
    _gone: dict[Person, str] = field(default_factory=dict)
    """Who left by their own word, and where: all their addresses in the source count."""

    def vendor(self, vendor: str, leavers: Sequence[Leaver]) -> None:
        """Note who has left a vendor; what was lifted since is not noted again."""
        facts, hashes = self.around.facts, self.around.hashes
        told, ours = facts.told_by(vendor), facts.told_by(stopped_by_us(vendor))
        by_key = self._by_key(vendor) if leavers else {}
        listed: set[bytes] = set()
        new: list[New] = []
        for one in leavers:
            forms = hashes.identities(one.identities, hashes.keys.secrets)
            listed |= forms
            known = [told[form] for form in forms if form in told]
            if any(known) or (not known and not ours.keys().isdisjoint(forms)):
                continue
            people = self._people(by_key.get(one.key), forms)
            if one.why == "unsubscribed":
                self._gone.update(dict.fromkeys(people, vendor))
            if forms and not known:
                new.append(New(one.identities, people, one.why))
        for origin, rows in ((vendor, told), (stopped_by_us(vendor), ours)):
            lifted = {form for form, is_lifted in rows.items() if is_lifted}
            facts.forget_lifted(lifted - listed, origin)
        self._note(vendor, new)

    def source(self) -> None:
        """Note who opted out in the source, and by what else those are known who left a vendor."""
        out = self.around.source.settings.opted_out
        if not out and not self._gone:
            return
        hashes = self.around.hashes
        told, facts = self.around.facts.told_by(OURSELVES), self.around.facts.load()
        every = [hashes.under(one) for one in hashes.keys.secrets]
        new: dict[str, list[New]] = {}
        for batch in self.around.source.read(Rejections()):
            for at, people in enumerate(zip(*[one.people(batch) for one in every], strict=True)):
                is_out = out in batch.populations[at]
                origin = OURSELVES if is_out else self._left(people)
                if not origin:
                    continue
                emails = tuple(one for one in batch[at].identities if one.kind == "email")
                forms = hashes.identities(emails, hashes.keys.secrets)
                known = not told.keys().isdisjoint(forms) if is_out else facts.opted_out(forms)
                if forms and not known:
                    one = New(emails, frozenset(people[-1:]), "unsubscribed")
                    new.setdefault(origin, []).append(one)
        for origin, found in new.items():
            self._note(origin, found)

    def _left(self, people: Sequence[Person]) -> str:
        return next((self._gone[one] for one in people if one in self._gone), "")

    def _by_key(self, vendor: str) -> Mapping[str, Person]:
        found = self.around.ledger.holdings_at(vendor)
        return {one.known_as: one.person for one in found if one.known_as}

    def _people(self, person: Person | None, forms: frozenset[bytes]) -> frozenset[Person]:
        if person is not None:
            return frozenset([person])
        ledger = self.around.ledger
        return frozenset(person for form in forms for person in ledger.people_known_by(form))

    def _note(self, origin: str, new: Sequence[New]) -> None:
        left = iter(new)
        while part := list(islice(left, PART)):
            self._note_part(origin, part)
        if new:
            self.noted[origin] += len(new)

    def _note_part(self, origin: str, part: Sequence[New]) -> None:
        around, now = self.around, self.around.clock.now()
        hashes = around.hashes
        whys = {person: one.why for one in part for person in one.people}
        subjects = around.journal.subjects.of(whys)
        people = sorted((subjects[person], {"why": why}) for person, why in whys.items())
        strangers = sum(1 for one in part if not one.people)
        mark = hashlib.sha256(f"{people} {strangers} {now}".encode()).hexdigest()[:16]
        with around.storage.transaction():
            around.facts.opt_out([one for new in part for one in new.identities], now, origin)
            forms = [(one, tuple(hashes.identities(one.identities))) for one in part]
            found = ((person, known) for one, known in forms for person in one.people)
            around.ledger.know(hashes.key_id, found)
            around.journal.append(
                f"{self.run}:noted:{origin}:{mark}",
                "optout.noted",
                vendor="" if origin == OURSELVES else origin,
                facts={"family": MARKETING, "origin": origin, "strangers": strangers},
                people=people,
            )

"""
From register, source and facts to a plan: who should hold what, against what was sent.

The source is read once for all vendors. Nothing is changed but the snapshot, which is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans import plan as plans
from klarsyn.disclosure.plans.ceiling import Ceiling, Closed, ceiling, still_declared
from klarsyn.disclosure.plans.ending import emptied, has_ended
from klarsyn.disclosure.plans.gate import NAMES, SHARED, Gate, Judged, rejected_states
from klarsyn.disclosure.plans.plan import Plan, Tally, VendorPlan
from klarsyn.disclosure.plans.sharing import Sharing
from klarsyn.people import packed
from klarsyn.people.gate import GateFacts
from klarsyn.people.ledger import Change, Difference, Person, State
from klarsyn.people.rejected import Rejections
from klarsyn.people.rekeying import rekey
from klarsyn.people.scored import with_calculated
from klarsyn.people.snapshot import WANTED, Snapshot, kept


def ceilings(around: Around, vendors: Sequence[str], facts: GateFacts) -> list[Ceiling | Closed]:
    """Return what may be sent to each vendor today."""
    columns = {*around.source.settings.columns, *around.calculated}
    populations = set(around.source.settings.populations)
    return [
        emptied(around.bind(one), around.ledger.placed(one))
        if has_ended(around.register, one)
        else ceiling(
            around.register,
            around.bind(one),
            around.today,
            lambda vendor, element: facts.effective.get((vendor, element)),
            columns,
            populations,
        )
        for one in vendors
    ]


def make(around: Around, vendors: Sequence[str]) -> Plan:
    """Return what would be done at these vendors now."""
    facts = around.facts.load()
    rekey(around.storage, around.ledger, around.source, around.calculated, around.hashes)
    found = ceilings(around, vendors, facts)
    opened = [one for one in found if isinstance(one, Ceiling)]
    with compared(around, opened, facts) as comparison:
        tallies = {one.vendor: tally(around, one) for one in opened}
        for vendor, difference in comparison.differences():
            tallies[vendor].add(difference)
    made: list[VendorPlan] = []
    for one in found:
        if isinstance(one, Closed):
            made.append(plans.closed(one))
            continue
        plan = tallies[one.vendor].ended()
        plan.held = around.ledger.count(one.vendor)
        plan.skipped = comparison.skipped[one.vendor]
        plan.left_out = comparison.left_out[one.vendor]
        plan.stuck = comparison.stuck[one.vendor]
        plan.fixed = comparison.fixed[one.vendor]
        made.append(plan)
    rejections = comparison.rejections
    return Plan(
        tuple(made),
        comparison.people,
        rejections.rows,
        rejections.nameless,
        tuple(rejections.first),
    )


def tally(around: Around, opened: Ceiling) -> Tally:
    """Return an empty count of one vendor's differences."""
    placed = around.ledger.placed(opened.vendor)
    names = {one.number: one.element for one in placed}
    places = {one.place for one in opened.sent}
    declared = still_declared(around.register, opened.vendor)
    undeclared = frozenset(
        one.number
        for one in placed
        if one.element not in declared
        or (one.element in opened.elements and one.place not in places)
    )
    return Tally(opened, names, undeclared)


@dataclass(slots=True)
class Comparison:
    """The source, staged, beside the ledger; with what was counted on the way."""

    around: Around
    ceilings: Sequence[Ceiling]
    snapshot: Snapshot
    people: int = 0
    rejections: Rejections = field(default_factory=Rejections)
    skipped: dict[str, Counter[str]] = field(default_factory=dict)
    """Vendor -> reason -> people of whom nothing is sent."""
    shared: dict[str, list[Person]] = field(default_factory=dict)
    """Vendor -> people who are not sent because of somebody with the same address."""
    left_out: dict[str, Counter[str]] = field(default_factory=dict)
    """Vendor -> element -> people for whom it alone is left out."""
    stuck: dict[str, Counter[str]] = field(default_factory=dict)
    """Vendor -> state of an earlier change -> people for whom a person has to settle it first."""
    fixed: dict[str, Counter[str]] = field(default_factory=dict)
    """Vendor -> element -> people for whom it differs and the vendor lets nobody change it."""

    def differences(self) -> Iterator[tuple[str, Difference]]:
        """Yield what each vendor should hold differently; what only waits is left as it is."""
        keeps = {one.vendor: self._kept(one) for one in self.ceilings}
        absent = not self.rejections.nameless
        stuck = {one.vendor: self._stuck(one.vendor) for one in self.ceilings}
        for one in self.ceilings:
            self.stuck[one.vendor].clear()
            self.fixed[one.vendor].clear()
        once = {one.vendor: self._once(one) for one in self.ceilings}
        # It is sent again as it was, or counted as held: only then can be told what differs.
        doubt = {one.vendor: self.around.ledger.in_doubt(one.vendor) for one in self.ceilings}
        for vendor, found in self.snapshot.differences(absent=absent):
            if found.person in doubt[vendor]:
                continue
            if once[vendor]:
                self._note_fixed(vendor, found, once[vendor])
            if (left := kept(found, keeps[vendor])) is None:
                continue
            open_ = stuck[vendor].get(left.person)
            if open_ and (open_.state != "dead" or open_.wanted == left.wanted or open_.in_doubt):
                self.stuck[vendor][open_.state] += 1
            else:
                yield vendor, left

    def _stuck(self, vendor: str) -> dict[Person, Change]:
        """Return what is not planned anew: a person settles it, or it is being sent."""
        states: tuple[State, ...] = ("unknown", "dead", "sending")
        changes = (one for state in states for one in self.around.ledger.all(vendor, state))
        return {one.person: one for one in changes}

    def _kept(self, opened: Ceiling) -> frozenset[int]:
        """Return the numbers of what is declared still, and not sent today or not again."""
        declared = still_declared(self.around.register, opened.vendor)
        return frozenset(self._once(opened)) | frozenset(
            one.number
            for one in self.around.ledger.placed(opened.vendor)
            if one.element in declared and one.element not in opened.elements
        )

    def _once(self, opened: Ceiling) -> dict[int, str]:
        """Return the elements that are sent of new people only, by number."""
        once = {one.place: one.element for one in opened.sent if one.name in opened.once}
        placed = self.around.ledger.placed(opened.vendor)
        return {one.number: one.element for one in placed if once.get(one.place) == one.element}

    def _note_fixed(self, vendor: str, found: Difference, once: Mapping[int, str]) -> None:
        if found.kind in {"update", "clear"}:
            held = packed.read_held(found.held).keys()
            differs = (found.sets | found.clears) & once.keys() & held
            self.fixed[vendor].update(once[number] for number in differs)


@contextmanager
def compared(around: Around, opened: Sequence[Ceiling], facts: GateFacts) -> Iterator[Comparison]:
    """Read the source through the gate, and yield it ready to be compared."""
    elements = sorted({element for one in opened for element in one.elements})
    numbers = {
        one.vendor: around.ledger.numbers(
            one.vendor, {sent.element: sent.place for sent in one.sent}
        )
        for one in opened
    }
    with Snapshot(around.storage, elements, numbers) as snapshot:
        comparison = Comparison(around, opened, snapshot)
        for one in opened:
            comparison.skipped[one.vendor] = Counter()
            comparison.left_out[one.vendor] = Counter()
            comparison.stuck[one.vendor] = Counter()
            comparison.fixed[one.vendor] = Counter()
        if opened:
            leavers = around.source.settings.opted_out
            gate = Gate(around.register, opened, facts, around.hashes, leavers)
            _stage(around, comparison, gate)
        yield comparison


def _stage(around: Around, comparison: Comparison, gate: Gate) -> None:
    """Stage everybody in the source, row by row wrong or right."""
    snapshot, reject = comparison.snapshot, comparison.rejections
    seen: Counter[bytes] = Counter()
    sharing = Sharing(comparison.ceilings)
    for plain in around.source.read(reject):
        batch = with_calculated(plain, around.calculated, snapshot.elements)
        people = around.hashes.people(batch)
        columns = around.hashes.elements(batch, people, snapshot.elements)
        judged = gate.judge(batch, people)
        _omit(columns, judged, comparison)
        snapshot.stage(people, columns, judged.states)
        sharing.note(batch, people)
        seen.update(judged.states)
        comparison.people += len(batch)
    snapshot.in_order()
    wrong = [around.hashes.person(one) for one in reject.keys]
    states = rejected_states(len(comparison.ceilings))
    snapshot.stage(wrong, {}, [states] * len(wrong))
    if wrong:
        seen[states] += len(wrong)
    for staged, count in seen.items():
        for opened, state in zip(comparison.ceilings, staged, strict=True):
            if state in NAMES:
                comparison.skipped[opened.vendor][NAMES[state]] += count
    comparison.shared = sharing.hold_back(around.storage, snapshot)
    for vendor, held_back in comparison.shared.items():
        comparison.skipped[vendor] += Counter({NAMES[SHARED]: len(held_back)})


def _omit(columns: dict[str, list[bytes]], judged: Judged, comparison: Comparison) -> None:
    """Take out what is left out for single people, and count it where it would have been sent."""
    for element, rows in judged.left_out.items():
        hashes = columns.get(element, [])
        for at in rows if hashes else ():
            there, hashes[at] = hashes[at], b""
            for opened, state in zip(comparison.ceilings, judged.states[at], strict=True):
                if there and state == WANTED and element in opened.elements:
                    comparison.left_out[opened.vendor][element] += 1

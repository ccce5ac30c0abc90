"""
A sample is read back: servers take a row, say yes, and drop a field without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans import planning
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.references import references, shown
from klarsyn.durable import Json, Run, work
from klarsyn.people.ledger import Person
from klarsyn.people.meaning import Kind, kind_of
from klarsyn.people.rejected import Rejections
from klarsyn.people.scored import with_calculated
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection, Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity, digits, plain
from klarsyn.vendors.reading import Seen, read

SAMPLE: Final = 5


def sample_of(people: Sequence[Person]) -> list[Person]:
    """Return some of the people whose rows arrived: the first, the last, and some between."""
    step = max(1, len(people) // SAMPLE)
    return list(people[::step][:SAMPLE])


@work("disclosure.read-back", 1)
def read_back(run: Run[Around], vendor: str, people: list[str]) -> Json:
    """Read some people at a vendor, and note which elements it has not kept."""
    return run.step("read", lambda: _read(run.around, run.id, vendor, people))


def _read(around: Around, run: str, vendor: str, people: Sequence[str]) -> dict[str, Json]:
    (opened,) = planning.ceilings(around, [vendor], around.facts.load())
    if not isinstance(opened, Ceiling):
        return {"looked": 0}
    expected = _expected(around, opened, frozenset(bytes.fromhex(one) for one in people))
    looked: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    found = 0
    with around.bind(vendor).open(Purpose.AUDIT, around.surroundings(vendor)) as connection:
        for seen, values in _seen(around, opened, connection, expected):
            found += 1
            has = seen.values()
            for one in opened.sent:
                if one.element in values:
                    looked[one.element] += 1
                    there = has.get(one.name)
                    dropped[one.element] += not (there and _same(there, values[one.element]))
    now = around.clock.now().timestamp()
    with around.storage.transaction():
        for element, count in looked.items():
            around.storage.run(
                "put_dropped_element",
                vendor=vendor,
                element=element,
                now=now,
                looked=count,
                dropped=dropped[element],
            )
        around.journal.append(
            f"{run}:read-back",
            "delivery.read-back",
            vendor=vendor,
            facts={"people": len(expected), "found": found, "dropped": _there(dropped)},
        )
    return {"looked": len(expected), "found": found, "dropped": _there(dropped)}


def _there(counts: Counter[str]) -> dict[str, int]:
    return {one: count for one, count in sorted(counts.items()) if count}


def _expected(
    around: Around, opened: Ceiling, people: frozenset[bytes]
) -> dict[Person, Mapping[str, Personal[str]]]:
    """Return what the source says of these people today, of what the vendor should hold."""
    found: dict[Person, Mapping[str, Personal[str]]] = {}
    for plain_batch in around.source.read(Rejections()):
        batch = with_calculated(plain_batch, around.calculated, opened.elements)
        for at, person in enumerate(around.hashes.people(batch)):
            if person in people:
                values = batch[at].values
                found[person] = {
                    one.element: values[one.element] for one in opened.sent if one.element in values
                }
        if len(found) == len(people):
            break
    return found


def _seen(
    around: Around,
    opened: Ceiling,
    connection: Connection,
    expected: Mapping[Person, Mapping[str, Personal[str]]],
) -> Iterator[tuple[Seen, Mapping[str, Personal[str]]]]:
    """Yield each person's record with what it should say: by the search, or from the list."""
    match = opened.match
    is_address = match and kind_of(around.register.elements[match.element]) is Kind.EMAIL
    if match and is_address and any(one.by == "email" for one in opened.record.find):
        for values in expected.values():
            if match.element in values:
                identity = Identity(email=(values[match.element],))
                found = next(jobs.looked_up(connection, opened.record, identity), None)
                if found:
                    yield found, values
    else:
        yield from _listed(around, opened, connection, expected)


def _listed(
    around: Around,
    opened: Ceiling,
    connection: Connection,
    expected: Mapping[Person, Mapping[str, Personal[str]]],
) -> Iterator[tuple[Seen, Mapping[str, Personal[str]]]]:
    """Yield the records of the vendor's list that are theirs, by its own key or by reference."""
    keys = {}
    for person, values in expected.items():
        if (holding := around.ledger.holding(opened.vendor, person)) and holding.known_as:
            keys[holding.known_as] = values
    sent = references(around, opened, list(expected))
    by_reference = {reference: expected[person] for person, reference in sent.items()}
    for page in read(connection, opened.record):
        for seen in page:
            says = keys.get(seen.key)
            if says is None and by_reference:
                says = by_reference.get(shown(opened, seen))
            if says is not None:
                yield seen, says


def _same(there: Personal[str], expected: Personal[str]) -> bool:
    """Return whether a vendor has a value, however it writes it: spaces, case, `+46` or `0046`."""
    one, other = there.reveal(), expected.reveal()
    if plain(one) == plain(other):
        return True
    return bool(digits(one)) and digits(one).lstrip("0") == digits(other).lstrip("0")

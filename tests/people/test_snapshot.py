"""One reading of the source compared with the ledger, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn import storage as storages
from klarsyn.errors import StorageConflict, StorageError
from klarsyn.people import packed
from klarsyn.people.ledger import Difference, Ledger, Person
from klarsyn.people.snapshot import (
    ELSEWHERE,
    FIRST_REASON,
    WANTED,
    Snapshot,
    difference,
    kept,
    removal,
)
from klarsyn.testing import StillClock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from klarsyn.storage import Storage

ANN, BO = (Person(bytes([one]) * 16) for one in b"ab")
NUMBERS = {"mailchimp": {"name": 1, "phone": 2}, "zendesk": {"name": 3}}
hashes = st.dictionaries(st.integers(0, 65535), st.binary(min_size=12, max_size=12), max_size=9)
Row = tuple[Person, "Mapping[str, bytes]", bytes]
BOTH = bytes([WANTED, WANTED])


def row(person: Person, states: Sequence[int] = BOTH, **values: str) -> Row:
    """Return a person of the source with hashes that can be read."""
    return person, {one: value.encode().ljust(12) for one, value in values.items()}, bytes(states)


def compared(storage: Storage, *rows: Row, page: int = 10_000) -> list[tuple[str, Difference]]:
    """Return what differs."""
    with Snapshot(storage, ("name", "phone"), NUMBERS, page) as snapshot:
        staged(snapshot, rows)
        return list(snapshot.differences())


def staged(snapshot: Snapshot, rows: Sequence[Row]) -> None:
    """Stage rows as the columns that a batch has."""
    columns = {one: [values.get(one, b"") for _, values, _ in rows] for one in snapshot.elements}
    snapshot.stage([who for who, _, _ in rows], columns, [states for _, _, states in rows])
    snapshot.in_order()


def delivered(storage: Storage, *rows: Row) -> None:
    """Carry out all that these rows ask for."""
    ledger = Ledger(storage, StillClock())
    for vendor, one in compared(storage, *rows):
        ledger.put_changes(vendor, "run", "k1", [one])
    for vendor in NUMBERS:
        for change in ledger.changes(vendor):
            ledger.finish(vendor, change)


def each(found: list[tuple[str, Difference]]) -> dict[str, list[Difference]]:
    """Return what differs by vendor."""
    return {vendor: [one for name, one in found if name == vendor] for vendor in NUMBERS}


def told(found: list[tuple[str, Difference]]) -> list[tuple[str, str, set[int], set[int]]]:
    """Return vendor, kind, and the numbers to set and to clear."""
    return [(vendor, one.kind, set(one.sets), set(one.clears)) for vendor, one in found]


def test_new_person_is_created_at_each_vendor_with_its_own_elements(storage: Storage) -> None:
    """Zendesk is sent no phone number, so none is compared there."""
    found = compared(storage, row(ANN, name="Ann", phone="1"))
    assert [("mailchimp", "create", {1, 2}, set()), ("zendesk", "create", {3}, set())] == told(
        found
    )


def test_second_reading_finds_nothing_to_do(storage: Storage) -> None:
    """What was delivered and has not changed is left alone, and nothing stays staged."""
    delivered(storage, row(ANN, name="Ann", phone="1"), row(BO, name="Bo"))
    assert [] == compared(storage, row(BO, name="Bo"), row(ANN, name="Ann", phone="1"))
    with pytest.raises(StorageError, match="did not run staged"):
        storage.run("staged", after=b"", most=1)


def test_changed_phone_changes_those_who_have_the_phone(storage: Storage) -> None:
    """One update at Mailchimp, nothing at Zendesk."""
    delivered(storage, row(ANN, name="Ann", phone="1"))
    assert [("mailchimp", "update", {2}, set())] == told(
        compared(storage, row(ANN, name="Ann", phone="2"))
    )


def test_value_that_is_gone_is_cleared(storage: Storage) -> None:
    """A phone number that the source no longer has is taken away."""
    delivered(storage, row(ANN, name="Ann", phone="1"))
    assert [("mailchimp", "clear", set(), {2})] == told(compared(storage, row(ANN, name="Ann")))


def test_person_without_a_value_is_not_created(storage: Storage) -> None:
    """There is nothing to send."""
    assert [] == compared(storage, row(ANN))


def test_reason_keeps_a_person_as_they_are(storage: Storage) -> None:
    """Who is restricted is neither changed nor removed; the other vendor goes on."""
    delivered(storage, row(ANN, name="Ann"))
    states = [FIRST_REASON, WANTED]
    assert [("zendesk", "update", {3}, set())] == told(
        compared(storage, row(ANN, states, name="Anne"))
    )


def test_who_left_the_population_is_removed_there(storage: Storage) -> None:
    """Still a customer, no longer a subscriber."""
    delivered(storage, row(ANN, name="Ann"))
    states = [ELSEWHERE, WANTED]
    assert [("mailchimp", "remove", set(), {1})] == told(
        compared(storage, row(ANN, states, name="Ann"))
    )


def test_who_left_the_source_is_removed_everywhere(storage: Storage) -> None:
    """Before, between and behind those who are there; once."""
    people = [Person(bytes([one]) * 16) for one in b"abcde"]
    delivered(storage, *(row(one, name="x") for one in people))
    found = compared(storage, *(row(people[at], name="x") for at in (1, 3)))
    gone = [(people[at], "remove") for at in (0, 2, 4)]
    assert dict.fromkeys(NUMBERS, gone) == {
        vendor: [(one.person, one.kind) for one in those] for vendor, those in each(found).items()
    }
    delivered(storage, *(row(people[at], name="x") for at in (1, 3)))
    assert [] == compared(storage, *(row(people[at], name="x") for at in (1, 3)))


def test_vendor_that_is_not_planned_is_not_touched(storage: Storage) -> None:
    """Who is planned for Zendesk alone keeps what Mailchimp has."""
    delivered(storage, row(ANN, name="Ann"))
    with Snapshot(storage, ("name",), {"zendesk": {"name": 3}}) as snapshot:
        assert [("zendesk", "remove", set(), {3})] == told(list(snapshot.differences()))


def test_first_row_of_a_person_counts(storage: Storage) -> None:
    """Who is told to be wrong once all are in order may be there by a row that is right."""
    with Snapshot(storage, ("name", "phone"), NUMBERS) as snapshot:
        staged(snapshot, [row(ANN, name="Ann")])
        snapshot.stage([ANN], {}, [bytes([FIRST_REASON] * 2)])
        found = list(snapshot.differences())
    assert [("mailchimp", "create", {1}, set()), ("zendesk", "create", {3}, set())] == told(found)


def test_nobody_is_staged_twice(storage: Storage) -> None:
    """The source lets no key through twice; were it to, nothing would be compared."""
    twice = [row(ANN, name="Ann"), row(ANN, name="Bo")]
    with pytest.raises(StorageConflict):
        compared(storage, *twice)
    assert [] == compared(storage)


@pytest.mark.parametrize("page", [1, 2, 3, 7])
def test_pages_change_nothing(storage: Storage, page: int) -> None:
    """However many rows are read at a time, each vendor's differences are the same, in order."""
    people = [Person(bytes([one]) * 16) for one in range(1, 8)]
    delivered(storage, *(row(one, name="x") for one in people[:5]))
    rows = [row(one, name="y" if at % 2 else "x") for at, one in enumerate(people) if at != 2]
    assert each(compared(storage, *rows)) == each(compared(storage, *rows, page=page))


def test_what_is_carried_out_meanwhile_is_no_difference_any_more(storage: Storage) -> None:
    """A courier may be at work: what is held is asked for page by page, at the last moment."""
    people = [Person(bytes([one]) * 16) for one in b"abcd"]
    delivered(storage, *(row(one, name="x") for one in people))
    with Snapshot(storage, ("name",), {"zendesk": {"name": 3}}, page=1) as snapshot:
        staged(snapshot, [row(one, bytes([WANTED]), name="y") for one in people[:2]])
        found = snapshot.differences()
        assert people[0] == next(found)[1].person
        with_y = packed.wanted({3: b"y".ljust(12)})
        carried_out(storage, Difference(people[1], "update", frozenset({3}), frozenset(), with_y))
        carried_out(storage, removal(people[2], b""))
        assert [people[3]] == [one.person for _, one in found]


def carried_out(storage: Storage, one: Difference) -> None:
    """Let Zendesk take one change."""
    ledger = Ledger(storage, StillClock())
    ledger.put_changes("zendesk", "run", "k1", [one])
    for change in ledger.changes("zendesk"):
        ledger.finish("zendesk", change)


@given(new=hashes, old=hashes)
def test_difference_leads_from_what_is_held_to_what_is_wanted(
    new: dict[int, bytes], old: dict[int, bytes]
) -> None:
    """Setting what it sets and clearing what it clears gives exactly what is wanted."""
    held = packed.held({number: (one, 7.0) for number, one in old.items()})
    found = difference(ANN, packed.wanted(new), held)
    became = {number: one for number, one in old.items() if number not in found.clears}
    became |= {number: new[number] for number in found.sets}
    assert new == became
    assert old == packed.read_wanted(packed.as_wanted(held))


def test_what_is_declared_and_not_sent_any_more_is_left_there() -> None:
    """An element that waits is neither set nor cleared; the others of the same person are."""
    old = packed.held({1: (b"a" * 12, 7.0), 2: (b"b" * 12, 7.0)})
    same, other = packed.wanted({1: b"a" * 12}), packed.wanted({1: b"c" * 12})
    assert kept(difference(ANN, same, old), frozenset({2})) is None
    found = kept(difference(ANN, other, old), frozenset({2}))
    assert found
    assert ("update", {1}, set()) == (found.kind, set(found.sets), set(found.clears))
    assert {1: b"c" * 12, 2: b"b" * 12} == packed.read_wanted(found.wanted)


def test_removal_keeps_nothing() -> None:
    """Who should not be held at all is taken away with everything."""
    found = removal(ANN, packed.held({1: (b"a" * 12, 7.0)}))
    assert found == kept(found, frozenset({1}))


_states = st.tuples(*[st.sampled_from([WANTED, ELSEWHERE, FIRST_REASON])] * 2)
_values = st.dictionaries(st.sampled_from(["name", "phone"]), st.sampled_from("xyz"))
_source = st.dictionaries(st.integers(1, 9), st.tuples(_states, _values))


@given(first=_source, second=_source, page=st.integers(1, 4))
def test_comparison_is_that_of_a_simple_one(
    tmp_path_factory: pytest.TempPathFactory,
    first: dict[int, tuple[tuple[int, int], dict[str, str]]],
    second: dict[int, tuple[tuple[int, int], dict[str, str]]],
    page: int,
) -> None:
    """What two readings differ by is what two dictionaries differ by."""
    rows = [
        [row(Person(bytes([one]) * 16), states, **values) for one, (states, values) in who.items()]
        for who in (first, second)
    ]
    folder: Path = tmp_path_factory.mktemp("snapshot")
    with storages.open(f"sqlite:///{folder / 'k.db'}", StillClock()) as storage:
        delivered(storage, *rows[0])
        found = compared(storage, *rows[1], page=page)
    assert sorted(expected(first, second)) == sorted(
        (vendor, one.person[0], one.kind) for vendor, one in found
    )


def expected(
    first: dict[int, tuple[tuple[int, int], dict[str, str]]],
    second: dict[int, tuple[tuple[int, int], dict[str, str]]],
) -> list[tuple[str, int, str]]:
    """Return vendor, person and kind of each difference, found the simple way."""
    found = []
    for at, (vendor, numbers) in enumerate(NUMBERS.items()):
        for person in first.keys() | second.keys():
            states, values = first.get(person, ((ELSEWHERE, ELSEWHERE), {}))
            old = {k: v for k, v in values.items() if k in numbers and states[at] == WANTED}
            states, values = second.get(person, ((ELSEWHERE, ELSEWHERE), {}))
            new = {k: v for k, v in values.items() if k in numbers}
            if states[at] == ELSEWHERE:
                found += [(vendor, person, "remove")] if old else []
            elif states[at] == WANTED and new != old:
                sets = {k: v for k, v in new.items() if old.get(k) != v}
                found.append(
                    (vendor, person, "create" if not old else "update" if sets else "clear")
                )
    return found

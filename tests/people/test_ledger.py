"""The delivery ledger, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.errors import said
from klarsyn.people import packed
from klarsyn.people.ledger import Change, Difference, Finished, Kind, Ledger, Person
from klarsyn.storage.queries import Query

if TYPE_CHECKING:
    from klarsyn.storage import Storage
    from klarsyn.testing import StillClock

ANN, BO = (Person(bytes([one]) * 16) for one in b"ab")
NAME, PHONE = 1, 2
RETRY = said("the vendor takes no more for the moment")


def wanted(**values: str) -> bytes:
    """Return what a vendor should hold, with a hash that can be read."""
    numbers = {"name": NAME, "phone": PHONE}
    return packed.wanted({numbers[one]: value.encode().ljust(12) for one, value in values.items()})


@pytest.fixture
def ledger(storage: Storage, clock: StillClock) -> Ledger:
    """An empty ledger."""
    return Ledger(storage, clock)


def changed(ledger: Ledger, person: Person, kind: Kind = "create", **values: str) -> Change:
    """Note a change and return it."""
    found = Difference(person, kind, frozenset(), frozenset(), wanted(**values))
    ledger.put_changes("mailchimp", "run", "k1", [found])
    return next(one for one in ledger.changes("mailchimp") if one.person == person)


def test_who_was_removed_is_known_as_a_former_recipient(ledger: Ledger) -> None:
    """The vendor's row stays, empty: past recipients are told, too (C-154/21)."""
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann"), known_as="m1")
    ledger.finish("mailchimp", changed(ledger, BO, name="Bo"))
    ledger.finish("mailchimp", changed(ledger, ANN, "remove"))
    (past,) = ledger.holdings_of(ANN)
    assert ("m1", b"") == (past.known_as, past.held)
    assert 1 == ledger.count("mailchimp")


def test_vendor_that_holds_nobody_is_told_from_one_that_does(ledger: Ledger) -> None:
    """Somebody who was removed counts as nobody."""
    assert not ledger.holds_anybody("mailchimp")
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann"))
    assert ledger.holds_anybody("mailchimp")
    ledger.finish("mailchimp", changed(ledger, ANN, "remove"))
    assert not ledger.holds_anybody("mailchimp")


def test_only_what_is_new_gets_a_new_instant(ledger: Ledger, clock: StillClock) -> None:
    """For each element it is told since when the vendor has this value."""
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann", phone="1"))
    then = int(clock.now().timestamp())
    clock.move(days=1)
    ledger.finish("mailchimp", changed(ledger, ANN, "update", name="Ann", phone="2"))
    held = packed.read_held(ledger.holdings_of(ANN)[0].held)
    assert (then, then + 86_400) == (held[NAME][1], held[PHONE][1])


def test_change_under_way_is_not_begun_anew(ledger: Ledger) -> None:
    """What was sent, and whose outcome is open, is not overwritten by the next plan."""
    changed(ledger, ANN, name="Ann")
    ledger.claim("mailchimp", [ANN])
    again = Difference(ANN, "create", frozenset(), frozenset(), wanted(name="Anne"))
    ledger.put_changes("mailchimp", "second", "k1", [again])
    assert [wanted(name="Ann")] == [one.wanted for one in ledger.all("mailchimp", "sending")]


def test_what_can_be_sent_now_is_told_by_people(ledger: Ledger) -> None:
    """Neither removals nor what is under way or has to wait; each is read on its own."""
    changed(ledger, ANN, name="Ann")
    changed(ledger, BO, "remove")
    assert {ANN} == ledger.to_send("mailchimp")
    assert [wanted(name="Ann"), b""] == [
        one.wanted for one in ledger.waiting("mailchimp", [ANN, BO])
    ]
    ledger.claim("mailchimp", [ANN])
    assert set() == ledger.to_send("mailchimp")
    assert [BO] == [one.person for one in ledger.waiting("mailchimp", [ANN, BO])]


def test_worker_that_died_leaves_changes_to_settle(ledger: Ledger) -> None:
    """They are decided together: tried again, or for a person to look at."""
    changed(ledger, ANN, name="Ann")
    ledger.claim("mailchimp", [ANN])
    assert 1 == ledger.settle("mailchimp", "unknown", RETRY)
    assert {"mailchimp": {("create", "unknown"): 1}} == ledger.counts()


def test_refused_change_waits_until_its_time(ledger: Ledger, clock: StillClock) -> None:
    """Before that it is not given out; afterwards it is, with its reason and attempts."""
    changed(ledger, ANN, name="Ann")
    ledger.claim("mailchimp", [ANN])
    later = clock.now().timestamp() + 60
    ledger.postpone("mailchimp", ANN, "waiting", RETRY, later)
    assert ([], later) == (list(ledger.changes("mailchimp")), ledger.next_at("mailchimp"))
    clock.move(seconds=61)
    (again,) = ledger.changes("mailchimp")
    assert (RETRY, 1) == (again.reason, again.attempts)


def test_dead_change_comes_back_only_when_it_is_another(ledger: Ledger) -> None:
    """What was refused to the end is not sent again, until the source says something else."""
    changed(ledger, ANN, name="Ann")
    ledger.claim("mailchimp", [ANN])
    ledger.postpone("mailchimp", ANN, "dead", RETRY)
    same, other = (
        Difference(ANN, "create", frozenset(), frozenset(), wanted(name=one))
        for one in ("Ann", "Anne")
    )
    ledger.put_changes("mailchimp", "run", "k1", [same])
    assert [] == list(ledger.changes("mailchimp"))
    ledger.put_changes("mailchimp", "run", "k1", [other])
    assert [0] == [one.attempts for one in ledger.changes("mailchimp")]


def test_change_that_nobody_began_can_be_taken_back(ledger: Ledger) -> None:
    """One that is under way cannot."""
    changed(ledger, ANN, name="Ann")
    changed(ledger, BO, name="Bo")
    ledger.claim("mailchimp", [BO])
    ledger.drop("mailchimp", ANN)
    ledger.drop("mailchimp", BO)
    assert {"mailchimp": {("create", "sending"): 1}} == ledger.counts()


def test_what_a_vendor_dropped_is_not_noted_as_held(ledger: Ledger) -> None:
    """It differs again in the next plan; what the vendor had before, it has still."""
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann"))
    update = changed(ledger, ANN, "update", name="Anne", phone="1")
    ledger.finish("mailchimp", update, lost=frozenset({NAME, PHONE}))
    assert wanted(name="Ann") == packed.as_wanted(ledger.holdings_of(ANN)[0].held)


def test_many_changes_are_noted_as_one_by_one(ledger: Ledger, clock: StillClock) -> None:
    """What was dropped stays as it was, or is not there; instants, keys and digests as ever."""
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann", phone="1"), known_as="m1")
    then = int(clock.now().timestamp())
    clock.move(days=1)
    ann = changed(ledger, ANN, "update", name="Anne", phone="2")
    bo = changed(ledger, BO, name="Bo", phone="3")
    lost = frozenset({PHONE})
    ledger.finish_all("mailchimp", [Finished(ann, lost=lost), Finished(bo, "m2", lost)])
    ((anne,), (held,)) = (ledger.holdings_of(one) for one in (ANN, BO))
    now = then + 86_400
    expected = {NAME: (b"Anne".ljust(12), now), PHONE: (b"1".ljust(12), then)}
    assert ("m1", expected) == (anne.known_as, packed.read_held(anne.held))
    assert ("m2", {NAME: (b"Bo".ljust(12), now)}) == (held.known_as, packed.read_held(held.held))
    assert {} == ledger.counts()


def test_number_of_an_element_is_for_good(ledger: Ledger) -> None:
    """Another place is another number: what lies at the old one can still be found."""
    old = ledger.numbers("mailchimp", {"person.phone": "member.phone"})
    new = ledger.numbers("mailchimp", {"person.phone": "member.merge_fields.TEL"})
    other = ledger.numbers("zendesk", {"person.phone": "user.phone"})
    assert 3 == len({old["person.phone"], new["person.phone"], other["person.phone"]})
    assert old == ledger.numbers("mailchimp", {"person.phone": "member.phone"})
    assert ["member.phone", "member.merge_fields.TEL"] == [
        one.place for one in ledger.placed("mailchimp")
    ]


def test_person_is_found_by_what_else_is_known(ledger: Ledger) -> None:
    """Somebody who asks gives an e-mail address, not the company's key; until they are erased."""
    address, phone = b"a" * 16, b"p" * 16
    ledger.know("k1", [(ANN, [address, phone])])
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann"))
    assert [ANN] == ledger.people_known_by(address)
    ledger.forget(ANN)
    assert ([], []) == (ledger.people_known_by(phone), ledger.holdings_of(ANN))


def test_person_is_found_by_what_was_known_before(ledger: Ledger, storage: Storage) -> None:
    """An older address too, until they are erased; who shares it stays."""
    old, new, shared = b"o" * 16, b"n" * 16, b"s" * 16
    for each in ([old, shared], [shared, new], [new, shared], []):
        ledger.know("k1", [(ANN, each)])
    ledger.know("k1", [(BO, [shared])])
    assert frozenset({old, new, shared}) == ledger.identities_of(ANN)
    assert [ANN] == ledger.people_known_by(old)
    ledger.forget_identities(ANN)
    assert (frozenset(), []) == (ledger.identities_of(ANN), ledger.people_known_by(old))
    assert [BO] == ledger.people_known_by(shared)
    left = "select person from person_identity union select person from person_known_by"
    assert [(BO,)] == storage.run(Query("left", left))


def test_many_people_are_read_page_by_page(storage: Storage, clock: StillClock) -> None:
    """More than a page comes back whole and once."""
    ledger = Ledger(storage, clock, page=10)
    people = [Person(number.to_bytes(16, "big")) for number in range(1, 26)]
    for one in people:
        ledger.finish("mailchimp", changed(ledger, one, name="x"))
    assert people == [one.person for one in ledger.holdings_at("mailchimp")]


def test_who_opted_out_and_is_held_is_told(ledger: Ledger, storage: Storage) -> None:
    """By any of the hashes; nobody who is held no more, or whose opt-out was lifted."""
    ledger.finish("mailchimp", changed(ledger, ANN, name="Ann"), known_as="m1")
    ledger.finish("mailchimp", changed(ledger, BO, name="Bo"))
    a, b1, b2 = (one * 16 for one in (b"a", b"1", b"2"))
    ledger.know("k1", [(BO, [b1, b2]), (ANN, [a])])
    same = {"family": "marketing", "origin": "x", "key_id": "k1"}
    for one, since in ((a, 1.0), (b1, 2.0), (b2, 3.0)):
        storage.run("put_opt_out", identity=one, since=since, **same)
    found = list(Ledger(storage, ledger._clock, page=1).opted_out("mailchimp", "marketing"))
    assert [(ANN, "m1", 1.0), (BO, "", 3.0)] == [(x.person, x.known_as, x.since) for x in found]
    ledger.finish("mailchimp", changed(ledger, ANN, "remove"))
    storage.run("lift_opt_out", identity=b1, family="marketing", lifted_at=5.0, lifted_by="f")
    (left,) = ledger.opted_out("mailchimp", "marketing")
    assert (BO, 3.0) == (left.person, left.since)
    assert frozenset({b1, b2}) == ledger.identities_of(BO)

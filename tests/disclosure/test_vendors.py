"""Each vendor that is delivered to, through the life of a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.people import packed
from klarsyn.people.rejected import Rejections
from klarsyn.personal import Personal
from tests.disclosure.plans.test_ending import approved
from tests.disclosure.served import (
    SERVED,
    Served,
    company_of,
    exchanges,
    holds,
    is_held,
    opened,
    people,
    resumed,
    sent_texts,
    should_hold,
    told_as_held,
    writes,
)
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.disclosure.world import World

pytestmark = [pytest.mark.network, pytest.mark.slow]

ARRIVED = {"created", "updated", "queued"}
#: What a source says instead, of one column.
ANEW = {
    "phone": "+44 7700 900777",
    "partner": "Ordrestyring",
    "company": "Skovlund Rør 7 ApS",
    "name": "Solveig Skovlund",
}
SETTLED = 90_000
"""Seconds after which every list knows of everything, and every erasure is through."""


@pytest.fixture(params=SERVED)
def vendor(request: pytest.FixtureRequest) -> str:
    """Return the vendor of a trial."""
    return str(request.param)


@pytest.fixture
def served(vendor: str) -> Served:
    """Return what is known of the vendor."""
    return SERVED[vendor]


@pytest.fixture
def found(tmp_path: Path, vendor: str) -> Iterator[World]:
    """Return a company whose two customers have been delivered to the vendor, some time ago."""
    with company_of(tmp_path / "company", vendor) as made:
        made.deliver(vendor)
        made.clock.move(seconds=700)
        exchanges(made, vendor).clear()
        yield made


def test_everybody_is_there_once_under_the_key_that_was_noted(found: World, vendor: str) -> None:
    """With exactly the elements that are sent, each with the value of the source."""
    assert [1, 1] == [is_held(found, vendor, one) for one in found.customers]
    keys = {one[""] for one in holds(found, vendor)}
    noted = set(told_as_held(found, vendor).values())
    assert noted <= keys or SERVED[vendor].keeps_runs


def test_second_run_says_nothing(found: World, vendor: str) -> None:
    """Since all is known; only newsletters are asked who has left them."""
    assert {} == found.deliver(vendor)["ends"]
    assert [] == writes(found, vendor)
    asked = {one.request.param("status") for one in exchanges(found, vendor)} - {""}
    assert asked <= {"unsubscribed", "cleaned", "2", "3"}


def test_change_of_one_element_is_one_call(found: World, vendor: str, served: Served) -> None:
    """With it and with who is meant; where a vendor replaces all, with nothing that is new."""
    new = ANEW[served.changes]
    found.write(customer(1, **{served.changes: new}), customer(2))
    (end,) = found.deliver(vendor)["ends"]
    assert end in ARRIVED
    assert len(writes(found, vendor)) == (vendor != "datalager")
    allowed = {new, customer(1)["email"], *served.constants}
    told = sent_texts(writes(found, vendor))
    assert served.whole or all(any(text in one for one in allowed) for text in told), told


def test_changed_element_is_there_and_nothing_else_changed(
    found: World, vendor: str, served: Served
) -> None:
    """Of this person and of everybody."""
    found.write(customer(1, **{served.changes: ANEW[served.changes]}), customer(2))
    found.deliver(vendor)
    found.clock.move(seconds=700)
    assert [1, 1] == [is_held(found, vendor, one) for one in found.customers]
    assert {} == dict(found.plan(vendor).kinds)


def test_missing_element_is_cleared(found: World, vendor: str, served: Served) -> None:
    """What the source does not say any more, the vendor does not, and nothing is planned again."""
    found.write(customer(1, **{served.clears: ""}), customer(2))
    assert {"clear": 1} == dict(found.plan(vendor).kinds)
    (end,) = found.deliver(vendor)["ends"]
    assert end in ARRIVED
    found.clock.move(seconds=700)
    assert [1, 1] == [is_held(found, vendor, one) for one in found.customers]
    assert {} == dict(found.plan(vendor).kinds)


def test_new_address_makes_no_second_record(found: World, vendor: str, served: Served) -> None:
    """The old address is nowhere in the vendor's list; where none is sent, nothing is done."""
    before = len(holds(found, vendor))
    found.write(customer(1, email="ny.adresse@example.org"), customer(2))
    ends = found.deliver(vendor)["ends"]
    assert sum(ends.values()) == served.by_email
    assert ends.keys() <= ARRIVED
    found.clock.move(seconds=700)
    assert is_held(found, vendor, found.customers[0])
    assert len(holds(found, vendor)) == before + served.keeps_runs
    old = [one for one in holds(found, vendor) if customer(1)["email"] in one.values()]
    assert len(old) == served.keeps_runs


def test_who_left_is_removed_and_nobody_else(found: World, vendor: str, served: Served) -> None:
    """Once the vendor's list is believed and its erasure is through; a run is for a person."""
    found.write(customer(2))
    ends = [found.deliver(vendor)["ends"], *(resumed(found, vendor, SETTLED)["ends"] for _ in "12")]
    over = "by-hand" if served.keeps_runs else "removed"
    assert 1 == sum(one.get(over, 0) for one in ends)
    gone, stays = customer(1), customer(2)
    assert [served.keeps_runs, 1] == [is_held(found, vendor, one) for one in (gone, stays)]
    person = found.around.hashes.person(Personal("1"))
    (holding,) = found.around.ledger.holdings_of(person)
    assert served.keeps_runs == bool(holding.held)


def made_one(found: World) -> None:
    """Let the vendor's record of the first customer be that of the second, too: it merged them."""
    around = found.around
    found.deliver("mailchimp")
    found.write(customer(1), customer(2, email=customer(1)["email"]))
    (batch,) = around.source.read(Rejections())
    people = around.hashes.people(batch)
    columns = around.hashes.elements(batch, people)
    first = around.ledger.holding("mailchimp", people[0])
    assert first
    placed = around.ledger.placed("mailchimp")
    held = packed.held({one.number: (columns[one.element][1], first.last_at) for one in placed})
    around.storage.run(
        "put_delivery",
        vendor="mailchimp",
        person=people[1],
        key_id=first.key_id,
        known_as=first.known_as,
        held=held,
        digest=packed.digest(packed.as_wanted(held)),
        at=first.last_at,
    )


def test_record_of_two_stays_for_the_one_who_stays(tmp_path: Path) -> None:
    """Two customers have one record, one leaves: a person decides what the record should say."""
    with company_of(tmp_path / "company", "mailchimp") as found:
        found.write(customer(1))
        made_one(found)
        found.write(customer(2, email=customer(1)["email"]))
        assert {"by-hand": 1} == found.deliver("mailchimp")["ends"]
        assert 1 == len(holds(found, "mailchimp"))


def test_record_of_two_is_corrected_for_one_of_them(tmp_path: Path) -> None:
    """Both addresses change: the second is not written over the first."""
    with company_of(tmp_path / "company", "mailchimp") as found:
        found.write(customer(1))
        made_one(found)
        found.write(*(customer(one, email=f"ny.{one}@example.org") for one in (1, 2)))
        assert {"refused": 1, "updated": 1} == found.deliver("mailchimp")["ends"]


def test_what_can_be_set_once_is_told_and_not_sent(tmp_path: Path) -> None:
    """ActiveCampaign keeps a contact's company: the plan says so, and the ledger knows the old."""
    with company_of(tmp_path / "company", "activecampaign") as found:
        found.deliver("activecampaign")
        found.write(customer(1, company=ANEW["company"], phone=ANEW["phone"]), customer(2))
        plan = found.plan("activecampaign")
        assert ({"person.phone": 1}, {"company.name": 1}) == (dict(plan.sets), dict(plan.fixed))
        assert {"updated": 1} == found.deliver("activecampaign")["ends"]
        assert ANEW["company"] not in sent_texts(writes(found, "activecampaign"))
        assert {} == dict(found.plan("activecampaign").kinds)


def test_what_can_be_set_once_is_not_told_as_cleared(tmp_path: Path) -> None:
    """The company is not declared any more, and no call takes it away: it waits for a person."""
    with company_of(tmp_path / "company", "activecampaign") as found:
        found.deliver("activecampaign")
        found.rewrite("activecampaign", "    company.name: contact.company\n", "")
        found.rewrite("activecampaign", "element: company.name", "element: company.phone")
        assert {"clear": 2} == dict(found.plan("activecampaign").kinds)
        approved(found, str(found.deliver("activecampaign")["request"]))
        assert {"refused": 2} == found.deliver("activecampaign")["ends"]
        placed = {one.number: one.element for one in found.around.ledger.placed("activecampaign")}
        for one in found.around.ledger.holdings_at("activecampaign"):
            assert "company.name" in {placed[number] for number in packed.read_held(one.held)}


@pytest.mark.parametrize("more", [0, 1])
def test_calls_are_the_fewest(found: World, vendor: str, served: Served, more: int) -> None:
    """As many as the vendor's batches need, and as many as the plan has told."""
    most = served.most if served.most > 1 else 5
    found.write(*people(2 + most + more))
    plan = found.plan(vendor)
    assert {"create": most + more} == dict(plan.kinds)
    found.deliver(vendor)
    fewest = -(-(most + more) // served.most)
    assert fewest == plan.calls
    assert (fewest if vendor != "datalager" else 0) == len(writes(found, vendor))
    assert not should_hold(found, vendor, customer(1)).keys() - opened(found, vendor).names

"""What a vendor may have been sent when a worker died, and the source has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure import delivering
from klarsyn.disclosure.delivering import resume
from klarsyn.disclosure.sending.courier import AWAY
from klarsyn.durable import Run
from klarsyn.people.ledger import Ledger
from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

MOVED = customer(1, email="ny.1@example.org", name="Freja Ny")


class Died(BaseException):
    """The worker is no more."""


def die(found: World, vendor: str, monkeypatch: pytest.MonkeyPatch, *, sent: bool) -> None:
    """Let a worker die over a delivery, before or after the vendor has it."""

    def dying(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        if sent:
            patched.setattr(Ledger, "finish_all", dying)
        else:
            patched.setattr("klarsyn.vendors.jobs.deliver", dying)
            patched.setattr("klarsyn.vendors.jobs.rectify", dying)
        with pytest.raises(Died):
            found.deliver(vendor)


def resumed(found: World, vendor: str, seconds: float = 0) -> dict[str, Any]:
    """Go on after a while, as the next worker does."""
    found.clock.move(seconds=seconds)
    found.runs += 1
    ended: Any = resume.do(Run(f"run-{found.runs}", found.around), vendor=vendor)
    return dict(ended)


def there(found: World, vendor: str) -> set[tuple[str, str]]:
    """Return addresses and names of whom a vendor has."""
    standin: Any = found.standins[vendor]
    if vendor == "pipedrive":
        persons = [one for one in standin.records["persons"].values() if not one["is_deleted"]]
        return {(one["emails"][0]["value"], one["name"]) for one in persons}
    members = [one for audience in standin.audiences.values() for one in audience.members.values()]
    return {(one.email, one.name) for one in members}


def there_by_name(found: World) -> set[str]:
    """Return the names of whom Pipedrive has."""
    persons = found.standins["pipedrive"].records["persons"].values()
    return {one["name"] for one in persons if not one["is_deleted"]}


@pytest.mark.parametrize("vendor", ["mailchimp", "pipedrive"])
def test_who_may_have_arrived_is_found_and_corrected(
    company: Companies, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor is asked for what was sent, not told of somebody else."""
    found = company(vendor)
    die(found, vendor, monkeypatch, sent=True)
    found.write(MOVED, customer(2))
    resumed(found, vendor)
    assert {"update": 1} == dict(found.plan(vendor).kinds)
    found.deliver(vendor)
    resumed(found, vendor, 601)
    wanted = {("ny.1@example.org", "Freja Ny"), ("freja.2@example.com", "Freja Lyngholt 2")}
    assert wanted == there(found, vendor)


@pytest.mark.parametrize("vendor", ["mailchimp", "pipedrive"])
def test_who_may_have_arrived_and_left_is_removed(
    company: Companies, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody stays at a vendor without the ledger knowing."""
    found = company(vendor)
    die(found, vendor, monkeypatch, sent=True)
    found.write(customer(2))
    resumed(found, vendor)
    assert {"remove": 1} == dict(found.plan(vendor).kinds)
    assert {"removed": 1} == found.deliver(vendor)["ends"]
    assert {("freja.2@example.com", "Freja Lyngholt 2")} == there(found, vendor)


def test_who_is_known_by_a_reference_is_found_by_it(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recurly keeps it as the code; of two only the first was on the way."""
    found = company("recurly")
    die(found, "recurly", monkeypatch, sent=True)
    found.write(customer(3))
    resumed(found, "recurly")
    (holding,) = found.around.ledger.holdings_at("recurly")
    assert "" != holding.known_as
    assert {"create": 1, "remove": 1} == dict(found.plan("recurly").kinds)


def test_other_records_of_the_vendor_are_nobodys(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Persons without an address are passed over, and so is everybody else."""
    found = company("pipedrive", people=5)
    for one in list(found.standins["pipedrive"].records["persons"].values())[:2]:
        one["emails"] = []
    before = there_by_name(found)
    die(found, "pipedrive", monkeypatch, sent=True)
    found.write(customer(2))
    resumed(found, "pipedrive")
    found.deliver("pipedrive")
    assert before | {"Freja Lyngholt 2"} == there_by_name(found)


@pytest.mark.parametrize("sent", [True, False])
def test_correction_in_doubt_is_looked_up_by_either_address(
    company: Companies, monkeypatch: pytest.MonkeyPatch, *, sent: bool
) -> None:
    """A third address comes while nobody knows whether the second arrived: one member, not two."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, email="second@example.org"), customer(2))
    die(found, "mailchimp", monkeypatch, sent=sent)
    found.write(MOVED, customer(2))
    resumed(found, "mailchimp")
    found.deliver("mailchimp")
    wanted = {("ny.1@example.org", "Freja Ny"), ("freja.2@example.com", "Freja Lyngholt 2")}
    assert wanted == there(found, "mailchimp")


def test_correction_that_arrived_unseen_is_not_looked_for_under_the_old_address(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again, the record is found under its new address."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(MOVED, customer(2))
    die(found, "mailchimp", monkeypatch, sent=True)
    assert {"updated": 1} == resumed(found, "mailchimp")["ends"]


def test_value_in_doubt_is_sent_again_even_if_it_is_the_old_one(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the vendor has the new name or the old one, it has the right one afterwards."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, name="Freja Ny"), customer(2))
    die(found, "mailchimp", monkeypatch, sent=True)
    found.write(customer(1), customer(2))
    resumed(found, "mailchimp")
    found.deliver("mailchimp")
    assert ("freja.1@example.com", "Freja Lyngholt 1") in there(found, "mailchimp")


def test_who_is_not_listed_is_looked_for_during_a_day(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists lag; then it is believed that they never arrived, and they are new."""
    found = company("mailchimp")
    die(found, "mailchimp", monkeypatch, sent=False)
    found.write(MOVED, customer(2))
    resumed(found, "mailchimp")
    assert {} == dict(found.plan("mailchimp").kinds)
    resumed(found, "mailchimp", 90_000)
    assert {"create": 1} == dict(found.plan("mailchimp").kinds)
    (settled,) = [one for one in found.around.journal.entries() if one.kind == "delivery.settled"]
    (row,) = found.around.journal.rows(settled.number)
    assert '{"outcome":"not-arrived"}' == row.facts


def test_vendor_that_is_down_is_asked_later(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doubt stays, and is settled when the vendor answers."""
    found = company("mailchimp")
    die(found, "mailchimp", monkeypatch, sent=True)
    found.write(MOVED, customer(2))
    found.standins["mailchimp"].faults.add(Trouble.DOWN, on="GET *members*", times=1000)
    resumed(found, "mailchimp")
    assert 1 == len(found.around.ledger.in_doubt("mailchimp"))
    found.standins["mailchimp"].faults.clear()
    resumed(found, "mailchimp", 40_000)
    assert frozenset() == found.around.ledger.in_doubt("mailchimp")


def test_removal_under_way_when_a_worker_died_is_tried_again_at_a_hook(
    company: Companies,
) -> None:
    """Where nothing may be sent twice a removal may: it is a task for a person, once."""
    found = company("zapier")
    found.deliver("zapier")
    found.write(customer(2))
    delivering.begin(found.around, "dead", "zapier", "")
    person = found.around.hashes.person(Personal("1"))
    found.around.ledger.claim("zapier", [person])
    assert {"by-hand": 1} == resumed(found, "zapier")["ends"]


def test_delivery_that_goes_on_settles_what_was_under_way(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its plan is recorded and not made again, so the part itself looks for what was left."""
    found = company("mailchimp")
    die(found, "mailchimp", monkeypatch, sent=False)
    run = Run("run-1", found.around)
    with delivering.Sending(found.around, "mailchimp", run.id) as sending:
        assert {"created": 2} == sending.part()["ends"]


def test_who_was_restricted_while_their_row_waited_is_not_sent(company: Companies) -> None:
    """The gate is asked again at the last moment: a vendor may have been down for days."""
    found = company("mailchimp")
    found.standins["mailchimp"].faults.add(Trouble.DOWN, on="POST *", times=1000)
    found.deliver("mailchimp")
    found.around.facts.restrict(Personal("1"), by="test")
    found.standins["mailchimp"].faults.clear()
    assert {"created": 1} == resumed(found, "mailchimp", 90_000)["ends"]
    assert {("freja.2@example.com", "Freja Lyngholt 2")} == there(found, "mailchimp")


@pytest.mark.parametrize(
    ("source", "ends"),
    [
        ([customer(1), customer(2)], {}),
        ([customer(1, email="freja at home"), customer(2)], {}),
        ([customer(2), customer(3) | {"customer_no": ""}], {}),
        ([customer(1, status="unregistered"), customer(2)], {"removed": 1}),
        ([customer(2)], {"removed": 1}),
    ],
)
def test_who_returned_while_their_removal_waited_stays(
    company: Companies, source: list[dict[str, str]], ends: dict[str, int]
) -> None:
    """So does whose row is wrong, or may be one of nobody knows whom; who left is removed."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.standins["mailchimp"].faults.add(Trouble.DOWN, on="GET *", times=100_000)
    found.deliver("mailchimp")
    found.standins["mailchimp"].faults.clear()
    found.write(*source)
    assert ends == resumed(found, "mailchimp", 90_000)["ends"]


def test_waits_grow_with_the_doubt(company: Companies, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor is not asked every ten minutes for a day."""
    found = company("mailchimp")
    die(found, "mailchimp", monkeypatch, sent=False)
    found.write(MOVED, customer(2))
    resumed(found, "mailchimp", 4000)
    at = found.around.ledger.next_at("mailchimp")
    assert at is not None
    waits = at - found.clock.now().timestamp()
    assert AWAY.total_seconds() < waits <= 4001

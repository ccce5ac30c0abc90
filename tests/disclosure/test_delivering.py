"""Deliveries, each with a real vendor's stand-in at the other end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure import delivering
from klarsyn.disclosure.delivering import resume
from klarsyn.durable import Run
from klarsyn.errors import said
from klarsyn.people import packed
from klarsyn.people.identities import Identity
from klarsyn.personal import Personal
from klarsyn.stored import from_json
from klarsyn.testing.faults import Trouble
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

WRITES = "POST *"


def bodies(found: World, vendor: str) -> list[Any]:
    """Return what was written to a vendor, read as JSON."""
    exchanges = found.standins[vendor].exchanges
    writes = (one.request for one in exchanges if one.request.method not in {"GET", "HEAD"})
    return [json.loads(one.body) for one in writes if one.body]


def members(found: World) -> list[Any]:
    """Return all members of all audiences at Mailchimp."""
    audiences = found.standins["mailchimp"].audiences.values()
    return [one for audience in audiences for one in audience.members.values()]


def counts(found: World, vendor: str) -> dict[str, int]:
    """Return the open changes of a vendor by state."""
    return {
        state: count for (_, state), count in found.around.ledger.counts().get(vendor, {}).items()
    }


def resumed(found: World, vendor: str) -> dict[str, Any]:
    """Go on with what waits, as a worker would when its row is due."""
    found.runs += 1
    ended: Any = resume.do(Run(f"run-{found.runs}", found.around), vendor=vendor)
    return dict(ended)


def test_everybody_arrives_with_the_declared_elements(company: Companies) -> None:
    """One call for all; what is not declared for Mailchimp is not in it."""
    found = company("mailchimp")
    assert {"created": 2} == found.deliver("mailchimp")["ends"]
    (body,) = bodies(found, "mailchimp")
    assert {"email_address", "merge_fields", "status"} == set(body["members"][0])
    assert {"FNAME", "LNAME", "SOURCE"} == set(body["members"][0]["merge_fields"])


def test_more_changes_than_are_kept_in_memory_are_found_again(
    company: Companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are remembered between counting and noting them, everybody arrives."""
    monkeypatch.setattr(delivering, "FEW", 1)
    found = company("mailchimp")
    told = found.deliver("mailchimp")
    assert len(members(found)) == told["planned"]["create"] > 1


def test_second_run_sends_nothing(company: Companies) -> None:
    """Nothing but the question who has left since."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.standins["mailchimp"].exchanges.clear()
    assert {} == found.deliver("mailchimp")["ends"]
    assert [] == bodies(found, "mailchimp")
    asked = {one.request.param("status") for one in found.standins["mailchimp"].exchanges}
    assert {"", "unsubscribed", "cleaned"} == asked


def test_update_sends_what_changed_and_who_is_meant(company: Companies) -> None:
    """At Pipedrive the phone; the name does not travel again."""
    found = company("pipedrive")
    found.deliver("pipedrive")
    found.standins["pipedrive"].exchanges.clear()
    found.write(customer(1, phone="+44 7700 900555"), customer(2))
    assert {"updated": 1} == found.deliver("pipedrive")["ends"]
    (body,) = bodies(found, "pipedrive")
    assert "name" not in body
    assert "555" in str(body["phones"])


def test_missing_value_is_cleared_at_the_vendor(company: Companies) -> None:
    """A partner who is no longer named is no longer held."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, partner=""), customer(2))
    assert {"updated": 1} == found.deliver("mailchimp")["ends"]
    assert "" == bodies(found, "mailchimp")[-1]["members"][0]["merge_fields"]["SOURCE"]
    assert {} == dict(found.plan("mailchimp").kinds)


def test_new_address_corrects_the_record_and_makes_no_second_one(company: Companies) -> None:
    """Mailchimp knows people by address: the member is renamed, under a new key."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(1, email="ny@example.org"), customer(2))
    assert {"updated": 1} == found.deliver("mailchimp")["ends"]
    (holding,) = found.around.ledger.holdings_of(found.around.hashes.person(Personal("1")))
    addresses = {one.hash: one.email for one in members(found)}
    assert {"ny@example.org", "freja.2@example.com"} == set(addresses.values())
    assert "ny@example.org" == addresses[holding.known_as]


def test_who_left_is_erased_there(company: Companies) -> None:
    """And stays in the ledger as somebody whom the vendor once had."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    assert {"removed": 1} == found.deliver("mailchimp")["ends"]
    (holding,) = found.around.ledger.holdings_of(found.around.hashes.person(Personal("1")))
    assert b"" == holding.held
    assert "delivery.removed" in [one.kind for one in found.around.journal.entries()]


def test_refused_row_stops_nobody_else(company: Companies) -> None:
    """Somebody who was erased for good at Mailchimp is refused; the others of the call arrive."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.deliver("mailchimp")
    found.write(customer(1), customer(2), customer(3))
    assert {"created": 1, "refused": 1} == found.deliver("mailchimp")["ends"]
    assert {"waiting": 1} == counts(found, "mailchimp")


def test_refused_row_comes_back_and_ends_as_a_dead_letter(company: Companies) -> None:
    """After ten minutes, two hours, a day; then encrypted for thirty days, then gone."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.deliver("mailchimp")
    found.write(customer(1), customer(2))
    found.deliver("mailchimp")
    ends = []
    for pause in (600, 7200, 86_400):
        found.clock.move(seconds=pause + 1)
        ends.append(resumed(found, "mailchimp")["ends"])
    assert [{"refused": 1}, {"refused": 1}, {"dead": 1}] == ends
    (letter,) = found.around.letters.of("mailchimp")
    assert Personal("freja.1@example.com") == letter.values["email"]
    assert {"dead": 1} == dict(found.plan("mailchimp").stuck)
    assert 1 == found.around.letters.expire(found.clock.now() + timedelta(days=31))


def test_dead_letter_is_gone_when_the_row_arrives(company: Companies) -> None:
    """Nothing of somebody is kept longer than a person needs it."""
    found = company("mailchimp")
    person = found.around.hashes.person(Personal("1"))
    found.around.letters.put("mailchimp", person, {"email": "old@example.com"})
    assert {"created": 2} == found.deliver("mailchimp")["ends"]
    assert [] == list(found.around.letters.of("mailchimp"))


@pytest.mark.parametrize("trouble", [Trouble.THROTTLED, Trouble.THROTTLED_SILENTLY, Trouble.DOWN])
def test_vendor_that_takes_no_more_is_left_alone_and_asked_again(
    company: Companies, trouble: Trouble
) -> None:
    """Everybody waits through no fault of theirs, and arrives when it is over."""
    found = company("mailchimp")
    found.standins["mailchimp"].faults.add(trouble, on=WRITES, times=100, retry_after=900)
    ended = found.deliver("mailchimp")
    assert {"waiting": 2} == ended["ends"]
    assert ended["later"] > 0
    (due,) = found.around.due.waiting()
    assert ("disclosure.resume", "mailchimp") == (due.what, due.subject)
    found.standins["mailchimp"].faults.clear()
    found.clock.move(seconds=(due.at - found.clock.now()).total_seconds() + 1)
    assert {"created": 2} == resumed(found, "mailchimp")["ends"]


def test_key_that_is_refused_stops_the_vendor_and_says_so(company: Companies) -> None:
    """Nothing is lost: once the key is mended, they arrive."""
    found = company("mailchimp")
    found.standins["mailchimp"].faults.add(Trouble.EXPIRED_KEY, on=WRITES, times=100)
    ended = found.deliver("mailchimp")
    assert "key" in str(from_json(ended["stopped"]))
    found.standins["mailchimp"].faults.clear()
    found.clock.move(days=1)
    assert {"created": 2} == resumed(found, "mailchimp")["ends"]


def test_missing_key_is_told_with_its_remedy(company: Companies) -> None:
    """Which variable, and where the key is made."""
    found = company("mailchimp")
    found.environ.pop("KLARSYN_MAILCHIMP_API_KEY")
    assert "KLARSYN_MAILCHIMP_API_KEY" in str(from_json(found.deliver("mailchimp")["stopped"]))


def test_lost_reply_is_sent_again_where_that_changes_nothing(company: Companies) -> None:
    """Mailchimp had the call; nobody is there twice, and in the end everybody is known to be."""
    found = company("mailchimp")
    found.standins["mailchimp"].faults.add(Trouble.CUT_OFF, on=WRITES, times=100)
    assert {"waiting": 2} == found.deliver("mailchimp")["ends"]
    found.standins["mailchimp"].faults.clear()
    found.clock.move(seconds=601)
    assert {"updated": 2} == resumed(found, "mailchimp")["ends"]
    assert {} == dict(found.plan("mailchimp").kinds)


def test_lost_reply_of_a_hook_is_for_a_person(company: Companies) -> None:
    """A hook must not be called twice: it stays unknown until somebody has looked."""
    found = company("zapier")
    found.standins["zapier"].faults.add(Trouble.CUT_OFF, on=WRITES)
    assert {"queued": 1, "unknown": 1} == found.deliver("zapier")["ends"]
    found.clock.move(days=2)
    assert {} == resumed(found, "zapier")["ends"]
    assert {"unknown": 1} == dict(found.plan("zapier").stuck)


def test_hook_is_told_everything_each_time(company: Companies) -> None:
    """It remembers nothing, so an update has the whole row."""
    found = company("zapier")
    found.deliver("zapier")
    found.write(customer(1, partner="Ordrestyring"), customer(2))
    assert {"queued": 1} == found.deliver("zapier")["ends"]
    assert {"name", "email", "status", "source"} <= set(bodies(found, "zapier")[-1])


@pytest.mark.parametrize(
    ("vendor", "ends", "left"), [("mailchimp", {"updated": 1}, {}), ("zapier", {}, {"unknown": 1})]
)
def test_worker_that_died_leaves_nothing_lost(
    company: Companies, vendor: str, ends: dict[str, int], left: dict[str, int]
) -> None:
    """What was under way is sent again where it may be, and looked at by a person where not."""
    found = company(vendor)
    found.deliver(vendor)
    found.write(customer(1, partner="Ordrestyring"), customer(2))
    delivering.begin(found.around, "dead", vendor, "")
    ledger = found.around.ledger
    ledger.claim(vendor, [one.person for one in ledger.changes(vendor)])
    assert ends == resumed(found, vendor)["ends"]
    assert left == counts(found, vendor)


def test_value_that_changed_after_the_plan_is_not_sent(company: Companies) -> None:
    """Neither the old one, which is false, nor the new one, which nobody planned."""
    found = company("mailchimp")
    delivering.begin(found.around, "run", "mailchimp", "")
    found.write(customer(1, name="Ny Lyngholt"), customer(2))
    assert {"created": 1} == resumed(found, "mailchimp")["ends"]
    assert {} == counts(found, "mailchimp")
    assert {"create": 1} == dict(found.plan("mailchimp").kinds)


def test_paused_vendor_is_sent_nothing(company: Companies) -> None:
    """Until somebody lets it go on."""
    found = company("mailchimp")
    found.around.pauses.pause("mailchimp", "ab12", said("we are moving lists"))
    assert "paused" == found.deliver("mailchimp")["stopped"]
    found.around.pauses.resume("mailchimp")
    assert {"created": 2} == found.deliver("mailchimp")["ends"]


def test_evidence_names_nobody(company: Companies) -> None:
    """The journal has subjects, outcomes and elements; no key, hash or value of anybody."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    (sent,) = [one for one in found.around.journal.entries() if one.kind == "delivery.sent"]
    rows = found.around.journal.rows(sent.number)
    person = found.around.hashes.person(Personal("1"))
    assert {"created"} == {json.loads(one.facts)["outcome"] for one in rows}
    assert found.around.journal.subject(person) in {one.subject for one in rows}
    assert person.hex() not in str(sent)


def test_person_can_be_asked_for_by_address_afterwards(company: Companies) -> None:
    """The ledger knows by a hash of the address who was sent where."""
    found = company("pipedrive")
    found.deliver("pipedrive")
    identity = Identity("email", Personal("freja.1@example.com"), "", about_person=True)
    (hashed,) = found.around.hashes.identities([identity])
    (person,) = found.around.ledger.people_known_by(hashed)
    (holding,) = found.around.ledger.holdings_of(person)
    placed = {one.number: one.element for one in found.around.ledger.placed("pipedrive")}
    held = {placed[number] for number in packed.read_held(holding.held)}
    assert {"person.name", "person.email", "person.phone"} == held

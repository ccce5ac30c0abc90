"""Mail is stopped at each vendor as far as its sheet goes; nobody is passed over in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure.optouts import learning
from klarsyn.disclosure.optouts.stopping import stop_at
from klarsyn.errors import said
from klarsyn.tasks import Wanted
from klarsyn.testing.faults import Trouble
from klarsyn.vendors.sheet import Job, Later, Refused
from tests.disclosure.newsletters import (
    BOTH,
    FREJA,
    due,
    has_left,
    leave,
    member,
    run,
    statuses,
)

if TYPE_CHECKING:
    from klarsyn.vendors.connections import Bound
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def test_leaving_one_of_two_lists_ends_the_other(readers: World) -> None:
    """The vendor says that they have left, and would go on mailing them all the same."""
    site = readers.standins["activecampaign"]
    site.set_list(site.by_email(FREJA), "2", "1")
    leave(readers, "activecampaign")
    assert {"stopped": 2} == run(readers)["ends"]
    assert {"2"} == statuses(readers)


def test_leaving_one_of_two_audiences_ends_the_other(readers: World) -> None:
    """A company with several lists at one vendor has one person to ask."""
    readers.rewrite("mailchimp", "audiences: 3f9a1c07be", 'audiences: "3f9a1c07be b27d4e9016"')
    _, second = readers.standins["mailchimp"].audiences.values()
    other = second.add({"email_address": FREJA}, "subscribed", readers.clock.now(), skip=True)
    leave(readers, "mailchimp")
    run(readers)
    assert ("unsubscribed", "unsubscribed") == (member(readers).status, other.status)


def test_who_is_subscribed_again_at_the_vendor_is_stopped_again(readers: World) -> None:
    """By hand, by a colleague: without a proof that is no opt-in."""
    leave(readers, "mailchimp")
    run(readers)
    site = readers.standins["activecampaign"]
    for number in ("1", "2"):
        site.set_list(site.by_email(FREJA), number, "1")
    assert {"stopped": 1} == run(readers)["ends"]
    assert {"2"} == statuses(readers)


def test_vendor_that_is_down_is_asked_again(readers: World) -> None:
    """The other one's opt-outs are noted all the same."""
    readers.standins["activecampaign"].faults.add(Trouble.DOWN, times=1000)
    leave(readers, "mailchimp")
    ended = run(readers)
    assert ({"mailchimp": 1}, {}) == (ended["noted"], ended["ends"])
    assert {"activecampaign"} == set(ended["stopped"])
    assert ["again"] == [one.subject for one in due(readers)]
    readers.standins["activecampaign"].faults.clear()
    assert {"stopped": 1} == run(readers)["ends"]


def test_key_that_is_lost_is_told(readers: World) -> None:
    """Mail goes on there until somebody mends it, so it is not passed over."""
    leave(readers, "mailchimp")
    readers.environ.pop("KLARSYN_ACTIVECAMPAIGN_API_TOKEN")
    ended = run(readers)
    assert {"activecampaign"} == set(ended["stopped"])
    assert [timedelta(hours=1)] == [one.at - readers.clock.now() for one in due(readers)]


def test_who_is_not_listed_yet_is_looked_for_again(readers: World) -> None:
    """A vendor's list may lag; after a day it is believed."""
    leave(readers, "mailchimp")
    readers.standins["activecampaign"].discard(
        readers.standins["activecampaign"].by_email(FREJA)["id"]
    )
    assert {"not-listed": 1} == run(readers)["ends"]
    assert 1 == len(due(readers))
    readers.clock.move(days=2)
    assert {} == run(readers)["ends"]


def test_contact_that_was_there_before_is_known_by_its_address(company: Companies) -> None:
    """ActiveCampaign tells no key of those whom an import only changes."""
    found = company(*BOTH)
    site = found.standins["activecampaign"]
    site.set_list(site.new_contact(FREJA), "1", "1")
    for vendor in BOTH:
        found.deliver(vendor)
    leave(found, "mailchimp")
    assert {"stopped": 1} == run(found)["ends"]
    assert {"2"} == statuses(found)


def test_vendor_that_does_not_take_a_stop_leaves_it_to_a_person(readers: World) -> None:
    """It would be refused again."""
    leave(readers, "activecampaign")
    refusing = Job(stages=(lambda _connection, _target: Refused(said("not here")),))
    assert {"by-hand": 1} == stop_with(readers, refusing)["ends"]
    (task,) = readers.around.tasks.all(Wanted())
    assert "mailchimp" == task.asked.vendor


def test_slow_stop_is_gone_on_with(readers: World) -> None:
    """Nobody is taken for stopped who is not yet."""
    leave(readers, "activecampaign")
    slow = Job(stages=(lambda _connection, _target: Later(300, said("in a while")),))
    assert ({"later": 1}, 300) == ((ended := stop_with(readers, slow))["ends"], ended["later"])


def stop_with(readers: World, job: Job) -> dict[str, Any]:
    """Note opt-outs, and stop them at Mailchimp by a job of another kind."""

    def bind(vendor: str) -> Bound:
        bound = readers.bind(vendor)
        first, *rest = bound.vendor.records
        records = (replace(first, stop=job), *rest)
        return replace(bound, vendor=replace(bound.vendor, records=records))

    learning.note(readers.around, "run")
    return stop_at(replace(readers.around, bind=bind), "run", "mailchimp")


def test_required_field_that_is_blank_keeps_nobody_subscribed(readers: World) -> None:
    """Mailchimp would refuse any other change of such a member."""
    audience = readers.standins["mailchimp"].audiences["3f9a1c07be"]
    audience.columns = [
        replace(one, required=True) if one.tag == "PHONE" else one for one in audience.columns
    ]
    leave(readers, "activecampaign")
    run(readers)
    assert {"mailchimp": True, "activecampaign": True} == has_left(readers)


def test_where_no_call_stops_mail_a_person_does(company: Companies) -> None:
    """Told about whom by the journal's subject, within two days, and once."""
    found = company("mailchimp", "zapier")
    file = found.folder / "register" / "purposes.yaml"
    text = file.read_text(encoding="utf-8")
    head, tail = text.split("  process_automation:")
    file.write_text(
        f"{head}  process_automation:{tail.replace('kind: internal', 'kind: marketing')}",
        encoding="utf-8",
    )
    found.reload()
    for vendor in ("mailchimp", "zapier"):
        found.deliver(vendor)
    leave(found, "mailchimp")
    assert {"by-hand": 1} == run(found)["ends"]
    run(found)
    (task,) = found.around.tasks.all(Wanted())
    assert ("zapier", found.around.today + timedelta(days=2)) == (task.asked.vendor, task.asked.due)

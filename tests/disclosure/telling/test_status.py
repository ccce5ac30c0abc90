"""How deliveries stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.delivering import resume
from klarsyn.disclosure.sending.readback import read_back
from klarsyn.disclosure.telling.status import RESUME, Standing, Status
from klarsyn.durable import Run
from klarsyn.errors import said
from tests.disclosure.world import KEYS, customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def standing(found: World) -> Standing:
    """Return what tells how deliveries stand now."""
    return Standing(found.storage, found.clock, KEYS)


def status(found: World, vendor: str = "mailchimp") -> Status:
    """Return how they stand at one vendor."""
    return standing(found).at(vendor)


def test_nothing_was_delivered_yet(company: Companies) -> None:
    """Nobody is held, nothing is open, and no run is known."""
    found = company("mailchimp")
    one = status(found)
    assert (0, {}, None, None, None) == (one.held, one.open, one.paused, one.resumes_at, one.last)
    assert not standing(found).known("mailchimp")


def test_people_held_and_last_run(company: Companies) -> None:
    """From ledger and journal."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    one = status(found)
    assert one.last
    assert (2, {}, {"create": 2}) == (one.held, one.open, one.last.facts["kinds"])
    assert standing(found).known("mailchimp")


def test_refused_rows_are_told_with_reason_and_next_try(company: Companies) -> None:
    """Somebody whom Mailchimp has forgotten for good cannot come back by itself."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.deliver("mailchimp")
    found.write(customer(1), customer(2))
    found.deliver("mailchimp")
    one = status(found)
    assert ({("create", "waiting"): 1}, 1) == (one.open, one.count("waiting"))
    assert [("waiting", 1)] == [(each.state, each.people) for each in one.reasons]
    assert one.resumes_at
    assert 600 == (one.resumes_at - found.clock.now()).total_seconds()


def test_dead_letter_is_counted_until_it_expires(company: Companies) -> None:
    """After its last try; what it holds is not told."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.deliver("mailchimp")
    found.write(customer(1), customer(2))
    found.deliver("mailchimp")
    for pause in (600, 7200, 86_400):
        found.clock.move(seconds=pause + 1)
        resume.do(Run(f"again-{pause}", found.around), vendor="mailchimp")
    one = status(found)
    assert (1, {("create", "dead"): 1}) == (one.letters, one.open)
    assert one.letters_expire_at
    assert 30 * 86_400 == one.letters_expire_at - found.clock.now().timestamp()
    assert "freja" not in json.dumps(one.plain()).casefold()


def test_sample_that_was_read_back(company: Companies) -> None:
    """Element by element, of this vendor alone."""
    found = company("mailchimp", "pipedrive")
    for vendor in ("mailchimp", "pipedrive"):
        found.deliver(vendor)
    for one in found.around.due.waiting():
        read_back.do(Run(one.run, found.around), **one.arguments)
    told = {each.element: (each.looked, each.dropped) for each in status(found).dropped}
    assert (2, 0) == told["person.email"]
    assert "person.phone" not in told


def test_pause_is_told_with_its_reason(company: Companies) -> None:
    """And who paused it, by pseudonym."""
    found = company("mailchimp")
    found.around.pauses.pause("mailchimp", "staff-1", said("we are moving lists"))
    one = status(found)
    assert one.paused
    assert ("staff-1", "we are moving lists") == (one.paused.by, str(one.paused.why))
    assert "we are moving lists" == one.plain()["paused"]["why"]


def test_unknown_ones_are_told_by_subject(company: Companies) -> None:
    """So that a person can settle them one by one."""
    found = company("mailchimp")
    around = found.around
    found.deliver("mailchimp")
    found.write(customer(2))
    found.deliver("mailchimp")
    found.write(customer(1), customer(2))
    found.deliver("mailchimp")
    (one,) = around.ledger.all("mailchimp", "waiting")
    around.ledger.postpone("mailchimp", one.person, "unknown", said("the line went dead"))
    assert [around.journal.subject(one.person)] == standing(found).unknown("mailchimp")
    assert 1 == status(found).count("unknown")


def test_work_that_goes_on_has_its_name() -> None:
    """It is written twice, since importing the work takes half a second."""
    assert RESUME == resume.name


def test_status_for_programs_is_json(company: Companies) -> None:
    """With every instant in UTC."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    plain = json.loads(json.dumps(status(found).plain()))
    assert ("mailchimp", 2, [], 0) == (
        plain["vendor"],
        plain["held"],
        plain["open"],
        plain["letters"],
    )
    assert plain["last_run"]["at"].startswith("2026-11-26T09:00:00")

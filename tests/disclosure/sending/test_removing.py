"""Removing people who left, as far as each vendor's sheet goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure.delivering import resume
from klarsyn.durable import Run
from klarsyn.personal import Personal
from klarsyn.tasks import Wanted
from klarsyn.testing.faults import Trouble
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def left(found: World, vendor: str) -> dict[str, Any]:
    """Deliver two customers, let one leave, and return what became of that."""
    found.deliver(vendor)
    found.write(customer(2))
    return found.deliver(vendor)


def resumed(found: World, vendor: str, seconds: float) -> dict[str, Any]:
    """Go on after a while."""
    found.clock.move(seconds=seconds)
    found.runs += 1
    ended: Any = resume.do(Run(f"run-{found.runs}", found.around), vendor=vendor)
    return dict(ended)


@pytest.mark.parametrize("vendor", ["mailchimp", "activecampaign", "reviso", "teamviewer"])
def test_who_left_is_erased(company: Companies, vendor: str) -> None:
    """At once, where the vendor's list knows them; then the plan is empty."""
    found = company(vendor)
    assert {"removed": 1} == left(found, vendor)["ends"]
    assert {} == dict(found.plan(vendor).kinds)


def test_journal_tells_how_far_it_went_and_how_it_was_proved(company: Companies) -> None:
    """Read again afterwards: verified, at the level of the sheet."""
    found = company("mailchimp")
    left(found, "mailchimp")
    (entry,) = [one for one in found.around.journal.entries() if one.kind == "delivery.removed"]
    (row,) = found.around.journal.rows(entry.number)
    assert '{"level":"purged","outcome":"removed","proof":"verified"}' == row.facts


def test_list_that_lags_is_not_believed(company: Companies) -> None:
    """Zendesk lists nobody who changed in the last minute: absent there is not gone."""
    found = company("zendesk")
    assert {"later": 1} == left(found, "zendesk")["ends"]
    ends = [resumed(found, "zendesk", 700)["ends"] for _ in range(4)]
    assert {"removed": 1} in ends


def test_who_is_long_gone_at_the_vendor_is_noted_as_removed(company: Companies) -> None:
    """Somebody removed them there by hand, more than a day ago."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    for audience in found.standins["mailchimp"].audiences.values():
        audience.members.clear()
    found.clock.move(days=2)
    found.write(customer(2))
    assert {"removed": 1} == found.deliver("mailchimp")["ends"]


def test_slow_erasure_is_gone_on_with(company: Companies) -> None:
    """Recurly redacts in its own time; the row waits and comes back until it is proved."""
    found = company("recurly")
    assert {"later": 1} == left(found, "recurly")["ends"]
    ends = [resumed(found, "recurly", 300)["ends"] for _ in range(3)]
    assert {"removed": 1} in ends


def test_what_no_call_can_erase_is_a_task(company: Companies) -> None:
    """Zapier keeps its runs: a person is told what to do, by when, about whom, and nobody else."""
    found = company("zapier")
    assert {"by-hand": 1} == left(found, "zapier")["ends"]
    (task,) = found.around.tasks.all(Wanted())
    subject = found.around.journal.subject(found.around.hashes.person(Personal("1")))
    assert ("zapier", "manual", subject) == (task.asked.vendor, task.asked.kind, task.asked.subject)
    assert {"unknown": 1} == dict(found.plan("zapier").stuck)


def test_vendor_that_is_down_is_asked_again(company: Companies) -> None:
    """The removal waits; nothing is taken for done."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    found.write(customer(2))
    found.standins["mailchimp"].faults.add(Trouble.DOWN, on="GET *", times=1000)
    ended = found.deliver("mailchimp")
    assert ({}, True) == (ended["ends"], ended["later"] > 0)
    found.standins["mailchimp"].faults.clear()
    assert {"removed": 1} == resumed(found, "mailchimp", 700)["ends"]


def test_undeclared_element_is_cleared_for_everybody_after_an_approval(company: Companies) -> None:
    """A narrower declaration plans its own clean-up, which a person has to agree to."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    text = "      - element: customer.source_partner\n        direction: delivered\n"
    file = found.folder / "register" / "vendors" / "mailchimp.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "element: customer.source_partner" in line)
    assert text.startswith(lines[at])
    del lines[at : at + 3]
    kept = [one for one in lines if "customer.source_partner: member" not in one]
    file.write_text("".join(kept), encoding="utf-8")
    found.reload()
    plan = found.plan("mailchimp")
    assert ({"clear": 2}, {"customer.source_partner": 2}) == (dict(plan.kinds), dict(plan.cleaned))
    assert "not declared any more" in str(plan.needs(found.around.limits))
    assert "approval" == found.deliver("mailchimp")["stopped"]

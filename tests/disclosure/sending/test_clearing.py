"""A declaration narrows: the element is cleared for everybody, and the vendor read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure.sending.clearing import verify_cleared
from klarsyn.durable import Run
from klarsyn.people.ledger import Difference
from klarsyn.tasks import Wanted
from tests.disclosure.plans.test_ending import approved

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def narrowed(found: World) -> None:
    """Take the partner out of what Mailchimp may have."""
    file = found.folder / "register" / "vendors" / "mailchimp.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "element: customer.source_partner" in line)
    del lines[at : at + 3]
    kept = [one for one in lines if "customer.source_partner: member" not in one]
    file.write_text("".join(kept), encoding="utf-8")
    found.reload()


def looked(found: World) -> dict[str, Any]:
    """Read the vendor again, when it is due."""
    (due,) = [one for one in found.around.due.waiting() if one.what == verify_cleared.name]
    found.clock.move(seconds=(due.at - found.clock.now()).total_seconds() + 1)
    told: Any = verify_cleared.do(Run("look", found.around), **due.arguments)
    return dict(told)


def cleared(found: World) -> dict[str, Any]:
    """Deliver, narrow, agree, and carry out."""
    found.deliver("mailchimp")
    narrowed(found)
    approved(found, str(found.deliver("mailchimp")["request"]))
    return found.deliver("mailchimp")


def test_element_is_cleared_for_everybody_and_seen_to_be_gone(company: Companies) -> None:
    """Plan, approve, apply, read again."""
    found = company("mailchimp")
    assert {"updated": 2} == cleared(found)["ends"]
    assert {"looked": 2, "left": {}} == looked(found)
    assert "delivery.clear-verified" in [one.kind for one in found.around.journal.entries()]
    assert {} == dict(found.plan("mailchimp").kinds)


def test_what_a_vendor_has_still_is_a_task(company: Companies) -> None:
    """It said yes, and has not done it: counted, recorded, and left to a person."""
    found = company("mailchimp")
    cleared(found)
    audiences = found.standins["mailchimp"].audiences.values()
    next(iter(next(iter(audiences)).members.values())).merge_fields["SOURCE"] = "Comfort"
    assert {"looked": 2, "left": {"customer.source_partner": 1}} == looked(found)
    (task,) = found.around.tasks.all(Wanted())
    assert "customer.source_partner" in str(task.asked.what)


def test_changes_that_wait_are_waited_for(company: Companies) -> None:
    """Who has not been cleared yet is no proof of anything."""
    found = company("mailchimp")
    cleared(found)
    people = [one.person for one in found.around.ledger.holdings_at("mailchimp")]
    change = Difference(people[0], "update", frozenset(), frozenset(), b"")
    found.around.ledger.put_changes("mailchimp", "run", "test", [change])
    assert {"later": True} == looked(found)

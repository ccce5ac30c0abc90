"""Only a fresh and proved opt-in lifts an opt-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.errors import UnknownName
from klarsyn.tasks import Wanted
from tests.disclosure.newsletters import (
    leave,
    member,
    proved,
    run,
)
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def test_proved_opt_in_opens_the_gate_and_stays(readers: World) -> None:
    """What the vendors still say of the past is no new opt-out."""
    leave(readers, "mailchimp")
    run(readers)
    readers.clock.move(days=1)
    proved(readers)
    assert ({}, {}) == ((ended := run(readers))["noted"], ended["ends"])
    assert {} == dict(readers.plan("activecampaign").skipped)


def test_who_opts_in_and_leaves_again_has_left(readers: World) -> None:
    """Once a vendor has called them subscribed in between, its next word is a new one."""
    leave(readers, "mailchimp")
    run(readers)
    readers.clock.move(days=1)
    proved(readers)
    member(readers).status = "subscribed"
    run(readers)
    leave(readers, "mailchimp")
    assert {"mailchimp": 1} == run(readers)["noted"]


def test_opt_in_is_recorded_with_its_proof(readers: World) -> None:
    """Who noted it, of whom, and the hash of the file; the file itself is sealed."""
    leave(readers, "mailchimp")
    run(readers)
    readers.clock.move(days=1)
    task = proved(readers)
    (entry,) = [one for one in readers.around.journal.entries() if one.kind == "optin.proved"]
    assert (task.closed_by, "done") == (entry.by, task.state)
    (row,) = readers.around.journal.rows(entry.number)
    assert (task.asked.subject, f'{{"task":"{task.id}"}}') == (row.subject, row.facts)


def test_opt_in_of_nobody_leaves_nothing(readers: World) -> None:
    """Neither a task nor a file."""
    with pytest.raises(UnknownName, match="Nobody with this address"):
        proved(readers)
    with pytest.raises(UnknownName, match="no e-mail address"):
        proved(readers, "Freja")
    assert [] == readers.around.tasks.all(Wanted(state=""))


def test_every_address_of_the_person_is_lifted(readers: World) -> None:
    """The one under which they left is not the one that they write from now."""
    leave(readers, "mailchimp")
    readers.write(customer(1, email="ny@example.org"), customer(2))
    run(readers)
    readers.clock.move(days=1)
    proved(readers, "ny@example.org")
    assert {} == run(readers)["noted"]
    assert {} == dict(readers.plan("mailchimp").skipped)

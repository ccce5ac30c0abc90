"""A vendor that refuses everybody for one reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.disclosure.delivering import deliver, resume
from klarsyn.disclosure.sending.refusals import FEW, MANY, Refusals
from klarsyn.disclosure.telling.status import Standing
from klarsyn.durable import Run
from klarsyn.errors import RecordRefused, said
from klarsyn.people.ledger import Change, Person
from klarsyn.vendors.jobs import NEVER_SENT
from klarsyn.vendors.sheet import Row, RowOutcome
from tests.disclosure.test_faults import with_sheets
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.errors import Message
    from klarsyn.vendors.sheet import Record, RowState
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network

PHONE = "person.phone: person.phone"
NOWHERE = "person.phone: person.custom_fields.nowhere"
FIELD = said("there is no such field")
TEN: list[RowState] = ["refused"] * FEW


def refusals(*states: RowState, why: Message = FIELD, attempts: int = 0) -> Refusals:
    """Return what is made of rows that end like this."""
    found, at = Refusals(), Person(b"")
    change = Change(at, "test", "run", "create", b"", "sending", attempts, 0, "")
    for state in states:
        found.note(change, RowOutcome(Row("1", {}), state, why=why if state == "refused" else None))
    return found


def misspelt(company: Companies, people: int) -> World:
    """Return a company of so many customers whose connection names a field that is not there."""
    found = company("pipedrive")
    found.rewrite("pipedrive", PHONE, NOWHERE)
    found.write(*(customer(one) for one in range(1, people + 1)))
    return found


def resumed(found: World, seconds: float) -> dict[str, Any]:
    """Let somebody say that it goes on, after a while."""
    found.around.pauses.resume("pipedrive")
    found.clock.move(seconds=seconds)
    found.runs += 1
    ended: Any = resume.do(Run(f"run-{found.runs}", found.around), vendor="pipedrive")
    return dict(ended["ends"])


def test_reason_of_all_is_told_from_so_many_on() -> None:
    """One less may be chance."""
    assert FIELD == refusals(*TEN).all_for(FEW)
    assert refusals(*TEN[1:]).all_for(FEW) is None
    assert refusals(*TEN).all_for(MANY) is None


@pytest.mark.parametrize("other", ["created", "queued", "unknown"])
def test_row_that_may_have_arrived_shows_that_it_is_not_the_vendor(other: RowState) -> None:
    """Be it the first, or the last."""
    assert refusals(other, *TEN).all_for(FEW) is None
    assert refusals(*TEN, other).all_for(FEW) is None


def test_two_reasons_are_of_the_rows() -> None:
    """A missing field would be the same for all."""
    found = refusals(*TEN)
    row = RowOutcome(Row("1", {}), "refused", why=said("this is no telephone number"))
    found.note(Change(Person(b""), "test", "run", "create", b"", "sending", 0, 0, ""), row)
    assert found.all_for(FEW) is None


def test_rows_that_are_tried_again_do_not_count() -> None:
    """They are what is left of a run in which all others arrived."""
    assert refusals(*TEN, attempts=1).all_for(FEW) is None


def test_rows_that_klarsyn_does_not_send_do_not_count() -> None:
    """The vendor was not asked."""
    assert refusals(*TEN, why=NEVER_SENT[0]).all_for(FEW) is None


def test_vendor_is_paused_after_fifty_and_the_rest_waits(company: Companies) -> None:
    """No more calls are made, nobody's attempts are used up, and the status says why."""
    found = misspelt(company, 120)
    ended = found.deliver("pipedrive")
    assert {"refused": 50, "waiting": 50} == ended["ends"]
    assert 50 == sum(one.request.method == "POST" for one in found.standins["pipedrive"].exchanges)
    standing = Standing(found.storage, found.clock, found.keys).at("pipedrive")
    assert standing.paused
    assert str(standing.paused.why).startswith("the vendor refuses every row: pipedrive: POST")
    waiting = list(found.around.ledger.all("pipedrive", "waiting"))
    assert [0] * 70 + [1] * 50 == sorted(one.attempts for one in waiting)
    assert [] == found.around.due.waiting()
    (entry,) = [one for one in found.around.journal.entries() if one.kind == "delivery.paused"]
    assert 50 == entry.facts["refused"]


def test_it_goes_on_once_somebody_has_mended_it(company: Companies) -> None:
    """What waited is sent at once, and what was refused after its pause."""
    found = misspelt(company, 120)
    found.deliver("pipedrive")
    found.rewrite("pipedrive", NOWHERE, PHONE)
    found.around.pauses.resume("pipedrive")
    found.clock.move(seconds=700)
    assert {"created": 120} == found.deliver("pipedrive")["ends"]


def test_it_is_paused_again_where_nobody_has(company: Companies) -> None:
    """By the next fifty who are tried for the first time."""
    found = misspelt(company, 120)
    found.deliver("pipedrive")
    assert {"refused": 50, "waiting": 20} == resumed(found, 1)
    assert "pipedrive" in found.around.pauses.all()


def test_run_of_ten_is_enough_and_one_of_nine_is_not(company: Companies) -> None:
    """Where all of them are refused."""
    found = misspelt(company, 9)
    assert {"refused": 9} == found.deliver("pipedrive")["ends"]
    assert {} == found.around.pauses.all()
    found.write(*(customer(one) for one in range(11, 21)))
    assert {"refused": 10} == found.deliver("pipedrive")["ends"]
    assert ["pipedrive"] == list(found.around.pauses.all())


def test_rows_that_are_refused_together_count_too(company: Companies) -> None:
    """Zendesk takes a hundred in a call, and tells of each."""
    found = company("zendesk")
    found.write(*(customer(one, name="") for one in range(1, 61)))
    assert {"refused": 60} == found.deliver("zendesk")["ends"]
    assert ["zendesk"] == list(found.around.pauses.all())


def test_one_who_is_taken_keeps_the_vendor_open(company: Companies) -> None:
    """So it is the others' rows that are wrong; they end as they always did."""
    found = company("zendesk")
    found.write(*(customer(one, name="") for one in range(1, 60)), customer(60))
    assert {"created": 1, "refused": 59} == found.deliver("zendesk")["ends"]
    assert {} == found.around.pauses.all()


def test_calls_that_are_refused_as_a_whole_end_after_fifty_rows(company: Companies) -> None:
    """They are sent in halves, down to one row each, and no further once that is plain."""
    calls: list[int] = []

    def refused(_connection: object, rows: Sequence[Row], _places: object) -> list[RowOutcome]:
        calls.append(len(rows))
        raise RecordRefused(FIELD)

    def change(record: Record) -> Record:
        assert record.deliver
        return replace(record, deliver=replace(record.deliver, send=refused))

    found = company("mailchimp")
    found.write(*(customer(one) for one in range(1, 201)))
    run = Run("run", with_sheets(found.around, change))
    ended: Any = deliver.do(run, vendor="mailchimp", digest="")
    assert {"refused": 50, "waiting": 150} == ended["ends"]
    assert 50 == calls.count(1)
    assert ["mailchimp"] == list(found.around.pauses.all())

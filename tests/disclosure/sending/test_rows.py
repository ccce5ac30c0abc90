"""Rows, made of changes at the last moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.delivering import begin
from klarsyn.disclosure.sending.rows import Preparing
from klarsyn.people.rejected import Rejections
from tests.disclosure.served import opened
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies

pytestmark = pytest.mark.network


def test_who_is_erased_meanwhile_is_not_sent(company: Companies) -> None:
    """Changes are read with their part of the source, not when the run began."""
    found = company("mailchimp")
    found.write(*(customer(one) for one in range(1, 1202)))
    around = found.around
    begin(around, "run", "mailchimp", "")
    preparing = Preparing(around, opened(found, "mailchimp"))
    rows = preparing.ready()
    next(rows)
    for person in around.ledger.to_send("mailchimp"):
        around.ledger.drop("mailchimp", person)
    assert 1201 > 1 + sum(1 for _ in rows)
    assert [] == preparing.moved


def test_who_left_the_source_since_the_plan_is_told(company: Companies) -> None:
    """What was planned for them can be taken back."""
    found = company("mailchimp")
    begin(found.around, "run", "mailchimp", "")
    found.write(found.customers[0])
    preparing = Preparing(found.around, opened(found, "mailchimp"))
    assert ["1"] == [one.row.key for one in preparing.ready()]
    assert 1 == len(preparing.moved)


@pytest.mark.parametrize(("vendor", "by_hash"), [("recurly", False), ("mailchimp", True)])
def test_order_of_the_journal_tells_nobody(
    company: Companies, vendor: str, *, by_hash: bool
) -> None:
    """One by one they go in no order; together in that of the ledger, and few see one entry."""
    found = company(vendor)
    found.write(*(customer(one) for one in range(1, 41)))
    begin(found.around, "run", vendor, "")
    rows = Preparing(found.around, opened(found, vendor)).ready()
    people = [one.change.person for one in rows]
    hashed = found.around.hashes.people(next(found.around.source.read(Rejections())))
    assert sorted(hashed) == sorted(people)
    assert by_hash == (sorted(people) == people)
    assert people not in (hashed, hashed[::-1])

"""The gate over whole batches, beside the gate over one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.plans.gate import NAMES, NOWHERE, Gate
from klarsyn.people.gate import MARKETING, GateFacts
from klarsyn.people.hashes import Hashes
from klarsyn.people.rejected import Rejections
from tests.disclosure.served import opened
from tests.disclosure.test_rotation import BOTH
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klarsyn.people.person import Person
    from tests.disclosure.conftest import Companies

pytestmark = pytest.mark.network

VENDORS = ("mailchimp", "pipedrive")


def facts_of(turn: int, people: Sequence[Person], hashes: Hashes) -> GateFacts:
    """Return facts about some of these people, or about none: each turn about others."""

    def some(step: int) -> list[Person]:
        return [one for at, one in enumerate(people) if (at + step) % 5 == turn // step % 7]

    def forms(step: int) -> frozenset[bytes]:
        every = (hashes.identities(person.identities) for person in some(step))
        return frozenset(form for one in every for form in one)

    holds = {(one.customer, VENDORS[turn % 2], "" if turn % 3 else "x") for one in some(1)}
    restricted = frozenset(hashes.person(one.key) for one in some(2))
    opt_outs, tombstones = {MARKETING: forms(3)}, forms(4)
    key = frozenset({hashes.key_id})
    any_form = bool(tombstones or opt_outs[MARKETING])
    return GateFacts(
        holds=frozenset(holds),
        restricted=restricted,
        opt_outs=opt_outs,
        tombstones=tombstones,
        person_keys=key if restricted else frozenset(),
        identity_keys=key if any_form else frozenset(),
    )


def test_batch_is_judged_as_everybody_alone(company: Companies) -> None:
    """Who is not asked about in a batch is somebody of whom no fact speaks."""
    found = company(*VENDORS)
    around = found.around
    letters = ("subscribed", "unsubscribed", "")
    found.write(*(customer(n, newsletter=letters[n % 3]) for n in range(1, 13)))
    ceilings = [opened(found, one) for one in VENDORS]
    (batch,) = around.source.read(Rejections())
    leavers = around.source.settings.opted_out
    for turn in range(84):
        facts = facts_of(turn, batch, around.hashes)
        gate = Gate(around.register, ceilings, facts, around.hashes, leavers)
        silent = gate._silent(batch)
        alone = [bytes(gate._asked(one, silent.get(at, NOWHERE))) for at, one in enumerate(batch)]
        assert alone == gate.judge(batch, around.hashes.people(batch)).states


def test_facts_under_an_older_key_are_found(company: Companies) -> None:
    """Who was erased or restricted under it is not sent."""
    found = company("pipedrive")
    found.keys = BOTH
    around, older = found.around, Hashes(BOTH, "test")
    (batch,) = around.source.read(Rejections())
    ann, bo = batch
    facts = GateFacts(
        restricted=frozenset({older.person(ann.key)}),
        tombstones=older.identities(bo.identities),
        person_keys=frozenset({"test"}),
        identity_keys=frozenset({"test"}),
    )
    gate = Gate(around.register, [opened(found, "pipedrive")], facts, around.hashes)
    states = gate.judge(batch, around.hashes.people(batch)).states
    assert ["restricted", "erased"] == [NAMES[one] for (one,) in states]

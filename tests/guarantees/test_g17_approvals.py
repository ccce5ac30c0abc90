"""G17. Nobody approves their own request, and an approval is its approver's own."""

import inspect
from dataclasses import replace

import pytest
from argon2.profiles import CHEAPEST

from klarsyn import keys as klarsyn_keys
from klarsyn.errors import (
    ApprovalMissing,
    OwnRequest,
    RoleMissing,
    SecretUnreadable,
    SignInRefused,
    said,
)
from klarsyn.journal import Journal
from klarsyn.personal import Secret
from klarsyn.storage.queries import Query
from klarsyn.tasks import Approvals, Users
from klarsyn.tasks.passphrases import Passphrases
from klarsyn.tasks.users import FRESH
from klarsyn.testing import StillClock
from klarsyn.testing.storage import memory

DIGEST = "d1" * 32
WHAT = said("Remove 120 people.")
PHRASES = {
    "freja": Secret("granite lantern swims at noon"),
    "nils": Secret("seven kettles under the birch"),
}
KEYS = klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("2026")})


class Company:
    """Two people who may both approve, with one database and one clock."""

    def __init__(self, storage, clock):
        """Give each a passphrase."""
        self.storage, self.clock = storage, clock
        self.journal = Journal(storage, clock, KEYS)
        self.users = Users(storage, clock, KEYS, self.journal, Passphrases(CHEAPEST))
        self.users.add("freja", PHRASES["freja"], "administrator", None)
        self.users.add("nils", PHRASES["nils"], "approver", self.sign_in("freja"))

    def sign_in(self, name):
        """Sign in with one's own passphrase."""
        return self.users.sign_in(name, PHRASES[name])

    def approvals(self, *, four_eyes=True):
        """Return the approvals, with the switch as klarsyn.yaml has it."""
        opened = (self.storage, self.clock, KEYS, self.users, self.journal)
        return Approvals(*opened, four_eyes=four_eyes)

    def ask(self, name, digest=DIGEST, key="plan"):
        """Ask in somebody's name, or in nobody's."""
        by = self.sign_in(name) if name else None
        return self.approvals().ask(key, "deliver.remove", WHAT, digest, by)


@pytest.fixture
def company():
    """A company of two."""
    clock = StillClock()
    with memory(clock) as storage:
        yield Company(storage, clock)


@pytest.mark.parametrize("name", ["freja", "nils"])
def test_own_request_is_refused(company, name):
    """
    Whatever the role; nothing is recorded as approved.
    """
    asked = company.ask(name)
    with pytest.raises(OwnRequest):
        company.approvals().approve(asked, company.sign_in(name))

    assert company.approvals().granted("plan", DIGEST) is None
    assert "approval.given" not in [one.kind for one in company.journal.entries()]


def test_what_nobody_asked_for_by_name_takes_two(company):
    """
    Nobody becomes the second person by not signing in when they ask.
    """
    asked = company.ask(None)
    with pytest.raises(ApprovalMissing):
        company.approvals().approve(asked, company.sign_in("nils"))
    with pytest.raises(OwnRequest):
        company.approvals().approve(company.approvals().get(asked.id), company.sign_in("nils"))

    assert company.approvals().granted("plan", DIGEST) is None


def test_second_account_needs_an_administrator(company):
    """
    Whoever asked cannot make themselves somebody else.
    """
    new = Secret("umbrellas for every cormorant")
    for by in (None, company.sign_in("nils")):
        with pytest.raises(RoleMissing):
            company.users.add("second", new, "approver", by)


def test_name_alone_decides_nothing(company):
    """
    Every decision takes a proof that only the passphrase of that name makes.
    """
    with pytest.raises(SignInRefused):
        company.users.sign_in("freja", PHRASES["nils"])

    decisions = (Approvals.approve, Approvals.refuse, Approvals.withdraw)
    assert {"SignedIn"} == {
        inspect.signature(one).parameters["who"].annotation for one in decisions
    }


def test_proof_of_yesterday_decides_nothing(company):
    """
    Whoever left a terminal has approved nothing.
    """
    asked, proof = company.ask("freja"), company.sign_in("nils")
    company.clock.move(seconds=FRESH.total_seconds() + 1)
    with pytest.raises(SignInRefused):
        company.approvals().approve(asked, proof)


def test_proof_of_who_was_removed_decides_nothing(company):
    """
    Nor one whose account never was.
    """
    asked, proof = company.ask("freja"), company.sign_in("nils")
    made_up = replace(proof, user=replace(proof.user, pseudonym="staff-0000000000000000"))
    company.users.remove("nils", company.sign_in("freja"))
    for one in (proof, made_up):
        with pytest.raises(SignInRefused):
            company.approvals().approve(asked, one)


def test_approval_is_for_what_was_shown(company):
    """
    Another content is another digest, and not approved by it.
    """
    company.approvals().approve(company.ask("freja"), company.sign_in("nils"))

    assert company.approvals().granted("plan", DIGEST)
    assert company.approvals().granted("plan", "d2" * 32) is None


@pytest.mark.parametrize(
    "forgery",
    [
        "update approval_request set state = 'approved' where asked_as = 'other'",
        (
            "update approval_request set state = 'approved', key_id = '2026', sealed = "
            "(select sealed from approval_request where asked_as = 'plan') where asked_as = 'other'"
        ),
    ],
)
def test_who_can_only_write_to_the_database_approves_nothing(company, forgery):
    """
    Neither by a word nor by somebody's approval of something else.
    """
    company.approvals().approve(company.ask("freja"), company.sign_in("nils"))
    company.ask("freja", key="other")
    company.storage.run(Query("forge", forgery))

    try:
        granted = company.approvals().granted("other", DIGEST)
    except SecretUnreadable:
        granted = None
    assert granted is None


def test_alone_it_shows_for_ever(company):
    """
    With four eyes switched off the decision and the journal say so; switched on, it counts no more.
    """
    asked = company.ask("freja")
    decided = company.approvals(four_eyes=False).approve(asked, company.sign_in("freja"))

    assert decided.decision
    assert (True, False) == (decided.decision.own, decided.decision.four_eyes)
    facts = list(company.journal.entries())[-1].facts
    assert (1, 0) == (facts["own"], facts["four_eyes"])
    assert company.approvals().granted("plan", DIGEST) is None


def test_journal_knows_pseudonyms_only(company):
    """
    Who decided is proved without naming anybody.
    """
    company.approvals().approve(company.ask("freja"), company.sign_in("nils"))
    whole = "".join(one.text().decode() for one in company.journal.entries())

    assert whole.count("staff-") > 3
    assert [] == [name for name in PHRASES if name in whole]

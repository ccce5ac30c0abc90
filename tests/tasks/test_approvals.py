import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from klarsyn.errors import (
    ApprovalMissing,
    ApprovalVoid,
    OwnRequest,
    RoleMissing,
    SecretUnreadable,
    UnknownName,
    said,
)
from klarsyn.storage.queries import Query
from klarsyn.tasks import Approvals, expire

DIGEST = "d1" * 32
WHAT = said("Remove {count} people from {vendor}.", count=120, vendor="mailchimp")


@pytest.fixture
def request_of(approvals, office):
    """Ask for something, in somebody's name or in nobody's."""
    return lambda who="tove", key="plan:7": approvals.ask(
        key, "deliver.remove", WHAT, DIGEST, office(who) if who else None
    )


@pytest.fixture
def alone(storage, clock, keys, users, journal):
    """The approvals of a company of one."""
    return Approvals(storage, clock, keys, users, journal, four_eyes=False)


# Asking


def test_what_was_asked_waits(approvals, request_of):
    """
    With what it is about and its hash.
    """
    asked = request_of()

    assert [asked] == approvals.waiting()
    assert ("open", WHAT, DIGEST) == (asked.state, asked.what, asked.digest)
    assert asked == approvals.get(asked.id)


def test_asking_again_changes_nothing(approvals, request_of, recorded):
    """
    A step that is repeated after a crash asks once.
    """
    first = request_of()
    again = request_of("nils")

    assert first == again
    assert 1 == [kind for kind, _, _ in recorded()].count("approval.asked")


def test_something_else_needs_another_key(approvals, request_of, office):
    """
    An approval never passes from one thing to another.
    """
    request_of()
    with pytest.raises(ApprovalVoid, match="Something else was asked for under plan:7"):
        approvals.ask("plan:7", "deliver.remove", WHAT, "d2" * 32, office("tove"))


def test_viewer_does_not_ask(request_of):
    """
    To ask is to work.
    """
    with pytest.raises(RoleMissing):
        request_of("jens")


# Deciding


def test_approval_counts_for_what_was_shown(approvals, request_of, office, recorded, users):
    """
    For that key and that digest, and for no other.
    """
    asked = request_of()
    assert approvals.granted(asked.key, DIGEST) is None
    approved = approvals.approve(asked, office("nils"))

    decision = approvals.granted(asked.key, DIGEST)
    assert approved.decision == decision
    assert ("approved", users.named("nils").pseudonym) == (decision.state, decision.by)
    assert decision == approvals.require(asked.key, DIGEST)
    assert approvals.granted(asked.key, "d2" * 32) is None
    assert approvals.granted("plan:8", DIGEST) is None
    assert [] == approvals.waiting()
    kind, by, facts = recorded()[-1]
    assert ("approval.given", decision.by) == (kind, by)
    assert (DIGEST, 0, 1) == (facts["digest"], facts["own"], facts["four_eyes"])


def test_nobody_approves_their_own_request(approvals, request_of, office):
    """
    Not even an administrator.
    """
    with pytest.raises(OwnRequest):
        approvals.approve(request_of("freja"), office("freja"))

    assert "open" == request_of("freja").state


def test_what_nobody_asked_for_by_name_takes_two(approvals, request_of, office, recorded):
    """
    The first puts their name to it, and the second, who is somebody else, approves.
    """
    asked = request_of(None)
    with pytest.raises(ApprovalMissing, match="now your name stands under it") as refusal:
        approvals.approve(asked, office("nils"))

    assert f"klarsyn approve {asked.id}" in str(refusal.value.remedy)
    signed = approvals.get(asked.id)
    nils = office("nils").user.pseudonym
    assert ("approval.signed", nils) == recorded()[-1][:2]
    assert (nils, "open") == (signed.asked_by, signed.state)
    with pytest.raises(OwnRequest):
        approvals.approve(signed, office("nils"))
    assert "approved" == approvals.approve(signed, office("freja")).state
    assert approvals.granted(asked.key, DIGEST)


def test_two_do_not_put_their_names_to_the_same(approvals, request_of, office):
    """
    The second was shown a request without one, and looks at it again.
    """
    asked = request_of(None)
    with pytest.raises(ApprovalMissing):
        approvals.approve(asked, office("nils"))
    with pytest.raises(ApprovalVoid, match="can no longer be decided"):
        approvals.approve(asked, office("freja"))

    assert approvals.granted(asked.key, DIGEST) is None


def test_name_is_put_to_what_was_shown(approvals, request_of, office, storage):
    """
    Not to what somebody has made of it in the database meanwhile.
    """
    asked = request_of(None)
    storage.run(Query("forge", "update approval_request set digest = 'other'"))
    with pytest.raises(ApprovalVoid):
        approvals.approve(asked, office("nils"))

    assert "" == approvals.get(asked.id).asked_by


def test_who_asks_again_by_name_has_asked(approvals, request_of, office):
    """
    What a schedule asked for is theirs; who comes later changes nothing.
    """
    first = request_of(None)
    again, later = request_of("nils"), request_of("tove")

    assert (first.id, office("nils").user.pseudonym) == (again.id, again.asked_by)
    assert again == later == approvals.get(first.id)


@pytest.mark.parametrize("name", ["tove", "jens"])
def test_approving_takes_the_role(approvals, request_of, office, name):
    """
    Editors and viewers neither approve nor refuse.
    """
    asked = request_of("nils")
    for decide in (approvals.approve, approvals.refuse):
        with pytest.raises(RoleMissing):
            decide(asked, office(name))


def test_refusal_is_final(approvals, request_of, office, recorded):
    """
    It is no approval, and nobody makes one of it.
    """
    asked = request_of()
    approvals.refuse(asked, office("nils"))

    assert approvals.granted(asked.key, DIGEST) is None
    with pytest.raises(ApprovalVoid, match="can no longer be decided"):
        approvals.approve(asked, office("freja"))
    assert "approval.refused" == recorded()[-1][0]
    assert "refused" == approvals.get(asked.id).state


def test_two_decide_at_once(approvals, request_of, office, recorded):
    """
    One of them is heard, and the other is told.
    """
    asked, ends = request_of(), []

    def decide(how, who):
        try:
            ends.append(how(asked, who).state)
        except ApprovalVoid:
            ends.append("too late")

    pairs = ((approvals.approve, office("nils")), (approvals.refuse, office("freja")))
    threads = [threading.Thread(target=decide, args=pair) for pair in pairs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [approvals.get(asked.id).state, "too late"] == sorted(ends)
    assert 2 == len([kind for kind, _, _ in recorded() if kind.startswith("approval.")])


def test_request_is_withdrawn_by_who_asked(approvals, request_of, office):
    """
    Or by an administrator; others leave it.
    """
    own, other = request_of("tove", "one"), request_of("nils", "two")
    with pytest.raises(RoleMissing):
        approvals.withdraw(other, office("tove"))

    assert "withdrawn" == approvals.withdraw(own, office("tove")).state
    assert "withdrawn" == approvals.withdraw(other, office("freja")).state


def test_request_that_lapsed_is_not_decided(approvals, request_of, office, clock):
    """
    After a fortnight one has to look again.
    """
    asked = request_of()
    clock.move(days=14)

    assert [] == approvals.waiting()
    assert "lapsed" == approvals.get(asked.id).state
    with pytest.raises(ApprovalVoid):
        approvals.approve(asked, office("nils"))


def test_approval_lapses_too(approvals, office, clock):
    """
    What was approved for an hour is not carried out on the next day.
    """
    hour = timedelta(hours=1)
    asked = approvals.ask("x", "deliver.remove", WHAT, DIGEST, office("tove"), hour)
    approvals.approve(asked, office("nils"))
    clock.move(seconds=3600)

    assert approvals.granted("x", DIGEST) is None
    with pytest.raises(ApprovalMissing) as refusal:
        approvals.require("x", DIGEST)
    assert refusal.value.remedy is None


def test_missing_approval_names_the_request(approvals, request_of):
    """
    The next move stands in the error.
    """
    asked = request_of()
    with pytest.raises(ApprovalMissing, match=f"klarsyn approve {asked.id}"):
        approvals.require(asked.key, DIGEST)


def test_unknown_request_is_told(approvals):
    """
    With the command that lists them.
    """
    with pytest.raises(UnknownName, match="There is no request 'f00'"):
        approvals.get("f00")


# A company of one


def test_one_may_approve_alone_and_it_shows(alone, request_of, office, recorded):
    """
    The decision and the journal say that nobody else looked.
    """
    decision = alone.approve(request_of("freja"), office("freja")).decision

    assert (True, False) == (decision.own, decision.four_eyes)
    assert (1, 0) == (recorded()[-1][2]["own"], recorded()[-1][2]["four_eyes"])


def test_own_approval_ends_with_the_switch(alone, approvals, request_of, office):
    """
    Once four eyes are wanted again, it does not count.
    """
    asked = request_of("freja")
    alone.approve(asked, office("freja"))

    assert alone.granted(asked.key, DIGEST)
    assert approvals.granted(asked.key, DIGEST) is None


def test_nameless_approval_ends_with_the_switch(alone, approvals, request_of, office):
    """
    One person approved what nobody had asked for by name; with four eyes that is not enough.
    """
    asked = request_of(None)
    assert "approved" == alone.approve(asked, office("freja")).state

    assert alone.granted(asked.key, DIGEST)
    assert approvals.granted(asked.key, DIGEST) is None


# Whoever can write to the database alone


def test_word_in_the_database_is_no_approval(approvals, request_of, storage):
    """
    The decision is sealed; the column beside it decides nothing.
    """
    asked = request_of()
    storage.run(Query("forge", "update approval_request set state = 'approved'"))

    assert approvals.granted(asked.key, DIGEST) is None


@pytest.mark.parametrize("column", ["what", "digest", "kind", "asked_by"])
def test_request_exchanged_after_the_approval(approvals, request_of, office, storage, column):
    """
    The seal is bound to all that was shown.
    """
    asked = request_of()
    approvals.approve(asked, office("nils"))
    changed = '{"say": "Remove one.", "facts": {}}' if column == "what" else "other"
    storage.run(
        Query("forge", f"update approval_request set {column} = :changed"),  # noqa: S608
        changed=changed,
    )

    with pytest.raises(SecretUnreadable):
        approvals.get(asked.id)


def test_request_exchanged_before_the_approval(approvals, request_of, office, storage, recorded):
    """
    Whoever approves was shown the old one, so nothing is approved.
    """
    asked = request_of()
    storage.run(Query("forge", "update approval_request set digest = 'other'"))

    with pytest.raises(ApprovalVoid):
        approvals.approve(asked, office("nils"))
    assert "open" == approvals.get(asked.id).state
    assert "approval.given" != recorded()[-1][0]


def test_request_made_up_is_not_decided(approvals, request_of, office):
    """
    Only what was asked can be approved.
    """
    with pytest.raises(ApprovalVoid):
        approvals.approve(replace(request_of(), id="f00"), office("nils"))


# The end


def test_old_requests_are_erased(request_of, storage, clock):
    """
    Two years after they ended; the journal keeps what was decided.
    """
    request_of()
    clock.move(days=14 + 729)
    assert 0 == expire(storage, clock.now()).requests
    clock.move(days=1)

    assert 1 == expire(storage, clock.now()).requests

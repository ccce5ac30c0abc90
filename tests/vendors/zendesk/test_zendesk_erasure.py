"""
How far an erasure goes at Zendesk: tickets first, then the user, twice; with proof at each.
"""

import pytest

from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from klarsyn.testing.standins.zendesk import AGENT, ZendeskStandIn
from klarsyn.testing.trials import Trial
from klarsyn.vendors.redacting import BLOCK
from klarsyn.vendors.sheet import Level, Target
from tests.vendors.trials import ZENDESK
from tests.vendors.zendesk.desks import asked, bodies, erased, found, gone, targets

pytestmark = pytest.mark.network


class FailingJobs(ZendeskStandIn):
    """A desk whose jobs all fail."""

    def job_status(self, job):
        """Return a job that failed."""
        return {**super().job_status(job), "status": "failed"}


def of(desk, number):
    """Return a person, their user and their ticket, as they stand at Zendesk."""
    person = desk.standin.people[number]
    user = desk.standin.user_of(person.email)
    (ticket,) = desk.standin.tickets_of(user["id"], "requested")
    return person, user, ticket


def shared(desk):
    """Return two people, of whom the second has a part in the first one's ticket."""
    person, user, ticket = of(desk, 0)
    other, second, _ = of(desk, 1)
    ticket["email_cc_ids"] = ticket["collaborator_ids"] = [second["id"]]
    words = f"Say hello to {person.name}, {person.phone}!"
    desk.standin.add_comment(ticket, {"author_id": second["id"], "body": words})
    return person, user, ticket, other


def target_of(desk, person):
    """Return a person's user, found by all that one knows."""
    (target,) = found(desk, "user", email=person.email, name=person.name, phone=person.phone)
    return target


# Users


def test_tickets_go_before_the_user(desk):
    """
    Tickets outlive their user, so they go first; the proof is what Zendesk says of the deletion.
    """
    person, user, ticket = of(desk, 0)
    target = target_of(desk, person)
    outcome = erased(desk, target)

    assert ("done", Level.PURGED) == (outcome.state, outcome.level)
    assert [
        "DELETE /tickets/*",
        "DELETE /deleted_tickets/*",
        "DELETE /users/*",
        "DELETE /deleted_users/*",
    ] == asked(desk, "DELETE")
    assert gone(desk, target)
    assert ("Permanently Deleted User", "SCRUBBED") == (user["name"], ticket["subject"])


def test_ticket_of_several_is_redacted_before_its_user_goes(desk):
    """
    What others have a part in stays: the person's own words go, and all that names them.
    """
    person, user, ticket, other = shared(desk)
    assert "done" == erased(desk, target_of(desk, person)).state

    asked_, noted, said = desk.standin.comments[ticket["id"]]
    assert {BLOCK} == set(asked_["body"])
    assert f"{BLOCK * len(person.name)} seems to be in a hurry" == noted["body"]
    assert f"Say hello to {BLOCK * len(person.name)}, {BLOCK * len(person.phone)}!" == said["body"]
    assert ["redacted.txt"] == [one["file_name"] for one in asked_["attachments"]]
    order = asked(desk, "PUT", "DELETE")
    assert ["PUT /comment_redactions/*"] * 3 == order[:3]
    assert ticket["id"] in desk.standin.tickets
    assert user["active"] is False
    assert desk.standin.user_of(other.email)


def test_copied_person_leaves_the_ticket_of_another(desk):
    """
    A ticket of somebody else's is never deleted, only what the person wrote there.
    """
    person, _, ticket, other = shared(desk)
    assert "done" == erased(desk, target_of(desk, other)).state

    first, *_, last = desk.standin.comments[ticket["id"]]
    assert person.phone in first["body"]
    assert {BLOCK} == set(last["body"])


def test_fault_in_the_middle_is_told_and_gone_on_from(desk):
    """
    Where Zendesk breaks down between the two deletions, that stage is told; nothing is done twice.
    """
    person, *_ = of(desk, 0)
    target = target_of(desk, person)
    desk.standin.faults.add(Trouble.DOWN, on="DELETE /api/v2/deleted_users/*", times=10_000)
    stopped = erased(desk, target)
    assert ("later", 2) == (stopped.state, stopped.stage)
    assert not gone(desk, target)

    desk.standin.faults.clear()
    assert "done" == erased(desk, target, stage=stopped.stage).state
    assert gone(desk, target)
    assert 1 == asked(desk, "DELETE").count("DELETE /users/*")


def test_deletion_for_good_takes_its_time(desk):
    """
    Zendesk deletes for good when it gets to it: until then, the stage is not through.
    """
    person, *_ = of(desk, 0)
    target = target_of(desk, person)
    waiting = erased(desk, target, patience=0)
    assert ("later", 3, 60) == (waiting.state, waiting.stage, waiting.after)
    assert not gone(desk, target)

    desk.clock.move(seconds=100)
    assert "done" == erased(desk, target, stage=waiting.stage).state


def test_agent_with_tickets_is_kept(desk):
    """
    Zendesk keeps whoever has open tickets assigned; a person has to hand those on first.
    """
    (target,) = targets(desk, "user", lambda raw: raw["email"] == "admin@klarpris.example")
    agents = targets(desk, "user", lambda raw: raw["email"] == AGENT)
    outcome = erased(desk, agents[0])

    assert ("refused", Level.MANUAL, 1) == (outcome.state, outcome.level, outcome.stage)
    assert "give those to somebody else" in str(outcome.why)
    assert desk.standin.users[int(target.key)]["active"]


def test_deleted_user_is_found_and_purged_with_tickets(desk):
    """
    Who was deleted by an agent is on the list of deleted users for 30 days; the tickets stay too.
    """
    person = desk.standin.people[-2]
    (target,) = found(desk, "deleted_user", email=person.email)
    (ticket,) = [
        one for one in desk.standin.tickets.values() if one["requester_id"] == int(target.key)
    ]
    assert "done" == erased(desk, target).state

    assert ticket["id"] not in desk.standin.tickets
    assert gone(desk, target)
    assert "DELETE /users/*" not in asked(desk, "DELETE")


def test_user_who_is_deleted_already_is_only_purged(desk):
    """
    The export tells of deleted users as well: the first deletion is left out.
    """
    person = desk.standin.people[-2]
    (target,) = found(desk, "user", email=person.email, name=person.name)
    assert "done" == erased(desk, target).state

    assert "DELETE /users/*" not in asked(desk, "DELETE")


def test_ticket_in_the_trash_goes_for_good(desk):
    """
    What an agent deleted lies in the trash, where only the export tells whose it is.
    """
    person = desk.standin.people[-3]
    assert "done" == erased(desk, target_of(desk, person)).state

    assert {} == desk.standin.deleted_tickets


# Tickets


def test_ticket_alone(desk):
    """
    A ticket can be erased without its user; the proof looks into the trash as well.
    """
    person, user, ticket = of(desk, 0)
    (target,) = found(desk, "ticket", email=person.email)
    desk.standin.trash_ticket(ticket)
    assert not gone(desk, target)

    outcome = erased(desk, target)
    assert ("done", Level.PURGED) == (outcome.state, outcome.level)
    assert gone(desk, target)
    assert user["active"]


def test_shared_ticket_is_told_to_be_redacted(desk):
    """
    Less than deletion is not called deletion.
    """
    person, _, ticket, _ = shared(desk)
    target = next(one for one in found(desk, "ticket", email=person.email, name=person.name))
    assert not gone(desk, target)
    outcome = erased(desk, target)

    assert ("done", Level.REDACTED) == (outcome.state, outcome.level)
    assert gone(desk, target)
    assert ticket["id"] in desk.standin.tickets


def test_ticket_of_another_in_the_trash_is_left(desk):
    """
    In the trash nothing can be redacted; it is emptied after 30 days.
    """
    _, _, ticket, other = shared(desk)
    desk.standin.trash_ticket(ticket)
    desk.clock.move(seconds=60)
    theirs = found(desk, "ticket", email=other.email)
    target = next(one for one in theirs if one.key == str(ticket["id"]))

    assert "done" == erased(desk, target).state
    assert ticket["id"] in desk.standin.deleted_tickets


def test_slow_job_is_asked_for_again(desk):
    """
    A job that takes longer than two minutes is not waited for in one go.
    """
    desk.standin.job_seconds = (2.0, 400.0)
    person, *_ = of(desk, 0)
    (target,) = found(desk, "ticket", email=person.email)
    waiting = erased(desk, target, patience=0)
    assert ("later", 0) == (waiting.state, waiting.stage)

    desk.clock.move(seconds=400)
    assert "done" == erased(desk, target).state


def test_user_waits_for_the_tickets(desk):
    """
    While a ticket is still being deleted, the user is not touched.
    """
    desk.standin.job_seconds = (2.0, 400.0)
    person, user, _ = of(desk, 0)
    waiting = erased(desk, target_of(desk, person), patience=0)

    assert ("later", 0) == (waiting.state, waiting.stage)
    assert user["active"]


def test_failed_job_is_told(exchanges):
    """
    Where Zendesk says that it failed, the ticket still lies in the trash.
    """
    failing = Trial(**{**vars(ZENDESK), "standin": FailingJobs})
    with failing.running() as desk:
        person, *_ = of(desk, 0)
        (target,) = found(desk, "ticket", email=person.email)
        outcome = erased(desk, target)
        assert not gone(desk, target)
    exchanges.extend(desk.standin.exchanges)

    assert ("refused", Level.IMPOSSIBLE) == (outcome.state, outcome.level)


# Comments


def test_comment_that_names_somebody_keeps_the_rest(desk):
    """
    An internal note loses a name, not its point; a second run changes nothing.
    """
    person, _, ticket = of(desk, 1)
    notes = found(desk, "comment", name=person.name)
    note = next(one for one in notes if one.raw["public"] is False)
    assert not gone(desk, note)
    assert ("done", Level.REDACTED) == (erased(desk, note).state, erased(desk, note).level)

    assert gone(desk, note)
    held = {one["id"]: one["body"] for one in desk.standin.comments[ticket["id"]]}
    assert f"{BLOCK * len(person.name)} seems to be in a hurry" == held[int(note.key)]
    assert 1 == len(bodies(desk, "PUT"))


def test_link_loses_its_address(desk):
    """
    An address can stand in a link alone, which no reader of the text sees.
    """
    person, _, ticket = of(desk, 1)
    comment = desk.standin.comments[ticket["id"]][1]
    desk.standin.reword(comment, "mail", f'<a href="mailto:{person.email}">mail</a>')
    notes = found(desk, "comment", email=person.email)
    erased(desk, next(one for one in notes if one.key == str(comment["id"])))

    assert "<a>mail</a>" == comment["html_body"]


def test_comment_goes_whole_where_nobody_was_looked_for(desk):
    """
    Without a person, an erasure is of the comment itself; one without text needs none.
    """
    _, _, ticket = of(desk, 1)
    note = desk.standin.comments[ticket["id"]][1]
    (target,) = targets(desk, "comment", lambda raw: raw["id"] == note["id"])
    assert "done" == erased(desk, target).state

    assert {BLOCK} == set(note["body"])


def test_comment_of_a_deleted_ticket_is_gone(desk):
    """
    A ticket takes its comments along.
    """
    person, _, ticket = of(desk, 1)
    notes = found(desk, "comment", name=person.name)
    desk.standin.trash_ticket(ticket)

    assert all(gone(desk, one) for one in notes)
    assert {"done"} == {erased(desk, one).state for one in notes}


# What else names people


def test_notes_on_an_organization_lose_a_name(desk):
    """
    An organization is its members': notes and fields lose the person, and keep the rest.
    """
    person = desk.standin.people[0]
    (target,) = found(desk, "organization", name=person.name)
    held = desk.standin.organizations[int(target.key)]
    held["organization_fields"]["vat_no"] = f"see {person.name}"
    assert not gone(desk, target)
    outcome = erased(desk, target)

    assert ("done", Level.REDACTED) == (outcome.state, outcome.level)
    assert f"{BLOCK * len(person.name)} decides" == held["notes"]
    assert f"see {BLOCK * len(person.name)}" == held["organization_fields"]["vat_no"]
    assert gone(desk, target)
    assert "done" == erased(desk, target).state
    assert 1 == len(bodies(desk, "PUT"))


def test_organization_itself_is_a_persons_task(desk):
    """
    Where nobody was looked for, nobody knows whose words they are.
    """
    target, *_ = targets(desk, "organization")

    assert ("refused", Level.MANUAL) == (erased(desk, target).state, erased(desk, target).level)


def test_organization_that_is_gone_says_nothing(desk):
    """
    What was deleted meanwhile is as good as redacted.
    """
    target = Target(
        ZENDESK.vendor.record("organization"), "999999", {}, {}, known=(Personal("Nobody"),)
    )

    assert "done" == erased(desk, target).state
    assert gone(desk, target)


def test_suspended_mail_goes(desk):
    """
    Mail of strangers that was kept out is deleted by itself.
    """
    person = desk.standin.people[-1]
    (target,) = found(desk, "suspended_ticket", email=person.email)

    assert "done" == erased(desk, target).state
    assert gone(desk, target)


def test_second_address_goes(desk):
    """
    A further address of somebody else's user is taken from it.
    """
    target = next(one for one in targets(desk, "identity") if one.raw["value"].startswith("home."))

    assert "done" == erased(desk, target).state
    assert gone(desk, target)

from datetime import date
from typing import get_args

import pytest

from klarsyn import stored
from klarsyn.errors import said
from klarsyn.language import translator
from klarsyn.tasks import Case, for_job
from klarsyn.tasks.sheets import JobName
from klarsyn.vendors import names, sheet
from klarsyn.vendors.jobs import Outcome
from klarsyn.vendors.progress import Level
from klarsyn.vendors.sheet import Depth

JOBS: tuple[JobName, ...] = get_args(JobName)
TODAY = date(2026, 11, 26)
#: Which jobs a person does in whole or in part, whatever becomes of single records. Written down
#: from the notes of the sheets; a sheet that says "by hand" and is not here fails below.
BY_HAND = {
    "evernote-enex": {"rectify", "erase"},
    "hotjar": {"read", "find", "rectify"},
    "signifly": {"read", "find", "rectify", "erase"},
    "slack-export": {"rectify", "erase"},
    "zapier": {"read", "find"},
    "zapier-export": {"rectify", "erase"},
}
#: Which records leave something to a person after their erasure.
LEFT_OVER = {
    ("evernote", "note"),
    ("hotjar", "response"),
    ("pipedrive", "organization"),
    ("plecto", "member"),
    ("zapier", "run"),
    ("zendesk", "organization"),
}


def case(vendor, **more):
    """Return a case at a vendor."""
    return Case(key="by-hand:1", vendor=vendor, company="KlarPris A/S", today=TODAY, **more)


def left(vendor, job, *of_a_record, **more):
    """Return the task that a job leaves at a vendor."""
    task = for_job(case(vendor, **more), sheet(vendor), job, *of_a_record)
    assert task
    return task


def left_over():
    """Yield each record whose sheet has something done by hand afterwards."""
    for name in names():
        for record in sheet(name).records:
            for job in (record.rectify, record.erase):
                if job and job.by_hand:
                    yield name, record, job


def test_every_sheet_leaves_what_its_notes_say():
    """
    All twenty: a task where a person is needed, none where calls do it all.
    """
    found = {
        name: {job for job in JOBS if for_job(case(name), sheet(name), job)} for name in names()
    }

    assert 20 == len(names())
    assert {name: jobs for name, jobs in found.items() if jobs} == BY_HAND


@pytest.mark.parametrize(
    ("name", "job"), [(name, job) for name in BY_HAND for job in sorted(BY_HAND[name])]
)
def test_task_has_text_day_and_letter(name, job):
    """
    What the sheet says, by when, and a letter that can be sent as it is.
    """
    task = left(name, job)
    voice = translator("en")

    note = sheet(name).jobs[job].note
    assert note
    assert voice.say(note) in voice.say(task.what)
    assert TODAY < task.due
    assert task.letter
    letter = voice.say(task.letter)
    assert [] == [part for part in ("KlarPris A/S", "by-hand:1") if part not in letter]
    assert ("[Name the person here" in letter) == (job in {"find", "rectify", "erase"})
    assert task.what == stored.from_json(stored.to_json(task.what))


def test_manual_jobs_are_never_forgotten():
    """
    Wherever a sheet says manual, there is a task.
    """
    manual = {
        (name, job)
        for name in names()
        for job in JOBS
        if sheet(name).jobs[job].depth is Depth.MANUAL
    }

    assert manual
    assert [] == [(name, job) for name, job in manual if not for_job(case(name), sheet(name), job)]


def test_what_is_left_over_becomes_a_task():
    """
    Where the sheet's job is through and a person has to finish it.
    """
    found = set()
    for name, record, job in left_over():
        task = left(name, "erase", Outcome("done"), job)
        found.add((name, record.name))
        assert str(job.by_hand) in str(task.what)
        assert (date(2026, 12, 10), "manual") == (task.due, task.kind)
        assert sheet(name).name in str(task.letter)

    assert LEFT_OVER == found


def test_refusal_that_a_person_can_mend_becomes_a_task():
    """
    With the vendor's reason; one that nobody can mend does not.
    """
    why = said("open the conversation and delete it there")
    refused = Outcome("refused", Level.MANUAL, why=why)
    impossible = Outcome("refused", Level.IMPOSSIBLE, why=why)

    assert str(why) in str(left("slack", "erase", refused).what)
    assert for_job(case("slack"), sheet("slack"), "erase", impossible) is None
    bare = left("slack", "erase", Outcome("refused", Level.MANUAL))
    assert "a person has to do this at the vendor" in str(bare.what)


def test_what_nobody_knows_is_settled_by_a_person():
    """
    A call that must not be repeated was cut off.
    """
    unknown = Outcome("unknown", why=said("the connection was lost"))
    task = left("zapier", "deliver", unknown)

    assert "nobody knows whether it was done" in str(task.what)
    assert "the connection was lost" in str(task.what)


@pytest.mark.parametrize("state", ["done", "later"])
def test_what_goes_by_itself_leaves_nothing(state):
    """
    Nobody is troubled where calls are through, or come again.
    """
    assert for_job(case("mailchimp"), sheet("mailchimp"), "erase", Outcome(state)) is None


def test_attestations_are_due_again():
    """
    What Signifly holds, and what Hotjar has recorded: a month's time, then each year.
    """
    for name in ("signifly", "hotjar"):
        task = left(name, "read")
        assert ("attestation", date(2026, 12, 26), 12) == (task.kind, task.due, task.again)
    assert "manual" == left("zapier", "read").kind
    assert 6 == left("signifly", "read", again=6).again


def test_letter_goes_to_who_can_do_it():
    """
    To the vendor where it has no API; else to the colleague who has the account.
    """
    signifly = left("signifly", "erase")
    hotjar = left("hotjar", "rectify")

    assert str(signifly.letter).startswith("To Signifly\n\nData of a person have to be erased")
    assert str(hotjar.letter).startswith("To whoever has our account at Hotjar")


def test_day_and_person_can_be_given():
    """
    A right has a clock of its own, and the letter then names the journal's id as its reference.
    """
    task = left("signifly", "erase", due=date(2026, 11, 30), subject="5b" * 16)

    assert (date(2026, 11, 30), "5b" * 16) == (task.due, task.subject)
    assert f"the reference {'5b' * 16}" in str(task.letter)

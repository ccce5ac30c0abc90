from datetime import date

import pytest

from klarsyn.errors import EvidenceRefused, RoleMissing, TaskClosed, UnknownName, said
from klarsyn.language import translator
from klarsyn.personal import Personal
from klarsyn.tasks import Evidence, NewTask, Wanted, expire
from klarsyn.tasks.evidence import MOST

SUBJECT = "5b" * 16
ANSWER = Evidence(Personal("answer.pdf"), b"Nothing is held of Birgit Lyngholt.")
DUE = date(2026, 12, 10)


def asked(key="erase:7", kind="manual", **more):
    """Return a task to be opened."""
    what = said("Have {vendor} erase a person.", vendor="Signifly")
    return NewTask(
        key=key, kind=kind, vendor="signifly", what=what, due=DUE, subject=SUBJECT, **more
    )


ATTESTED = asked("held:2026", "attestation", again=12)


def test_task_is_opened_once(tasks, recorded):
    """
    A step that is repeated opens no second one, even where its words have changed.
    """
    task = tasks.open(asked())

    assert task == tasks.open(asked(letter=said("other")))
    assert [task] == tasks.all(Wanted())
    assert task == tasks.get(task.id)
    assert [("task.opened", "", "2026-12-10")] == [(a, b, c["due"]) for a, b, c in recorded()]


def test_letter_is_said_in_the_language_of_the_company(tasks):
    """
    It is stored as a message, so that any voice can read it.
    """
    letter = said("Please answer by {due}.{more}Regards", due=DUE, more="\n\n\n\n")
    task = tasks.open(asked(letter=letter))

    assert "Please answer by 10 December 2026.\n\nRegards" == task.letter(translator("en"))
    assert "10. december 2026" in task.letter(translator("da"))
    assert "" == tasks.open(asked("other")).letter(translator("en"))


def test_value_of_a_person_does_not_get_into_a_task(tasks):
    """
    A task is no place for it, and says so at once.
    """
    with pytest.raises(TypeError, match="holds no Personal"):
        tasks.open(
            NewTask(
                key="k",
                kind="manual",
                vendor="signifly",
                what=said("erase {who}", who=Personal("Birgit")),
                due=DUE,
            )
        )


def test_done_takes_evidence(tasks, office, uploads, journal, users):
    """
    The file is kept, and its hash stands in the journal, beside who did it and about whom.
    """
    task = tasks.open(asked())
    with pytest.raises(EvidenceRefused, match="shown by a file"):
        tasks.done(task.id, [], office("tove"))
    done = tasks.done(task.id, [ANSWER], office("tove"))

    assert ("done", users.named("tove").pseudonym) == (done.state, done.closed_by)
    assert done == tasks.get(task.id)
    (kept,) = uploads.of(task.id)
    assert ANSWER == uploads.open(kept.id)
    entry = list(journal.entries())[-1]
    assert ("task.done", "signifly", done.closed_by) == (entry.kind, entry.vendor, entry.by)
    assert [ANSWER.sha256] == entry.facts["evidence"]
    assert [SUBJECT] == [row.subject for row in journal.rows(entry.number)]


def test_task_ends_once(tasks, office, uploads):
    """
    The second to end it is told, and nothing of theirs is kept.
    """
    task = tasks.open(asked())
    tasks.done(task.id, [ANSWER], office("tove"))

    with pytest.raises(TaskClosed, match="not open any more"):
        tasks.done(task.id, [ANSWER], office("nils"))
    with pytest.raises(TaskClosed):
        tasks.fail(task.id, "no-answer", office("nils"))
    assert 1 == len(uploads.of(task.id))


def test_ending_takes_the_role(tasks, office):
    """
    A viewer looks on.
    """
    task = tasks.open(asked())
    with pytest.raises(RoleMissing):
        tasks.done(task.id, [ANSWER], office("jens"))

    assert "open" == tasks.get(task.id).state


def test_too_many_files_are_refused(tasks, office):
    """
    Evidence is a letter, not an archive.
    """
    task = tasks.open(asked())
    with pytest.raises(EvidenceRefused, match="20 files at most"):
        tasks.done(task.id, [ANSWER] * (MOST + 1), office("tove"))


def test_task_may_fail_for_a_reason(tasks, office, recorded):
    """
    No answer within the time is a fact, too.
    """
    task = tasks.open(asked())

    assert "failed" == tasks.fail(task.id, "no-answer", office("tove")).state
    assert "no-answer" == recorded()[-1][2]["why"]


def test_attestation_is_due_again(tasks, office, clock):
    """
    A year after it was given, not after it was due; and again a year after that.
    """
    first = tasks.open(ATTESTED)
    assert "attested" == tasks.attest(first.id, [], office("tove")).state
    (second,) = tasks.all(Wanted())
    assert date(2027, 11, 26) == second.asked.due
    clock.move(days=300)
    tasks.attest(second.id, [ANSWER], office("tove"))

    (third,) = tasks.all(Wanted())
    assert (date(2028, 9, 22), 12) == (third.asked.due, third.asked.again)
    assert "held:2026 again 2028-09-22" == third.asked.key


def test_attestation_that_is_given_once_does_not_come_again(tasks, office):
    """
    Where no months are set.
    """
    tasks.attest(tasks.open(asked(kind="attestation")).id, [], office("tove"))

    assert [] == tasks.all(Wanted())


def test_done_and_attested_are_two_things(tasks, office):
    """
    Each error names the other command.
    """
    manual, attestation = tasks.open(asked()), tasks.open(ATTESTED)
    with pytest.raises(TaskClosed, match=f"klarsyn tasks attest {attestation.id}"):
        tasks.done(attestation.id, [ANSWER], office("tove"))
    with pytest.raises(TaskClosed, match=f"klarsyn tasks done {manual.id}"):
        tasks.attest(manual.id, [], office("tove"))


def test_task_is_given_to_somebody(tasks, office, users, recorded):
    """
    As long as it is open.
    """
    task, jens = tasks.open(asked(), office("nils")), users.named("jens")
    assert jens.pseudonym == tasks.assign(task.id, jens, office("tove")).asked.assigned
    assert "task.assigned" == recorded()[-1][0]
    tasks.fail(task.id, "needless", office("tove"))

    with pytest.raises(TaskClosed):
        tasks.assign(task.id, jens, office("tove"))


def test_list_is_narrowed(tasks, office, users):
    """
    By state, kind, vendor and whom it was given to; the next due comes first.
    """
    later = tasks.open(asked())
    sooner = tasks.open(
        NewTask(key="z", kind="manual", vendor="zapier", what=said("x"), due=date(2026, 12, 1))
    )
    attestation = tasks.open(ATTESTED)
    tasks.assign(sooner.id, users.named("tove"), office("freja"))

    assert [sooner.id, later.id] == [one.id for one in tasks.all(Wanted(kind="manual"))]
    assert [attestation] == tasks.all(Wanted(kind="attestation"))
    assert [sooner.id] == [one.id for one in tasks.all(Wanted(vendor="zapier"))]
    assert [sooner.id] == [
        one.id for one in tasks.all(Wanted(assigned=users.named("tove").pseudonym))
    ]
    assert [] == tasks.all(Wanted(state="done"))
    assert 3 == len(tasks.all(Wanted(state="")))


def test_unknown_task_is_told(tasks):
    """
    With the command that lists them.
    """
    with pytest.raises(UnknownName, match="There is no task 'f00'"):
        tasks.get("f00")


def test_files_and_tasks_are_erased_after_two_years(tasks, office, uploads, storage, clock):
    """
    Open ones stay, however old.
    """
    kept = tasks.open(asked("open"))
    ended = tasks.open(asked())
    tasks.done(ended.id, [ANSWER], office("tove"))
    clock.move(days=729)
    erased = expire(storage, clock.now())
    assert (0, 0, 4) == (erased.uploads, erased.tasks, erased.accounts)
    clock.move(days=2)

    erased = expire(storage, clock.now())
    assert (1, 1) == (erased.uploads, erased.tasks)
    assert [kept] == tasks.all(Wanted(state=""))

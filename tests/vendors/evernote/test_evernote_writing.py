"""
What is special about writing to Evernote: only what was read is changed; erased is overwritten.
"""

import pytest

from klarsyn.testing import Trouble
from klarsyn.testing.standins import evernote_enml
from klarsyn.testing.standins.evernote_wire import Code, failed, new
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import evernote, jobs
from tests.vendors.evernote.accounts import called, guid_of, target_of, written

pytestmark = pytest.mark.network
ERASURE = evernote.erasure

# Rectifying


def rectified(running, target, changes):
    """Return what becomes of a rectification."""
    with running.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes)


def test_new_text_keeps_the_rest(running):
    """
    Attributes, tags and reminders stay, and so do files that the text showed.
    """
    guid = next(g for g, one in running.standin.account.notes.items() if "Ring " in one.title)
    kept = running.standin.account.notes[guid]
    kept.content = kept.content.replace("</en-note>", '<en-media hash="a"/></en-note>')
    outcome = rectified(running, target_of(running, guid), {"text": "Nytt & rätt"})
    now = running.standin.account.notes[guid]

    assert "done" == outcome.state
    assert now.content.endswith('<div>Nytt &amp; rätt</div><en-media hash="a"/></en-note>')
    assert now.title.startswith("Ring ")
    assert now.attributes.reminderTime
    assert "Stina Kontorsson" == now.attributes.author


def test_attributes_go_all_together(running):
    """
    One is changed, one is cleared, the others are sent along: unsent ones would be lost.
    """
    guid = guid_of(running, "Vidarebefordrat")
    before = running.standin.account.notes[guid].attributes
    outcome = rectified(running, target_of(running, guid), {"author": "Ny", "source": None})
    now = running.standin.account.notes[guid].attributes

    assert ("done", "Ny", None) == (outcome.state, now.author, now.sourceURL)
    assert (before.placeName, before.source) == (now.placeName, now.source)
    assert before.applicationData.fullMap == now.applicationData.fullMap


def test_title_is_never_empty(running):
    """
    The vendor takes no note without one.
    """
    guid = written(running, "Anna", "x")

    assert "done" == rectified(running, target_of(running, guid), {"title": None}).state
    assert "Untitled" == running.standin.account.notes[guid].title


def test_what_a_colleague_changed_meanwhile_stays(running):
    """
    The number that was read is the lock: nothing is overwritten unseen.
    """
    guid = written(running, "Anna", "x")
    target = target_of(running, guid)
    running.standin.account.update(new("Note", guid=guid, title="Anna och Bo"))
    outcome = rectified(running, target, {"title": "Cia"})

    assert ("refused", "find it again") == (outcome.state, str(outcome.why)[-13:])
    assert "Anna och Bo" == running.standin.account.notes[guid].title


def test_second_attempt_sees_the_first(running):
    """
    A job that is run again after a crash changes nothing and says that it is done.
    """
    guid = guid_of(running, "Vidarebefordrat")
    target = target_of(running, guid)
    changes = {"text": "Ny", "author": "Ny"}
    rectified(running, target, changes)
    number = running.standin.account.usn

    assert "done" == rectified(running, target, changes).state
    assert number == running.standin.account.usn


def test_note_of_another_program_is_left(running):
    """
    By contract a note with a contentClass is read-only for everybody else.
    """
    attributes = new("NoteAttributes", contentClass="example.app")
    target = target_of(running, written(running, "Anna", "x", attributes=attributes))
    outcome = rectified(running, target, {"title": "Bo"})

    assert ("refused", []) == (outcome.state, called(running))


# Erasing


def erased(running, target, stage=0):
    """Return what becomes of an erasure from a stage on."""
    with running.open(Purpose.ERASE, patience=5) as connection:
        return jobs.carry_out(connection, ERASURE, target, stage=stage)


def proved(running, target):
    """Return whether the sheet's proof holds."""
    with running.open(Purpose.FIND) as connection:
        return jobs.gone(connection, target)


@pytest.mark.parametrize("title", ["Vidarebefordrat", "Visitkort", "Offert", "Gammal lapp"])
def test_erased_note_holds_nothing(running, title):
    """
    Title, content, tags, files and attributes are overwritten; then it goes to the trash.
    """
    guid = guid_of(running, title)
    target = target_of(running, guid)
    assert not proved(running, target)
    outcome = erased(running, target)
    now = running.standin.account.notes[guid]

    assert ("done", "soft-deleted") == (outcome.state, outcome.level.value)
    assert ("Untitled", "") == (now.title, evernote_enml.text(now.content))
    assert [None, None, False] == [now.tagGuids, now.resources, now.active]
    assert {None} == {now.attributes.author, now.attributes.sourceURL, now.attributes.placeName}
    assert {} == getattr(now.attributes.applicationData, "fullMap", {})
    assert proved(running, target)


def test_rest_is_for_a_person(running):
    """
    What erasure leaves is named, and so is what a person has to do; then it is gone.
    """
    target = target_of(running, guid_of(running, "Visitkort"))
    outcome = erased(running, target)
    assert 2 == len(outcome.residue)
    assert "empty the trash" in str(ERASURE.by_hand)

    running.standin.account.empty_trash()
    assert proved(running, target)
    assert "refused" == erased(running, target).state


def test_erasure_goes_on_where_it_stopped(running):
    """
    A fault between the stages leaves an overwritten note, and says which stage is next.
    """
    target = target_of(running, guid_of(running, "Visitkort"))
    running.standin.instead["delete_note"] = lambda *_: failed(Code.INTERNAL_ERROR, "x")
    outcome = erased(running, target)
    assert ("later", 1) == (outcome.state, outcome.stage)
    assert not proved(running, target)

    running.standin.instead.clear()
    assert "done" == erased(running, target, stage=outcome.stage).state
    assert proved(running, target)
    assert "done" == erased(running, target).state  # again from the start


@pytest.mark.parametrize("on", [0, 1])
def test_lost_reply_of_an_erasure_ends_truthfully(running, on):
    """
    Whichever reply is lost, the call is made again and finds its work done.
    """
    target = target_of(running, guid_of(running, "Visitkort"))
    running.standin.faults.add(Trouble.CUT_OFF, on="POST /shard/*", after=on)

    assert "done" == erased(running, target).state
    assert proved(running, target)
    assert 2 == called(running).count(["updateNoteIfUsnMatches", "deleteNote"][on])


def test_changed_note_is_not_erased_unseen(running):
    """
    Whoever decided to erase it had read something else.
    """
    guid = guid_of(running, "Visitkort")
    target = target_of(running, guid)
    running.standin.account.update(new("Note", guid=guid, title="Ny rubrik"))

    assert "refused" == erased(running, target).state
    assert running.standin.account.notes[guid].active

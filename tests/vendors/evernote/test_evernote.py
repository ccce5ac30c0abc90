"""
What is special about Evernote: the place of its notes, its errors, and how it is read and searched.
"""

import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest
from thriftpy2.thrift import TApplicationException

from klarsyn.errors import (
    CallRefused,
    KeyRefused,
    NotThere,
    RecordRefused,
    ReplyUnread,
    RightsMissing,
    Throttled,
    VendorDown,
)
from klarsyn.testing import Trouble, contract
from klarsyn.testing.serving import Window
from klarsyn.testing.standins import evernote_enml
from klarsyn.testing.standins.evernote_wire import Code, failed, missing, new, refused
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import evernote_notes
from klarsyn.vendors.evernote import ends, evernote, note, probe, saved_search
from klarsyn.vendors.evernote_notes import search
from klarsyn.vendors.reading import Coverage, read
from tests.testing import referee, thrift_referee
from tests.vendors.evernote.accounts import Evernote, called, guid_of, target_of, written
from tests.vendors.trials import EVERNOTE

pytestmark = pytest.mark.network


def searched(running, value):
    """Return the guids of what a search finds."""
    with running.open(Purpose.FIND) as connection:
        return [one["guid"] for one in search(connection, value, {})]


@pytest.mark.skipif(
    not thrift_referee.available(), reason="KLARSYN_CONTRACTS names no folder with Evernote's IDL"
)
def test_what_klarsyn_sends_is_refereed():
    """
    In the whole suite every call and every reply is as the vendor's own IDL has it.
    """
    standins = []

    def opened(**options):
        standins.append(Evernote(**options))
        return standins[-1]

    for check in contract.CHECKS:
        if check is not contract.check_nobody_is_printed:  # it adds nothing new to say
            check(replace(EVERNOTE, standin=opened))
    exchanges = [one for standin in standins for one in standin.exchanges]

    least = tomllib.loads(referee.COUNTS.read_text("utf-8"))["thrift"]["evernote-sheet"]
    assert [] == [told for one in exchanges for told in thrift_referee.judge(one)]
    assert least <= len(exchanges)


# Getting in


def test_place_of_notes_is_asked_once(running):
    """
    The vendor tells where an account's notes are; a connection asks once.
    """
    with running.open(Purpose.AUDIT) as connection:
        for _ in range(2):
            list(read(connection, evernote.record("tag")))

    assert ["getUserUrls", "listTags", "listTags"] == called(running)


def test_notes_elsewhere_are_not_asked_for(running):
    """
    An address that is not the vendor's gets neither calls nor the token.
    """
    running.standin.get_user_urls = lambda: new("UserUrls", noteStoreUrl="https://x.example/edam")
    with running.open(Purpose.AUDIT) as connection, pytest.raises(CallRefused, match="not the"):
        list(read(connection, note))
    running.standin.exchanges.clear()  # an account without the other addresses is no real one


def test_token_tells_its_end(running):
    """
    Until when a key lives is known without a calendar of one's own.
    """
    with running.open(Purpose.AUDIT) as connection:
        found = probe(connection)
    year = timedelta(days=365)

    assert {"plan": "PREMIUM", "until": running.clock.now() + year} == found
    assert ends("S=s1:U=1:H=2") is None


@pytest.mark.parametrize("token", ["nonsense", "S=s1:U=1:E=2:H=3"])
def test_wrong_token_is_told(running, token):
    """
    What is no token, and one that nobody has, are both a matter of the key.
    """
    with running.open(Purpose.AUDIT) as connection:
        connection.settings["token"] = token
        with pytest.raises(KeyRefused, match="wrong or has expired"):
            connection.call(evernote.api.ping)


def test_old_token_is_told_with_a_way_out(running):
    """
    No new keys are issued, so the remedy names the exports.
    """
    running.clock.move(days=366)
    with running.open(Purpose.AUDIT) as connection, pytest.raises(KeyRefused, match="exports"):
        connection.call(evernote.api.ping)


ERRORS = {
    "NoteStore.guid": (lambda *_: missing("Note.guid", "x"), NotThere),
    "rights": (lambda *_: refused(Code.PERMISSION_DENIED, "Note"), RightsMissing),
    "content": (lambda *_: refused(Code.ENML_VALIDATION, "br"), RecordRefused),
    "data": (lambda *_: refused(Code.BAD_DATA_FORMAT, "Note.title"), RecordRefused),
    "no token": (lambda *_: refused(Code.BAD_DATA_FORMAT, "authenticationToken"), KeyRefused),
    "inside": (lambda *_: failed(Code.INTERNAL_ERROR, "x"), VendorDown),
    "thrift": (lambda *_: TApplicationException(6, "x"), VendorDown),
}


@pytest.mark.parametrize(("thrown", "error"), ERRORS.values(), ids=list(ERRORS))
def test_exceptions_are_told_apart(running, thrown, error):
    """
    Each comes with status 200 and means what the vendor's IDL says.
    """
    running.standin.instead["list_shared_notebooks"] = thrown
    with running.open(Purpose.AUDIT) as connection, pytest.raises(error) as told:
        list(read(connection, evernote.record("share")))
    assert "authenticationToken" not in str(told.value)


def test_limit_is_waited_for_as_told(running):
    """
    The seconds stand in the exception; whoever has no patience is told them.
    """
    running.standin._window = Window(2, 3600, running.clock)
    begun = running.clock.now()
    with running.open(Purpose.AUDIT, patience=4000) as connection:
        for _ in range(2):
            list(read(connection, evernote.record("tag")))
    assert timedelta(seconds=3601) == running.clock.now() - begun

    with running.open(Purpose.AUDIT) as connection, pytest.raises(Throttled) as told:
        list(read(connection, note))
    assert 3601 == told.value.after


# Reading


def test_chunks_are_walked_to_the_end(running):
    """
    However small the chunks, every note comes once, those in the trash too.
    """
    running.standin.chunk_cap = 3
    with running.open(Purpose.AUDIT) as connection:
        keys = [one.key for page in read(connection, note) for one in page]

    assert sorted(running.standin.account.notes) == sorted(keys)
    assert 4 < called(running).count("getFilteredSyncChunk")


def test_empty_chunk_without_a_number_ends(running):
    """
    By contract a filtered walk can end so: nobody has saved a search.
    """
    with running.open(Purpose.AUDIT) as connection:
        assert [[]] == list(read(connection, saved_search))
    assert 1 == called(running).count("getFilteredSyncChunk")


def test_walk_that_stands_still_is_told(running):
    """
    A service that repeats itself is not taken for a list that has ended.
    """
    coverage = Coverage()
    chunk = new("SyncChunk", currentTime=1, chunkHighUSN=5, updateCount=9, notes=[])
    running.standin.get_filtered_sync_chunk = lambda *_: chunk
    with running.open(Purpose.AUDIT) as connection:
        list(read(connection, note, coverage))

    assert ["note"] == [name for name, _ in coverage.missed]


def test_note_that_goes_meanwhile_is_passed_over(running):
    """
    Who empties the trash during an audit does not end it.
    """
    gone = guid_of(running, "Gammal lapp")
    real = running.standin.get_note_with_result_spec
    running.standin.get_note_with_result_spec = lambda guid, spec: _unless(gone, guid, real, spec)
    with running.open(Purpose.AUDIT) as connection:
        keys = [one.key for page in read(connection, note) for one in page]

    assert set(running.standin.account.notes) - {gone} == set(keys)


def _unless(gone, guid, real, spec):
    if guid == gone:
        raise missing("Note.guid", guid)
    return real(guid, spec)


def test_files_are_read_where_they_are_text(running, monkeypatch):
    """
    A vCard is; a picture's words come from the vendor's own recognition; a large file is left.
    """
    with running.open(Purpose.AUDIT) as connection:
        list(read(connection, note))
    names = called(running)
    assert (1, 2) == (names.count("getResource"), names.count("getNoteSearchText"))

    running.standin.exchanges.clear()
    monkeypatch.setattr(evernote_notes, "LONGEST_FILE", 10)
    with running.open(Purpose.AUDIT) as connection:
        list(read(connection, note))
    assert 0 == called(running).count("getResource")


def test_versions_are_refused_once(running):
    """
    A plan without versions is one finding, not one for every note.
    """
    running.standin.premium = False
    _, coverage = running.everything()

    assert ["version"] == [name for name, _ in coverage.missed]
    assert 1 == called(running).count("listNoteVersions")


def test_what_notes_were_before_is_read(running):
    """
    Who has been overwritten in a note is still in the vendor's versions of it.
    """
    guid = guid_of(running, "Avtal")
    with running.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, evernote.record("version")))
    seen = [one for page in pages for one in page]
    before = running.standin.account.versions[guid][0][1]

    assert f"{guid}/{before.updateSequenceNum}" == seen[0].key
    assert seen[0].values()["text"].reveal() == evernote_enml.text(before.content)


@pytest.mark.parametrize("name", ["list_note_versions", "get_note_version"])
def test_version_that_goes_meanwhile_is_passed_over(running, name):
    """
    Neither a note nor a version that has gone ends the reading.
    """
    running.standin.instead[name] = lambda *_: missing("Note.guid", "x")
    _, coverage = running.everything()

    assert coverage.complete
    assert 0 == coverage.read["version"]


def test_harmful_content_is_searched_as_it_stands(running):
    """
    A content that declares entities is not read as markup, and not lost.
    """
    guid = written(running, "Lapp", "x")
    harmful = '<!DOCTYPE en-note [<!ENTITY a "b">]><en-note>anna@example.org</en-note>'
    running.standin.account.notes[guid].content = harmful

    assert harmful == target_of(running, guid).raw["text"]


def test_cut_off_reply_is_no_list(running):
    """
    Half a reply is told, whichever half.
    """
    running.standin.faults.add(Trouble.MALFORMED, on="POST /shard/*", times=100)
    with running.open(Purpose.AUDIT) as connection, pytest.raises(ReplyUnread, match="damaged"):
        list(read(connection, note))


# Finding


@pytest.mark.parametrize("prefixes", [True, False])
def test_search_sends_beginnings(running, prefixes):
    """
    With its star a word finds the same, whatever the service takes words for.
    """
    running.standin.account.words_are_prefixes = prefixes
    guid = written(running, "Lapp", "Anne-Marie Nordström, anne.marie@example.org")

    assert [guid] == searched(running, "Anne-Marie Nordström")
    assert [guid] == searched(running, "anne.marie@example.org")


def test_search_looks_into_the_trash(running):
    """
    No one query finds both, so it is asked twice.
    """
    guid = written(running, "Lapp", "Anna Nordström")
    running.standin.account.delete(guid)

    assert [guid] == searched(running, "Anna Nordström")
    assert 2 == called(running).count("findNotesMetadata")


def test_search_reads_every_page(running):
    """
    Pages end where the vendor's total says so.
    """
    guids = {written(running, f"Lapp {number}", "Anna Nordström") for number in range(3)}
    running.standin.page_cap = 2

    assert guids == set(searched(running, "Anna Nordström"))
    assert 3 == called(running).count("findNotesMetadata")


def test_nothing_to_look_for_finds_nothing(running):
    """
    A query without words would find every note there is.
    """
    assert [] == searched(running, "- @")
    assert [] == called(running)

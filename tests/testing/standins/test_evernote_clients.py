"""
Two independent clients drive Evernote's stand-in; the vendor's IDL judges every byte.
"""

import tomllib
from collections import Counter

import pytest

from klarsyn.testing import Exchange, StillClock
from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins.evernote import EvernoteStandIn
from tests.testing import evernote_clients, referee, thrift_referee
from tests.testing.referee import REFEREED

pytestmark = pytest.mark.network

CLIENTS = {
    "evernote-plus": evernote_clients.evernote_plus,
    "vendor-idl": evernote_clients.vendors_idl,
}
COUNTS = tomllib.loads(referee.COUNTS.read_text("utf-8"))["thrift"]
KINDS = (
    "Notes NoteResources NoteAttributes Notebooks Tags Resources Expunged SharedNotes Searches "
    "LinkedNotebooks"
)
EVERYTHING = {f"include{kind}": True for kind in KINDS.split()}


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the vendor's IDL judges at the end."""
    exchanges: list[Exchange] = []
    yield exchanges
    if thrift_referee.available():
        assert [] == [told for one in exchanges for told in thrift_referee.judge(one)]


@pytest.fixture
def standin(judged):
    """A running stand-in whose clock stands still."""
    with EvernoteStandIn(clock=StillClock()) as one:
        yield one
    judged += one.exchanges


@pytest.fixture(params=CLIENTS)
def client(request, standin, monkeypatch):
    """One client after the other."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    if request.param == "vendor-idl" and not thrift_referee.available():
        pytest.skip("KLARSYN_CONTRACTS names no folder with Evernote's IDL")
    with CLIENTS[request.param](standin) as one:
        yield one


def walk(client, most=100, **wishes):
    """Return everything, chunk after chunk."""
    wanted = client.new("SyncChunkFilter", **(wishes or EVERYTHING))
    chunks = [client.getFilteredSyncChunk(0, most, wanted)]
    while chunks[-1].chunkHighUSN and chunks[-1].chunkHighUSN < chunks[-1].updateCount:
        chunks.append(client.getFilteredSyncChunk(chunks[-1].chunkHighUSN, most, wanted))
    return chunks


def found(client, words="", spec=None, **criteria):
    """Return the notes that a search finds, page after page."""
    wanted = client.new("NoteFilter", words=words or None, **criteria)
    spec = client.new("NotesMetadataResultSpec", **(spec or {"includeTitle": True}))
    notes: list[object] = []
    while True:
        page = client.findNotesMetadata(wanted, len(notes), 250, spec)
        notes += page.notes
        if len(notes) >= page.totalNotes:
            return notes


def titles(client, words="", **criteria):
    """Return the titles of what a search finds."""
    return sorted(note.title for note in found(client, words, **criteria))


def whole(client, guid):
    """Return a note with all that a note has."""
    names = (
        "Content ResourcesData ResourcesRecognition ResourcesAlternateData SharedNotes "
        "NoteAppDataValues ResourceAppDataValues AccountLimits"
    )
    wishes = {f"include{name}": True for name in names.split()}
    return client.getNoteWithResultSpec(guid, client.new("NoteResultSpec", **wishes))


def refusal(client, call, *arguments):
    """Return the code and the parameter with which a call is refused."""
    with pytest.raises(client.kind("EDAMUserException")) as told:
        call(*arguments)
    return told.value.errorCode, told.value.parameter


def test_client_begins(client):
    """
    A client says its version and learns who it is and where the notes are.
    """
    assert client.users.checkVersion("Klarsyn", 1, 28)
    assert not client.users.checkVersion("Klarsyn", 2, 0)
    assert "s1" == client.users.getUser(client.token).shardId
    urls = client.users.getUserUrls(client.token)
    assert "https://www.evernote.com/shard/s1/notestore" == urls.noteStoreUrl


def test_tour_is_refereed(client, standin):
    """
    Every method of the stand-in is called, and the vendor's IDL judged request and reply.
    """
    test_client_begins(client)
    walk(client)
    test_everybody_planted_is_found_by_reading(client, standin)
    test_note_is_created(client, standin)
    test_update_only_if_nobody_else_did(client)
    test_deleting_is_only_the_trash(client, standin)
    client.getSyncState()
    client.listNotebooks()
    names = Counter(method(one) for one in standin.exchanges)

    assert 21 == len(names)
    if thrift_referee.available():
        before = REFEREED["evernote"]
        assert [] == [told for one in standin.exchanges for told in thrift_referee.judge(one)]
        assert COUNTS["evernote"] <= REFEREED["evernote"] - before
    standin.exchanges.clear()


def method(exchange):
    """Return the name of the method that was called."""
    return thrift_referee.Wire(exchange.request.body).message()[1]


def test_walk_meets_everything_once(client, standin):
    """
    Chunks are ascending by number and leave nothing out, the trash and no body either.
    """
    chunks = walk(client, most=5)
    notes = [note for chunk in chunks for note in chunk.notes or ()]
    numbers = [note.updateSequenceNum for note in notes]

    assert sorted(standin.account.notes) == sorted(note.guid for note in notes)
    assert sorted(numbers) == numbers
    assert [] == [note for note in notes if note.content]
    assert [] != [note for note in notes if not note.active]
    assert client.getSyncState().updateCount == chunks[-1].chunkHighUSN


def test_chunk_has_at_most_256(client, standin):
    """
    A client that asks for more gets fewer.
    """
    for number in range(260):
        standin.account.create(client.new("Note", title=str(number), content=enml.note("")))
    chunks = walk(client, most=10_000, includeNotes=True)

    assert 256 == len(chunks[0].notes)
    assert len(standin.account.notes) == sum(len(one.notes or ()) for one in chunks)


def test_walk_of_notes_alone_ends_empty(client, standin):
    """
    With a filter the last chunk may hold nothing: then it has no number (NoteStore.thrift).
    """
    standin.account.add_notebook("Sist")

    assert walk(client, includeNotes=True)[-1].chunkHighUSN is None


def test_everybody_planted_is_found_by_reading(client, standin):
    """
    All that the stand-in says to hold about people comes out by the API, none of it expected.
    """
    notes = [note.guid for chunk in walk(client) for note in chunk.notes or ()]
    texts = [str(whole(client, guid)) for guid in notes]
    texts += [str(one) for guid in notes for one in versions(client, guid)]
    texts += [str(client.listTags()), str(client.listSharedNotebooks())]
    everything = "\n".join(texts)
    people = {one.person for one in standin.planted}

    assert set(standin.people) == people
    assert [] == [
        one for one in people if one.name not in everything and one.email not in everything
    ]
    assert not any(one.expected for one in standin.planted)


def versions(client, guid):
    """Return a note as it was before."""
    told = client.listNoteVersions(guid)
    return [client.getNoteVersion(guid, one.updateSequenceNum, True, True, True) for one in told]


def test_search_pages_and_leaves_the_trash_out(client, standin):
    """
    Pages end at the cap; the trash is another search.
    """
    standin.page_cap = 3
    active = [one for one in standin.account.notes.values() if one.active]

    assert len(active) == len(found(client))
    assert len(standin.account.notes) - len(active) == len(found(client, inactive=True))
    assert titles(client, inactive=True) == ["Gammal lapp", "Gammal lapp"]


def test_search_finds_a_person(client, standin):
    """
    By name, by the beginning of a word, by address and by title.
    """
    person = standin.people[0]
    title = [f"Ring {person.name}"]

    assert title == titles(client, f'"{person.name}" intitle:ring')
    assert title == titles(client, f"{person.email} notebook:Anteckningar")
    assert title == titles(client, f"-tag:offert {person.last_name[:4]} reminderTime:*")
    assert [] == titles(client, f"{person.last_name[1:]} intitle:ring")


def test_search_by_notebook_tag_and_order(client, standin):
    """
    A filter narrows by guids and sorts.
    """
    tag = next(one for one in client.listTags() if one.name == "kontoret")
    shared = next(one for one in client.listNotebooks() if one.name == "Uppföljning")
    by_number = found(client, order=4, ascending=True, spec={"includeUpdateSequenceNum": True})
    numbers = [one.updateSequenceNum for one in by_number]

    assert ["Inköpslista"] == titles(client, tagGuids=[tag.guid])
    assert ["Möte"] == titles(client, notebookGuid=shared.guid)
    assert sorted(numbers) == numbers


def test_metadata_holds_what_is_asked_for(client):
    """
    Nothing but the guid comes unasked.
    """
    names = (
        "Title ContentLength Created Updated UpdateSequenceNum NotebookGuid Attributes TagGuids "
        "Deleted LargestResourceMime LargestResourceSize"
    )
    spec = {f"include{name}": True for name in names.split()}
    (card,) = found(client, "intitle:visitkort", spec)[:1]
    (bare,) = found(client, "intitle:visitkort", {"includeTitle": False})[:1]

    assert ("text/vcard", "Visitkort") == (card.largestResourceMime, card.title)
    assert card.largestResourceSize > 50
    assert (card.guid, None, None) == (bare.guid, bare.title, bare.attributes)


def test_note_is_created(client, standin):
    """
    The service gives guids; names of tags make tags; a reminder gets its order.
    """
    reminder = client.new("NoteAttributes", reminderTime=1_800_000_000_000, sourceURL="klarsyn:1")
    body = client.new("Data", body=b"\x00\xffbytes")
    file = client.new("Resource", data=body, mime="application/pdf")
    asked = client.new("Note", guid="0" * 36, title="Ny", content=enml.note("å & ä"))
    asked.attributes, asked.tagNames, asked.resources = reminder, ["Kontoret", "nytt"], [file]
    note = client.createNote(asked)

    assert note.guid != "0" * 36
    assert (None, None) == (note.content, note.resources[0].data.body)
    assert ["kontoret", "nytt"] == client.getNoteTagNames(note.guid)
    assert standin.account.now() == note.attributes.reminderOrder
    kept = client.getResource(note.resources[0].guid, True, True, True, True)
    assert b"\x00\xffbytes" == kept.data.body
    assert "å & ä" == client.getNoteSearchText(note.guid, True, False)
    again = client.new("Note", guid=note.guid, title="Ny", tagGuids=note.tagGuids[:1])
    assert note.tagGuids[:1] == client.updateNote(again).tagGuids


def test_update_keeps_what_is_not_set(client):
    """
    Content and resources are replaced where set, else kept; the old text stays as a version.
    """
    (meta,) = found(client, "intitle:visitkort")[:1]
    before = whole(client, meta.guid)
    changed = client.new("Note", guid=meta.guid, title="Ändrad", content=enml.note("Nytt"))
    after = client.updateNote(changed)

    assert before.resources[0].guid == after.resources[0].guid
    assert after.updateSequenceNum > before.updateSequenceNum
    assert "Nytt" == client.getNoteSearchText(meta.guid, False, False)
    assert [before.content] == [one.content for one in versions(client, meta.guid)]
    emptied = client.new("Note", guid=meta.guid, title="Ändrad", resources=[])
    assert not client.updateNote(emptied).resources
    missing = client.kind("EDAMNotFoundException")
    with pytest.raises(missing, match=before.resources[0].guid):
        client.getResource(before.resources[0].guid, False, False, False, False)


def test_update_only_if_nobody_else_did(client):
    """
    With an old number nothing happens and the present note comes back.
    """
    (meta,) = found(client, "intitle:offert", {"includeUpdateSequenceNum": True})[:1]
    asked = client.new("Note", guid=meta.guid, title="A", updateSequenceNum=meta.updateSequenceNum)

    assert client.updateNoteIfUsnMatches(asked).updated
    asked.title = "B"
    again = client.updateNoteIfUsnMatches(asked)
    assert (False, "A") == (bool(again.updated), again.note.title)
    asked.updateSequenceNum = 10_000
    told = refusal(client, client.updateNoteIfUsnMatches, asked)
    assert (2, "Note.updateSequenceNum") == told
    asked.updateSequenceNum = 0
    assert 5 == refusal(client, client.updateNoteIfUsnMatches, asked)[0]


def test_deleting_is_only_the_trash(client, standin):
    """
    A deleted note can be read and found; twice is a conflict; for good is not for third parties.
    """
    (meta,) = found(client, "intitle:veckomöte")
    number = client.deleteNote(meta.guid)
    note = client.getNote(meta.guid, True, False, False, False)

    assert (False, standin.account.now(), number) == (
        note.active,
        note.deleted,
        note.updateSequenceNum,
    )
    assert (10, "Note.guid") == refusal(client, client.deleteNote, meta.guid)
    assert 3 == refusal(client, client.expungeNote, meta.guid)[0]
    assert "Veckomöte" in titles(client, inactive=True)
    restored = client.updateNote(client.new("Note", guid=meta.guid, title="Åter", active=True))
    assert (True, None) == (restored.active, restored.deleted)


def test_a_person_empties_the_trash(client, standin):
    """
    Then notes, their versions and their files are gone, and chunks tell so.
    """
    (gone, _) = [one.guid for one in found(client, inactive=True)]
    standin.account.empty_trash()
    expunged = [guid for chunk in walk(client) for guid in chunk.expungedNotes or ()]

    assert gone in expunged
    with pytest.raises(client.kind("EDAMNotFoundException")) as told:
        client.getNote(gone, False, False, False, False)
    assert ("Note.guid", gone) == (told.value.identifier, told.value.key)


def test_chunks_leave_out_what_is_not_wanted(client, standin):
    """
    Filters by notebook, class of content and kind hold.
    """
    shared = next(one for one in client.listNotebooks() if one.sharedNotebooks)
    only = walk(client, includeNotes=True, includeNotebooks=True, notebookGuids={shared.guid})
    (book,) = walk(client, includeNotebooks=True, omitSharedNotebooks=True)[0].notebooks[-1:]
    both = client.new("SyncChunkFilter", notebookGuids={shared.guid}, includeExpunged=True)

    assert {shared.guid} == {note.notebookGuid for chunk in only for note in chunk.notes or ()}
    assert (shared.guid, None) == (book.guid, book.sharedNotebooks)
    assert not any(
        one.notes for one in walk(client, includeNotes=True, requireNoteContentClass="x")
    )
    assert 10 == refusal(client, client.getFilteredSyncChunk, 0, 1, both)[0]
    assert (2, "afterUSN") == refusal(client, client.getFilteredSyncChunk, -1, 1, both)
    assert (2, "maxEntries") == refusal(client, client.getFilteredSyncChunk, 0, 0, both)


def test_application_data_comes_whole_only_when_asked_for(client):
    """
    Entries are named; what they hold comes by a wish of its own.
    """
    (meta,) = found(client, "intitle:vidarebefordrat")[:1]
    named = client.getNote(meta.guid, False, False, False, False).attributes.applicationData
    full = whole(client, meta.guid).attributes.applicationData

    assert ({"crm"}, None) == (set(named.keysOnly), named.fullMap)
    assert (None, ["crm"]) == (full.keysOnly, list(full.fullMap))


def test_requests_are_checked(client):
    """
    Wrong sizes, forms and ids are refused with the code and parameter of the IDL.
    """
    meta = found(client)[0]

    def changed(**fields):
        asked = client.new("Note", guid=meta.guid, **{"title": "A", **fields})
        return refusal(client, client.updateNote, asked)

    assert (2, "Note.title") == changed(title=" A")
    assert 11 == changed(content="<en-note/>")[0]
    assert (6, "NoteAttribute.author") == changed(attributes=attributes(client, author="a" * 4097))
    assert (2, "NoteAttributes.author") == changed(attributes=attributes(client, author="a\n"))
    assert (10, "Note.deleted") == changed(deleted=1)
    assert (2, "Note.content") == changed(content=enml.note("a" * 5_242_880))
    assert (2, "Tag.name") == changed(tagNames=["a,b"])
    assert (6, "Note.tagGuids") == changed(tagNames=[str(number) for number in range(101)])
    empty = client.new("Resource", mime="a/b")
    assert (5, "Resource.data") == changed(resources=[empty])
    odd = client.new("Resource", mime="", data=client.new("Data", body=b""))
    assert (2, "Resource.mime") == changed(resources=[odd])
    assert (2, "Note.content") == refusal(client, client.createNote, client.new("Note", title="A"))


def attributes(client, **fields):
    """Return attributes of a note."""
    return client.new("NoteAttributes", **fields)


def test_searches_are_checked(client):
    """
    A search that is too long, or a page that cannot be, is refused.
    """
    spec = client.new("NotesMetadataResultSpec")

    def searched(offset, most, **criteria):
        wanted = client.new("NoteFilter", **criteria)
        return refusal(client, client.findNotesMetadata, wanted, offset, most, spec)

    assert (2, "NoteFilter.words") == searched(0, 1, words="a" * 1025)
    assert (2, "offset") == searched(-1, 1)
    assert (2, "maxNotes") == searched(0, 100_001)
    assert (2, "Note.guid") == refusal(client, client.getNoteTagNames, "")
    assert (5, "Note.guid") == refusal(client, client.listNoteVersions, "")
    assert (2, "Resource.guid") == refusal(client, client.getResource, "", *[False] * 4)


@pytest.mark.parametrize(
    ("method", "fields", "identifier"),
    [
        ("updateNote", {"guid": "x", "title": "A"}, "Note.guid"),
        (
            "createNote",
            {"notebookGuid": "x", "title": "A", "content": enml.note()},
            "Note.notebookGuid",
        ),
        ("createNote", {"tagGuids": ["x"], "title": "A", "content": enml.note()}, "Note.tagGuids"),
    ],
)
def test_unknown_ids_are_told(client, method, fields, identifier):
    """
    What is not there is named by the field that named it.
    """
    with pytest.raises(client.kind("EDAMNotFoundException")) as told:
        getattr(client, method)(client.new("Note", **fields))

    assert (identifier, "x") == (told.value.identifier, told.value.key)

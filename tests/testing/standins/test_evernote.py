"""
What goes wrong with Evernote's stand-in, and what no client reaches.
"""

import http.client
from contextlib import closing

import pytest
from thrift.Thrift import TApplicationException

from klarsyn.testing import Exchange, StillClock, Trouble
from klarsyn.testing.standins import evernote_enml as enml
from klarsyn.testing.standins.evernote import EvernoteStandIn
from klarsyn.testing.standins.evernote_wire import new
from tests.testing import thrift_referee
from tests.testing.evernote_clients import evernote_plus

pytestmark = pytest.mark.network

AUTH_EXPIRED, INTERNAL_ERROR, RATE_LIMIT_REACHED = 9, 4, 19


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
    judged += [one for one in one.exchanges if one.reply.status == 200]


@pytest.fixture
def client(standin, monkeypatch):
    """The generated client."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with evernote_plus(standin) as one:
        yield one


def post(standin, path, body=b""):
    """Return status, type and body of an answer over plain HTTP."""
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request("POST", path, body, {"Content-Type": "application/x-thrift"})
        with connection.getresponse() as reply:
            return reply.status, reply.headers["Content-Type"], reply.read()


def refused(client, call=None):
    """Return the code and parameter with which a call is refused."""
    with pytest.raises(client.kind("EDAMUserException")) as told:
        (call or client.getSyncState)()
    return told.value.errorCode, told.value.parameter


def failed(client):
    """Return the code and seconds with which the service gives up."""
    with pytest.raises(client.kind("EDAMSystemException")) as told:
        client.listTags()
    return told.value.errorCode, told.value.rateLimitDuration


@pytest.mark.parametrize(("token", "code"), [("", 2), ("nonsense", 2), ("S=s1:U=1:E=2:H=3", 8)])
def test_key_is_checked(client, token, code):
    """
    What is no token, and a token that nobody has, are refused in the vendor's form.
    """
    client.token = token

    assert (code, "authenticationToken") == refused(client)


def test_key_is_needed(client, standin):
    """
    A call without a token is refused as one with a wrong token is.
    """
    client.token = None

    assert (2, "authenticationToken") == refused(client)
    standin.exchanges.clear()  # the referee would say the same


def test_key_expires(client, standin):
    """
    After a year the token is told to be old; with a new one work goes on.
    """
    standin.clock.move(days=366)
    assert (AUTH_EXPIRED, "authenticationToken") == refused(client)

    standin.token = client.token = standin.new_token()
    assert client.getSyncState().updateCount > 10


def test_calls_of_an_hour_are_counted(client, standin):
    """
    Who calls too often waits as long as the refusal says; without limits nobody does.
    """
    standin._window.limit = 2
    client.listTags()
    client.listTags()
    code, seconds = failed(client)

    assert (RATE_LIMIT_REACHED, 3601) == (code, seconds)
    standin.limits = False
    client.listTags()
    standin.limits = True
    standin.clock.move(seconds=seconds)
    client.listTags()


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble.THROTTLED, (RATE_LIMIT_REACHED, 95)),
        (Trouble.THROTTLED_SILENTLY, (RATE_LIMIT_REACHED, None)),
        (Trouble.ERROR_IN_OK, (INTERNAL_ERROR, None)),
    ],
)
def test_service_gives_up_in_its_own_form(client, standin, trouble, expected):
    """
    Trouble comes with status 200, as an exception of the method that was called.
    """
    standin.faults.add(trouble, retry_after=95)

    assert expected == failed(client)
    assert 200 == standin.exchanges[-1].reply.status
    client.listTags()


def test_expired_key_by_fault(client, standin):
    """
    A key can be made to be refused once.
    """
    standin.faults.add(Trouble.EXPIRED_KEY, on="POST /shard/*")

    assert (AUTH_EXPIRED, "authenticationToken") == refused(client)
    assert client.getSyncState()


def test_method_without_exceptions_gets_thrifts_own(client, standin):
    """
    A check of the version declares none.
    """
    standin.faults.add(Trouble.THROTTLED)

    with pytest.raises(TApplicationException, match="EDAMSystemException"):
        client.users.checkVersion("Klarsyn", 1, 28)


def test_method_that_is_not_there(client):
    """
    What the stand-in does not know it says it does not know, in trouble too.
    """
    with pytest.raises(TApplicationException, match=r"(?i)unknown.method") as told:
        client.listSearches()

    assert TApplicationException.UNKNOWN_METHOD == told.value.type


@pytest.mark.parametrize("body", [b"", b"GET", b"\x80\x01\x00\x01\xff\xff", b"\x90" * 40])
def test_what_is_no_message_is_refused(standin, body):
    """
    A body that is not Thrift is a bad request, under every fault too.
    """
    assert 400 == post(standin, "/shard/s1/notestore", body)[0]
    standin.faults.add(Trouble.THROTTLED)
    assert 400 == post(standin, "/edam/user", body)[0]


def test_other_paths_are_not_there(standin):
    """
    Only the two services are.
    """
    assert (404, "text/html") == post(standin, "/shard/s2/notestore")[:2]
    standin.faults.add(Trouble.THROTTLED)
    assert 400 == post(standin, "/nowhere")[0]


def test_basic_account_shows_no_versions(client, standin):
    """
    Only paid accounts do.
    """
    standin.premium = False
    guid = next(iter(standin.account.versions))

    assert 3 == refused(client, lambda: client.listNoteVersions(guid))[0]
    assert 1 == client.users.getUser(client.token).serviceLevel


def test_version_that_never_was(client, standin):
    """
    Its number is told.
    """
    guid = next(iter(standin.account.versions))
    with pytest.raises(client.kind("EDAMNotFoundException")) as told:
        client.getNoteVersion(guid, 1, False, False, False)

    assert ("Note.updateSequenceNumber", "1") == (told.value.identifier, told.value.key)


def test_note_can_be_created_in_the_trash_and_moved_there(client, standin):
    """
    `active` false is the trash, with the client's own instant.
    """
    asked = client.new("Note", title="A", content=enml.note(), active=False, deleted=1000)
    note = client.createNote(asked)
    other = client.createNote(client.new("Note", title="B", content=enml.note()))
    moved = client.updateNote(client.new("Note", guid=other.guid, title="B", active=False))

    assert (False, 1000) == (note.active, note.deleted)
    assert (False, standin.account.now()) == (moved.active, moved.deleted)


def test_resource_keeps_its_body_when_renamed(client, standin):
    """
    A resource named by its guid needs no body; its attributes may change.
    """
    note = next(one for one in standin.account.notes.values() if one.title == "Visitkort")
    named = client.new("ResourceAttributes", fileName="kort.vcf")
    held = client.new("Resource", guid=note.resources[0].guid, attributes=named)
    bare = client.new("Resource", guid=note.resources[0].guid)
    for resource in (held, bare):
        client.updateNote(client.new("Note", guid=note.guid, title="A", resources=[resource]))
    kept = client.getResource(held.guid, True, False, True, False)

    assert "kort.vcf" == kept.attributes.fileName
    assert kept.data.body.startswith(b"BEGIN:VCARD")
    assert client.getResource(held.guid, False, False, False, False).attributes is None


def test_text_of_a_note_as_words(client, standin):
    """
    Words are without punctuation; what was recognised in pictures comes when it is wanted.
    """
    guid = next(one.guid for one in standin.account.notes.values() if one.title.startswith("Foto"))
    person = next(one.person for one in standin.planted if "recognition" in one.place)

    assert "från besöket" == client.getNoteSearchText(guid, True, True)
    assert person.name in client.getNoteSearchText(guid, False, False)


def test_filter_may_be_left_out(client, standin):
    """
    Without wishes a chunk is empty and a page holds guids.
    """
    assert client.getFilteredSyncChunk(0, 10, None).chunkHighUSN is None
    assert 3 == len(client.findNotesMetadata(None, 0, 3, None).notes)
    with pytest.raises(client.kind("EDAMNotFoundException"), match=r"Notebook\.guid"):
        client.findNotesMetadata(client.new("NoteFilter", notebookGuid="x"), 0, 3, None)


def test_same_seed_same_content():
    """
    Two stand-ins with one seed are alike, guids and numbers too.
    """
    clock = StillClock()

    assert EvernoteStandIn(clock=clock).account.notes == EvernoteStandIn(clock=clock).account.notes


def test_nobody_is_planted_in_an_empty_office():
    """
    Without people there are only notes about coffee.
    """
    account = EvernoteStandIn(clock=StillClock(), count=0).account

    assert ["Inköpslista", "Veckomöte"] == [one.title for one in account.notes.values()]
    assert new("Tag") == new("Tag")


@pytest.mark.parametrize(
    "content",
    [
        "<en-note/>",
        enml.note().replace("en-note>", "html>"),
        enml.note().replace("<en-note>", "<en-note><script/>"),
        enml.note().replace("<en-note>", '<en-note><div id="a"/>'),
        enml.note().replace("<en-note>", "<en-note><div>"),
        enml.note().replace('dtd"', 'dtd" [<!ENTITY a "b">]'),
    ],
)
def test_content_that_is_no_enml(content):
    """
    Prohibited elements, attributes and entities, and bad XML, are refused.
    """
    with pytest.raises(enml.Invalid):
        enml.text(content)


def test_text_of_enml():
    """
    Blocks are lines, words are not torn, entities of HTML are read.
    """
    content = enml.note("a < b").replace("a &lt;", "A<b>B</b>&nbsp;&lt;")

    assert "AB\xa0< b" == enml.text(content)
    assert "a\nb" == enml.text(enml.note("a", "b"))

"""
Thrift as Klarsyn speaks it: the IDL against the vendor's, calls as bytes, replies read strictly.
"""

import inspect
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.thrift import TPayload
from thriftpy2.transport.memory import TMemoryBuffer

from klarsyn.transport.auth import Outgoing
from klarsyn.transport.connection import Connection
from klarsyn.transport.thrift import METHOD, Interface, KeyArgument, Method, _loaded
from klarsyn.transport.words import Api, Place, Repeat
from tests.testing import thrift_referee
from tests.testing.standins.test_evernote_idl import fields, vendors
from tests.testing.thrift_referee import vendor

needs_idl = pytest.mark.skipif(
    not thrift_referee.available(), reason="KLARSYN_CONTRACTS names no folder with Evernote's IDL"
)
NOTES = Interface("evernote", "NoteStore", host="notes")
IDL = _loaded("evernote")
STRUCTS = {
    name: one
    for name, one in vars(IDL).items()
    if inspect.isclass(one) and issubclass(one, TPayload)
}
ENUMS = [name for name, one in vars(IDL).items() if hasattr(one, "_VALUES_TO_NAMES")]


# The IDL


@needs_idl
@pytest.mark.parametrize("name", sorted(STRUCTS))
def test_struct_is_the_vendors(name):
    """
    Each field has the vendor's number, type, name and need.
    """
    assert fields(STRUCTS[name]).items() <= fields(vendors(name)).items()


@needs_idl
@pytest.mark.parametrize("name", sorted(STRUCTS))
def test_what_is_required_is_there(name):
    """
    A struct that is sent lacks nothing that the vendor requires.
    """
    required = {spec[1] for spec in vendors(name).thrift_spec.values() if spec[-1]}

    assert required <= {spec[1] for spec in STRUCTS[name].thrift_spec.values()}


@needs_idl
@pytest.mark.parametrize("name", ENUMS)
def test_words_are_the_vendors(name):
    """
    Each number means what it means to the vendor.
    """
    ours, theirs = getattr(IDL, name), vendors(name)

    assert ours._VALUES_TO_NAMES.items() <= theirs._VALUES_TO_NAMES.items()


@needs_idl
@pytest.mark.parametrize("service", ["UserStore", "NoteStore"])
def test_methods_are_the_vendors(service):
    """
    Each method takes, gives and throws what the vendor's does.
    """
    ours, theirs = getattr(IDL, service), getattr(vendor(service), service)

    for method in ours.thrift_services:
        for part in ("args", "result"):
            name = f"{method}_{part}"
            assert fields(getattr(theirs, name)) == fields(getattr(ours, name)), name


def test_only_two_methods_write():
    """
    What deletes for good, shares or mails is not in the IDL and so cannot be called.
    """
    reading = ("get", "list", "find")
    writing = [one for one in IDL.NoteStore.thrift_services if not one.startswith(reading)]

    assert ["updateNoteIfUsnMatches", "deleteNote"] == writing
    assert ["getUser", "getUserUrls"] == IDL.UserStore.thrift_services


# Calls


def sent(method, body):
    """Return the name, kind and arguments of a call, as thriftpy2 reads them."""
    protocol = TBinaryProtocol(TMemoryBuffer(method.encode(body)))
    name, kind, _ = protocol.read_message_begin()
    arguments = getattr(IDL.NoteStore, f"{name}_args")()
    arguments.read(protocol)
    return name, kind, arguments


def test_call_is_a_message():
    """
    Structs, lists and maps go as the IDL has them; what is None is not sent.
    """
    note = {
        "guid": "g",
        "title": "Å",
        "resources": [{"guid": "r"}],
        "tagGuids": [],
        "attributes": {"author": None, "applicationData": {"fullMap": {"a": "b"}}},
    }
    name, kind, arguments = sent(Method(NOTES, "updateNoteIfUsnMatches"), {"note": note})

    assert ("updateNoteIfUsnMatches", 1) == (name, kind)
    assert ("g", "Å", []) == (arguments.note.guid, arguments.note.title, arguments.note.tagGuids)
    assert ["r"] == [one.guid for one in arguments.note.resources]
    assert {"a": "b"} == arguments.note.attributes.applicationData.fullMap
    assert arguments.note.attributes.author is None
    assert arguments.note.content is None


@pytest.mark.parametrize("body", [{"nosuch": 1}, {"note": {"nosuch": 1}}])
def test_unknown_argument_is_a_mistake(body):
    """
    A sheet cannot send what the IDL does not know.
    """
    with pytest.raises(KeyError, match="nosuch"):
        Method(NOTES, "updateNoteIfUsnMatches").encode(body)


def test_guids_are_never_blank():
    """
    A place that names a record may be left blank as little as one in a path.
    """
    call = METHOD(NOTES, "x", noteGuid=Place("a"), words=Place("b"), note={"guid": Place("c")})

    assert ("a", "c") == call.places
    assert "NoteStore.x" == call.template
    assert Repeat.LOOK_FIRST == call.repeat
    assert not call.reads


def test_key_is_the_first_argument():
    """
    The key is put into a call when it is signed, and stands nowhere before.
    """
    outgoing = Outgoing("POST", "", {}, Method(NOTES, "deleteNote").encode({"guid": "g"}))
    auth = KeyArgument("{token}")
    api = Api(base="", hosts=(), auth=auth, settings=(), reference="", read_on="")
    with Connection("x", api, {"token": "Å:1"}) as connection:
        auth.sign(outgoing, connection)
        assert not auth.renew(connection)
    protocol = TBinaryProtocol(TMemoryBuffer(outgoing.content))
    protocol.read_message_begin()
    arguments = IDL.NoteStore.deleteNote_args()
    arguments.read(protocol)

    assert ("Å:1", "g") == (arguments.authenticationToken, arguments.guid)


# Replies


def text(value, number=0):
    """Return a text field."""
    return struct.pack(">bhi", 11, number, len(value)) + value


def reply(body, kind=2, name=b"listTags"):
    """Return a reply of a method."""
    return b"\x80\x01\x00" + bytes([kind]) + struct.pack(">i", len(name)) + name + bytes(4) + body


def tags(*each, item=12):
    """Return the outcome of listTags."""
    return b"\x0f\0\0" + struct.pack(">bi", item, len(each)) + b"".join(each) + b"\0"


#: guid and name; and fields that the IDL does not know: a map of lists of structs, a double, a set.
TAG = text(b"g", 1) + text("Åsa".encode(), 2)
NEWER = (
    b"\x0d\0\x63\x0b\x0f" + struct.pack(">i", 1) + struct.pack(">i", 1) + b"\xff"
    b"\x0c" + struct.pack(">i", 1) + b"\x02\0\x01\x01\0"
    b"\x04\0\x64" + bytes(8) + b"\x0e\0\x65\x08" + struct.pack(">i", 1) + bytes(4)
)
WHOLE = reply(tags(TAG + NEWER + b"\0", b"\0"))
LIST_TAGS = Method(NOTES, "listTags")


def test_reply_is_dicts():
    """
    Fields by their names, those of a newer service passed over.
    """
    assert {"success": [{"guid": "g", "name": "Åsa"}, {}]} == LIST_TAGS.decode(WHOLE)


def test_exception_is_an_outcome():
    """
    Numbers that the IDL names come as words, others as numbers.
    """
    thrown = b"\x0c\0\x01\x08\0\x01" + struct.pack(">i", 9) + text(b"p", 2) + b"\0\0"
    unknown = thrown.replace(struct.pack(">i", 9), struct.pack(">i", 99))

    expected = {"userException": {"errorCode": "AUTH_EXPIRED", "parameter": "p"}}
    assert expected == LIST_TAGS.decode(reply(thrown))
    assert 99 == LIST_TAGS.decode(reply(unknown))["userException"]["errorCode"]


def test_service_that_fails_itself_is_an_outcome():
    """
    What Thrift says for a service has a name of its own.
    """
    body = text(b"no", 1) + b"\x08\0\x02" + struct.pack(">i", 6) + b"\0"

    expected = {"applicationException": {"message": "no", "type": 6}}
    assert expected == LIST_TAGS.decode(reply(body, kind=3))


def test_bytes_stay_bytes():
    """
    A field that the IDL calls binary is not read as text.
    """
    data = b"\x0c\0\0\x0c\0\x03" + text(b"\xff", 3) + b"\0\0\0"
    found = Method(NOTES, "getResource").decode(reply(data, name=b"getResource"))

    assert {"success": {"data": {"body": b"\xff"}}} == found


@pytest.mark.parametrize("end", range(len(WHOLE)))
def test_half_a_reply_is_none(end):
    """
    Wherever a reply is cut off, it is not taken for a shorter one.
    """
    with pytest.raises(ValueError, match=r"cut off|longer|no reply"):
        LIST_TAGS.decode(WHOLE[:end])


DEEP = b"\x0c\0\x63" * 40 + b"\0" * 41
BROKEN = {
    "bytes after the end": WHOLE + b"\0",
    "no outcome": reply(b"\0"),
    "two outcomes": reply(tags()[:-1] + b"\x0c\0\x01\x08\0\x01" + bytes(4) + b"\0\0"),
    "another method": WHOLE.replace(b"listTags", b"listTogs"),
    "another protocol": b"\x00" + WHOLE[1:],
    "a call": reply(tags(), kind=1),
    "another type": reply(tags(b"\x08\0\x02" + bytes(4) + b"\0")),
    "other items": reply(tags(bytes(4), item=8)),
    "a required field is missing": reply(b"\x0c\0\x01\0\0"),
    "no text": reply(tags(text(b"\xff", 2) + b"\0")),
    "a negative size": reply(b"\x0f\0\0\x0c\xff\xff\xff\xff\0"),
    "a size beyond the end": reply(b"\x0f\0\0\x0c\x7f\xff\xff\xff\0"),
    "no type": reply(tags(b"\x63\0\x63\0")),
    "too deep": reply(DEEP),
    "a key that is a list": reply(
        tags(b"\x0d\0\x63\x0f\x02" + struct.pack(">i", 1) + b"\x02" + bytes(4) + b"\x01\0")
    ),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=list(BROKEN))
def test_broken_reply_is_refused(content):
    """
    What is not exactly one outcome of the method that was called is no reply.
    """
    with pytest.raises(ValueError, match=r"\w") as told:
        LIST_TAGS.decode(content)
    assert told.value.__cause__ is None


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_value_or_a_refusal(body):
    """
    No bytes make the reader raise anything else, or run on.
    """
    for kind in (2, 3):
        try:
            LIST_TAGS.decode(reply(body, kind=kind))
        except ValueError:
            continue

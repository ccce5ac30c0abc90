"""
The stand-in's IDL against the vendor's, and the referee against what it must tell.
"""

import inspect

import pytest
from thriftpy2.thrift import TPayload, TType

from klarsyn.testing import Exchange, Reply, Request, StillClock
from klarsyn.testing.standins.evernote import EvernoteStandIn
from klarsyn.testing.standins.evernote_wire import CONTENT_TYPE, Code, idl
from tests.testing import thrift_referee
from tests.testing.referee import REFEREED
from tests.testing.thrift_referee import vendor

needs_idl = pytest.mark.skipif(
    not thrift_referee.available(), reason="KLARSYN_CONTRACTS names no folder with Evernote's IDL"
)


def spelled(kind):
    """Return a type by names, so that types of two IDLs can be compared."""
    if isinstance(kind, tuple):
        return tuple(map(spelled, kind))
    return kind.__name__ if isinstance(kind, type) else kind


def fields(cls):
    """Return number, type, name and need of each field of a struct."""
    return {number: spelled(spec) for number, spec in cls.thrift_spec.items()}


def structs(module):
    """Return the structs of an IDL by name."""
    return {
        name: one
        for name, one in vars(module).items()
        if inspect.isclass(one) and issubclass(one, TPayload)
    }


def vendors(name):
    """Return what the vendor has by that name."""
    note_store, user_store = vendor("NoteStore"), vendor("UserStore")
    places = (note_store, user_store, note_store.Types, note_store.Errors)
    return next(getattr(one, name) for one in places if hasattr(one, name))


@needs_idl
@pytest.mark.parametrize("name", sorted(structs(idl())))
def test_struct_is_the_vendors(name):
    """
    Each field has the vendor's number, type, name and need.
    """
    assert fields(structs(idl())[name]).items() <= fields(vendors(name)).items()


@needs_idl
@pytest.mark.parametrize("service", ["UserStore", "NoteStore"])
def test_methods_are_the_vendors(service):
    """
    Each method takes, gives and throws what the vendor's does.
    """
    ours, theirs = getattr(idl(), service), getattr(vendor(service), service)

    for method in ours.thrift_services:
        for part in ("args", "result"):
            name = f"{method}_{part}"
            assert fields(getattr(theirs, name)) == fields(getattr(ours, name)), name


@needs_idl
def test_codes_are_the_vendors():
    """
    The codes in Python are those of the IDL.
    """
    names = vendors("EDAMErrorCode")._VALUES_TO_NAMES

    assert {int(code): code.name for code in Code}.items() <= names.items()


def exchange(body, reply=None):
    """Return an exchange of the user's service."""
    request = Request("POST", "/edam/user", {}, {}, body)
    return Exchange(request, Reply(200, reply, content_type=CONTENT_TYPE))


@pytest.fixture
def told():
    """Judge an exchange of getUser with these bytes, without counting it."""

    def judge(arguments, answer=None):
        head = b"\0\0\0\x07getUser\0\0\0\0"
        body = b"\x80\x01\0\x01" + head + arguments
        one = exchange(body, b"\x80\x01\0\x02" + head + (answer or user(b"")))
        before = REFEREED["evernote"]
        complaints = thrift_referee.judge(one)
        REFEREED["evernote"] = before
        return complaints

    return judge


TOKEN = b"\x0b\0\x01\0\0\0\x01t"
#: id, username, active and shardId.
NEEDED = b"\x08\0\x01\0\0\0\x01\x0b\0\x02\0\0\0\0\x02\0\x0d\x01\x0b\0\x0e\0\0\0\0"


def user(more):
    """Return the result of getUser as bytes."""
    return b"\x0c\0\0" + NEEDED + more + b"\0\0"


@needs_idl
@pytest.mark.parametrize(
    ("arguments", "answer", "complaint"),
    [
        (TOKEN + b"\0", None, None),
        (b"\0", None, "getUser: no token"),
        (TOKEN + b"\x08\0\x63\0\0\0\0\0", None, "getUser: field 99 is unknown"),
        (b"\x08\0\x01\0\0\0\0\0", None, "getUser.authenticationToken: type 8 instead of 11"),
        (TOKEN + b"\0\0", None, "getUser: bytes after the end"),
        (TOKEN + b"\0", b"\0", "getUser reply: 0 outcomes"),
        (TOKEN + b"\0", b"\x0c\0\x01\0\0", "getUser reply.userException: errorCode is missing"),
        (TOKEN + b"\0", user(b"\x02\0\x05\x01"), "getUser reply.success: field 5 is unknown"),
    ],
)
def test_referee_tells(told, arguments, answer, complaint):
    """
    Unknown fields, other types, what is missing, and what comes after the end.
    """
    assert ([complaint] if complaint else []) == told(arguments, answer)


@needs_idl
def test_referee_tells_what_is_nowhere():
    """
    Paths, methods and replies that the vendor has not.
    """
    elsewhere = Exchange(Request("POST", "/x", {}, {}, b""), Reply())
    unheard = exchange(
        b"\x80\x01\0\x01\0\0\0\x01x\0\0\0\0\0", b"\x80\x01\0\x03\0\0\0\x01x\0\0\0\0\0"
    )
    page = Exchange(unheard.request, Reply(200, "", content_type="text/html"))
    before = REFEREED["evernote"]

    assert ["/x: no such service"] == thrift_referee.judge(elsewhere)
    assert ["x: no such method"] == thrift_referee.judge(unheard)
    assert ["x: no such method", "reply: not Thrift"] == thrift_referee.judge(page)
    REFEREED["evernote"] = before


def test_every_method_is_there():
    """
    What the IDL declares the stand-in does.
    """
    standin = EvernoteStandIn(clock=StillClock())
    named = [*idl().UserStore.thrift_services, *idl().NoteStore.thrift_services]
    snake = ["".join(f"_{c.lower()}" if c.isupper() else c for c in name) for name in named]

    assert 21 == len(named)
    assert [] == [one for one in snake if not hasattr(standin, one)]
    assert TType.BINARY == idl().Data.thrift_spec[1][0]

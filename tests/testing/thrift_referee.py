"""
The referee of Evernote: what goes over the wire, byte by byte, held against the vendor's own IDL.

It reads Thrift's binary protocol itself, since libraries overlook fields that they do not know.
"""

import os
import struct
from functools import cache
from pathlib import Path

import thriftpy2
from thriftpy2.thrift import TType

from klarsyn.testing import Exchange
from tests.testing.referee import REFEREED

SERVICES = {"/edam/user": "UserStore", "/shard/s1/notestore": "NoteStore"}
FIXED = {
    TType.BOOL: 1,
    TType.BYTE: 1,
    TType.I16: 2,
    TType.I32: 4,
    TType.I64: 8,
    TType.DOUBLE: 8,
}
#: What a real reply never lacks, though the IDL requires none of it.
ALWAYS = {
    "Note": "guid title contentHash contentLength created updated active updateSequenceNum "
    "notebookGuid",
    "Notebook": "guid name updateSequenceNum serviceCreated serviceUpdated",
    "Tag": "guid name updateSequenceNum",
    "Resource": "guid noteGuid data mime active updateSequenceNum",
    "Data": "bodyHash size",
    "User": "id username active shardId",
    "SharedNotebook": "id notebookGuid email globalId",
    "UserUrls": "noteStoreUrl userStoreUrl webApiUrlPrefix",
}


@cache
def vendor(service):
    """Return the vendor's own IDL of a service, or None where this machine has none."""
    root = os.environ.get("KLARSYN_CONTRACTS") or os.devnull
    path = Path(root) / "evernote" / f"{service}.thrift"
    if not path.is_file():
        return None
    return thriftpy2.load(str(path), module_name=f"vendor_{service.lower()}_thrift")


def available():
    """Return whether this machine has the vendor's IDL."""
    return vendor("NoteStore") is not None


class Wire:
    """Bytes being read, and what is wrong with them."""

    def __init__(self, content):
        self.content = content
        self.at = 0
        self.complaints = []

    def take(self, form):
        """Return the next value of that form (see `struct`)."""
        (value,) = struct.unpack_from(f">{form}", self.content, self.at)
        self.at += struct.calcsize(form)
        return value

    def text(self):
        """Return the next string's bytes."""
        size = self.take("i")
        assert 0 <= size <= len(self.content) - self.at, "a string goes beyond the end"
        self.at += size
        return self.content[self.at - size : self.at]

    def message(self):
        """Return the type and the name of the message that begins here."""
        version = self.take("I")
        assert version >> 16 == 0x8001, "no strict binary protocol"
        name = self.text().decode()
        self.take("i")
        return version & 0xFF, name


def read(wire, actual, wanted, where, always):
    """Read a value, hold it against a type: (number, what is inside), and tell what is amiss."""
    kind, inside = wanted if isinstance(wanted, tuple) else (wanted, None)
    if kind == TType.BINARY:
        kind = TType.STRING
    if kind not in {None, actual}:
        wire.complaints.append(f"{where}: type {actual} instead of {kind}")
        inside = None
    if actual in FIXED:
        wire.at += FIXED[actual]
    elif actual == TType.STRING:
        wire.text()
    elif actual == TType.STRUCT:
        read_struct(wire, inside, where, always)
    elif actual in {TType.LIST, TType.SET}:
        item, size = wire.take("b"), wire.take("i")
        for _ in range(size):
            read(wire, item, inside, f"{where}[]", always)
    else:
        assert actual == TType.MAP, f"{where}: no type {actual}"
        kinds, size = (wire.take("b"), wire.take("b")), wire.take("i")
        for _ in range(size):
            for actual_kind, wanted_kind in zip(kinds, inside or (None, None), strict=True):
                read(wire, actual_kind, wanted_kind, f"{where}{{}}", always)


def read_struct(wire, cls, where, always):
    """Read a struct; tell the fields that its class does not know, and those it lacks."""
    known = getattr(cls, "thrift_spec", {})
    met = set()
    while (actual := wire.take("b")) != TType.STOP:
        number = wire.take("h")
        spec = known.get(number)
        if cls is not None and spec is None:
            wire.complaints.append(f"{where}: field {number} is unknown")
        name = spec[1] if spec else str(number)
        wanted = (spec[0], spec[2] if len(spec) == 4 else None) if spec else (None, None)
        read(wire, actual, wanted, f"{where}.{name}", always)
        met.add(name)
    required = {spec[1] for spec in known.values() if spec[-1]}
    required |= set(always.get(getattr(cls, "__name__", ""), "").split())
    wire.complaints += [f"{where}: {name} is missing" for name in sorted(required - met)]
    return met


def judge(exchange: Exchange) -> list[str]:
    """Return what is wrong with an exchange, and count it."""
    REFEREED["evernote"] += 1
    path = exchange.request.path
    if path not in SERVICES:
        return [f"{path}: no such service"]
    service = getattr(vendor(SERVICES[path]), SERVICES[path])
    return [*_request(service, exchange), *_reply(service, exchange)]


def _request(service, exchange):
    wire = Wire(exchange.request.body)
    kind, name = wire.message()
    if kind != 1 or name not in service.thrift_services:
        return [f"{name}: no such method"]
    met = read_struct(wire, getattr(service, f"{name}_args"), name, {})
    if "authenticationToken" not in met and name != "checkVersion":
        wire.complaints.append(f"{name}: no token")
    return [*wire.complaints, *_rest(wire, name)]


def _reply(service, exchange):
    if exchange.reply.content_type != "application/x-thrift":
        return [] if exchange.fault else ["reply: not Thrift"]
    wire = Wire(exchange.reply.content)
    kind, name = wire.message()
    if kind == 3:  # Thrift's own exception: for methods that are not there, or declare none
        return []
    met = read_struct(wire, getattr(service, f"{name}_result"), f"{name} reply", ALWAYS)
    if len(met) != 1:
        wire.complaints.append(f"{name} reply: {len(met)} outcomes")
    return [*wire.complaints, *_rest(wire, f"{name} reply")]


def _rest(wire, name):
    return [] if wire.at == len(wire.content) else [f"{name}: bytes after the end"]

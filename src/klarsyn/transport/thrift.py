"""
Thrift's binary protocol over HTTP: a vendor's methods as calls, what they say as dicts.

An IDL of ours, beside this file, names the methods and fields that Klarsyn uses; it is loaded when
the first call is made. Replies are read here and not by thriftpy2, which takes a text that was cut
off for a shorter one and passes over a field of another type than the IDL's.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from klarsyn.transport.words import Call, Place, Repeat

if TYPE_CHECKING:
    from klarsyn.transport.auth import Outgoing
    from klarsyn.transport.connection import Connection

_VERSION, _CALL, _REPLY, _EXCEPTION = 0x8001, 1, 2, 3
_STOP, _STRING, _STRUCT, _MAP, _SET, _LIST, _BINARY = 0, 11, 12, 13, 14, 15, 18
#: Types of one size, with their forms in `struct`: bool, byte, double, i16, i32, i64.
_FORMS = {2: "?", 3: "b", 4: "d", 6: "h", 8: "i", 10: "q"}
#: The IDL nests about six deep; what nests deeper is meant to exhaust the reader.
_DEPTH = 32
#: TApplicationException: what a service says that does not know the method, or has failed itself.
_APPLICATION = {1: (_STRING, "message", False), 2: (8, "type", False)}


@dataclass(frozen=True, slots=True)
class Interface:
    """A service of an IDL of ours, and the base of the API that it is called at."""

    idl: str
    name: str
    path: str = ""
    host: str = ""


def METHOD(  # noqa: N802  (reads like GET)
    service: Interface,
    name: str,
    *,
    reads: bool = False,
    repeat: Repeat = Repeat.LOOK_FIRST,
    **arguments: Any,
) -> Call:
    """
    Return the call of a method with these arguments; unless told otherwise, look before a repeat.

    The reply is a dict of one outcome: `success`, an exception by the name that the method gives
    it, or `applicationException`. A place that names a record by its guid is never left blank.
    """
    return Call(
        "POST",
        service.path,
        body=arguments,
        items="success",
        reads=reads,
        repeat=repeat,
        absent=(),
        host=service.host,
        codec=Method(service, name),
        solid=tuple(_guids(arguments)),
        name=f"{service.name}.{name}",
    )


def _guids(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places that guids fill."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _guids(value)
        elif isinstance(value, Place) and name.lower().endswith("guid"):
            yield value.name


@dataclass(frozen=True)
class KeyArgument:
    """The key is the first argument of every method; {settings} are filled in."""

    value: str

    def sign(self, outgoing: Outgoing, connection: Connection) -> None:
        """Put the key before the arguments, whose struct begins after name and number."""
        key = connection.filled(self.value).encode()
        begin = 12 + int.from_bytes(outgoing.content[4:8])
        argument = struct.pack(">bhi", _STRING, 1, len(key)) + key
        outgoing.content = outgoing.content[:begin] + argument + outgoing.content[begin:]

    def renew(self, connection: Connection) -> bool:
        """Return False: such a key cannot be renewed by asking."""
        del connection
        return False


@dataclass(frozen=True, slots=True)
class Method:
    """How arguments and replies of one method are written."""

    service: Interface
    name: str

    content_type: ClassVar[str] = "application/x-thrift"

    def encode(self, body: Any) -> bytes:
        """Return a call with these arguments; KeyError where the IDL has no such argument."""
        from thriftpy2.protocol.binary import TBinaryProtocol
        from thriftpy2.transport.memory import TMemoryBuffer

        memory: Any = TMemoryBuffer  # thriftpy2 gives these two no types
        binary: Any = TBinaryProtocol
        buffer = memory()
        protocol = binary(buffer)
        protocol.write_message_begin(self.name, _CALL, 1)
        _made(self._kind("args"), body).write(protocol)
        return bytes(buffer.getvalue())

    def decode(self, content: bytes) -> dict[str, Any]:
        """Return the one outcome of a reply; ValueError where it is not whole."""
        reading = _Reading(content)
        try:
            outcome = reading.message(self.name, self._kind("result").thrift_spec)
        except (struct.error, UnicodeDecodeError, TypeError):
            # Not chained: a decoding error of Python holds the text. A map that is passed over can
            # have keys that no dict takes.
            raise ValueError("cut off or no text") from None
        if reading.at != len(content) or len(outcome) != 1:
            raise ValueError("not one outcome")
        return outcome

    def _kind(self, part: str) -> Any:
        service = getattr(_loaded(self.service.idl), self.service.name)
        return getattr(service, f"{self.name}_{part}")


@cache
def _loaded(idl: str) -> ModuleType:
    """Return the classes of an IDL beside this file."""
    import thriftpy2

    path = Path(__file__).with_name(f"{idl}.thrift")
    return thriftpy2.load(str(path), module_name=f"klarsyn_transport_{idl}_thrift")


# Writing


def _made(kind: Any, fields: Mapping[str, Any]) -> Any:
    """Return a struct of thriftpy2's; what is None is not sent."""
    types = {spec[1]: _type(spec) for spec in kind.thrift_spec.values()}
    values = {name: _value(types[name], value) for name, value in fields.items()}
    return kind(**values)


def _value(of: tuple[int, Any], value: Any) -> Any:
    kind, inside = of
    if kind == _STRUCT and value is not None:
        return _made(inside, value)
    if kind in {_LIST, _SET} and value is not None:
        return [_value(_inner(inside), one) for one in value]
    return value


# Reading


class _Reading:
    """A reply being read, against the fields that the IDL knows; others are passed over."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def message(self, name: str, result: Mapping[int, Any]) -> dict[str, Any]:
        """Return what came of a method, by the name of the outcome."""
        kind = self._next("I")
        if kind >> 16 != _VERSION or self._bytes() != name.encode():
            raise ValueError("no reply of this method")
        self._next("i")
        if kind & 0xFF == _EXCEPTION:
            return {"applicationException": self._fields(_APPLICATION, _DEPTH)}
        if kind & 0xFF != _REPLY:
            raise ValueError("no reply")
        return self._fields(result, _DEPTH)

    def _next(self, form: str) -> Any:
        (value,) = struct.unpack_from(f">{form}", self.content, self.at)
        self.at += struct.calcsize(form)
        return value

    def _size(self) -> int:
        """Return how many bytes or items follow; each item has a byte at least."""
        size = int(self._next("i"))
        if not 0 <= size <= len(self.content) - self.at:
            raise ValueError("longer than the reply")
        return size

    def _bytes(self) -> bytes:
        size = self._size()
        self.at += size
        return self.content[self.at - size : self.at]

    def _fields(self, known: Mapping[int, Any], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (actual := self._next("b")) != _STOP:
            spec = known.get(self._next("h"))
            value = self._read(actual, _type(spec) if spec else None, depth - 1)
            if spec:
                found[spec[1]] = value
        if any(spec[-1] and spec[1] not in found for spec in known.values()):
            raise ValueError("a required field is missing")
        return found

    def _read(self, actual: int, of: tuple[int, Any] | None, depth: int) -> Any:
        wanted, inside = of or (actual, None)
        if actual != (_STRING if wanted == _BINARY else wanted) or depth < 0:
            raise ValueError("another type, or too deep")
        if actual in _FORMS:
            value = self._next(_FORMS[actual])
            # What an IDL calls an enum is a number on the wire.
            return getattr(inside, "_VALUES_TO_NAMES", {}).get(value, value)
        if actual == _STRING:
            raw = self._bytes()
            return raw.decode() if of and wanted == _STRING else raw
        if actual == _STRUCT:
            return self._fields(getattr(inside, "thrift_spec", {}), depth)
        if actual in {_LIST, _SET}:
            item, size = self._next("b"), self._size()
            return [self._read(item, _inner(inside), depth - 1) for _ in range(size)]
        if actual != _MAP:
            raise ValueError("no type of Thrift's")
        kinds, size = (self._next("b"), self._next("b")), self._size()
        key, value = (_inner(one) for one in inside or (None, None))
        return {
            self._read(kinds[0], key, depth - 1): self._read(kinds[1], value, depth - 1)
            for _ in range(size)
        }


def _type(spec: tuple[Any, ...]) -> tuple[int, Any]:
    """Return the type of a field, and what is inside it, which simple ones do not tell."""
    return spec[0], spec[2] if len(spec) > len(("type", "name", "need")) else None


def _inner(inside: Any) -> Any:
    """Return the type of the items of a container, in the form of `_type`."""
    return (inside, None) if isinstance(inside, int) else inside

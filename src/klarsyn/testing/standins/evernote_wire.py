"""
Evernote's Thrift: a request's bytes become a call, what comes of it becomes the reply's bytes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import thriftpy2
from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.thrift import TApplicationException, TException, TProcessor
from thriftpy2.transport.memory import TMemoryBuffer

Struct: TypeAlias = Any
"""A Thrift struct: its class is made from evernote.thrift at run time."""

#: thriftpy2 leaves these two without types.
_Protocol: Any = TBinaryProtocol
_Buffer: Any = TMemoryBuffer

CONTENT_TYPE = "application/x-thrift"


class Unreadable(Exception):
    """A request body is no Thrift message."""


class Code(IntEnum):
    """The error codes that the stand-in gives."""

    BAD_DATA_FORMAT = 2
    PERMISSION_DENIED = 3
    INTERNAL_ERROR = 4
    DATA_REQUIRED = 5
    LIMIT_REACHED = 6
    INVALID_AUTH = 8
    AUTH_EXPIRED = 9
    DATA_CONFLICT = 10
    ENML_VALIDATION = 11
    RATE_LIMIT_REACHED = 19


@cache
def idl() -> ModuleType:
    """Return the classes of evernote.thrift, made at first use."""
    path = Path(__file__).with_name("evernote.thrift")
    return thriftpy2.load(str(path), module_name="klarsyn_testing_evernote_thrift")


def new(kind: str, **fields: object) -> Struct:
    """Return a struct of that name; a field that is not given is not sent."""
    return getattr(idl(), kind)(**fields)


def refused(code: Code, parameter: str) -> Exception:
    """Return what is raised where the caller can do better."""
    error: Exception = new("EDAMUserException", errorCode=int(code), parameter=parameter)
    return error


def failed(code: Code, message: str | None = None, seconds: int | None = None) -> Exception:
    """Return what is raised where the service has a problem, or has had enough."""
    error: Exception = new(
        "EDAMSystemException", errorCode=int(code), message=message, rateLimitDuration=seconds
    )
    return error


def missing(identifier: str, key: str | None) -> Exception:
    """Return what is raised where nothing has that id."""
    error: Exception = new("EDAMNotFoundException", identifier=identifier, key=key)
    return error


class Endpoint:
    """One of the two services: reads calls, has them performed, writes what came of them."""

    def __init__(self, name: str, perform: Callable[[str, tuple[Any, ...]], Any]) -> None:
        """Let `perform` do what is called, by its name in Python and its arguments."""
        self._processor = TProcessor(getattr(idl(), name), _Calls(perform))

    def reply(self, body: bytes, instead: Exception | None = None) -> bytes:
        """Return the reply to a request body; `instead` is raised and nothing performed."""
        try:
            incoming = _Protocol(_Buffer(body), strict_read=False)
            name, number, result, call = self._processor.process_in(incoming)
        except (TException, EOFError, struct.error, UnicodeDecodeError, ValueError) as error:
            raise Unreadable(str(error)) from error
        buffer = _Buffer()
        outgoing = _Protocol(buffer)
        try:
            _settle(result, call, instead)
        except TException as error:
            if call is None or not self._processor.handle_exception(error, result):
                self._processor.send_exception(outgoing, name, _plain(error), number)
                return bytes(buffer.getvalue())
        self._processor.send_result(outgoing, name, result, number)
        return bytes(buffer.getvalue())


def _settle(result: Any, call: Callable[[], Any] | None, instead: Exception | None) -> None:
    """Put a call's outcome into its result, or raise what it came to."""
    if call is None:
        raise result
    if instead is not None:
        raise instead
    result.success = call()


def _plain(error: Exception) -> TApplicationException:
    """Return an error in the form for methods that declare none."""
    if isinstance(error, TApplicationException):
        return error
    return TApplicationException(TApplicationException.INTERNAL_ERROR, type(error).__name__)


class _Calls:
    """What the processor asks for a method: getNoteVersion is performed as get_note_version."""

    def __init__(self, perform: Callable[[str, tuple[Any, ...]], Any]) -> None:
        """Keep who performs."""
        self._perform = perform

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method that hands its arguments on."""
        return lambda *arguments: self._perform(
            re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower(), arguments
        )

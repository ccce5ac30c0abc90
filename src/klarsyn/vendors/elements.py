"""
A data element at its place in a vendor's record, and how its value is written there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from klarsyn.transport.paths import put
from klarsyn.transport.words import Place


@dataclass(frozen=True, slots=True)
class Wire:
    """How a value is written on the wire, and read from it."""

    write: Callable[[str], Any]
    read: Callable[[Any], str | None] = lambda value: None if value is None else str(value)


CHANGES = Place("changes")
"""In the body of a rectification: the changed elements, each at its place."""

TEXT = Wire(write=str)
NUMBER = Wire(write=lambda value: int(value) if value.lstrip("-").isdigit() else float(value))


Write = Literal["always", "create", "never"]
"""When an element may be set."""


class Clear(Enum):
    """What stands on the wire where there is no value any more."""

    NULL = "null"
    EMPTY = "empty"


_CLEARED = {Clear.NULL: None, Clear.EMPTY: ""}


@dataclass(frozen=True, slots=True)
class Element:
    """
    A data element at its place in a record.

    Two places are first and last name: read together; on writing, the last word is the last name.
    """

    name: str
    at: str | tuple[str, str] = ""
    means: str = ""
    """The fideslang data category, by which a register's element finds this place."""
    wire: Wire = TEXT
    clear: Clear = Clear.EMPTY
    write: Write = "always"
    most: int = 0
    """How many characters the vendor takes; 0 where it does not say."""
    free: bool = False
    """Anything can stand there: it is set like an element and looked through like an open field."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The place or places in the record."""
        if isinstance(self.at, tuple):
            return self.at
        return (self.at or self.name,)


Elements = tuple[Element, ...]


def body_of(elements: Sequence[Element], values: Mapping[str, str | None]) -> dict[str, Any]:
    """
    Return what sets elements to values, as the vendor writes it; None clears.

    A name that is no element is itself the place: a field of the company's own.
    """
    by_name = {one.name: one for one in elements}
    body: dict[str, Any] = {}
    for name, value in values.items():
        element = by_name.get(name) or Element(name)
        for path, part in zip(element.paths, _parts(element, value), strict=True):
            put(body, path, _CLEARED[element.clear] if part is None else element.wire.write(part))
    return body


def _parts(element: Element, value: str | None) -> tuple[str | None, ...]:
    """Return a value for each place: the last word of a name is the last name."""
    if len(element.paths) == 1 or value is None:
        return (value,) * len(element.paths)
    first, _, last = value.strip().rpartition(" ")
    return (first, last) if first else (last, "")

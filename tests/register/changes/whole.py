"""
A register in which every field of every file is filled, and each field with another value.

Made from the types alone, so that a field that is added later is here the same day. Every id is
the same word, so whatever names something finds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect as types

from klarsyn.register.company import (
    Company,
    CustomerTerms,
    DataElement,
    DataSubjects,
    Purpose,
    ScoreCard,
)
from klarsyn.register.facts import Fact
from klarsyn.register.register import Acceptance, Register
from klarsyn.register.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS: dict[str, type[Any]] = {
    "company": Company,
    "elements": DataElement,
    "purposes": Purpose,
    "data_subjects": DataSubjects,
    "vendors": Vendor,
    "scores": ScoreCard,
    "customers": CustomerTerms,
    "accepted": Acceptance,
}
ID = "one"
WORDS = (
    ID,
    "two",
    "DK",
    "US",
    "P2Y",
    "P1M",
    "2026-01-01",
    "2025-01-01",
    "a" * 64,
    "b" * 64,
    "#0b5cad",
    "#000000",
    "40",
    "60",
)
"""Two texts for each pattern that a field may have."""


@dataclass(frozen=True)
class Field:
    """A field that holds a value of its own: where it stands, and of which type it is."""

    name: str  # such as vendors.processing.role
    way: tuple[str | int, ...]  # inside its file
    type: types.Type

    @property
    def root(self) -> str:
        """The table of the register in which it stands."""
        return self.name.partition(".")[0]

    @property
    def is_fact(self) -> bool:
        """Whether it stands with a source, or as not yet known."""
        return isinstance(self.type, types.StructType)


def fields() -> list[Field]:
    """Return every field of every file."""
    found: list[Field] = []
    for name, root in ROOTS.items():
        found += _fields(_bare(types.type_info(root)), name, ())
    return found


def _fields(found: types.Type, name: str, way: tuple[str | int, ...]) -> Iterator[Field]:
    if isinstance(found, types.StructType) and not _is_fact(found):
        for one in found.fields:
            yield from _fields(_bare(one.type), f"{name}.{one.name}", (*way, one.encode_name))
    elif isinstance(found, types.ListType) and _holds_parts(found.item_type):
        yield Field(f"{name}[]", way, found)
        yield from _fields(_bare(found.item_type), name, (*way, 0))
    elif isinstance(found, types.DictType) and _holds_parts(found.value_type):
        yield Field(f"{name}{{}}", way, found)
        yield from _fields(_bare(found.value_type), name, (*way, ID))
    else:
        yield Field(name, way, found)


def _bare(found: types.Type) -> types.Type:
    """Return a type without remarks, and without the possibility that nothing stands there."""
    if isinstance(found, types.Metadata):
        return _bare(found.type)
    if isinstance(found, types.UnionType):
        return _bare(next(one for one in found.types if not isinstance(one, types.NoneType)))
    return found


def _is_fact(found: types.Type) -> bool:
    return isinstance(found, types.StructType) and getattr(found.cls, "__origin__", 0) is Fact


def _holds_parts(found: types.Type) -> bool:
    bare = _bare(found)
    return isinstance(bare, types.StructType) and not _is_fact(bare)


def made(found: types.Type, turn: int = 0) -> Any:
    """Return a plain value of a type with everything in it; another one for each turn, 0 or 1."""
    bare = _bare(found)
    if _is_fact(bare):
        assert isinstance(bare, types.StructType)
        value = next(one for one in bare.fields if one.name == "value")
        return {"value": made(value.type, turn), "source": ID}
    if isinstance(bare, types.StructType):
        return {one.encode_name: made(one.type, turn) for one in bare.fields}
    if isinstance(bare, types.ListType):
        return [made(bare.item_type, turn)]
    if isinstance(bare, types.DictType):
        keys = bare.key_type
        names = keys.values if isinstance(keys, types.LiteralType) else (ID,)
        return {name: made(bare.value_type, turn) for name in names}
    return _single(bare, turn)


def _single(found: types.Type, turn: int) -> Any:
    if isinstance(found, types.LiteralType):
        return found.values[turn % len(found.values)]
    if isinstance(found, types.BoolType):
        return not turn
    if isinstance(found, types.IntType):
        return 1 + turn
    if isinstance(found, types.DateType):
        return ("2027-01-01", "2027-02-02")[turn]
    assert isinstance(found, types.StrType), found
    if found.pattern is None:
        return ("Some words", "Quite different")[turn]
    return [one for one in WORDS if re.search(found.pattern, one)][turn]


def register(*edits: tuple[Field, Any]) -> Register:
    """Return the whole register, with other values in some fields; None takes a value out."""
    plain = {name: made(types.type_info(root)) for name, root in ROOTS.items()}
    for field, value in edits:
        *way, last = field.way
        spot: Any = plain[field.root]
        for step in way:
            spot = spot[step]
        if value is None:
            del spot[last]
        else:
            spot[last] = value
    parts = {name: msgspec.convert(plain[name], root) for name, root in ROOTS.items()}
    held = {name: {ID: one} for name, one in parts.items() if name not in {"company", "accepted"}}
    return Register(
        folder=Path("register"),
        company=parts["company"],
        accepted=(parts["accepted"],),
        **held,
    )

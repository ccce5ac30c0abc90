"""
A small reader of JSON Schema (2020-12), independent of the library that wrote the schemas.

It knows the words that Klarsyn's schemas use. A word that it does not know fails, so that nothing
is passed over in silence.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]

_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda one: one is None,
    "boolean": lambda one: isinstance(one, bool),
    "integer": lambda one: isinstance(one, int) and not isinstance(one, bool),
    "number": lambda one: isinstance(one, (int, float)) and not isinstance(one, bool),
    "string": lambda one: isinstance(one, str),
    "array": lambda one: isinstance(one, list),
    "object": lambda one: isinstance(one, dict),
}
_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "default", "examples"}
)


def complaints(value: Any, schema: Schema, root: Schema | None = None) -> list[str]:
    """Return what of a value does not fit a schema, each with the way to it."""
    return list(_complaints(value, schema, schema if root is None else root))


def _complaints(value: Any, schema: Schema, root: Schema) -> Iterator[str]:
    for word, wanted in schema.items():
        if word in _ANNOTATIONS:
            continue
        yield from _WORDS[word](value, wanted, schema, root)


def _at(step: object, inner: Iterator[str]) -> Iterator[str]:
    return (f"/{step}{one}" for one in inner)


def _ref(value: Any, wanted: str, _schema: Schema, root: Schema) -> Iterator[str]:
    assert wanted.startswith("#/$defs/"), wanted
    yield from _complaints(value, root["$defs"][wanted.removeprefix("#/$defs/")], root)


def _type(value: Any, wanted: str | list[str], _schema: Schema, _root: Schema) -> Iterator[str]:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if not any(_TYPES[kind](value) for kind in kinds):
        yield f": {value!r} is no {' or '.join(kinds)}"


def _any_of(value: Any, wanted: list[Schema], _schema: Schema, root: Schema) -> Iterator[str]:
    found = [complaints(value, one, root) for one in wanted]
    if all(found):
        yield f": fits none of {len(wanted)}: {min(found, key=len)}"


def _properties(value: Any, wanted: Schema, _schema: Schema, root: Schema) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in wanted.items():
            if name in value:
                yield from _at(name, _complaints(value[name], inner, root))


def _required(value: Any, wanted: list[str], _schema: Schema, _root: Schema) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f": lacks {name}" for name in wanted if name not in value)


def _additional(value: Any, wanted: Schema | bool, schema: Schema, root: Schema) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        if name in schema.get("properties", {}):
            continue
        if wanted is False:
            yield f"/{name}: is not known"
        elif isinstance(wanted, dict):
            yield from _at(name, _complaints(value[name], wanted, root))


def _names(value: Any, wanted: Schema, _schema: Schema, root: Schema) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        yield from _at(name, _complaints(name, wanted, root))


def _items(value: Any, wanted: Schema, _schema: Schema, root: Schema) -> Iterator[str]:
    for number, one in enumerate(value if isinstance(value, list) else ()):
        yield from _at(number, _complaints(one, wanted, root))


def _enum(value: Any, wanted: list[Any], _schema: Schema, _root: Schema) -> Iterator[str]:
    if value not in wanted:
        yield f": {value!r} is none of {wanted}"


def _pattern(value: Any, wanted: str, _schema: Schema, _root: Schema) -> Iterator[str]:
    if isinstance(value, str) and not re.search(wanted, value):
        yield f": {value!r} is not shaped {wanted}"


def _format(value: Any, wanted: str, _schema: Schema, _root: Schema) -> Iterator[str]:
    assert wanted == "date", wanted
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            yield f": {value!r} is no date"


def _limit(holds: Callable[[Any, Any], bool]) -> Callable[..., Iterator[str]]:
    def check(value: Any, wanted: Any, _schema: Schema, _root: Schema) -> Iterator[str]:
        if not holds(value, wanted):
            yield f": {value!r} is beyond {wanted}"

    return check


_WORDS: dict[str, Callable[..., Iterator[str]]] = {
    "$ref": _ref,
    "type": _type,
    "anyOf": _any_of,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "enum": _enum,
    "const": lambda value, wanted, schema, root: _enum(value, [wanted], schema, root),
    "pattern": _pattern,
    "format": _format,
    "minProperties": _limit(
        lambda value, least: not isinstance(value, dict) or len(value) >= least
    ),
    "minItems": _limit(lambda value, least: not isinstance(value, list) or len(value) >= least),
    "minimum": _limit(lambda value, least: not isinstance(value, int) or value >= least),
    "maximum": _limit(lambda value, most: not isinstance(value, int) or value <= most),
}

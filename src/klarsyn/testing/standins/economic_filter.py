"""
The filter language of e-conomic and Reviso: `name$like:acme*$and:(city$eq:X$or:zip$in:[1,2])`.

`$` escapes itself, round brackets, the star and the comma. Square brackets need no escape, whatever
the documents say: an escaped one is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

Match = Callable[[Mapping[str, Any]], bool]

OPERATORS = frozenset({"eq", "ne", "gt", "gte", "lt", "lte", "like", "in", "nin"})
MAX_LISTED = 200
_NULL = "$null:"
_PREDICATE = re.compile(r"\s*(?P<name>[A-Za-z0-9.]+)\$(?P<operator>[a-z]+):")
#: A piece of a value: an escape, or what is neither a `$` nor the end of a group.
_PIECE = re.compile(r"\$[$()*,]|[^$)]")


class BadFilterError(ValueError):
    """A filter that the server cannot or will not read."""


def matching(text: str, fields: Mapping[str, Collection[str]]) -> Match:
    """Return what a filter means; `fields` tells the operators that each property takes."""
    parser = _Parser(text, fields)
    match = parser.either()
    if parser.rest:
        raise BadFilterError(f"Unexpected text at position {parser.place}.")
    return match


class _Parser:
    """Reads a filter from left to right."""

    def __init__(self, text: str, fields: Mapping[str, Collection[str]]) -> None:
        self.text = text
        self.fields = fields
        self.place = 0

    @property
    def rest(self) -> str:
        return self.text[self.place :]

    def took(self, word: str) -> bool:
        if found := self.rest.startswith(word):
            self.place += len(word)
        return found

    def either(self) -> Match:
        """`$or:` binds less than `$and:`."""
        parts = [self.both()]
        while self.took("$or:"):
            parts.append(self.both())
        return lambda record: any(part(record) for part in parts)

    def both(self) -> Match:
        parts = [self.one()]
        while self.took("$and:"):
            parts.append(self.one())
        return lambda record: all(part(record) for part in parts)

    def one(self) -> Match:
        if self.took("("):
            inner = self.either()
            if not self.took(")"):
                raise BadFilterError("A bracket is not closed.")
            return inner
        found = _PREDICATE.match(self.text, self.place)
        if not found:
            raise BadFilterError(f"Expected a property and an operator at {self.place}.")
        self.place = found.end()
        name, operator = found["name"], found["operator"]
        if name not in self.fields or not self.fields[name]:
            raise BadFilterError(f"Filtering is not allowed on property '{name}'.")
        if operator not in self.fields[name]:
            raise BadFilterError(f"Operator ${operator}: not supported on property {name}")
        return _predicate(name, operator, self.value())

    def value(self) -> list[str]:
        """Return the pieces of a value, escapes still in them."""
        if self.took(_NULL):
            return [_NULL]
        pieces = []
        while found := _PIECE.match(self.text, self.place):
            pieces.append(found[0])
            self.place = found.end()
        if self.rest and not self.rest.startswith(("$and:", "$or:", ")")):
            raise BadFilterError(f"Unexpected $ at position {self.place}: escape it as $$.")
        return pieces


def _predicate(name: str, operator: str, pieces: list[str]) -> Match:
    if operator in {"in", "nin"}:
        wanted = _listed(pieces)
        return lambda record: (
            any(_compare(value_at(record, name), one) == 0 for one in wanted) == (operator == "in")
        )
    if operator == "like":
        pattern = _pattern(pieces)
        return lambda record: bool(pattern.fullmatch(str(value_at(record, name) or "")))
    text = _plain(pieces)
    tests: dict[str, Callable[[int | None], bool]] = {
        "eq": lambda order: order == 0,
        "ne": lambda order: order != 0,
        "gt": lambda order: order == 1,
        "gte": lambda order: order in {0, 1},
        "lt": lambda order: order == -1,
        "lte": lambda order: order in {0, -1},
    }
    return lambda record: tests[operator](_compare(value_at(record, name), text))


def value_at(record: Mapping[str, Any], name: str) -> Any:
    """Return what stands at a dotted name, or nothing."""
    node: Any = record
    for step in name.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _compare(value: Any, text: str | None) -> int | None:
    """Return how a value lies to a text: -1, 0, 1, or nothing where they cannot be compared."""
    if value is None or text is None:
        return 0 if value is text else None
    left: Any
    right: Any
    if isinstance(value, bool):
        left, right = str(value).lower(), text.lower()
    elif isinstance(value, int | float):
        try:
            left, right = float(value), float(text)
        except ValueError:
            return None
    else:
        left, right = str(value).casefold(), text.casefold()
    return int(left > right) - int(left < right)


def _plain(pieces: list[str]) -> str | None:
    if pieces == [_NULL]:
        return None
    return "".join(piece[-1] for piece in pieces)


def _pattern(pieces: list[str]) -> re.Pattern[str]:
    """Return what `$like:` matches: a star is anything; without one the text may stand anywhere."""
    words = [".*" if piece == "*" else re.escape(piece[-1]) for piece in pieces]
    if "*" not in pieces:
        words = [".*", *words, ".*"]
    return re.compile("".join(words), re.IGNORECASE | re.DOTALL)


def _listed(pieces: list[str]) -> list[str | None]:
    if pieces[:1] != ["["] or pieces[-1:] != ["]"]:
        raise BadFilterError("A list stands in square brackets.")
    values: list[list[str]] = [[]]
    for piece in pieces[1:-1]:
        if piece == ",":
            values.append([])
        else:
            values[-1].append(piece)
    if len(values) > MAX_LISTED:
        raise BadFilterError(f"A list holds at most {MAX_LISTED} values.")
    return [_plain(one) for one in values]

"""
From nodes to plain values, by the type that each place expects; every mistake is kept.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import inspect as types

from klarsyn.errors import Message, Problem, said
from klarsyn.yamlfiles.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Table

    from klarsyn.yamlfiles.nodes import Node


class Reader:
    """One walk over a file: plain values out, lines and problems kept."""

    def __init__(self, shown: str) -> None:
        """Begin with nothing read; `shown` is how problems name the file."""
        self.shown = shown
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []

    def tell(self, line: int, what: Message, remedy: Message) -> None:
        """Keep a problem."""
        self.problems.append(Problem(self.shown, line, what, remedy))

    def read(self, node: Node, kind: types.Type, path: str) -> Any:
        """Return the plain value of a node that should be of `kind`."""
        self.lines.setdefault(path, node.line)
        kind, extra = _unwrapped(kind)
        if isinstance(kind, types.StructType):
            return self.read_struct(node, kind, path)
        if isinstance(kind, types.DictType):
            return self.read_dict(node, kind, path)
        if isinstance(kind, types.ListType):
            return self.read_list(node, kind, path)
        if not isinstance(node, Scalar):
            self.wrong(node, path, _expected(kind))
            return None
        return self.read_scalar(node, kind, path, extra)

    def pairs(self, node: Node, path: str) -> Iterator[tuple[str, Node, int]]:
        """Yield the keys and values of a mapping; what is no mapping, or no key, is told."""
        if not isinstance(node, Mapping):
            self.wrong(node, path, said("a mapping of keys"))
            return
        seen: set[str] = set()
        for key, value in node.pairs:
            if not isinstance(key, Scalar):
                what = said("a key must be a single word")
                self.tell(key.line, what, said("write it in one line"))
            elif key.text in seen:
                what = said("the key '{key}' stands here twice", key=key.text)
                self.tell(key.line, what, said("keep one of them"))
            else:
                seen.add(key.text)
                yield key.text, value, key.line

    def read_struct(self, node: Node, kind: types.StructType, path: str) -> dict[str, Any]:
        """Return the plain values of a mapping with known keys."""
        fields = {one.encode_name: one for one in kind.fields}
        found: dict[str, Any] = {}
        before = len(self.problems)
        for key, value, line in self.pairs(node, path):
            inner = f"{path}/{key}" if path else key
            self.lines[inner] = line
            if one := fields.get(key):
                found[key] = self.read(value, one.type, inner)
            else:
                self.unknown(key, fields, line)
        missing = [name for name, one in fields.items() if one.required and name not in found]
        if (
            missing
            and isinstance(node, Mapping)
            and not _has_unknown(self.problems[before:], missing)
        ):
            what = said("{place} lacks {keys}", place=_place(path), keys=", ".join(missing))
            self.tell(node.line, what, said("add it"))
        mistake = getattr(kind.cls, "mistake", None)
        if mistake and len(self.problems) == before and (told := mistake(found)):
            self.tell(self.lines[path], *told)
        return found

    def unknown(self, key: str, fields: Table[str, object], line: int) -> None:
        """Tell that a key is not known, naming the nearest one that is."""
        near = difflib.get_close_matches(key, fields, n=1, cutoff=0.6)
        if near:
            remedy = said("did you mean '{near}'?", near=near[0])
        else:
            remedy = said("known here: {names}", names=", ".join(fields))
        self.tell(line, said("the key '{key}' is not known here", key=key), remedy)

    def read_dict(self, node: Node, kind: types.DictType, path: str) -> dict[str, Any]:
        """Return the plain values of a mapping with keys of the user's own."""
        found: dict[str, Any] = {}
        for key, value, line in self.pairs(node, path):
            inner = f"{path}/{key}" if path else key
            self.lines[inner] = line
            inside, extra = _unwrapped(kind.key_type)
            self.read_scalar(Scalar(key, line), inside, inner, extra)
            found[key] = self.read(value, kind.value_type, inner)
        if isinstance(node, Mapping) and len(found) < (kind.min_length or 0):
            self.tell(node.line, said("{place} is empty", place=_place(path)), said("add one"))
        return found

    def read_list(self, node: Node, kind: types.ListType, path: str) -> list[Any]:
        """Return the plain values of a list."""
        if not isinstance(node, Sequence):
            self.wrong(node, path, said("a list"))
            return []
        if len(node.items) < (kind.min_length or 0):
            self.tell(node.line, said("{place} is empty", place=_place(path)), said("add one"))
        item = kind.item_type
        return [self.read(one, item, f"{path}/{n}") for n, one in enumerate(node.items)]

    def read_scalar(self, node: Scalar, kind: types.Type, path: str, extra: Table[str, Any]) -> Any:
        """Return a scalar's value by the expected type, its shape and its check."""
        text = node.text
        if node.empty:
            what = said("{place} has no value", place=_place(path))
            self.tell(node.line, what, said("write one, or leave the line out"))
            return None
        if isinstance(kind, types.LiteralType):
            return self.read_choice(node, kind, path)
        try:
            value = _SCALARS[type(kind)](text)
        except (KeyError, ValueError):
            self.wrong(node, path, _expected(kind))
            return None
        pattern = getattr(kind, "pattern", None)
        shape_is_wrong = pattern and not re.search(pattern, text)
        if shape_is_wrong or not _within(value, kind):
            self.wrong(node, path, _expected(kind, extra))
        elif (check := extra.get("check")) and (told := check(text)):
            self.tell(node.line, *told)
        return value

    def read_choice(self, node: Scalar, kind: types.LiteralType, path: str) -> Any:
        """Return one of a closed set of words."""
        choices = {str(one): one for one in kind.values}
        if node.text in choices:
            return choices[node.text]
        near = difflib.get_close_matches(node.text, choices, n=1, cutoff=0.6)
        what = said("{place} is {found}", place=_place(path), found=_short(node.text))
        if near:
            self.tell(node.line, what, said("did you mean '{near}'?", near=near[0]))
        else:
            self.tell(node.line, what, said("write one of: {names}", names=", ".join(choices)))
        return None

    def wrong(self, node: Node, path: str, expected: Message) -> None:
        """Tell that something else is expected here."""
        found = _short(node.text) if isinstance(node, Scalar) else _FOUND[type(node)]
        what = said("{place} is {found}", place=_place(path), found=found)
        self.tell(node.line, what, said("write {expected}", expected=expected))


_SHORT = 40  # characters, of a text that a problem quotes

_FOUND = {Sequence: said("a list"), Mapping: said("a mapping of keys")}


def _unwrapped(kind: types.Type) -> tuple[types.Type, Table[str, Any]]:
    """Return the type inside `Annotated` and `| None`, and the extras that `Meta` gave."""
    extra: dict[str, Any] = {}
    while True:
        if isinstance(kind, types.Metadata):
            extra = {**(kind.extra or {}), **extra}
            if kind.extra_json_schema:
                extra.setdefault("description", kind.extra_json_schema.get("description"))
            kind = kind.type
        elif isinstance(kind, types.UnionType):
            kind = next(one for one in kind.types if not isinstance(one, types.NoneType))
        else:
            return kind, extra


def _true_or_false(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _iso_date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)


_SCALARS: dict[type[types.Type], Callable[[str], object]] = {
    types.StrType: str,
    types.BoolType: _true_or_false,
    types.DateType: _iso_date,
    types.IntType: _whole_number,
}


def _within(value: Any, kind: types.Type) -> bool:
    low, high = getattr(kind, "ge", None), getattr(kind, "le", None)
    return (low is None or value >= low) and (high is None or value <= high)


def _expected(kind: types.Type, extra: Table[str, Any] | None = None) -> Message:
    if extra and extra.get("description"):
        return Message(extra["description"])
    names = {
        types.BoolType: said("true or false"),
        types.DateType: said("a date such as 2026-11-22"),
        types.IntType: said("a whole number"),
    }
    return names.get(type(kind)) or said("a text")


def _has_unknown(problems: list[Problem], missing: list[str]) -> bool:
    """Tell whether a missing key was likely misspelt: then one problem is enough."""
    nears = {str(problem.remedy.facts.get("near")) for problem in problems}
    return set(missing) <= nears


def _place(path: str) -> Message | str:
    """Return `processing/0/role` as a person would point at it: `processing[1].role`."""
    if not path:
        return said("the file")
    steps = path.split("/")
    return "".join(
        f"[{int(step) + 1}]" if step.isdecimal() else f".{step}" for step in steps
    ).removeprefix(".")


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return f"'{one_line[:_SHORT]}…'" if len(one_line) > _SHORT else f"'{one_line}'"

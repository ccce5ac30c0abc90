"""
From bytes to a tree of nodes, each with its line; what could hide something is refused.

Source of the language: YAML 1.2.2, by ruamel.yaml's event parser (in C where it is installed). Its
resolver and its constructors are not used, so no text is ever taken for a number or a date here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from klarsyn.errors import Message, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_FILE = 1 << 20  # bytes; a vendor's file has about 4,000
DEEPEST_NESTING = 20  # levels; the register's own model has 8

# What an escape such as "\x1b" may not bring in: halves of characters, and what neither a terminal
# nor XML should ever be given.
NO_CHARACTER = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")

# Characters that a reader of a diff cannot see, yet that change what is published: controls
# (tab and line ends apart), line separators, marks without width, byte order
# marks inside a text, bidirectional marks and overrides, and tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)


@dataclass(slots=True)
class Scalar:
    """A single text; `empty` where nothing was written."""

    text: str
    line: int
    empty: bool = False


@dataclass(slots=True)
class Sequence:
    """A list of nodes."""

    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    line: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    key: Node | None = None
    """The key whose value is still awaited, while the tree is built."""


Node = Scalar | Sequence | Mapping

_ONLY_IN_YAML_1_1 = {
    "did not find expected ',' or '}'",
    "did not find expected ',' or ']'",
    "did not find expected node content",
    "found unexpected ':'",
}


class Refused(Exception):
    """The file cannot be read further; holds the one problem that stopped it."""

    def __init__(self, line: int, what: Message, remedy: Message) -> None:
        """Keep the line, what is wrong there, and what to do."""
        super().__init__(what)
        self.line, self.what, self.remedy = line, what, remedy


def tree(content: bytes) -> Node:
    """Return the root of a file's tree. Raises Refused at the first thing that cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    text = _text(content)
    try:
        try:
            return _built(YAML(typ="safe", pure=False).parse(text))
        except YAMLError as failure:
            # The parser in C knows YAML 1.1 only and refuses `{en: Whose is it?}`.
            if getattr(failure, "problem", None) not in _ONLY_IN_YAML_1_1:
                raise
            return _built(YAML(typ="safe", pure=True).parse(text))
    except (YAMLError, ValueError, OverflowError) as failure:  # an escape beyond Unicode
        mark = getattr(failure, "problem_mark", None)
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        what = said("this is not YAML ({reason})", reason=getattr(failure, "problem", None) or "?")
        remedy = said("check indentation, brackets and quotes here and in the line above")
        raise Refused(line, what, remedy) from None


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        what = said("the file is larger than {limit} bytes", limit=LARGEST_FILE)
        raise Refused(1, what, said("split it"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        raise Refused(line, said("the text is not UTF-8"), said("save it as UTF-8")) from None
    if found := _INVISIBLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        point = f"U+{ord(found.group()):04X}"
        raise Refused(line, said("the invisible character {point}", point=point), said("delete it"))
    if "\t" in text:  # the two parsers disagree on where one may stand
        line = text.count("\n", 0, text.index("\t")) + 1
        raise Refused(line, said("a tab is not allowed"), said("write spaces"))
    return unicodedata.normalize("NFC", text)


def _built(events: Iterator[Any]) -> Node:
    """Build the tree from the parser's events, without recursion."""
    root: Node | None = None
    above: list[Sequence | Mapping] = []
    for event in events:
        name = type(event).__name__
        line = event.start_mark.line + 1
        if name == "AliasEvent":
            raise Refused(line, said("an alias (*) is not allowed"), said("write the value out"))
        if name in {"MappingEndEvent", "SequenceEndEvent"}:
            above.pop()
        if name not in _MAKERS:
            continue
        _refuse_hidden(event, line)
        node = _MAKERS[name](event, line)
        if above:
            _attach(above[-1], node)
        elif root:
            raise Refused(line, said("a second document begins"), said("keep one a file"))
        root = root or node
        if not isinstance(node, Scalar):
            above.append(node)
        if len(above) > DEEPEST_NESTING:
            raise Refused(line, said("the nesting is too deep"), said("check the indentation"))
    if root is None:
        raise Refused(1, said("the file is empty"), said("begin with `format: 1`"))
    return root


def _refuse_hidden(event: Any, line: int) -> None:
    if event.anchor:
        raise Refused(line, said("an anchor (&) is not allowed"), said("write the value out"))
    if event.tag:
        raise Refused(line, said("a tag (!) is not allowed"), said("leave it out"))


def _scalar(event: Any, line: int) -> Scalar:
    if NO_CHARACTER.search(event.value):
        raise Refused(line, said("an escape stands for no character"), said("delete it"))
    plain = event.style in {None, ""}
    return Scalar(event.value, line, empty=plain and event.value in {"", "~", "null"})


_MAKERS: dict[str, Callable[[Any, int], Node]] = {
    "ScalarEvent": _scalar,
    "SequenceStartEvent": lambda _, line: Sequence(line),
    "MappingStartEvent": lambda _, line: Mapping(line),
}


def _attach(parent: Sequence | Mapping, node: Node) -> None:
    if isinstance(parent, Sequence):
        parent.items.append(node)
    elif parent.key is None:
        parent.key = node
    else:
        if isinstance(node, Scalar) and node.empty:
            node.line = parent.key.line  # parsers disagree on where nothing stands
        parent.pairs.append((parent.key, node))
        parent.key = None

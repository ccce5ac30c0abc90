"""
Read a user's YAML file into a typed value, or tell every mistake in it at once.

A scalar is read by the type that its place expects, never by its looks: `country: NO` is Norway,
`version: 1.10` is a text, and `yes` is not a truth value. What YAML offers beyond plain mappings,
lists and scalars (anchors, aliases, tags, merge keys, several documents, duplicate keys) is
refused: in a register each of them hides something from the reader of a diff.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec
from msgspec import inspect as types

from klarsyn.errors import Problem, said
from klarsyn.yamlfiles.kept import Loaded, forget_old, kept_at, recall, remember
from klarsyn.yamlfiles.nodes import LARGEST_FILE, Refused, tree
from klarsyn.yamlfiles.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

__all__ = ["LARGEST_FILE", "Loaded", "forget_old", "load", "parse"]

T = TypeVar("T")


@cache
def _type_info(into: Hashable) -> types.Type:
    return types.type_info(into)


def load(path: Path, into: type[T], *, shown: str, cache_folder: Path | None = None) -> Loaded[T]:
    """
    Read the file at `path` as an `into`.

    `shown` is how problems name the file. With a `cache_folder`, a file that was read without a
    problem is taken from there the next time its bytes are the same.
    """
    try:
        content = path.read_bytes()
    except OSError as failure:
        what = said("the file cannot be read ({reason})", reason=failure.strerror or "?")
        return Loaded(None, problems=(Problem(shown, 1, what, said("check its rights")),))
    return parse(content, into, shown=shown, cache_folder=cache_folder)


def parse(
    content: bytes, into: type[T], *, shown: str, cache_folder: Path | None = None
) -> Loaded[T]:
    """Read `content` as an `into`; see `load`."""
    kept = kept_at(cache_folder, content, into) if cache_folder else None
    if kept and (known := recall(kept, into)):
        return known
    reader = Reader(shown)
    try:
        root = tree(content)
    except Refused as stop:
        return Loaded(None, problems=(Problem(shown, stop.line, stop.what, stop.remedy),))
    plain = reader.read(root, _type_info(cast("Hashable", into)), "")
    if reader.problems:
        return Loaded(None, reader.lines, tuple(reader.problems))
    loaded = Loaded(msgspec.convert(plain, into, strict=False), reader.lines)
    if kept:
        remember(kept, loaded)
    return loaded

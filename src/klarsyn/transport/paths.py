"""
Paths into a vendor's records: `address.city`, `emails[].value`, `custom_fields[name=Phone].value`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

_STEP = re.compile(r"(?P<name>[^.\[\]]+)?(?P<list>\[(?P<test>[^\]]*)\])?(?:\.(?!$)|$)")


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[tuple[str, str | None], ...]:
    """Return the steps of a path: a name, and None, "" (every item) or a test `key=value`."""
    found, at = [], 0
    while at < len(path):
        match = _STEP.match(path, at)
        if not match or not (match["name"] or match["list"]):
            message = f"{path!r} is no path"
            raise ValueError(message)
        found.append((match["name"] or "", match["test"] if match["list"] else None))
        at = match.end()
    return tuple(found)


@lru_cache(maxsize=4096)
def getter(path: str) -> Callable[[Any], Any]:
    """Return a function that returns the first value at a path, or None."""
    parts = steps(path)
    if len(parts) == 1 and parts[0][1] is None:
        name = parts[0][0]
        return lambda record: record.get(name) if isinstance(record, dict) else None
    return lambda record: next(every(record, path), None)


def at(record: Any, path: str) -> Any:
    """Return the first value at a path, or None; the empty path is the record itself."""
    return getter(path)(record) if path else record


def every(record: Any, path: str) -> Iterator[Any]:
    """Yield every value at a path that is not null."""
    yield from _walk(record, steps(path), 0)


def named(record: Any, path: str) -> Iterator[tuple[str, Any]]:
    """
    Yield every value at a path, with the path to it.

    `custom_fields[name=*].value` yields the value of every field, each at the path by its name.
    """
    head, star, rest = path.partition("=*]")
    if not star:
        yield from ((path, value) for value in every(record, path))
        return
    items, _, key = head.rpartition("[")
    names = dict.fromkeys(at(item, key) for item in every(record, f"{items}[]"))
    for name in names:
        yield from named(record, f"{head}={name}]{rest}")


def _walk(value: Any, parts: tuple[tuple[str, str | None], ...], depth: int) -> Iterator[Any]:
    if value is None:
        return
    if depth == len(parts):
        yield value
        return
    name, test = parts[depth]
    if name:
        if not isinstance(value, dict) or name not in value:
            return
        value = value[name]
    if test is None:
        yield from _walk(value, parts, depth + 1)
        return
    for item in value if isinstance(value, list) else ():
        if not test or _passes(item, test):
            yield from _walk(item, parts, depth + 1)


def _passes(item: Any, test: str) -> bool:
    key, _, wanted = test.partition("=")
    return isinstance(item, dict) and str(item.get(key)) == wanted


def put(record: dict[str, Any], path: str, value: Any) -> None:
    """
    Set the value at a path, making what is missing on the way.

    `emails[].value` sets a list of one item; `custom_fields[name=Phone].value` the item of that
    name, which is added where there is none.
    """
    parts = steps(path)
    here: Any = record
    for depth, (name, test) in enumerate(parts):
        last = depth == len(parts) - 1
        if test is None:
            if last:
                here[name] = value
                return
            here = _inside(here, name, {})
            continue
        items = _inside(here, name, [])
        if last:
            items[:] = list(value) if isinstance(value, (list, tuple)) else [value]
            return
        here = _item(items, test)


def _inside(record: dict[str, Any], name: str, empty: Any) -> Any:
    """Return what is at a name; null, or what has nothing inside it, gives way."""
    if not isinstance(record.get(name), type(empty)):
        record[name] = empty
    return record[name]


def _item(items: list[Any], test: str) -> Any:
    if not test:
        if not items or not isinstance(items[0], dict):
            items[:1] = [{}]
        return items[0]
    key, _, wanted = test.partition("=")
    for item in items:
        if _passes(item, test):
            return item
    items.append({key: wanted})
    return items[-1]


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text below a value, with the path to it; numbers count as texts."""
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield from texts(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside, f"{path}[]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, str(value)

"""
To the end of a list, whichever way a vendor cuts it into pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, product
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from klarsyn.errors import RightsMissing
from klarsyn.transport import failures
from klarsyn.transport.paths import at, every, getter
from klarsyn.transport.words import Beside, Call, Cursor, LastKey, Link, Numbered, Offset, Once

if TYPE_CHECKING:
    from klarsyn.transport.connection import Connection
    from klarsyn.transport.replies import Reply


class Capped(Exception):
    """The vendor shows no more of a list than this; what lies behind was not read."""


def pages(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    """
    Yield the records page by page; a page may be empty.

    Raises ReplyUnread where a reply lacks the list, and Capped at the end of what is shown. Where
    each of several values is asked for, one that is capped, or that the key has no right to, hides
    no other.
    """
    lacking: RightsMissing | Capped | None = None
    for values in product(*call.each.values()):
        asked = call.but(query={**call.query, **dict(zip(call.each, values, strict=True))}, each={})
        try:
            yield from _WAYS[type(call.pages)](connection, asked, places)
        except (RightsMissing, Capped) as error:
            lacking = error
    if lacking:
        raise lacking


def items(connection: Connection, call: Call, reply: Reply) -> list[Any]:
    """Return the records of a reply; a reply without them is not an empty one."""
    try:
        body = reply.json
    except ValueError:
        raise failures.not_json(connection.name, call) from None
    found = getter(call.items)(body) if call.items else body
    if call.empty_is_null and found is None and _is_null(body, call.items):
        found = []
    if not isinstance(found, list):
        raise failures.unexpected(connection.name, call, call.items or "list")
    for one in call.beside:
        _join(found, _listed(connection, call, body, one), one)
    return found


def _is_null(body: Any, path: str) -> bool:
    """Return whether something is there and null; what is absent is not."""
    outer, _, name = path.rpartition(".")
    inside = at(body, outer)
    return isinstance(inside, dict) and name in inside


def _listed(connection: Connection, call: Call, body: Any, beside: Beside) -> dict[str, Any]:
    """Return by id what a reply lists beside its records."""
    listed = getter(beside.items)(body)
    if not isinstance(listed, list):
        raise failures.unexpected(connection.name, call, beside.items)
    return {str(at(one, "id")): one for one in listed}


def _join(records: list[Any], known: Mapping[str, Any], beside: Beside) -> None:
    """Put into each record what it names by id."""
    for record in records:
        if isinstance(beside.by, str):
            record[beside.to] = known.get(str(at(record, beside.by)))
        else:
            ids = dict.fromkeys(str(one) for path in beside.by for one in every(record, path))
            record[beside.to] = [known[one] for one in ids if one in known]


def _once(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    yield items(connection, call, connection.call(call, **places))


def _offset(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    way = call.pages
    assert isinstance(way, Offset)  # noqa: S101
    done = 0
    before: list[Any] = []
    while True:
        query = {**call.query, way.size: way.most, way.send: done}
        reply = connection.page(call, places, query)
        page = items(connection, call, reply)
        if page and page == before:
            raise failures.endless(connection.name, call)
        yield page
        before = page
        done += len(page)
        if not page or _all(connection, call, reply, done, len(page)):
            return
        if way.cap and done >= way.cap:
            raise Capped


def _all(connection: Connection, call: Call, reply: Reply, done: int, size: int) -> bool:
    """Return whether all records were seen: as the reply says, or else by a page that is short."""
    way = call.pages
    assert isinstance(way, Offset)  # noqa: S101
    more = at(reply.json, way.more) if way.more else None
    if isinstance(more, bool):
        return not more
    if not way.total:
        return size < way.most
    return _told(connection, call, reply, way.total) <= done


def _told(connection: Connection, call: Call, reply: Reply, path: str) -> int:
    """Return how many there are, as the reply tells; it has to, where the sheet says so."""
    number = str(at(reply.json, path))
    if not number.isdecimal():
        raise failures.unexpected(connection.name, call, path)
    return int(number)


def _numbered(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    way = call.pages
    assert isinstance(way, Numbered)  # noqa: S101
    done = 0
    before: list[Any] = []
    for number in count(1):
        query = {**call.query, way.size: way.most, way.send: number}
        reply = connection.page(call, places, query)
        page = items(connection, call, reply)
        if page and page == before:
            raise failures.endless(connection.name, call)
        yield page
        before = page
        done += len(page)
        if not page:
            return
        more = at(reply.json, way.more) if way.more else len(page) == way.most
        if way.last:
            more = number < _told(connection, call, reply, way.last)
        if not more:
            return
        if way.cap and done >= way.cap:
            raise Capped


def _cursor(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    way = call.pages
    assert isinstance(way, Cursor)  # noqa: S101
    query = {**call.query, **({way.size: way.most} if way.size else {})}
    once = _Once(connection, call)
    while True:
        reply = connection.page(call, places, query)
        page = items(connection, call, reply)
        yield page
        token = at(reply.json, way.read)
        ended = (way.more and at(reply.json, way.more) is False) or (
            way.less and at(reply.json, way.less) is True
        )
        if ended or not token or (not page and once.seen(token)):
            return
        once.check(token)
        query[way.send] = token


def _link(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    way = call.pages
    assert isinstance(way, Link)  # noqa: S101
    size = {way.size: way.most} if way.size else {}
    first = call.but(query={**call.query, **size})
    address = connection.address(first, places)
    reply = connection.call(first, **places)
    once = _Once(connection, call)
    while True:
        page = items(connection, call, reply)
        yield page
        told = at(reply.json, way.read)
        if not told or (way.more and not at(reply.json, way.more)):
            return
        address = urljoin(address, str(told))
        if not page and once.seen(address):
            return
        once.check(address)
        reply = connection.at(call, address)


def _last_key(connection: Connection, call: Call, places: Mapping[str, Any]) -> Iterator[list[Any]]:
    way = call.pages
    assert isinstance(way, LastKey)  # noqa: S101
    query = {**call.query, **({way.size: way.most} if way.size else {})}
    once = _Once(connection, call)
    while True:
        reply = connection.page(call, places, query)
        page = items(connection, call, reply)
        yield page
        keys = [at(one, way.key) for one in (page if way.least else page[-1:])]
        last = min((one for one in keys if one is not None), default=None)
        short = bool(way.size) and len(page) < way.most
        if last is None or short or (len(page) == 1 and once.seen(last)):
            return
        once.check(last)
        query[way.send] = last


class _Once:
    """Notices a list that leads back to a page it has shown: it would never end."""

    def __init__(self, connection: Connection, call: Call) -> None:
        self._names = connection.name, call
        self._marks: set[int] = set()

    def seen(self, mark: object) -> bool:
        """Return whether this was where the list went on before."""
        return hash(str(mark)) in self._marks

    def check(self, mark: object) -> None:
        """Refuse to go where the list has been; what is left of it was not read."""
        if self.seen(mark):
            raise failures.endless(*self._names)
        self._marks.add(hash(str(mark)))


_WAYS = {
    Once: _once,
    Offset: _offset,
    Numbered: _numbered,
    Cursor: _cursor,
    Link: _link,
    LastKey: _last_key,
}

"""
How Trello speaks: errors in plain text, chosen fields, and pages that begin with the newest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

from klarsyn.testing.serving import Reply, Request

Record = dict[str, Any]

ID = re.compile(r"[0-9a-f]{24}")
NOT_FOUND = "The requested resource was not found."
PLAIN = "text/plain; charset=utf-8"
#: The length of every text of a card: description, comment, name.
LONGEST = 16384
#: What an id of that second begins before: all digits after the first eight.
_REST = "0" * 16


class TrelloRefusal(Exception):
    """A reply that ends the work on a request."""

    def __init__(self, reply: Reply) -> None:
        """Keep the reply."""
        super().__init__(reply.status)
        self.reply = reply


def plain(status: int, text: str) -> Reply:
    """Return an error as it is on the wire: a line of text, whatever the contract's schema says."""
    return Reply(status, text, content_type=PLAIN)


def refuse(status: int, text: str) -> TrelloRefusal:
    """Return what to raise for an error."""
    return TrelloRefusal(plain(status, text))


def invalid(name: str) -> TrelloRefusal:
    """Return what to raise for a parameter that is absent or wrong."""
    return refuse(400, f"invalid value for {name}")


def stamp(instant: datetime) -> str:
    """Return an instant as Trello writes it: UTC, three digits after the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def flag(value: object) -> bool:
    """Return whether a parameter says yes; JSON says it without quotes."""
    return str(value).lower() == "true"


def arguments(request: Request) -> Record:
    """Return the parameters of a write: its query, and over that a JSON, form or multipart body."""
    given: Record = {name: values[-1] for name, values in request.query.items()}
    kind = request.headers.get("content-type", "")
    if not request.body:
        return given
    if kind.startswith("multipart/"):
        return given | _parts(kind, request.body)
    if kind.startswith("application/x-www-form-urlencoded"):
        return given | request.form()
    try:
        body = request.json()
    except ValueError:
        raise refuse(400, "Error parsing body") from None
    if not isinstance(body, dict):
        raise refuse(400, "Error parsing body")
    return given | body


def _parts(kind: str, body: bytes) -> Record:
    """Return the fields of a form with files; a file is its name and its bytes."""
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: Record = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            found[name] = (file, content) if file else content.decode()
    return found


def text_of(given: Record, name: str, *, blank: bool = False) -> str:
    """Return a text of a write, which must be there unless it may be blank."""
    value = given.get(name) or ""
    if not isinstance(value, str) or len(value) > LONGEST or not (value or blank):
        raise invalid(name)
    return value


def number(request: Request, name: str, default: int, most: int) -> int:
    """Return a whole number of the query, at most `most`."""
    given = request.param(name) or str(default)
    if not given.isdigit() or int(given) > most:
        raise invalid(name)
    return int(given)


def chosen(record: Record, wanted: str, usual: Iterable[str] = ()) -> Record:
    """Return the fields asked for; the id always, everything for `all`, else the usual ones."""
    if wanted == "all" or not (wanted or usual):
        return dict(record)
    names = {"id", *(wanted.split(",") if wanted else usual)}
    return {name: value for name, value in record.items() if name in names}


def between(request: Request, records: Iterable[Record]) -> list[Record]:
    """Return the records of `since` up to `before`, each an id or a date, the newest first."""
    before, since = _place(request, "before"), _place(request, "since")
    kept = [
        one
        for one in records
        if (not before or one["id"] < before) and (not since or one["id"] > since)
    ]
    return sorted(kept, key=_by_id, reverse=True)


def _by_id(record: Record) -> str:
    found: str = record["id"]
    return found


def _place(request: Request, name: str) -> str:
    """Return what ids are compared with; an id begins with the second in which it was made."""
    given = request.param(name)
    if not given or ID.fullmatch(given):
        return given
    try:
        instant = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        raise invalid(name) from None
    whole = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return f"{int(whole.timestamp()):08x}{_REST}"


def matching(words: Iterable[str], query: str, *, partial: bool) -> bool:
    """
    Return whether every word of a query is among the words of a text.

    The query is split at blanks only, and texts at everything that is no letter or digit: an
    address is never one word, which is why searching for one finds nothing.
    """
    known = set(words)
    check: Callable[[str], bool] = known.__contains__
    if partial:
        check = lambda asked: any(one.startswith(asked) for one in known)  # noqa: E731
    asked = [word.strip(".,;:!?\"'()+").lower() for word in query.split()]
    return all(check(word) for word in asked if word)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words under which texts are found."""
    return frozenset(word for text in texts for word in re.findall(r"\w+", text.lower()))

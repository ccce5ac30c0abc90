"""
Slack's methods, and how messages, threads and files are read, searched, changed and deleted.

What the fact sheet `slack` cannot say in facts: history holds no replies, a search tells nothing
of threads, and a deleted message may leave a mark.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from klarsyn.errors import Message, ReplyUnread, said
from klarsyn.vendors.sheet import (
    GET,
    POST,
    Assumption,
    Call,
    Connection,
    Cursor,
    Filled,
    Grade,
    Lookup,
    Numbered,
    Once,
    Place,
    Places,
    Repeat,
    Target,
)

PAGES = Cursor("response_metadata.next_cursor", "cursor", size="limit", most=200)


def asks(method: str, items: str = "", pages: Cursor | Numbered | Once = PAGES, **say: Any) -> Call:
    """Return a call of a method that reads, counted against the method's own limit."""
    return GET(f"/{method}", query=say, items=items, pages=pages, limit=method)


def does(method: str, *solid: str, **say: Any) -> Call:
    """Return a call of a method that writes; `solid` places are ids, which may not be blank."""
    more = {"solid": solid, "limit": method, "repeat": Repeat.SAFE}
    return POST(f"/{method}", form=True, body=say, **more)


CHANNEL, ID = Place("channel"), Place("id")
WHOLE: Mapping[str, Any] = {"include_all_metadata": True}
HISTORY = asks("conversations.history", "messages", channel=CHANNEL, **WHOLE)
REPLIES = asks("conversations.replies", "messages", channel=CHANNEL, ts=Place("thread"), **WHOLE)
ONE = asks("conversations.replies", "messages[]", channel=CHANNEL, ts=ID, limit=1, **WHOLE)
# It shows no page beyond the hundredth.
FOUND = Numbered("count", 100, last="messages.paging.pages", cap=10_000)
SEARCH = asks("search.messages", "messages.matches", FOUND, query=Filled('"{value}"'))
PERMALINK = asks("chat.getPermalink", channel=CHANNEL, message_ts=ID)
PROFILE = asks("users.profile.get", user=Place("user"))
# Left out, the old blocks would stay, and they are what is shown.
UPDATE = does("chat.update", "channel", "id", channel=CHANNEL, ts=ID, text=Place("text"), blocks=[])
DELETE_MESSAGE = does("chat.delete", "channel", "id", channel=CHANNEL, ts=ID)
FILE = asks("files.info", file=ID)
DELETE_FILE = does("files.delete", "id", file=ID)
WORDS = GET("/files-pri")
"""A file's own address, which is on another host and counts against no method's limit."""

ASSUMED = (
    Assumption(said("a search reads texts, blocks and attachments, after a lag"), Grade.DOCS),
    Assumption(said("a search shows no more than 100 pages")),
    Assumption(said("a reply's own ts gives the reply, as if it were a thread")),
    Assumption(said("a deleted message with replies is listed as a tombstone")),
    Assumption(said("without the right to a file comes a page to sign in")),
    Assumption(said("metadata of messages is shown on request"), Grade.DOCS),
    Assumption(said("nobody is told of a message that is changed or deleted")),
)
"""What all this rests on and nobody has confirmed."""

# Reading


def replies(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield a thread without the message that it began with, which the history has."""
    for page in connection.pages(REPLIES, **places):
        yield [one for one in page if one.get("ts") != places["thread"]]


def profile_of(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield a member's profile; the list of members lacks the fields that a company adds."""
    yield [{**connection.call(PROFILE, **places).at("profile"), "id": places["user"]}]


def is_text(one: Mapping[str, Any]) -> bool:
    """Return whether the words of a file can be read at its private address."""
    kind = str(one.get("mimetype"))
    here = bool(one.get("url_private")) and not one.get("is_external")
    return here and (kind.startswith("text/") or kind in {"application/json", "application/xml"})


def not_read(one: Mapping[str, Any]) -> Message | None:
    """Return that of a file only title and preview are read, where it is so."""
    known = "mimetype" not in one or is_text(one)
    return None if known else said("what stands in it: it is no text, or lies elsewhere")


MOST = 1 << 20
"""Larger files are not read."""


def words_of(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield the words of a file; without the right to it a page to sign in may come instead."""
    if int(places["size"] or 0) > MOST:
        raise ReplyUnread(said("Slack: a file is larger than {most} bytes", most=MOST))
    reply = connection.at(WORDS, str(places["address"]))
    if "html" in reply.header("content-type") and "html" not in str(places["type"]):
        raise ReplyUnread(said("Slack: a page to sign in came instead of a file"))
    yield [{"id": places["file"], "text": reply.content.decode(errors="replace")}]


# Finding


def search(*, threads: bool) -> Callable[[Connection, str, Places], Iterator[Any]]:
    """
    Return a way to look for words, in quotes, since an address is several words to Slack.

    The index lags, and does not tell what is a reply; so what is found is read again.
    """

    def found(connection: Connection, value: str, _places: Places) -> Iterator[Any]:
        for page in connection.pages(SEARCH, value=value.replace('"', " ")):
            for match in page:
                channel = match["channel"]["id"]
                one = message_at(connection, channel, match["ts"])
                if one and (one.get("thread_ts", one["ts"]) != one["ts"]) is threads:
                    yield {**one, "channel": channel}

    return found


def by_search(**gives: str) -> tuple[Lookup, ...]:
    """Return the lookups of messages, or of replies; numbers are spelt too freely to search for."""
    call = search(threads="thread" in gives)
    return (
        Lookup(by="email", call=call, gives=gives),
        Lookup(by="name", call=call, gives=gives),
        Lookup(by="company", call=call, gives=gives),
    )


def message_at(connection: Connection, channel: str, ts: str) -> Mapping[str, Any]:
    """Return a message or a reply, or nothing; a mark that there was one is nothing, too."""
    reply = connection.look(ONE, channel=channel, id=ts)
    one = (reply.at(ONE.items) if reply else None) or {}
    return one if one.get("ts") == ts and one.get("subtype") != "tombstone" else {}


def is_gone(connection: Connection, target: Target) -> bool:
    """Return whether a message is deleted; one with replies leaves a mark at its place."""
    return not message_at(connection, target.places["channel"], target.key)


# What a person does


def at_message(connection: Connection, target: Target) -> str:
    """Return the address at which people see a message."""
    reply = connection.look(PERMALINK, **target.filled)
    return str(reply.at("permalink")) if reply else target.key


def at_file(_connection: Connection, target: Target) -> str:
    """Return a file's id: its address ends in its name, which may be somebody's."""
    return target.key

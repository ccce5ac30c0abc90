"""
Slack by its export: the ZIP file that an owner downloads, with other people's messages too.

From the vendor's help pages on exports and the same objects as the Web API's, read on 2026-11-22;
nothing was tried with an export of a live workspace.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from klarsyn.errors import Message, said
from klarsyn.transport import slackexport
from klarsyn.vendors.sheet import (
    Api,
    Assumption,
    Connection,
    Depth,
    Grade,
    HowFar,
    NoAuth,
    Places,
    Reader,
    Record,
    Setting,
    Vendor,
)
from klarsyn.vendors.slack import CHANNEL_FIELDS, MEMBER, MESSAGE_FIELDS, PICTURES, TEXT

api = Api(
    protocol="files",
    base="",
    hosts=(),
    auth=NoAuth(),
    settings=(Setting("export", said("the path of the ZIP file")),),
    reference="https://slack.com/help/articles/201658943",
    read_on="2026-11-22",
)

LISTED = frozenset({"channel", "user"})
"""What an export tells before its messages, so nobody has to read on to the end for it."""
BATCH = 1000


def exported(*kinds: slackexport.Kind) -> Reader:
    """Return a reader of some kinds of records; it holds no more than one batch of them."""

    def reader(connection: Connection, _places: Places) -> Iterator[list[Any]]:
        every = slackexport.slack_export(Path(connection.settings["export"]))
        if set(kinds) <= LISTED:
            every = takewhile(lambda one: one.kind in LISTED, every)
        wanted = (as_read(one, number) for number, one in enumerate(every) if one.kind in kinds)
        while batch := list(islice(wanted, BATCH)):
            yield batch

    return reader


def as_read(one: slackexport.Exported, number: int) -> Mapping[str, Any]:
    """Return a record as the API shows it, and its place, since a ts is no key of a file."""
    key = f"{one.entry}#{one.ts or number}"
    place = {"key": key, "kind": one.kind, "channel": one.channel_id or one.channel}
    body = {"body": one.body} if one.kind == "other" else one.body
    return {**body, "export": place}


def unread(raw: Mapping[str, Any]) -> Message | None:
    """Return that an entry was not read, if it was not."""
    return said("it is not JSON") if raw["export"]["kind"] == "unread" else None


KEY = "export.key"

channel = Record(
    name="channel",
    about=said("whoever a topic or a purpose names"),
    read=exported("channel"),
    key=KEY,
    open_fields=CHANNEL_FIELDS,
)
message = Record(
    name="message",
    about=said("customers whom employees write about, in threads too"),
    read=exported("message"),
    key=KEY,
    elements=TEXT,
    open_fields=MESSAGE_FIELDS,
)
user = Record(
    name="user",
    about=said("members, guests and former members; customers are none"),
    read=exported("user"),
    key=KEY,
    elements=MEMBER,
    open_fields=("name", "profile"),
    ignored=PICTURES,
)
other = Record(
    name="other",
    about=said("whoever stands in lists of another kind: canvases, logs of apps"),
    read=exported("other", "unread"),
    key=KEY,
    open_fields=("body",),
    unread=unread,
)

BY_HAND = said("in Slack itself; the file is a copy, to be deleted after use")

slack_export = Vendor(
    id="slack-export",
    name="Slack (export)",
    api=api,
    records=(channel, message, user, other),
    read=HowFar(Depth.FULL, said("as it was on the day of the export")),
    find=HowFar(Depth.FULL, said("as it was on the day of the export")),
    rectify=HowFar(Depth.MANUAL, BY_HAND),
    erase=HowFar(Depth.MANUAL, BY_HAND),
    deliver=HowFar(Depth.NONE, said("nothing about customers belongs there")),
    unseen=(
        said("what lies in files beyond their title and preview: an export holds addresses only"),
        said("private channels and direct messages, unless plan and Slack let an owner have them"),
        said("bookmarks and reminders"),
    ),
    assumptions=(
        Assumption(said("direct messages lie in folders that are named by id"), Grade.THIRD),
        Assumption(said("the lists of an export have the fields of the API's objects")),
    ),
)

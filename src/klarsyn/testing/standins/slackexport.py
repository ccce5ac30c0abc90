"""
A Slack workspace export, as an owner downloads it: a ZIP of JSON files, one a channel and day.

It is written in one go and never held in memory, so it can be made as large as a test needs.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import IO, TYPE_CHECKING

from klarsyn.testing.standins.slack_workspace import TEAM, Channel, Record, Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from klarsyn.testing.standins.slack import SlackStandIn

#: Which file of the export lists the conversations of a kind.
LISTS = {
    "public_channel": "channels.json",
    "private_channel": "groups.json",
    "im": "dms.json",
    "mpim": "mpims.json",
}
#: The channel that is swollen, how large its days are, and every how often a customer is named.
SWOLLEN, DAY_BYTES, EVERY = "kunder", 4_000_000, 1000
FILLING = "Mødet er flyttet til klokken ti, og kaffen er betalt af dem der kom for sent. " * 16
#: Drawn anew for each message: talk that only repeats itself would pack like a bomb.
_WORDS = """
altid aldrig bagefter bil bord dag derfor dør efter ferie forkert frokost fredag færdig garage
gulv haster hjem igen ikke imorgen jævn kaffe kasse klar kold kontor lager lampe lastbil ledig
mandag maskine måske møde nemt nøgle ofte onsdag ordre pakke pause plads plan port rabat regn
reol rigtig rør sen skab skrue snart spand stige stor tidlig torsdag trappe tæt uge varm vand
"""
WORDS = _WORDS.split()


@dataclass(slots=True)
class Written:
    """How much an export holds."""

    size: int = 0
    """Bytes before compression."""
    messages: int = 0
    filled: int = 0
    """Of the messages, those that only make it larger."""
    named: int = 0
    """Of the filling, those that name a customer."""


def write_export(
    standin: SlackStandIn, target: Path | IO[bytes], *, size: int = 0, public_only: bool = False
) -> Written:
    """Write all that the workspace holds, other people's messages too, and fill it up to `size`."""
    workspace, written = standin.workspace, Written()
    kinds = ["public_channel"] if public_only else list(LISTS)
    with zipfile.ZipFile(target, "w") as archive:
        _write(archive, "users.json", workspace.members.values(), written)
        _write(archive, "integration_logs.json", [], written)
        for kind in kinds:
            channels = [one for one in workspace.channels.values() if one.kind == kind]
            _write(archive, LISTS[kind], map(_listed, channels), written)
            for channel in channels:
                for day, messages in groupby(_all_messages(workspace, channel), _day):
                    _write_day(archive, channel, day, messages, written)
        _swell(archive, standin, size, written)
    return written


def _listed(channel: Channel) -> Record:
    """Return a conversation as an export lists it: with its members, without who is looking."""
    if channel.kind == "im":
        return {"id": channel.id, "created": channel.created, "members": channel.members}
    shown = {
        "id": channel.id,
        "name": channel.name,
        "created": channel.created,
        "creator": channel.members[0],
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "members": channel.members,
        "topic": channel.topic,
        "purpose": channel.purpose,
    }
    return {name: value for name, value in shown.items() if name != "is_general" or value}


def folder(channel: Channel) -> str:
    """Return where a conversation's days lie: by its name, a direct message by its id."""
    return channel.id if channel.kind == "im" else channel.name


def _all_messages(workspace: Workspace, channel: Channel) -> Iterator[Record]:
    """Yield a channel's messages and, unlike its history, the replies; oldest first."""
    messages = workspace.messages.get(channel.id, {})
    for ts in sorted(messages):
        shown = workspace.shown(channel.id, messages[ts], metadata=True)
        if replies := workspace.replies.get((channel.id, ts)):
            users = (messages[one].get("user", "") for one in replies)
            pairs = zip(users, replies, strict=True)
            shown["replies"] = [{"user": user, "ts": reply} for user, reply in pairs]
        yield shown


def _day(message: Record) -> date:
    return datetime.fromtimestamp(float(message["ts"]), UTC).date()


def _write_day(
    archive: zipfile.ZipFile,
    channel: Channel,
    day: date,
    messages: Iterable[Record],
    written: Written,
) -> None:
    name = f"{folder(channel)}/{day.isoformat()}.json"
    written.messages += _write(archive, name, messages, written)


def _write(archive: zipfile.ZipFile, name: str, records: Iterable[Record], written: Written) -> int:
    """Write a JSON list record by record; return how many there were."""
    number = 0
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as file:
        written.size += file.write(b"[")
        for number, record in enumerate(records, start=1):
            text = json.dumps(record, indent=4)  # as Slack does: spread out, and all in ASCII
            written.size += file.write(f"{',' if number > 1 else ''}\n{text}".encode())
        written.size += file.write(b"\n]")
    return number


# Filling


def _swell(archive: zipfile.ZipFile, standin: SlackStandIn, size: int, written: Written) -> None:
    """Add days before the first one until the export is as large as it shall be."""
    channel = next(one for one in standin.workspace.channels.values() if one.name == SWOLLEN)
    day = datetime.fromtimestamp(channel.created, UTC)
    while written.size < size:
        day -= timedelta(days=1)
        room = min(DAY_BYTES, size - written.size)
        _write_day(archive, channel, day.date(), _filling(standin, day, room, written), written)


def _filling(standin: SlackStandIn, day: datetime, room: int, written: Written) -> Iterator[Record]:
    """Yield one day's messages until they fill the room; now and then one names a customer."""
    start, users = int(day.replace(hour=0, minute=0, second=0).timestamp()), _writers(standin)
    target, number = written.size + room, 0
    rng = random.Random(start)  # noqa: S311  (talk, not secrets)
    while written.size < target:
        text = f"{FILLING}{' '.join(rng.choices(WORDS, k=80))} "
        if standin.people and written.filled % EVERY == 0:
            person = standin.people[written.named % len(standin.people)]
            text = f"{text}{person.name} {person.email} {person.phone}"
            written.named += 1
        written.filled += 1
        yield {
            "type": "message",
            "user": users[number % len(users)],
            "text": text,
            "ts": f"{start + number}.000100",
            "team": TEAM,
        }
        number += 1


def _writers(standin: SlackStandIn) -> list[str]:
    return [one["id"] for one in standin.workspace.members.values() if one["profile"].get("email")]

"""
A Slack export: a ZIP file with lists of channels and users, and a file per channel and day.

    users.json channels.json groups.json dms.json mpims.json
    general/2026-11-02.json ...

What stands in it is handed out as it is, record by record, with the place where it stands. Entries
of no known kind are handed out too, so that nothing is silently left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from klarsyn.errors import said
from klarsyn.transport.archives import Archive, Bounds, open_archive
from klarsyn.transport.files import NOT_OURS

Kind = Literal["channel", "user", "message", "other", "unread"]

#: The lists of an export, in the order in which they are read, and what they list.
LISTS: dict[str, Kind] = {
    "channels.json": "channel",
    "groups.json": "channel",  # private channels
    "dms.json": "channel",
    "mpims.json": "channel",  # direct messages of several people
    "users.json": "user",
    "org_users.json": "user",
}
#: Every export has one of them, the second if it is of a whole organisation.
_USERS = frozenset(name for name, kind in LISTS.items() if kind == "user")
_DAY = re.compile(r"(?P<channel>[^/]+)/(?P<day>\d{4}-\d{2}-\d{2})\.json")
#: What macOS puts into the ZIP files that it makes.
_MACOS = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$)")


class Exported(msgspec.Struct, frozen=True):
    """
    One record of an export and its place.

    A channel's name is its folder's; of direct messages it is an id. `channel_id` is empty where
    no list has the channel. An `unread` one stands for an entry that is not JSON, with no body.
    """

    kind: Kind
    entry: str
    channel: str
    channel_id: str
    day: str
    ts: str
    body: dict[str, object]


def slack_export(path: Path, bounds: Bounds | None = None) -> Iterator[Exported]:
    """Return what an export holds: channels, users, messages by channel and day, the rest."""
    with open_archive(path, bounds) as archive:
        root = _root(archive)
        names = sorted(
            entry.name.removeprefix(root)
            for entry in archive.entries()
            if entry.name.startswith(root) and not _MACOS.search(entry.name)
        )
        ids: dict[str, str] = {}
        for name, kind in LISTS.items():
            if root + name in archive:
                yield from _listed(archive, root + name, kind, ids)
        rest = [name for name in names if name not in LISTS]
        yield from _messages(archive, root, rest, ids)
        for name in rest:
            if not _DAY.fullmatch(name):
                yield from _others(archive, root + name)


def _root(archive: Archive) -> str:
    """Return the folder with the lists: the top, or the one folder of an export packed again."""
    found = [
        folder + slash
        for folder, slash, name in (entry.name.rpartition("/") for entry in archive.entries())
        if name in _USERS and not _MACOS.search(folder + slash)
    ]
    if not found:
        raise archive.place("").refused(said("it is not an export of Slack as JSON"), NOT_OURS)
    return min(found, key=lambda root: (root.count("/"), root))


def _listed(archive: Archive, entry: str, kind: Kind, ids: dict[str, str]) -> Iterator[Exported]:
    for body in _records(archive, entry):
        if kind == "user":
            yield Exported(kind, entry, "", "", "", "", body)
            continue
        identity = _word(body, "id")
        name = _word(body, "name") or identity
        ids[name] = identity
        yield Exported(kind, entry, name, identity, "", "", body)


def _messages(
    archive: Archive, root: str, names: list[str], ids: dict[str, str]
) -> Iterator[Exported]:
    for name in names:
        if found := _DAY.fullmatch(name):
            channel, day = found["channel"], found["day"]
            entry = root + name
            identity = ids.get(channel, "")
            for body in _records(archive, entry):
                yield Exported("message", entry, channel, identity, day, _word(body, "ts"), body)


def _others(archive: Archive, entry: str) -> Iterator[Exported]:
    if not entry.endswith(".json"):
        yield Exported("unread", entry, "", "", "", "", {})
        return
    is_list = next(archive.read_chunks(entry), b"").lstrip().startswith(b"[")
    for body in archive.read_json_items(entry) if is_list else [archive.read_json(entry)]:
        whole = body if isinstance(body, dict) else {"": body}
        yield Exported("other", entry, "", "", "", "", whole)


def _records(archive: Archive, entry: str) -> Iterator[dict[str, object]]:
    for body in archive.read_json_items(entry):
        if not isinstance(body, dict):
            raise archive.place(entry).refused(said("it is not a list of records"), NOT_OURS)
        yield body


def _word(body: dict[str, object], name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""

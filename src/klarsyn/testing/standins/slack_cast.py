"""
Who works at the invented company, in which channels they are, and with which keys.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from klarsyn.testing.standins.slack_workspace import (
    SLACKBOT,
    TEAM,
    Channel,
    Record,
    Token,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Login name, name, title, and the flags that differ from an ordinary member's.
EMPLOYEES: tuple[tuple[str, str, str, Record], ...] = (
    ("nanna", "Nanna Kirkeby", "Kundeansvarlig", {"is_admin": True, "is_owner": True}),
    ("oskar", "Oskar Wennberg", "Säljare", {}),
    ("pia", "Pia Storgaard", "Support", {}),
    ("rune", "Rune Dalsgaard", "Montør", {}),
    ("tilde", "Tilde Ekholm", "Säljare", {"deleted": True}),
    ("viggo", "Viggo Aaberg", "Konsulent", {"is_restricted": True}),
)
FIELD = "Xf000000001"
USER_TOKEN, MEMBER_TOKEN = "xoxp-1-nanna-0123456789", "xoxp-1-oskar-0123456789"
BOT_TOKEN = "xoxb-1-klarsyn-0123456789"  # noqa: S105  (invented, as all content here)
BOT_SCOPES = """
bookmarks:read channels:history channels:join channels:manage channels:read chat:write files:read
files:write groups:history groups:read im:history im:read mpim:history mpim:read pins:read
team:read users.profile:read users:read users:read.email
"""
USER_SCOPES = """
bookmarks:read channels:history channels:read channels:write chat:write files:read files:write
groups:history groups:read groups:write im:history im:read im:write mpim:history mpim:read
mpim:write pins:read reminders:read search:read team:read users.profile:read users:read
users:read.email
"""
SIZES = (24, 32, 48, 72, 192, 512)


def settle(workspace: Workspace) -> None:
    """Bring in the members, the bot, their channels and their tokens."""
    for login, name, title, flags in EMPLOYEES:
        _member(workspace, login, name, title, flags)
    _member(workspace, "klarsyn", "Klarsyn", "", {"is_bot": True})
    _member(workspace, "slackbot", "Slackbot", "", {})
    nanna, oskar, pia, rune, tilde, viggo, bot, _ = workspace.members
    staff = [nanna, oskar, pia, rune]
    open_channel(workspace, "public_channel", "general", [*staff, viggo, bot]).is_general = True
    open_channel(workspace, "public_channel", "kunder", [*staff, bot])
    open_channel(workspace, "public_channel", "support", staff)
    open_channel(workspace, "private_channel", "salg-intern", [nanna, oskar])
    open_channel(workspace, "private_channel", "ledelse", [pia, rune])
    open_channel(workspace, "public_channel", "projekt-2024", [nanna, tilde]).is_archived = True
    open_channel(workspace, "im", "nanna-oskar", [nanna, oskar])
    open_channel(workspace, "im", "pia-rune", [pia, rune])
    open_channel(workspace, "mpim", "mpdm-nanna--oskar--pia-1", [nanna, oskar, pia])
    user_scopes = set(USER_SCOPES.split())
    bot_id = str(workspace.members[bot]["profile"]["bot_id"])
    for token in (
        Token(USER_TOKEN, nanna, set(user_scopes)),
        Token(MEMBER_TOKEN, oskar, set(user_scopes)),
        Token(BOT_TOKEN, bot, set(BOT_SCOPES.split()), bot_id),
    ):
        workspace.tokens[token.value] = token


def open_channel(workspace: Workspace, kind: str, name: str, members: Sequence[str]) -> Channel:
    """Open a conversation with members; the first of them made it."""
    number = workspace.new_id("D" if kind == "im" else "C")
    created = int((workspace.clock.now() - timedelta(days=200)).timestamp())
    empty = {"value": "", "creator": "", "last_set": 0}
    channel = Channel(number, kind, name, list(members), created, dict(empty), dict(empty))
    workspace.channels[number] = channel
    workspace.messages[number] = {}
    return channel


def channel_named(workspace: Workspace, name: str) -> Channel:
    """Return the channel of a name."""
    return next(one for one in workspace.channels.values() if one.name == name)


def member_named(workspace: Workspace, login: str) -> str:
    """Return the id of the member with a login name."""
    return next(number for number, one in workspace.members.items() if one["name"] == login)


def _member(workspace: Workspace, login: str, name: str, title: str, flags: Record) -> None:
    number = SLACKBOT if login == "slackbot" else workspace.new_id("U")
    first, _, last = name.partition(" ")
    bot = {"bot_id": workspace.new_id("B"), "api_app_id": "A0000000001"}
    address = {"email": f"{login}@klarpris.example"}
    profile = {
        "title": title,
        "phone": "",
        "skype": "",
        "real_name": name,
        "real_name_normalized": name,
        "display_name": login,
        "display_name_normalized": login,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"{len(workspace.members):012x}",
        "team": TEAM,
        "fields": {FIELD: {"value": "", "alt": ""}} if title else {},
        **{f"image_{size}": f"https://avatars.slack-edge.example/{size}.png" for size in SIZES},
        **(bot if flags.get("is_bot") else {}),
        **(address if title else {}),
    }
    workspace.field_labels[FIELD] = "Kunder"
    standing = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")
    workspace.members[number] = {
        "id": number,
        "team_id": TEAM,
        "name": login,
        "deleted": False,
        "color": "9f69e7",
        "real_name": name,
        "tz": "Europe/Copenhagen",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": profile,
        **dict.fromkeys(standing, False),
        "is_bot": False,
        "is_app_user": False,
        "updated": 1_700_000_000,
        **flags,
    }

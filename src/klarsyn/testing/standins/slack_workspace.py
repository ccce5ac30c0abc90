"""
What a Slack workspace holds: members, channels, messages, files, and who may see which of them.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from klarsyn.clock import Clock

Record = dict[str, Any]
"""An object as the API shows it."""

SLACKBOT = "USLACKBOT"
DOMAIN = "klarpris"
TEAM = "T0000000001"


class Refused(Exception):
    """The workspace does not do what was asked; `error` is Slack's word for why."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


@dataclass(slots=True)
class Rules:
    """Numbers and switches of the workspace; tests change them on a running stand-in."""

    default_limit: int = 100
    page_cap: int = 10
    """What a page holds at most; Slack may always return fewer than were asked for."""
    count_cap: int = 100
    """The same for the methods that page by number: files.list and search."""
    search_lag: float = 30.0
    """Seconds until search knows of a message, of its new text, and of its end."""
    edit_window: float | None = None
    """Seconds in which a message may be edited; None: for ever."""
    compliance_exports: bool = False
    """Whether the organisation's compliance exports keep messages from being deleted."""
    blocks_outlive_text: bool = True
    """Whether chat.update with a text alone keeps the old blocks; Slack has documented both."""
    distributed: bool = False
    """Whether the app is sold outside the Marketplace: one page of 15 messages a minute."""
    per_minute: dict[str, int] = field(
        default_factory=lambda: {
            "Tier1": 1,
            "Tier2": 20,
            "Tier3": 50,
            "Tier4": 100,
            # Documented as "hundreds of requests per minute".
            "SpecialTier_auth_test": 600,
            "SpecialTier_chat_getPermalink": 600,
        }
    )
    posts_per_second: int = 1
    """Of chat.postMessage, in each channel."""


@dataclass(slots=True)
class Token:
    """A key to the workspace: a member's, or a bot's when it names one."""

    value: str = field(repr=False)
    user: str
    scopes: set[str]
    bot: str = ""
    error: str = ""
    """Why it is refused by now: token_expired, token_revoked, account_inactive."""


@dataclass(slots=True)
class Channel:
    """A conversation of any kind, and who is in it."""

    id: str
    kind: str
    """As conversations.list calls it: public_channel, private_channel, im, mpim."""
    name: str
    members: list[str]
    created: int
    topic: Record
    purpose: Record
    is_archived: bool = False
    is_general: bool = False

    def shown(self, viewer: str) -> Record:
        """Return the conversation object as a member sees it."""
        if self.kind == "im":
            other = next((one for one in self.members if one != viewer), viewer)
            return {
                "id": self.id,
                "created": self.created,
                "is_archived": False,
                "is_im": True,
                "is_org_shared": False,
                "is_user_deleted": False,
                "priority": 0,
                "user": other,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "creator": self.members[0],
            "is_archived": self.is_archived,
            "is_channel": True,
            "is_ext_shared": False,
            "is_general": self.is_general,
            "is_group": False,
            "is_im": False,
            "is_member": viewer in self.members,
            "is_mpim": self.kind == "mpim",
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "is_private": self.kind != "public_channel",
            "is_shared": False,
            "pending_shared": [],
            "previous_names": [],
            "purpose": dict(self.purpose),
            "topic": dict(self.topic),
            "unlinked": 0,
        }


class Workspace:
    """All content of one workspace; tests may look and reach into its plain attributes."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rules = Rules()
        self.tokens: dict[str, Token] = {}
        self.members: dict[str, Record] = {}
        self.field_labels: dict[str, str] = {}
        """What the company calls its own fields of profiles."""
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Record]] = {}
        self.replies: dict[tuple[str, str], list[str]] = {}
        self.files: dict[str, Record] = {}
        self.bodies: dict[str, bytes] = {}
        self.deleted_files: set[str] = set()
        self.bookmarks: dict[str, list[Record]] = {}
        self.pins: dict[str, list[Record]] = {}
        self.reminders: list[Record] = []
        self.versions: dict[tuple[str, str], list[tuple[float, Record | None]]] = {}
        """What search may know of each message: since when it reads so; None once deleted."""
        self.last_stamp = (0, 0)
        self.counts: dict[str, int] = {}

    # Names and instants

    def new_id(self, letter: str) -> str:
        """Return an id that is not taken: U0000000001, Rm0000000001."""
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{letter}{self.counts[letter]:010d}"

    def stamp(self, when: datetime | None = None) -> str:
        """Return a message's ts; it is its key in the channel, so no two are the same."""
        second = int((when or self.clock.now()).timestamp())
        last, count = self.last_stamp
        self.last_stamp = (second, count + 100 if second == last else 100)
        return f"{second}.{self.last_stamp[1]:06d}"

    def permalink(self, channel: str, message: Record) -> str:
        """Return where people read a message."""
        ts = message["ts"]
        link = f"https://{DOMAIN}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
        thread = message.get("thread_ts", ts)
        return link if thread == ts else f"{link}?thread_ts={thread}&cid={channel}"

    # Who sees what

    def sees(self, token: Token, channel: Channel) -> bool:
        """Return whether a token may know of a channel: public ones, and those it is in."""
        return channel.kind == "public_channel" or token.user in channel.members

    def reads(self, token: Token, channel: Channel) -> bool:
        """Return whether a token may read a channel; a bot only reads where it is a member."""
        return token.user in channel.members or (not token.bot and self.sees(token, channel))

    def is_admin(self, token: Token) -> bool:
        """Return whether a token acts for an admin; a bot never does."""
        return not token.bot and bool(self.members[token.user].get("is_admin"))

    def file_channels(self, file: Record) -> list[Channel]:
        """Return the channels that a file was shared in."""
        ids = [*file.get("channels", ()), *file.get("groups", ()), *file.get("ims", ())]
        return [self.channels[one] for one in ids]

    def sees_file(self, token: Token, file: Record) -> bool:
        """Return whether a token may see a file: its own, and those of channels it reads."""
        shared = any(self.reads(token, channel) for channel in self.file_channels(file))
        return shared or file.get("user") == token.user

    # Messages

    def write(self, channel: str, message: Record) -> Record:
        """Put a message into a channel, or another text under the same ts."""
        ts, thread = message["ts"], message.get("thread_ts")
        self.messages.setdefault(channel, {})[ts] = message
        replies = self.replies.setdefault((channel, thread), []) if thread else []
        if thread and ts not in (thread, *replies):
            replies.append(ts)
        self._version(channel, ts, message)
        return message

    def erase(self, channel: str, ts: str) -> None:
        """Take a message away; a thread whose parent goes keeps its replies under a tombstone."""
        message = self.messages[channel].pop(ts)
        thread = message.get("thread_ts", ts)
        replies = self.replies.get((channel, thread), [])
        if ts in replies:
            replies.remove(ts)
        parent = self.messages[channel].get(thread)
        if ts == thread and replies:
            self.messages[channel][ts] = _tombstone(ts)
        elif parent and parent.get("subtype") == "tombstone" and not replies:
            del self.messages[channel][thread]
        self._version(channel, ts, None)

    def _version(self, channel: str, ts: str, message: Record | None) -> None:
        now = self.clock.now().timestamp()
        since = now if self.versions.get((channel, ts)) else min(now, float(ts))
        self.versions.setdefault((channel, ts), []).append((since, message))

    def indexed(self, lag: float) -> Iterator[tuple[str, Record]]:
        """Yield what search knows: every message as it was `lag` seconds ago."""
        then = self.clock.now().timestamp() - lag
        for (channel, _), versions in self.versions.items():
            known = [message for since, message in versions if since <= then]
            if known and (message := known[-1]):
                yield channel, message

    def shown(self, channel: str, message: Record, *, metadata: bool = False) -> Record:
        """Return a message as the API shows it, with what its thread has come to."""
        shown = deepcopy(message)
        if "metadata" in shown and not metadata:
            shown["metadata"] = {"event_type": shown["metadata"]["event_type"]}
        ts = message["ts"]
        replies = self.replies.get((channel, ts), [])
        if message.get("thread_ts") not in (None, ts):
            parent = self.messages[channel].get(message["thread_ts"], {})
            shown["parent_user_id"] = parent.get("user", SLACKBOT)
        elif replies:
            users = [self.messages[channel][one].get("user", SLACKBOT) for one in replies]
            shown |= {
                "thread_ts": ts,
                "reply_count": len(replies),
                "reply_users": sorted(set(users)),
                "reply_users_count": len(set(users)),
                "latest_reply": replies[-1],
                "subscribed": False,
            }
        return shown

    def timeline(self, channel: str) -> list[Record]:
        """Return what stands in the channel itself, oldest first: no replies in threads."""
        messages = self.messages.get(channel, {})
        return [
            messages[ts]
            for ts in sorted(messages)
            if messages[ts].get("thread_ts", ts) == ts
            or messages[ts].get("subtype") == "thread_broadcast"
        ]


def _tombstone(ts: str) -> Record:
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": SLACKBOT,
        "text": "This message was deleted.",
        "ts": ts,
        "thread_ts": ts,
    }

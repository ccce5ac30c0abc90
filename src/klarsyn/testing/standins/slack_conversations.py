"""
Slack's methods for conversations: listing, reading, joining, topics, bookmarks and pins.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from klarsyn.testing.standins.slack_calls import MOST_PER_PAGE, SCOPE_PREFIX, Call, method
from klarsyn.testing.standins.slack_workspace import Refused

if TYPE_CHECKING:
    from klarsyn.testing.standins.slack_workspace import Channel, Record

TOPIC_LENGTH = 250
DISTRIBUTED_PAGE = 15


def _ts(message: Record) -> str:
    return str(message["ts"])


@method("conversations.list", "Tier2")
def conversations_list(call: Call) -> Record:
    """Return the channels of the asked kinds; public ones where nothing is asked."""
    kinds = [one.strip() for one in call.text("types", "public_channel").split(",")]
    if set(kinds) - set(SCOPE_PREFIX):
        raise Refused("invalid_types")
    call.require(*(f"{SCOPE_PREFIX[kind]}:read" for kind in kinds))
    workspace = call.workspace
    found = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and workspace.sees(call.token, channel)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    page, cursor = call.page(sorted(found, key=_id), _id)
    shown = [_counted(channel, call) for channel in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _id(channel: Channel) -> str:
    return channel.id


def _counted(channel: Channel, call: Call) -> Record:
    shown = channel.shown(call.token.user)
    return shown if channel.kind == "im" else {**shown, "num_members": len(channel.members)}


@method("conversations.info", "Tier3")
def conversations_info(call: Call) -> Record:
    """Return one channel."""
    channel = call.channel("read")
    counted = call.flag("include_num_members")
    return {"channel": _counted(channel, call) if counted else channel.shown(call.token.user)}


@method("conversations.members", "Tier4")
def conversations_members(call: Call) -> Record:
    """Return who is in a channel, by id."""
    members, cursor = call.page(sorted(call.channel("read").members), str)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


@method("conversations.history", "Tier3")
def conversations_history(call: Call) -> Record:
    """Return a channel's own messages, newest first; what threads hold is not among them."""
    channel = _readable(call)
    found = _between(call, call.workspace.timeline(channel.id))
    page, cursor = call.page(found[::-1], _ts, newest_first=True, most=_most(call))
    return {
        "messages": _shown(call, channel, page),
        "has_more": bool(cursor),
        "pin_count": len(call.workspace.pins.get(channel.id, ())),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **({"response_metadata": {"next_cursor": cursor}} if cursor else {}),
    }


@method("conversations.replies", "Tier3")
def conversations_replies(call: Call) -> Record:
    """Return a thread, the parent first and oldest replies next; the parent is not repeated."""
    channel = _readable(call)
    workspace, ts = call.workspace, call.text("ts")
    messages = workspace.messages.get(channel.id, {})
    replies = workspace.replies.get((channel.id, ts), [])
    if ts not in messages:
        raise Refused("thread_not_found")
    thread = [messages[ts], *_between(call, [messages[one] for one in sorted(replies)])]
    page, cursor = call.page(thread, _ts, most=_most(call))
    return {
        "messages": _shown(call, channel, page),
        "has_more": bool(cursor),
        **({"response_metadata": {"next_cursor": cursor}} if cursor else {}),
    }


def _readable(call: Call) -> Channel:
    """Return the channel to read from; a bot must be in it."""
    channel = call.channel("history")
    if not call.workspace.reads(call.token, channel):
        raise Refused("not_in_channel")
    return channel


def _between(call: Call, messages: list[Record]) -> list[Record]:
    """Return messages between `oldest` and `latest`, both themselves only if `inclusive`."""
    oldest = call.instant("oldest", "0", "invalid_ts_oldest")
    latest = call.instant("latest", "Infinity", "invalid_ts_latest")
    if call.flag("inclusive"):
        return [one for one in messages if oldest <= Decimal(one["ts"]) <= latest]
    return [one for one in messages if oldest < Decimal(one["ts"]) < latest]


def _most(call: Call) -> int:
    return DISTRIBUTED_PAGE if call.workspace.rules.distributed else MOST_PER_PAGE


def _shown(call: Call, channel: Channel, messages: list[Record]) -> list[Record]:
    metadata = call.flag("include_all_metadata")
    return [call.workspace.shown(channel.id, one, metadata=metadata) for one in messages]


@method("conversations.join", "Tier3", takes_json=True)
def conversations_join(call: Call) -> Record:
    """Bring a member or a bot into a public channel."""
    channel = call.channel()
    call.require("channels:join" if call.token.bot else "channels:write")
    if channel.kind != "public_channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if call.token.user in channel.members:
        return {
            "channel": channel.shown(call.token.user),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    channel.members.append(call.token.user)
    _tell(call, channel, "channel_join", f"<@{call.token.user}> has joined the channel")
    return {"channel": channel.shown(call.token.user)}


@method("conversations.setTopic", "Tier2", takes_json=True)
def conversations_set_topic(call: Call) -> Record:
    """Give a channel another topic; the channel's history tells of it, text and all."""
    return _describe(call, "topic")


@method("conversations.setPurpose", "Tier2", takes_json=True)
def conversations_set_purpose(call: Call) -> Record:
    """Give a channel another purpose; the channel's history tells of it, text and all."""
    return _describe(call, "purpose")


def _describe(call: Call, what: str) -> Record:
    channel = call.channel("write.topic" if call.token.bot else "write")
    value = call.text(what)
    if channel.kind == "im":
        raise Refused("method_not_supported_for_channel_type")
    if call.token.user not in channel.members:
        raise Refused("not_in_channel")
    if channel.is_archived:
        raise Refused("is_archived")
    if len(value) > TOPIC_LENGTH:
        raise Refused("too_long")
    now = int(call.workspace.clock.now().timestamp())
    setattr(channel, what, {"value": value, "creator": call.token.user, "last_set": now})
    _tell(call, channel, f"channel_{what}", f"set the channel {what}: {value}", **{what: value})
    return {"channel": channel.shown(call.token.user)}


def _tell(call: Call, channel: Channel, subtype: str, text: str, **details: str) -> None:
    """Write what was done to a channel into its history."""
    call.workspace.write(
        channel.id,
        {
            "type": "message",
            "subtype": subtype,
            "user": call.token.user,
            "text": text,
            "ts": call.workspace.stamp(),
            **details,
        },
    )


@method("bookmarks.list", "Tier3", "bookmarks:read")
def bookmarks_list(call: Call) -> Record:
    """Return the links at the top of a channel."""
    channel = call.channel(name="channel_id")
    return {"bookmarks": [dict(one) for one in call.workspace.bookmarks.get(channel.id, ())]}


@method("pins.list", "Tier2", "pins:read")
def pins_list(call: Call) -> Record:
    """Return a channel's pinned messages, those that still exist."""
    channel = call.channel()
    workspace = call.workspace
    messages = workspace.messages.get(channel.id, {})
    items = []
    for pin in workspace.pins.get(channel.id, ()):
        if message := messages.get(pin["ts"]):
            shown = workspace.shown(channel.id, message)
            shown["permalink"] = workspace.permalink(channel.id, message)
            details = {name: pin[name] for name in ("created", "created_by")}
            item = {"type": "message", "channel": channel.id, "message": shown}
            items.append({**item, **details})
    return {"items": items}

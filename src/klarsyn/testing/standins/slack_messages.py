"""
Slack's methods for messages: posting, changing, deleting, linking and searching.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from klarsyn.testing.standins.slack_calls import Call, method
from klarsyn.testing.standins.slack_workspace import DOMAIN, TEAM, Refused

if TYPE_CHECKING:
    from klarsyn.testing.standins.slack_workspace import Channel, Record

TEXT_LENGTH = 40_000
ATTACHMENTS = 100
BLOCKS = 50
APP = "A0000000001"
CONTENT = ("text", "blocks", "attachments", "metadata")


@method("chat.postMessage", "SpecialTier_chat_postMessage", "chat:write", takes_json=True)
def chat_post_message(call: Call) -> Record:
    """Write a message into a channel, a thread, or to a member."""
    channel = _target(call)
    workspace, ts = call.workspace, call.workspace.stamp()
    message: Record = {"type": "message", **author(call), "ts": ts, "team": TEAM, **_content(call)}
    if thread := call.text("thread_ts"):
        message["thread_ts"] = thread
        if call.flag("reply_broadcast"):
            message["subtype"] = "thread_broadcast"
    workspace.write(channel.id, message)
    shown = workspace.shown(channel.id, message, metadata=True)
    return {"channel": channel.id, "ts": ts, "message": shown}


def posting_channel(call: Call) -> str:
    """Return what the limit of one post a second is kept by."""
    name = call.text("channel").lstrip("#")
    channels = call.workspace.channels.values()
    return next((channel.id for channel in channels if channel.name == name), name)


def _target(call: Call) -> Channel:
    """Return where to post: a channel by id or name, a direct message by its member."""
    wanted = call.text("channel")
    for channel in call.workspace.channels.values():
        named = wanted.lstrip("#") == channel.name and channel.kind != "im"
        direct = channel.kind == "im" and set(channel.members) == {wanted, call.token.user}
        if not call.workspace.sees(call.token, channel):
            continue
        if wanted == channel.id or named or direct:
            return _postable(call, channel)
    raise Refused("channel_not_found")


def _postable(call: Call, channel: Channel) -> Channel:
    if channel.is_archived:
        raise Refused("is_archived")
    if call.token.user not in channel.members and "chat:write.public" not in call.token.scopes:
        raise Refused("not_in_channel")
    return channel


def author(call: Call) -> Record:
    """Return the fields that say who wrote a message."""
    if not call.token.bot:
        return {"user": call.token.user}
    return {
        "user": call.token.user,
        "bot_id": call.token.bot,
        "bot_profile": {
            "id": call.token.bot,
            "app_id": APP,
            "name": call.workspace.members[call.token.user]["name"],
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": TEAM,
            "icons": {f"image_{n}": f"https://a.slack-edge.example/{n}.png" for n in (36, 48, 72)},
        },
    }


def _content(call: Call) -> Record:
    """Return what a call says a message shall hold, only what it names."""
    given: Record = {name: call.structure(name) for name in CONTENT[1:] if name in call.arguments}
    attachments, blocks = given.get("attachments") or [], given.get("blocks") or []
    if not (call.text("text") or attachments or blocks):
        raise Refused("no_text")
    if len(call.text("text")) > TEXT_LENGTH:
        raise Refused("msg_too_long")
    if len(attachments) > ATTACHMENTS:
        raise Refused("too_many_attachments")
    if len(blocks) > BLOCKS:
        raise Refused("invalid_blocks")
    if attachments:
        numbered = enumerate(attachments, start=1)
        given["attachments"] = [{"id": number, **one} for number, one in numbered]
    return {"text": call.text("text"), **given}


@method("chat.update", "Tier3", "chat:write", takes_json=True)
def chat_update(call: Call) -> Record:
    """Change a message of one's own; what the call does not name stays as it was."""
    channel, message = _existing(call)
    workspace, ts = call.workspace, message["ts"]
    if not _is_own(call, message):
        raise Refused("cant_update_message")
    window = workspace.rules.edit_window
    if window is not None and workspace.clock.now().timestamp() - float(ts) > window:
        raise Refused("edit_window_closed")
    changes = {name: value for name, value in _content(call).items() if name in call.arguments}
    if "text" in changes and not workspace.rules.blocks_outlive_text:
        changes.setdefault("blocks", None)
    edited = {"user": call.token.user, "ts": workspace.stamp()}
    changed = {**message, **changes, "edited": edited}
    changed = {name: value for name, value in changed.items() if value not in ([], None)}
    workspace.write(channel.id, changed)
    shown = workspace.shown(channel.id, changed, metadata=True)
    kept = {name: shown[name] for name in (*CONTENT, "user", "bot_id") if name in shown}
    return {"channel": channel.id, "ts": ts, "text": changed["text"], "message": kept}


@method("chat.delete", "Tier3", "chat:write", takes_json=True)
def chat_delete(call: Call) -> Record:
    """Delete a message: a bot its own, a member their own, an admin anybody's."""
    channel, message = _existing(call)
    if call.workspace.rules.compliance_exports:
        raise Refused("compliance_exports_prevent_deletion")
    if not (_is_own(call, message) or call.workspace.is_admin(call.token)):
        raise Refused("cant_delete_message")
    call.workspace.erase(channel.id, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.getPermalink", "SpecialTier_chat_getPermalink")
def chat_get_permalink(call: Call) -> Record:
    """Return where people read a message."""
    channel, message = _existing(call, "message_ts")
    link = call.workspace.permalink(channel.id, message)
    return {"channel": channel.id, "permalink": link}


def _existing(call: Call, name: str = "ts") -> tuple[Channel, Record]:
    """Return a message that is still there; a tombstone is none."""
    channel = call.channel()
    message = call.workspace.messages.get(channel.id, {}).get(call.text(name))
    if not message or message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    return channel, message


def _is_own(call: Call, message: Record) -> bool:
    if call.token.bot:
        return bool(message.get("bot_id") == call.token.bot)
    return message.get("user") == call.token.user and "bot_id" not in message


# Search


@method("search.messages", "Tier2", "search:read", bots="not_allowed_token_type")
def search_messages(call: Call) -> Record:
    """Return the messages with all words of the query, of what the index knows by now."""
    query = call.text("query")
    if not query:
        raise Refused("No query passed")
    matches = [_match(call, *one) for one in _found(call, query)]
    matches.sort(key=lambda match: str(match["ts"]), reverse=call.text("sort_dir") != "asc")
    cap = min(100, call.workspace.rules.count_cap)
    count, page = min(call.number("count", 20), cap), call.number("page", 1)
    pages, total = math.ceil(len(matches) / count), len(matches)
    shown = matches[(page - 1) * count : page * count]
    first = (page - 1) * count + 1
    pagination = {"first": first, "last": first + len(shown) - 1, "page": page}
    pagination |= {"page_count": pages, "per_page": count, "total_count": total}
    return {
        "query": query,
        "messages": {
            "matches": shown,
            "total": total,
            "pagination": pagination,
            "paging": {"count": count, "page": page, "pages": pages, "total": total},
        },
    }


def _found(call: Call, query: str) -> Iterator[tuple[Channel, Record]]:
    wanted = [words(phrase or word) for phrase, word in re.findall(r'"([^"]*)"|(\S+)', query)]
    workspace = call.workspace
    for channel_id, message in workspace.indexed(workspace.rules.search_lag):
        channel = workspace.channels[channel_id]
        if workspace.sees(call.token, channel):
            said = words(" ".join(_texts(message)))
            if all(_stands(one, said) for one in wanted):
                yield channel, message


def words(text: str) -> list[str]:
    """Return a text as search keeps it: whole words, without case, signs or order of spelling."""
    return re.findall(r"\w+", text.casefold())


def _stands(phrase: list[str], said: list[str]) -> bool:
    """Return whether the words of a phrase stand beside one another."""
    ends = range(len(phrase), len(said) + 1)
    return any(said[end - len(phrase) : end] == phrase for end in ends)


def _texts(message: Record) -> Iterator[str]:
    """Yield what search reads of a message: its text, blocks and attachments, not its files."""
    yield str(message.get("text", ""))
    for name in ("blocks", "attachments"):
        yield from _strings(message.get(name, []))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, dict | list) or name in {"text", "author_name", "fallback", "title"}:
                yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    else:
        yield str(value)


def _match(call: Call, channel: Channel, message: Record) -> Record:
    user = str(message.get("user", ""))
    name = call.workspace.members.get(user, {}).get("name", message.get("username", ""))
    return {
        "iid": f"{channel.id}-{message['ts']}",
        "team": TEAM,
        "channel": {
            "id": channel.id,
            "name": channel.name,
            "is_ext_shared": False,
            "is_mpim": channel.kind == "mpim",
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "is_private": channel.kind != "public_channel",
            "is_shared": False,
            "pending_shared": [],
        },
        "type": "message",
        "user": user,
        "username": name,
        "ts": message["ts"],
        "text": message["text"],
        "permalink": f"https://{DOMAIN}.slack.com/archives/{channel.id}/"
        f"p{message['ts'].replace('.', '')}",
        **{name: message[name] for name in ("blocks", "attachments") if name in message},
    }

"""
Slack: what employees write about customers, in messages, threads and files.

From the contract of the Web API (1.7.0, of 2021), the vendor's tiers and sample replies of 2026
and its documents, read on 2026-11-22; nothing was tried against the live service.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from klarsyn.errors import said
from klarsyn.transport.replies import Reply
from klarsyn.vendors.sheet import (
    Api,
    Assumption,
    Bearer,
    Connection,
    Depth,
    Element,
    Failure,
    Grade,
    HowFar,
    Job,
    Kind,
    Limit,
    Numbered,
    Once,
    Record,
    Residue,
    Setting,
    Vendor,
    Within,
)
from klarsyn.vendors.slack_messages import (
    ASSUMED,
    CHANNEL,
    DELETE_FILE,
    DELETE_MESSAGE,
    FILE,
    HISTORY,
    UPDATE,
    asks,
    at_file,
    at_message,
    by_search,
    is_gone,
    is_text,
    not_read,
    profile_of,
    replies,
    words_of,
)
from klarsyn.vendors.stages import or_by_hand

KINDS = ("public_channel", "private_channel", "mpim", "im")
TALK = [f"{one}:{do}" for one in ("channels", "groups", "mpim", "im") for do in ("read", "history")]
REST = ["files:read", "users:read", "users:read.email", "users.profile:read", "bookmarks:read"]
OF_USERS, WRITING = ["search:read", "reminders:read"], ["chat:write", "files:write"]
READING = [*TALK, *REST, *OF_USERS]
SCOPES = frozenset([*READING, *WRITING])
PER_MINUTE = {
    20: "conversations.list users.list search.messages reminders.list",
    50: "conversations.history conversations.replies bookmarks.list files.list chat.update "
    "chat.delete files.delete",
    100: "users.profile.get files.info auth.test chat.getPermalink",
}
WORDS = {
    Kind.KEY: "invalid_auth not_authed token_revoked token_expired account_inactive",
    Kind.RIGHTS: "missing_scope not_allowed_token_type not_in_channel channel_not_found "
    "user_is_bot no_permission access_denied user_is_restricted org_login_required",
    Kind.ABSENT: "message_not_found thread_not_found file_not_found file_deleted user_not_found",
    Kind.REFUSED: "cant_delete_message compliance_exports_prevent_deletion cant_delete_file "
    "cant_update_message edit_window_closed msg_too_long no_text",
    Kind.THROTTLED: "ratelimited rate_limited",
    Kind.DOWN: "fatal_error internal_error request_timeout service_unavailable",
}


def classify(reply: Reply) -> Failure | None:
    """Failures come with status 200 and `ok: false`; a file without the right leads to a page."""
    if reply.status == 302:
        return Failure(Kind.RIGHTS, "files:read")
    if reply.at("ok") is not False:
        return None
    needed = [one for one in str(reply.at("needed")).split(",") if one in SCOPES]
    return Failure(Kind.REFUSED, needed[0] if needed else str(reply.at("error")))


WHO = asks("auth.test")
api = Api(
    base="https://slack.com/api",
    hosts=("slack.com", "files.slack.com"),
    settings=(
        Setting(
            "token",
            said("the token of an app that the company made for itself: an admin's, or its bot's"),
            secret=True,
            made_at="https://api.slack.com/apps",
            rights=said("to read {reads}; to write {writes}", reads=READING, writes=WRITING),
            lasts=said("until it is revoked; with token rotation for 12 hours, so leave that off"),
            form=r"(xoxe\.)?xox[bp]-\S+",
        ),
    ),
    auth=Bearer("token"),
    limits={name: Limit(most) for most, names in PER_MINUTE.items() for name in names.split()},
    classify=classify,
    codes={
        **{word: kind for kind, words in WORDS.items() for word in words.split()},
        **dict.fromkeys(SCOPES, Kind.RIGHTS),
    },
    hints={
        **{one: said("give the app the scope {scope}", scope=one) for one in SCOPES},
        **dict.fromkeys(("not_allowed_token_type", "user_is_bot"), said("it takes a user's token")),
        "not_in_channel": said("invite the app to the channel, or take a user's token"),
        "channel_not_found": said("the conversation is gone, or the token's user is not in it"),
        "cant_delete_message": said("only who wrote this message, or an admin, may delete it"),
        "cant_delete_file": said("only who shared this file, or an admin, may delete it"),
        "cant_update_message": said("only who wrote a message may change it"),
        "edit_window_closed": said("the workspace lets nobody change a message this old"),
        "compliance_exports_prevent_deletion": said("an owner has compliance exports keep it"),
    },
    ping=WHO,
    reference="https://docs.slack.dev/reference/methods",
    read_on="2026-11-22",
)

# Quirks


def probe(connection: Connection) -> Mapping[str, Any]:
    """Return the scopes that the token has and lacks, whose it is, and when it ends."""
    reply = connection.call(WHO)
    held = {one.strip() for one in reply.header("x-oauth-scopes").split(",")}
    bot, seconds = reply.at("bot_id"), reply.at("expires_in")
    lacking = {one for one in READING if not (bot and one in OF_USERS)} - held
    until = (connection.clock.now() + timedelta(seconds=int(seconds))).date() if seconds else None
    return {"scopes": held, "lacking": lacking, "role": "bot" if bot else "user", "until": until}


# Records

SAID = ("blocks", "attachments", "files", "metadata", "username", "bot_profile.name")
MESSAGE_FIELDS = (*SAID, "topic", "purpose", "root")
CHANNEL_FIELDS = ("name", "topic.value", "purpose.value", "previous_names", "properties")
MAIL = ("from", "to", "cc", "subject", "headers", "plain_text", "simplified_html")
FILE_FIELDS = (*MAIL, "title", "name", "preview", "preview_plain_text", "alt_txt", "title_blocks")
PICTURES = tuple(f"profile.image_{n}" for n in (24, 32, 48, 72, 192, 512, 1024, "original"))
TEXT = (Element("text", means="user.content.private"),)
MEMBER = (
    Element("email", "profile.email", "user.contact.email", write="never"),
    Element("name", "real_name", "user.name", write="never"),
    Element("phone", "profile.phone", "user.contact.phone_number", write="never"),
)
EDIT = Job(
    stages=(or_by_hand(UPDATE, at_message),),
    residue=(Residue(said("what was attached or forwarded with the message stays as it was")),),
)
ERASE = Job(
    stages=(or_by_hand(DELETE_MESSAGE, at_message),),
    proof=is_gone,
    residue=(
        Residue(said("earlier versions, for as long as the workspace keeps edits and deletions")),
        Residue(said("exports that were made, and notifications that were sent")),
        Residue(said("others' replies to it, below a mark that a message was deleted")),
    ),
)
ERASE_FILE = Job(
    stages=(or_by_hand(DELETE_FILE, at_file),),
    proof=FILE,
    residue=(Residue(said("exports that were made, and copies that somebody downloaded")),),
)


channel = Record(
    name="channel",
    about=said("whoever a topic or a purpose names"),
    read=asks("conversations.list", "channels").but(each={"types": KINDS}),
    open_fields=CHANNEL_FIELDS,
)
IN_CHANNEL = Within(channel, {"channel": "id"})
message = Record(
    name="message",
    about=said("customers whom employees write about"),
    within=IN_CHANNEL,
    read=HISTORY,
    key="ts",
    elements=TEXT,
    open_fields=MESSAGE_FIELDS,
    find=by_search(channel="channel"),
    rectify=EDIT,
    erase=ERASE,
    order=1,
)
reply = replace(
    message,
    name="reply",
    within=Within(message, {"thread": "ts"}, where=lambda one: bool(one.get("reply_count"))),
    read=replies,
    find=by_search(channel="channel", thread="thread_ts"),
    order=0,
)
file = Record(
    name="file",
    about=said("customers whose e-mails and papers are shared"),
    read=asks("files.list", "files", Numbered("count", 100, last="paging.pages")),
    open_fields=(*FILE_FIELDS, "initial_comment", "transcription", "list_metadata"),
    unread=not_read,
    erase=ERASE_FILE,
    order=2,
)
ADDRESS = {"file": "id", "address": "url_private", "size": "size", "type": "mimetype"}
content = replace(
    file,
    name="content",
    within=Within(file, ADDRESS, where=is_text),
    read=words_of,
    open_fields=("text",),
)
user = Record(
    name="user",
    about=said("members, guests and former members; customers are none"),
    read=asks("users.list", "members"),
    elements=MEMBER,
    open_fields=("name", "profile"),
    ignored=PICTURES,
)
profile = Record(
    name="profile",
    about=said("members, and whomever they write of in their profile"),
    within=Within(user, {"user": "id"}, where=lambda one: not one.get("is_bot")),
    read=profile_of,
    open_fields=("fields", "pronouns"),
)
bookmark = Record(
    name="bookmark",
    about=said("whoever a link at the top of a channel names"),
    within=IN_CHANNEL,
    read=asks("bookmarks.list", "bookmarks", Once(), channel_id=CHANNEL),
    open_fields=("title", "link"),
)
reminder = Record(
    name="reminder",
    about=said("whoever the token's user wants to be reminded of"),
    read=asks("reminders.list", "reminders", Once()),
    open_fields=("text",),
)

slack = Vendor(
    id="slack",
    name="Slack",
    api=api,
    records=(channel, message, reply, file, content, user, profile, bookmark, reminder),
    read=HowFar(Depth.FULL, said("all that the token's user sees")),
    find=HowFar(Depth.FULL, said("messages by a search, if the token may; the rest by reading")),
    rectify=HowFar(Depth.PARTIAL, said("messages of the token's user; others' by hand")),
    erase=HowFar(Depth.PARTIAL, said("messages and files that its user may delete; else by hand")),
    deliver=HowFar(Depth.NONE, said("nothing about customers belongs there")),
    unseen=(
        said("private channels and direct messages of others: an export holds them"),
        said("with a bot's token: channels that it was not invited to, searches and reminders"),
        said("the words in pictures, papers, canvases, lists and files that lie elsewhere"),
        said("earlier versions of messages, and what members keep to themselves"),
        said("on a free plan what is older than 90 days: hidden, and not deleted"),
    ),
    assumptions=(
        *ASSUMED,
        Assumption(said("a bot's token may not search"), Grade.THIRD),
        Assumption(said("an app sold to others reads 15 messages a minute"), Grade.DOCS),
    ),
    probe=probe,
)

"""
What employees write about customers in Slack, where one expects it and where one does not.

The people of the stand-in are customers: none of them is a member of the workspace.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.slack_cast import (
    BOT_TOKEN,
    FIELD,
    channel_named,
    member_named,
    open_channel,
)
from klarsyn.testing.standins.slack_files import PREVIEW, new_file
from klarsyn.testing.standins.slack_messages import APP
from klarsyn.testing.standins.slack_workspace import TEAM, Record, Workspace

#: The past in which everything was written, and the time between two messages.
PAST, STEP = timedelta(days=80), timedelta(minutes=7)


class Content:
    """Writes the workspace full, message by message, and notes whom it mentions where."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.planted: list[Planted] = []
        self.unseen: list[Planted] = []
        """What the user token of the stand-in cannot see, and no audit with it can find."""
        self.at = workspace.clock.now() - PAST

    def note(self, person: InventedPerson, place: str, *, expected: bool = False) -> None:
        """Note that a person stands somewhere."""
        self.planted.append(Planted(person, place, expected))

    def say(self, login: str, channel: str, text: str, **more: object) -> Record:
        """Let a member write into a channel."""
        self.at += STEP
        message = {
            "type": "message",
            "user": member_named(self.workspace, login),
            "text": text,
            "ts": self.workspace.stamp(self.at),
            "team": TEAM,
            **more,
        }
        return self.workspace.write(channel_named(self.workspace, channel).id, message)

    def share(self, login: str, channel: str, body: bytes, **details: object) -> Record:
        """Let a member share a file in a channel."""
        workspace = self.workspace
        place, user = channel_named(workspace, channel).id, member_named(workspace, login)
        named = {name: value for name, value in details.items() if isinstance(value, str)}
        file = new_file(workspace, user, place, body, **named)
        file |= details
        message = self.say(login, channel, "", files=[file], upload=False)
        file |= {"created": int(float(message["ts"])), "timestamp": int(float(message["ts"]))}
        return file


def fill(workspace: Workspace, people: tuple[InventedPerson, ...]) -> Content:
    """Write about every customer; each odd place gets somebody, if there is anybody at all."""
    content = Content(workspace)
    content.say("nanna", "general", "Velkommen til KlarPris!")
    for person in people:
        forwarded(content, person)
        e_mail(content, person)
    for number in range(max(len(people), len(ODD_PLACES)) if people else 0):
        ODD_PLACES[number % len(ODD_PLACES)](content, people[number % len(people)])
    content.say("rune", "general", "Husk fredagsbar.")
    return content


# Where one expects customers: what is forwarded


def forwarded(content: Content, person: InventedPerson) -> None:
    """A message forwarded from elsewhere, as an attachment."""
    text = f"Hej, {person.name} her fra {person.company}. Skriv til {person.email}."
    attachment = {
        "id": 1,
        "ts": content.workspace.stamp(content.at),
        "fallback": f"[{person.name}] {text}",
        "author_name": person.name,
        "text": f"{text} Eller ring {person.phone}.",
        "footer": "Videresendt",
        "is_msg_unfurl": False,
        "mrkdwn_in": ["text"],
    }
    content.say("oskar", "kunder", "Kan du tage denne?", attachments=[attachment])
    content.note(person, "message.attachments.text", expected=True)
    content.note(person, "message.attachments.author_name", expected=True)


def e_mail(content: Content, person: InventedPerson) -> None:
    """An e-mail forwarded into a channel, which becomes a file."""
    plain = f"Hej\n\nVi vil gerne have en pris.\n\n{person.name}\n{person.company}\n{person.phone}"
    subject = f"Tilbud til {person.company}"
    sender = {"address": person.email, "name": person.name}
    ours = {"address": "salg@klarpris.example", "name": "KlarPris"}
    file = content.share(
        "pia",
        "kunder",
        f"<html><body><pre>{plain}</pre></body></html>".encode(),
        name="e-mail",
        title=subject,
        mode="email",
        mimetype="text/html",
        filetype="email",
        pretty_type="Email",
        subject=subject,
        plain_text=plain,
        preview=plain[:PREVIEW],
        preview_plain_text=plain[:PREVIEW],
        has_more=len(plain) > PREVIEW,
        to=[{**ours, "original": "KlarPris <salg@klarpris.example>"}],
        cc=[{**sender, "original": f"{person.name} <{person.email}>"}],
        headers={"message_id": f"<{person.number}@mail.example>", "date": "", "reply_to": ""},
        original_attachment_count=0,
        sent_to_self=False,
    )
    file["from"] = [{**sender, "original": f"{person.name} <{person.email}>"}]
    for name in ("from", "cc", "subject", "plain_text"):
        content.note(person, f"file.{name}", expected=True)


# Where one does not


def in_text(content: Content, person: InventedPerson) -> None:
    """In a private channel, with the address marked up as Slack does it."""
    link = f"<mailto:{person.email}|{person.email}>"
    elements = [
        {"type": "text", "text": f"{person.name} vil ringes op, "},
        {"type": "link", "url": f"mailto:{person.email}", "text": person.email},
    ]
    blocks = [rich_text(content, elements)]
    content.say("nanna", "salg-intern", f"{person.name} vil ringes op, {link}", blocks=blocks)
    content.note(person, "message.text")
    content.note(person, "message.blocks.elements.elements.text")


def rich_text(content: Content, elements: list[Record]) -> Record:
    """Return the block that a client makes of what somebody types."""
    section = {"type": "rich_text_section", "elements": elements}
    number = f"b{len(content.planted)}"
    return {"type": "rich_text", "block_id": number, "elements": [section]}


def in_blocks_only(content: Content, person: InventedPerson) -> None:
    """In the blocks of an app's message, whose text says nothing; a list in a list."""
    item = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": f"{person.phone} {person.name}"}],
    }
    listed = {"type": "rich_text_list", "style": "bullet", "elements": [item]}
    block = {"type": "rich_text", "block_id": "list", "elements": [listed]}
    content.say("rune", "kunder", "Kundekort", blocks=[block])
    content.note(person, "message.blocks.elements.elements.elements.text")


def in_reply(content: Content, person: InventedPerson) -> None:
    """In a thread, which the channel's history does not hold."""
    parent = content.say("pia", "support", "Hvem var det i går?")
    content.say("rune", "support", f"Det var {person.name}, {person.phone}", thread_ts=parent["ts"])
    content.note(person, "reply.text")


def in_parent(content: Content, person: InventedPerson) -> None:
    """In a message that others replied to."""
    parent = content.say("oskar", "support", f"{person.name} har vand på gulvet")
    for login in ("rune", "pia"):
        content.say(login, "support", "Jeg kører nu", thread_ts=parent["ts"])
    content.note(person, "message.text")


def in_edited(content: Content, person: InventedPerson) -> None:
    """In a message that was edited since."""
    text = f"Ring til {person.first_name} {person.last_name} i morgen"
    message = content.say("nanna", "kunder", text)
    message["edited"] = {"user": message["user"], "ts": message["ts"]}
    content.note(person, "message.text")


def in_bot_message(content: Content, person: InventedPerson) -> None:
    """In what another company's app wrote."""
    text = f"Ny ordre fra {person.company}: {person.email}"
    bot = {"subtype": "bot_message", "bot_id": "B0000000099", "username": "Ordrebot"}
    message = content.say("rune", "kunder", text, **bot)
    message.pop("user")
    content.note(person, "message.text")


def in_our_bots_message(content: Content, person: InventedPerson) -> None:
    """In what the bot of the stand-in wrote itself."""
    token = content.workspace.tokens[BOT_TOKEN]
    metadata = {"event_type": "delivery", "event_payload": {"customer": person.email}}
    content.say(
        "klarsyn", "kunder", f"Leveret: {person.name}", bot_id=token.bot, metadata=metadata
    )["app_id"] = APP
    content.note(person, "message.text")
    content.note(person, "message.metadata.event_payload.customer")


def in_direct_message(content: Content, person: InventedPerson) -> None:
    """Between two members."""
    content.say("oskar", "nanna-oskar", f"{person.name} er svær. Nummer: {person.phone}")
    content.note(person, "message.text")


def in_group_message(content: Content, person: InventedPerson) -> None:
    """Between a few members."""
    content.say("pia", "mpdm-nanna--oskar--pia-1", f"Skal {person.name} have rabat?")
    content.note(person, "message.text")


def in_archived_channel(content: Content, person: InventedPerson) -> None:
    """In a channel that nobody opens any more, by somebody who has left."""
    content.say("tilde", "projekt-2024", f"Kontakt: {person.name}, {person.street}, {person.email}")
    content.note(person, "message.text")


def in_topic(content: Content, person: InventedPerson) -> None:
    """In the topic of a channel, and in the line of its history that tells of it."""
    _described(content, person, "topic", f"{person.name}, tlf. {person.phone}")


def in_purpose(content: Content, person: InventedPerson) -> None:
    """In what a channel says that it is for, and in the line of its history."""
    _described(content, person, "purpose", f"Alt om {person.name} ({person.company})")


def _described(content: Content, person: InventedPerson, what: str, value: str) -> None:
    workspace = content.workspace
    members = [member_named(workspace, login) for login in ("nanna", "rune")]
    name = f"montage-{len(workspace.channels)}"
    channel = open_channel(workspace, "public_channel", name, members)
    text = f"set the channel {what}: {value}"
    message = content.say("nanna", name, text, subtype=f"channel_{what}", **{what: value})
    at = int(float(message["ts"]))
    setattr(channel, what, {"value": value, "creator": members[0], "last_set": at})
    content.note(person, f"channel.{what}.value")
    content.note(person, "message.text")


def in_bookmark(content: Content, person: InventedPerson) -> None:
    """In the title of a link at the top of a channel."""
    workspace = content.workspace
    channel, user = channel_named(workspace, "kunder").id, member_named(workspace, "pia")
    bookmark = {
        "id": workspace.new_id("Bk"),
        "channel_id": channel,
        "title": f"Sag: {person.name}",
        "link": f"https://sager.example/{person.number}?email={person.email}",
        "emoji": ":link:",
        "type": "link",
        "date_created": 1_780_000_000,
        "date_updated": 0,
        "rank": "a",
        "last_updated_by_user_id": user,
        "last_updated_by_team_id": TEAM,
    }
    workspace.bookmarks.setdefault(channel, []).append(bookmark)
    content.note(person, "bookmark.title")
    content.note(person, "bookmark.link")


def in_reminder(content: Content, person: InventedPerson) -> None:
    """In what a member wants to be reminded of."""
    user = member_named(content.workspace, "nanna")
    reminder = {
        "id": content.workspace.new_id("Rm"),
        "creator": user,
        "user": user,
        "text": f"ring til {person.name} på {person.phone}",
        "recurring": False,
        "time": 1_800_000_000,
        "complete_ts": 0,
    }
    content.workspace.reminders.append(reminder)
    content.note(person, "reminder.text")


def in_file_title(content: Content, person: InventedPerson) -> None:
    """In the name of a drawing."""
    content.share(
        "rune",
        "support",
        b"%PDF-1.4\n%%EOF\n",
        name="tegning.pdf",
        title=f"Badeværelse hos {person.name}",
        mimetype="application/pdf",
        filetype="pdf",
        pretty_type="PDF",
    )
    content.note(person, "file.title")


def in_snippet(content: Content, person: InventedPerson) -> None:
    """In a pasted table, below what its preview shows."""
    text = "navn;adresse;telefon\n" * 12 + f"{person.name};{person.street};{person.phone}\n"
    content.share(
        "oskar",
        "support",
        text.encode(),
        name="liste.csv",
        title="Liste",
        mode="snippet",
        preview=text[:PREVIEW],
    )
    content.note(person, "file.content")


def in_status(content: Content, person: InventedPerson) -> None:
    """In what a member says that they are doing, and in a field of their profile."""
    workspace = content.workspace
    profile = workspace.members[member_named(workspace, "rune")]["profile"]
    profile["status_text"] = f"Hos {person.name}"
    profile["fields"][FIELD]["value"] = person.company
    content.note(person, "user.profile.status_text")
    content.note(person, "user.profile.fields.value")


def in_pinned(content: Content, person: InventedPerson) -> None:
    """In a message that was pinned."""
    message = content.say("pia", "kunder", f"Vagtliste: {person.name} {person.phone}")
    channel = channel_named(content.workspace, "kunder").id
    pin = {"ts": message["ts"], "created": int(float(message["ts"])), "created_by": message["user"]}
    content.workspace.pins.setdefault(channel, []).append(pin)
    message["pinned_to"] = [channel]
    content.note(person, "message.text")


def out_of_sight(content: Content, person: InventedPerson) -> None:
    """In a private channel and a direct message that the user token is not in."""
    content.say("pia", "ledelse", f"{person.name} truer med advokat")
    content.say("rune", "pia-rune", f"Kender du {person.email}?")
    content.unseen += [Planted(person, "message.text", expected=False)] * 2


ODD_PLACES: tuple[Callable[[Content, InventedPerson], None], ...] = (
    in_text,
    in_blocks_only,
    in_reply,
    in_parent,
    in_edited,
    in_bot_message,
    in_our_bots_message,
    in_direct_message,
    in_group_message,
    in_archived_channel,
    in_topic,
    in_purpose,
    in_bookmark,
    in_reminder,
    in_file_title,
    in_snippet,
    in_status,
    in_pinned,
    out_of_sight,
)

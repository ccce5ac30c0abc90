"""
Where else people are at Pipedrive: in notes, activities, leads, files, mail and logs of changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from klarsyn.errors import Message, said
from klarsyn.transport.connection import Connection
from klarsyn.vendors.pipedrive_persons import V2, near, thread_away
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    PUT,
    Call,
    Element,
    Job,
    Level,
    Offset,
    Place,
    Places,
    Reader,
    Record,
    Residue,
    Within,
)
from klarsyn.vendors.stages import away, each_away, only_if

# Calls

PAGES = Offset("limit", 500, "start", more="additional_data.pagination.more_items_in_collection")
V1: dict[str, Any] = {"host": "v1", "items": "data", "pages": PAGES, "empty_is_null": True}
OF_FILES = {**V1, "pages": replace(PAGES, most=100)}
OF: dict[str, Any] = {"query": {"person_id": Place("person_id")}}
ACTIVITY, LEAD = DELETE("/activities/{id}"), DELETE("/leads/{id}", host="v1")
NOTE, FILE = DELETE("/notes/{id}", host="v1"), DELETE("/files/{id}", host="v1")
LEADS, ARCHIVED = GET("/leads", **V1), GET("/leads/archived", **V1)
MAILS = GET("/persons/{owner_id}/mailMessages", **V1)
MAIL = GET("/mailbox/mailMessages/{id}", host="v1")
COMMENTS = GET("/notes/{owner_id}/comments", **V1)
EVERY = {"status": "open,won,lost,deleted"}


def both(*calls: Call) -> Reader:
    """Return a reader of what the vendor lists apart: what is archived."""

    def pages(connection: Connection, places: Places) -> Iterator[list[Any]]:
        for call in calls:
            yield from connection.pages(call, **places)

    return pages


HANGING = (
    each_away(GET("/notes", **OF, **V1), NOTE, "person_id"),
    each_away(GET("/activities", **OF, **V2), ACTIVITY, "person_id"),
    each_away(LEADS.but(**OF), LEAD, "person_id"),
    each_away(ARCHIVED.but(**OF), LEAD, "person_id"),
    each_away(GET("/persons/{person_id}/files", **OF_FILES), FILE, "person_id"),
)


# What is left


def in_thirty_days(on: date, _known: object) -> date:
    """Return the day on which what is deleted today is deleted for good."""
    return on + timedelta(days=30)


def kept(what: Message) -> Residue:
    """Return what is left for thirty days."""
    return Residue(what, until=in_thirty_days)


IDS = (
    *("id", "owner_id", "creator_id", "person_id", "organization_id", "origin_id", "channel_id"),
    *("label_ids[]", "channel", "source_deal_id", "next_activity_id", "visible_to", "cc_email"),
    *("value.amount", "value.currency", "add_time", "update_time", "expected_close_date"),
)

# Records

activity = Record(
    name="activity",
    about=said("whom calls and meetings were with, and what was noted"),
    read=GET("/activities", query={"include_fields": "attendees"}, **V2),
    open_fields=(
        *("subject", "note", "public_description", "location", "conference_meeting_url"),
        *("attendees[].name", "attendees[].email"),
    ),
    erase=Job(
        stages=(ACTIVITY,),
        level=Level.SOFT_DELETED,
        proof=away(GET("/activities/{id}"), "data.is_deleted"),
        residue=(kept(said("the activity, as deleted")),),
    ),
    order=1,
)
lead = Record(
    name="lead",
    about=said("people who may become customers; archived leads too"),
    read=both(LEADS, ARCHIVED),
    open_fields=("*",),
    ignored=IDS,
    erase=Job(stages=(LEAD,), proof=GET("/leads/{id}", host="v1")),
    order=1,
)
note = Record(
    name="note",
    about=said("customers, in the words of colleagues"),
    read=GET("/notes", **V1),
    elements=(Element("content", free=True),),
    open_fields=("content", "person.name", "organization.name", "deal.title"),
    rectify=Job(stages=(PUT("/notes/{id}", host="v1", body=CHANGES),)),
    erase=Job(
        stages=(NOTE,), proof=away(GET("/notes/{id}", host="v1"), "data.active_flag", (False,))
    ),
    order=1,
)
file = Record(
    name="file",
    about=said("whom names of files and what they hang on tell"),
    read=GET("/files", **OF_FILES),
    open_fields=(
        *("name", "file_name", "description", "person_name", "org_name", "deal_name", "lead_name"),
    ),
    unread=lambda _raw: said("what is inside a file"),
    erase=Job(
        stages=(FILE,),
        level=Level.SOFT_DELETED,
        proof=away(GET("/files/{id}", host="v1"), "data.active_flag", (False,)),
        residue=(kept(said("the file, as deleted")),),
    ),
    order=1,
)


def comments_by(person: Record, organization: Record) -> Record:
    """Return the comments on notes; each note is a call."""
    return Record(
        name="note_comment",
        about=said("customers, in what colleagues answered to a note"),
        within=Within(note, {"owner_id": "id"}),
        read=COMMENTS,
        key="uuid",
        open_fields=("content",),
        find=near(COMMENTS, note, person, organization),
        erase=Job(stages=(DELETE("/notes/{owner_id}/comments/{id}", host="v1"),)),
    )


def mail_with(person: Record, organization: Record) -> Record:
    """Return the mail that hangs on persons; each person is a call."""
    parties = ("from", "to", "cc", "bcc")
    return Record(
        name="mail",
        about=said("with whom colleagues exchanged mail"),
        within=Within(person, {"owner_id": "id"}),
        read=MAILS,
        key="data.id",
        open_fields=(
            *("data.subject", "data.snippet", "data.draft"),
            *(f"data.{who}[].name" for who in parties),
            *(f"data.{who}[].email_address" for who in parties),
        ),
        unread=lambda raw: said("the body of a mail") if raw["data"].get("has_body_flag") else None,
        find=near(MAILS, person, person, organization),
        erase=Job(
            stages=(thread_away,),
            level=Level.SOFT_DELETED,
            proof=away(MAIL, "data.deleted_flag", (1, True)),
            residue=(Residue(said("the mail itself, in the mailboxes of its people")),),
        ),
    )


def log_of(owner: Record, person: Record, organization: Record) -> Record:
    """Return the log of changes of a record: nobody can delete it, and it goes with the record."""
    path = f"/{owner.name}s/{{owner_id}}"
    log = GET(f"{path}/changelog", **V2, host="v1", empty_is_null=True)
    gone = away(GET(path), "data.is_deleted")
    return Record(
        name=f"{owner.name}_change",
        about=said("what stood there before"),
        within=Within(owner, {"owner_id": "id"}, where=lambda one: not one.get("is_deleted")),
        read=log,
        key="time",
        open_fields=("old_value", "new_value"),
        find=near(log, owner, person, organization),
        erase=Job(
            stages=(only_if(gone, said("the log goes with its record, once that is deleted")),),
            level=Level.RETAINED,
            proof=gone,
            residue=(kept(said("the log, until its record is deleted for good")),),
        ),
        order=5,
    )

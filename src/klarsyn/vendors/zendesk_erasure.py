"""
What tickets, comments and organizations of Zendesk say of somebody, and how that goes.

A ticket of one person's own is deleted, for good. Where others have a part in it, it stays, and
what the person wrote and all that names them is blacked out; so with notes on an organization.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from klarsyn.errors import NotThere, said
from klarsyn.personal import Personal
from klarsyn.transport.connection import Connection
from klarsyn.transport.paths import every
from klarsyn.vendors.matching import plain
from klarsyn.vendors.redacting import blacked, marked, words
from klarsyn.vendors.sheet import (
    DELETE,
    GET,
    PUT,
    Beside,
    Cursor,
    Done,
    Later,
    Level,
    Place,
    Progress,
    Refused,
    Target,
)
from klarsyn.vendors.stages import awaited

# Calls

EXPORT = Cursor("after_cursor", "cursor", size="per_page", most=1000, less="end_of_stream")
PAGES = Cursor("meta.after_cursor", "page[after]", size="page[size]", more="meta.has_more")
INVOLVED = ("requester_id", "submitter_id", "email_cc_ids[]", "collaborator_ids[]")
TICKETS = GET(
    "/incremental/tickets/cursor",
    query={"start_time": 0, "include": "users"},
    items="tickets",
    pages=EXPORT,
    beside=(Beside("users", "people", INVOLVED),),
    limit="exports",
)
COMMENTS = GET(
    "/tickets/{ticket_id}/comments",
    query={"include": "users", "include_inline_images": True},
    items="comments",
    pages=PAGES,
    beside=(Beside("users", "author", "author_id"),),
)
IDENTITIES = GET("/users/{user_id}/identities", items="identities", pages=PAGES)
JOB = GET("/job_statuses/{id}", items="job_status")
ENDED = ("completed", "failed")
_TICKET = GET("/tickets/{id}")
_TRASH = GET("/deleted_tickets", items="deleted_tickets", pages=PAGES, limit="trash")
_TRASHED = DELETE("/tickets/{id}", limit="tickets deleted")
_PURGED = DELETE("/deleted_tickets/{id}")
_REDACT = PUT("/comment_redactions/{id}", body=Place("redaction"))
_ORGANIZATION = GET("/organizations/{id}", items="organization")
_NOTE = PUT("/organizations/{id}", body={"organization": Place("changes")})
_REDACTED_FILE = "redacted.txt"

Theirs = Callable[[Mapping[str, Any]], bool]
"""Tells whether a comment was written by the person."""

# Tickets


def tickets_erased(connection: Connection, target: Target) -> Progress:
    """
    Erase all tickets that a user has a part in.

    A deleted user's tickets are on no list of the user's any more, and those in the trash are not
    either: only the export tells whose they are.
    """
    key, count = int(target.key), 0
    own = [target.raw.get(name) for name in ("name", "email", "phone")]
    own += [one["value"] for one in _identities(connection, key)]
    pattern = words([*target.known, *map(Personal, filter(None, own))])
    for page in connection.pages(TICKETS):
        for ticket in page:
            if not any(key in every(ticket, path) for path in INVOLVED):
                continue
            mine = ticket["requester_id"] == key
            progress = _erased(
                connection, ticket, pattern, mine=mine, theirs=lambda one: one["author_id"] == key
            )
            if not isinstance(progress, Done):
                return progress
            count += progress.count
    return Done(count)


def _identities(connection: Connection, key: int) -> list[Any]:
    try:
        return [one for page in connection.pages(IDENTITIES, user_id=key) for one in page]
    except NotThere:
        return []


def ticket_erased(connection: Connection, target: Target) -> Progress:
    """Erase one ticket, as far as it is the person's own."""
    raw = target.raw
    requesters = [one for one in raw.get("people", ()) if one["id"] == raw["requester_id"]]
    mine = not requesters or any(_is_known(one, target) for one in requesters)
    return _erased(connection, raw, words(target.known), mine=mine, theirs=_by(target))


def ticket_is_erased(connection: Connection, target: Target) -> bool:
    """Return whether a ticket is gone, from the trash too, or says nothing more of the person."""
    if connection.look(_TICKET, id=target.key) is None:
        return not any(
            str(one["id"]) == target.key for page in connection.pages(_TRASH) for one in page
        )
    return not list(_to_redact(connection, target.key, words(target.known), _by(target)))


def _erased(
    connection: Connection,
    ticket: Mapping[str, Any],
    pattern: re.Pattern[str],
    *,
    mine: bool,
    theirs: Theirs,
) -> Progress:
    """Delete a ticket that concerns nobody else; black out what another says of the person."""
    trashed = ticket["status"] == "deleted"
    copied = {*ticket.get("email_cc_ids", ()), *ticket.get("collaborator_ids", ())}
    others = copied - {*ticket.get("follower_ids", ()), ticket["requester_id"]}
    if mine and (trashed or not others):
        return _deleted(connection, ticket["id"])
    count = 0
    for comment, redaction in _to_redact(connection, ticket["id"], pattern, theirs):
        connection.call(_REDACT, id=comment, redaction=redaction)
        count += 1
    return Done(count, Level.REDACTED)


def _deleted(connection: Connection, ticket: object) -> Progress:
    """Put a ticket into the trash, and take it out of there for good: a job, which is awaited."""
    trashed = connection.look(_TRASHED, id=ticket)
    reply = connection.look(_PURGED, id=ticket)
    if reply is None:
        return Done(0 if trashed is None else 1)
    status = awaited(connection, reply, JOB, ENDED).get("status")
    if status == "failed":
        return Refused(said("Zendesk did not delete a ticket for good"))
    return Done() if status == "completed" else Later(60, said("Zendesk is deleting a ticket"))


# Comments


def comment_redacted(connection: Connection, target: Target) -> Progress:
    """Black out a comment: all of it where the person wrote it, else what names them."""
    found = _of_one(connection, target)
    for redaction in found:
        connection.call(_REDACT, id=target.key, redaction=redaction)
    return Done(len(found))


def comment_is_redacted(connection: Connection, target: Target) -> bool:
    """Return whether nothing is left in a comment to be blacked out."""
    return not _of_one(connection, target)


def _of_one(connection: Connection, target: Target) -> list[Any]:
    ticket = target.places["ticket_id"]
    found = _to_redact(connection, ticket, words(target.known), _by(target))
    return [redaction for comment, redaction in found if str(comment) == target.key]


def _to_redact(
    connection: Connection, ticket: object, pattern: re.Pattern[str], theirs: Theirs
) -> Iterator[tuple[object, Mapping[str, Any]]]:
    """Yield by comment what is to be blacked out; nothing for a ticket that is deleted."""
    try:
        comments = [one for page in connection.pages(COMMENTS, ticket_id=ticket) for one in page]
    except NotThere:
        return
    for one in comments:
        whole, source = theirs(one), str(one.get("html_body") or "")
        html = marked(source, pattern, "redact", whole=whole)
        files = [
            file["content_url"]
            for file in one.get("attachments", ())
            if file["file_name"] != _REDACTED_FILE and (whole or pattern.search(file["file_name"]))
        ]
        changes = {"html_body": html if html != source else None, "external_attachment_urls": files}
        if any(changes.values()):
            yield (
                one["id"],
                {"ticket_id": int(str(ticket))} | {k: v for k, v in changes.items() if v},
            )


def _by(target: Target) -> Theirs:
    """Return what tells whether a comment is by the person whom an erasure is for."""
    return lambda one: _is_known(one.get("author") or {}, target)


def _is_known(person: Mapping[str, Any], target: Target) -> bool:
    """Return whether somebody is the person; where nobody was looked for, everybody is."""
    known = {plain(one.reveal()) for one in target.known}
    return not known or any(plain(str(person.get(one) or "")) in known for one in ("email", "name"))


# Organizations


def organization_redacted(connection: Connection, target: Target) -> Progress:
    """Black out what the notes on an organization say of somebody; its members keep the rest."""
    if not target.known:
        return Refused(
            said("open the organization and delete by hand what is about a person"), by_hand=True
        )
    changes = _noted(connection, target)
    if changes:
        connection.call(_NOTE, id=target.key, changes=changes)
    return Done(len(changes))


def organization_is_redacted(connection: Connection, target: Target) -> bool:
    """Return whether the notes on an organization say nothing more of somebody."""
    return not _noted(connection, target)


def _noted(connection: Connection, target: Target) -> dict[str, Any]:
    """Return the notes on an organization that name somebody, blacked out."""
    reply, pattern = connection.look(_ORGANIZATION, id=target.key), words(target.known)
    raw = (reply.at(_ORGANIZATION.items) if reply else None) or {}
    changes = _blacked({name: raw.get(name) for name in ("details", "notes")}, pattern)
    fields = _blacked(raw.get("organization_fields") or {}, pattern)
    return changes | ({"organization_fields": fields} if fields else {})


def _blacked(texts: Mapping[str, Any], pattern: re.Pattern[str]) -> dict[str, Any]:
    return {
        name: blacked(text, pattern)
        for name, text in texts.items()
        if isinstance(text, str) and pattern.search(text)
    }

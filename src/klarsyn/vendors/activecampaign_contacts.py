"""
ActiveCampaign's contacts: put together for reading, imported many at once, deleted piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import Any, Literal

from klarsyn.errors import KeyRefused, Message, RightsMissing, said
from klarsyn.transport.connection import Connection
from klarsyn.vendors.matching import plain
from klarsyn.vendors.redacting import blacked, words
from klarsyn.vendors.sheet import (
    CHANGES,
    DELETE,
    GET,
    POST,
    PUT,
    VALUE,
    Call,
    Done,
    Element,
    LastKey,
    Offset,
    Place,
    Places,
    Progress,
    Refused,
    Repeat,
    Row,
    RowOutcome,
    Stage,
    Target,
    body_of,
)

PAGES = Offset("limit", 100, total="meta.total")
ONE, OF = "/contacts/{id}", "/contacts/{contact_id}"
EVERY = {"status": -1, "orders[id]": "ASC"}
"""Whatever their status on a list: without it, some contacts are not listed."""
CONTACTS = GET(
    "/contacts", query=EVERY, items="contacts", pages=LastKey("id_greater", "id", "limit")
)
OF_ADDRESS = GET("/contacts", query={"email": VALUE, "status": -1}, items="contacts", pages=PAGES)
ACCOUNTS = GET("/accounts", items="accounts", pages=PAGES)
TIES = GET("/accountContacts", items="accountContacts", pages=PAGES)
VALUES = GET("/fieldValues", items="fieldValues", pages=PAGES)
TAGS = GET("/tags", items="tags", pages=PAGES)
TAGGED = GET("/contactTags", items="contactTags", pages=PAGES)
LISTS = GET("/lists", items="lists", pages=PAGES)
ON_LISTS = GET(f"{OF}/contactLists", items="contactLists")
Away = Literal["unsubscribed", "bounced"]
AWAY: Mapping[str, Away] = {"2": "unsubscribed", "3": "bounced"}
"""A contact's status on a list that sends nothing any more."""
OFF = POST(
    "/contactLists",
    body={"contactList": {"list": Place("list"), "contact": Place("contact"), "status": "2"}},
    repeat=Repeat.SAFE,
)
MAILS = GET("/emailActivities", items="emailActivities", pages=Offset("limit", 100))
PING = GET("/users/me")

# Reading


def _each(connection: Connection, call: Call, **places: Any) -> Iterator[Any]:
    return chain.from_iterable(connection.pages(call, **places))


def contacts(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """
    Yield contacts with their companies, the company's own fields, and their tags.

    A list of contacts tells none: lists of the whole account are read first, which takes a
    hundredth of the calls that a look at every contact would.
    """
    away = {one["id"]: word for word, one in _who_left(connection)}
    firms = {one["id"]: one["name"] for one in _each(connection, ACCOUNTS)}
    ties = {one["contact"]: one for one in _each(connection, TIES)}
    values: dict[str, list[Any]] = {}
    for one in _each(connection, VALUES):
        values.setdefault(one["contact"], []).append(one)
    names = {one["id"]: one["tag"] for one in _each(connection, TAGS)}
    tags: dict[str, list[str]] = {}
    for one in _each(connection, TAGGED):
        tags.setdefault(one["contact"], []).append(names.get(one["tag"], ""))
    for page in connection.pages(CONTACTS):
        yield [
            _joined(one, ties.get(one["id"]), firms, values.get(one["id"], ()))
            | {"tags": tags.get(one["id"], []), "left": away.get(one["id"], "")}
            for one in page
        ]


def who_left(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield the contacts whom some list has lost, bare; one that was lost twice comes twice."""
    for word, one in _who_left(connection):
        yield [one | {"left": word}]


def _who_left(connection: Connection) -> Iterator[tuple[Away, Any]]:
    """Yield who bounced, then who has unsubscribed: a word of their own counts for more."""
    for status, word in sorted(AWAY.items(), reverse=True):
        for one in _each(connection, CONTACTS.but(query={**EVERY, "status": status})):
            yield word, one


def of_address(connection: Connection, value: str, _places: Places) -> Iterator[Any]:
    """
    Yield the contacts of an address, whole.

    Whoever has another address is left out: a filter that was not applied returned the first
    contact of all (Pipedream, issue 4612).
    """
    for one in _each(connection, OF_ADDRESS, value=value):
        if plain(one["email"]) == plain(value):
            key = one["id"]
            ties = connection.call(GET(f"{OF}/accountContacts"), contact_id=key)
            tie = next(iter(ties.at("accountContacts") or ()), None)
            firms = {}
            if tie:
                read = connection.call(GET("/accounts/{id}"), id=tie["account"])
                firms[tie["account"]] = read.at("account.name")
            values = connection.call(GET(f"{OF}/fieldValues"), contact_id=key).at("fieldValues")
            on_lists = _on_lists(connection, key)
            yield _joined(one, tie, firms, values or ()) | {
                "tags": _tags_of(connection, key),
                "left": next((word for at, word in AWAY.items() if at in on_lists.values()), ""),
            }


def _tags_of(connection: Connection, key: str) -> list[str]:
    tagged = connection.call(GET(f"{OF}/contactTags"), contact_id=key).at("contactTags") or ()
    read = (connection.look(GET("/tags/{id}"), id=one["tag"]) for one in tagged)
    return [tag.at("tag.tag") for tag in read if tag is not None]


def _joined(
    contact: Mapping[str, Any],
    tie: Mapping[str, Any] | None,
    firms: Mapping[str, str],
    values: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    own = [{"field": one["field"], "value": one["value"]} for one in values]
    firm = {"name": firms.get(tie["account"]), "jobTitle": tie["jobTitle"]} if tie else None
    return {**contact, "account": firm, "fieldValues": own}


# Stopping


def off_all_lists(connection: Connection, target: Target) -> Progress:
    """Unsubscribe a contact from every list, those too that might take it in later."""
    left = _sending(connection, target)
    for one in left:
        connection.call(OFF, list=one, contact=target.key)
    return Done(len(left))


def is_off_all_lists(connection: Connection, target: Target) -> bool:
    """Return whether no list sends to a contact any more."""
    return not _sending(connection, target)


def _sending(connection: Connection, target: Target) -> list[str]:
    on_lists = _on_lists(connection, target.key)
    every = {str(one["id"]) for one in _each(connection, LISTS)} | on_lists.keys()
    return sorted(one for one in every if on_lists.get(one) not in AWAY)


def _on_lists(connection: Connection, key: str) -> dict[str, str]:
    """Return the status of a contact on each of its lists."""
    found = connection.call(ON_LISTS, contact_id=key).at(ON_LISTS.items) or ()
    return {str(one["list"]): str(one["status"]) for one in found}


# Erasing


def all_away(listing: Call, deletion: Call) -> Stage:
    """
    Return a stage that deletes all of a list below a contact, however it is cut into pages.

    What is gone already is refused with 403, as a bad key is: the list tells which it was.
    """

    def stage(connection: Connection, target: Target) -> Progress:
        done: set[str] = set()
        while left := _listed(connection, listing, target) - done:
            for key in sorted(left):
                try:
                    connection.look(deletion, id=key)
                except (KeyRefused, RightsMissing):
                    if key in _listed(connection, listing, target):
                        raise
            done |= left
        return Done(len(done))

    return stage


def _listed(connection: Connection, listing: Call, target: Target) -> set[str]:
    """Return the keys in a list; of a contact that is gone there is none."""
    reply = connection.look(listing, contact_id=target.key)
    return {str(one["id"]) for one in (reply.at(listing.items) if reply else None) or ()}


notes_away = all_away(GET(f"{OF}/notes", items="notes"), DELETE("/notes/{id}"))
ties_away = all_away(
    TIES.but(query={"filters[contact]": Place("contact_id")}), DELETE("/accountContacts/{id}")
)
values_away = all_away(GET(f"{OF}/fieldValues", items="fieldValues"), DELETE("/fieldValues/{id}"))


def contact_away(connection: Connection, target: Target) -> Progress:
    """
    Delete a contact; say so where the month's deletions are used up.

    In which words that is refused is told nowhere: with a key that is sound, any 403 is that or a
    right that is lacking.
    """
    try:
        reply = connection.look(DELETE(ONE), id=target.key)
    except (KeyRefused, RightsMissing):
        connection.call(PING)
        return Refused(LIMIT)
    return Done(0 if reply is None else 1)


LIMIT = said(
    "the deletions of this month are used up, or the key's user may not delete contacts:"
    " try again next month, or as another user"
)


def account_away(connection: Connection, target: Target) -> Progress:
    """Delete a company, unless somebody else belongs to it."""
    others = TIES.but(query={"filters[account]": Place("id")})
    if any(connection.pages(others, id=target.key)):
        return Refused(
            said("contacts belong to this company: correct its name, or erase them first")
        )
    return Done(0 if connection.look(DELETE("/accounts/{id}"), id=target.key) is None else 1)


def contact_is_gone(connection: Connection, target: Target) -> bool:
    """Return whether the contact is gone to whom something belongs."""
    key = target.places.get("contact_id") or target.raw["contact"]
    return connection.look(GET(ONE), id=key) is None


def mail_is_gone(connection: Connection, target: Target) -> bool:
    """Return whether a mail is told no more among those of its contact."""
    call = MAILS.but(query={"filters[subscriberid]": VALUE})
    there = _each(connection, call, value=target.raw["subscriberid"])
    return all(one["id"] != target.key for one in there)


def deal_redacted(connection: Connection, target: Target) -> Progress:
    """Black out what a deal says of somebody; the deal stays."""
    if not target.known:
        return Refused(said("take out by hand what the deal says of a person"), by_hand=True)
    changes = _named(connection, target)
    if changes:
        connection.call(PUT("/deals/{id}", body={"deal": CHANGES}), id=target.key, changes=changes)
    return Done(len(changes))


def deal_is_redacted(connection: Connection, target: Target) -> bool:
    """Return whether a deal says nothing any more of somebody."""
    return not _named(connection, target)


def _named(connection: Connection, target: Target) -> dict[str, str]:
    reply, pattern = connection.look(GET("/deals/{id}"), id=target.key), words(target.known)
    deal = (reply.at("deal") if reply else None) or {}
    texts = {name: deal.get(name) or "" for name in ("title", "description")}
    return {name: blacked(text, pattern) for name, text in texts.items() if pattern.search(text)}


# Delivering

IMPORTED = (
    Element("email"),
    Element("name", ("first_name", "last_name")),
    Element("phone"),
    Element("company", "customer_acct_name"),
)
"""What a contact is told by in an import, where its fields have names of their own."""
IMPORT = POST(
    "/import/bulk_import",
    body={"contacts": Place("contacts")},
    repeat=Repeat.SAFE,
    limit="imports",
    answers=(400,),
)
INFO = GET("/import/info", query={"batchId": Place("id")})
NEWEST = CONTACTS.but(query={"status": -1, "orders[id]": "DESC", "limit": 1})
WHOLE = timedelta(minutes=10)
"""For how long an import is waited for."""
_POLL = 5.0


def imported(connection: Connection, rows: Sequence[Row], _places: Places) -> Iterator[RowOutcome]:
    """
    Add contacts, and change those who are there already.

    One that is wrong has all refused: it is taken out, and the rest is sent again. No list is
    named, so nobody is subscribed, new or not. Who is new shows afterwards, by a higher id.
    """
    newest = connection.call(NEWEST).at("contacts[].id") or "0"
    left = [row for row in rows if not _takes_a_tag(row)]
    tagged = (row for row in rows if _takes_a_tag(row))
    yield from (RowOutcome(row, "refused", why=TAGGED_BY_HAND) for row in tagged)
    while left:
        reply = connection.call(IMPORT, contacts=[_contact(row) for row in left])
        batch = reply.at("batchId")
        if batch:
            yield from _arrived(connection, left, str(batch), newest)
            return
        reasons = reply.at("failureReasons") or ()
        if reply.status < 400 and not reasons:
            yield from (RowOutcome(row, "unknown", why=UNTOLD) for row in left)
            return
        wrong = {str(one.get("contact")) for one in reasons if isinstance(one, Mapping)}
        known = {at for at in range(len(left)) if str(at) in wrong} or set(range(len(left)))
        yield from (RowOutcome(left[at], "refused", why=REFUSED) for at in sorted(known))
        left = [row for at, row in enumerate(left) if at not in known]


REFUSED: Message = said("the vendor refuses this row")
TAGGED_BY_HAND: Message = said("a tag has to be taken off by hand: no import does")
UNTOLD: Message = said("the vendor's reply neither names the import nor says what is wrong")
UNKNOWN: Message = said("the import has not ended in time")


def _takes_a_tag(row: Row) -> bool:
    tags = (value for name, value in row.values.items() if name.startswith("tags["))
    return bool(row.known_as) and None in tags


def _contact(row: Row) -> dict[str, Any]:
    """Return a contact as an import takes it; a company or tag that somebody lacks is left out."""
    body = body_of(IMPORTED, row.values)
    if not body.get("customer_acct_name"):
        body.pop("customer_acct_name", None)
    if not any(body.get("tags", ())):
        body.pop("tags", None)
    own = body.pop("fieldValues", ())
    fields = [{"id": int(one["field"]), "value": one["value"] or ""} for one in own]
    return body | ({"fields": fields} if fields else {})


def _arrived(
    connection: Connection, rows: Sequence[Row], batch: str, newest: str
) -> Iterator[RowOutcome]:
    """Wait for an import and tell what became of each row."""
    until = connection.clock.now() + WHOLE
    info = connection.call(INFO, id=batch)
    while info.at("status") != "completed":
        if connection.clock.now() >= until:
            yield from (RowOutcome(row, "unknown", why=UNKNOWN) for row in rows)
            return
        connection.clock.sleep(_POLL)
        info = connection.call(INFO, id=batch)
    refused = {plain(str(one)) for one in info.at("failure") or ()}
    since = CONTACTS.but(query={**EVERY, "id_greater": newest})
    new = {plain(one["email"]): str(one["id"]) for one in _each(connection, since)}
    for row in rows:
        address = plain(str(row.values.get("email")))
        if address in refused:
            yield RowOutcome(row, "refused", why=REFUSED)
        elif address in new:
            yield RowOutcome(row, "created", new[address])
        else:
            yield RowOutcome(row, "updated", row.known_as)


# What an account is like


def own_fields(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the fields that the company has defined for its contacts."""
    for one in _each(connection, GET("/fields", items="fields", pages=PAGES)):
        yield f"contact.fieldValues[field={one['id']}].value", one["title"]

"""
Trello's calls, and how cards, what hangs on them, and their history are read, changed and deleted.

What the fact sheet `trello` cannot say in facts: boards come from two lists, parts of cards come
with these and are changed by their own addresses, and the history lets nothing be deleted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from klarsyn.errors import said
from klarsyn.vendors.sheet import (
    GET,
    PUT,
    Assumption,
    Call,
    Connection,
    Done,
    Element,
    Grade,
    Job,
    LastKey,
    Place,
    Places,
    Progress,
    Reader,
    Residue,
    Stage,
    Target,
)

# Calls

BOARD = "/boards/{board}"
BEFORE = LastKey("before", "id", size="limit", most=200, least=True)
ALL_BEFORE = replace(BEFORE, most=1000)
WORKSPACES = GET("/members/me/organizations")
BOARDS = GET("/members/me/boards", query={"filter": "all"})
BOARDS_OF = GET("/organizations/{workspace}/boards", query={"filter": "all"})
CARDS = GET(f"{BOARD}/cards/all", query={"fields": "all", "pluginData": "true"}, pages=BEFORE)
ACTIONS = GET(f"{BOARD}/actions", query={"filter": "all"}, pages=ALL_BEFORE)
COMMENTS = ACTIONS.but(query={"filter": "commentCard"})
ABOUT_CARD = ACTIONS.but(query={"filter": "all", "idModels": Place("id")})
ACTION, CARD = GET("/actions/{id}"), GET("/cards/{id}")
TOKEN = GET("/tokens/{token}")
ITEM = "/cards/{idCard}/checkItem/{id}"
FIELD = PUT("/cards/{idCard}/customField/{idCustomField}/item")
SET_VALUE = FIELD.but(body={"value": {"text": Place("text"), "number": Place("number")}})
NO_VALUE = FIELD.but(body={"value": "", "idValue": ""})

# Quirks


def boards(connection: Connection, _places: Places) -> Iterator[list[Any]]:
    """Yield the member's boards, closed ones too, and then others' that the workspaces show."""
    seen: set[str] = set()
    workspaces = [one["id"] for page in connection.pages(WORKSPACES) for one in page]
    for places in ({}, *({"workspace": one} for one in workspaces)):
        for page in connection.pages(BOARDS_OF if places else BOARDS, **places):
            yield [one for one in page if one["id"] not in seen]
            seen.update(one["id"] for one in page)


def hanging(name: str, asked: str = "true") -> Reader:
    """Return a reader of what hangs on cards, with the card's id; archived cards too."""
    call = CARDS.but(query={"fields": "id", name: asked})

    def reader(connection: Connection, places: Places) -> Iterator[list[Any]]:
        for page in connection.pages(call, **places):
            yield [{**one, "idCard": card["id"]} for card in page for one in card.get(name) or ()]

    return reader


def lines(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield the lines of checklists, which are changed and deleted one by one."""
    for page in hanging("checklists", "all")(connection, places):
        yield [
            {**line, "idCard": one["idCard"]} for one in page for line in one.get("checkItems", ())
        ]


def history(connection: Connection, places: Places) -> Iterator[list[Any]]:
    """Yield what happened on a board; comments are actions, too, and records of their own."""
    for page in connection.pages(ACTIONS, **places):
        yield [one for one in page if one.get("type") != "commentCard"]


def of_card(call: Call) -> Callable[[Connection, Target], Progress]:
    """Return a stage for what hangs on a card, whose new values stand in places by their names."""

    def stage(connection: Connection, target: Target) -> Progress:
        ids = {name: target.raw.get(name) for name in ("idCard", "idCustomField")}
        values = {name: value or "" for name, value in target.changes.items()}
        reply = connection.look(call, **{**ids, **values, **target.filled})
        return Done(0 if reply is None else 1)

    return stage


def set_value(connection: Connection, target: Target) -> Progress:
    """Set a value of the kind that its field has; one that is cleared is taken off the card."""
    return of_card(SET_VALUE if any(target.changes.values()) else NO_VALUE)(connection, target)


def no_trace(connection: Connection, target: Target) -> bool:
    """Return whether a card is gone, and its board's history names it no more."""
    if connection.look(CARD, **target.filled) is not None:
        return False
    told = (one for page in connection.pages(ABOUT_CARD, **target.filled) for one in page)
    return not any("name" in (one.get("data") or {}).get("card", {}) for one in told)


def went_along(connection: Connection, target: Target) -> bool:
    """Return whether an action is gone: with its card, since by itself it cannot be deleted."""
    return connection.look(ACTION, **target.filled) is None


def probe(connection: Connection) -> Mapping[str, Any]:
    """Return whether the token may read and write, and when it ends; it is never printed."""
    reply = connection.call(TOKEN, token=connection.settings["token"])
    permissions, ends = reply.at("permissions") or (), reply.at("dateExpires")
    held = {right for right in ("read", "write") if any(one.get(right) for one in permissions)}
    until = date.fromisoformat(str(ends)[:10]) if ends else None
    return {"scopes": held, "lacking": {"read", "write"} - held, "until": until}


# Jobs

HISTORY_STAYS = Residue(said("the board's history keeps the old text until the card is deleted"))
COPIES = Residue(said("exports of the workspace, notifications sent, and Power-Ups' own copies"))
IDS = tuple(
    f"data.{of}.{name}"
    for of in ("card", "board", "list", "checklist", "checkItem", "attachment", "customFieldItem")
    for name in ("id", "shortLink", "idCustomField")
)


def words_at(name: str, at: str = "") -> Element:
    """Return a text in which anything can stand."""
    return Element(name, at or name, "user.content.private", free=True)


def keeps_history(stage: Call | Stage) -> Job:
    """Return a rectification, or the erasure of a part; the history keeps what was there."""
    return Job(stages=(stage,), residue=(HISTORY_STAYS, COPIES))


ASSUMED = (
    Assumption(said("errors other than limits are a line of text"), Grade.DOCS),
    Assumption(said("cards are listed with what hangs on them if asked so"), Grade.DOCS),
    Assumption(said("cards are paged by the id that the last page began with"), Grade.THIRD),
    Assumption(said("a JSON body stands for the query of a write"), Grade.THIRD),
    Assumption(said("a card that is deleted takes its history along")),
    Assumption(said("a comment that is changed keeps no earlier text in the history")),
    Assumption(said("blank value and choice take a value off a card"), Grade.DOCS),
    Assumption(said("only its author changes a comment; an admin may delete it")),
    Assumption(said("nobody is mailed of what is changed or deleted")),
)
"""What all this rests on and nobody has confirmed."""

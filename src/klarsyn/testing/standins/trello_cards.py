"""
Trello's cards: read in pages, written, archived, deleted; and the comments on them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.trello_wire import (
    Record,
    arguments,
    between,
    chosen,
    flag,
    invalid,
    number,
    refuse,
    stamp,
    text_of,
)
from klarsyn.testing.standins.trello_workspace import TrelloWorkspace

#: What a card shows only with `fields=all` or by name.
BEYOND = frozenset({"address", "coordinates", "locationName"})
TEXTS = frozenset({"name", "desc", "address", "locationName", "coordinates"})
FLAGS = frozenset({"closed", "dueComplete", "subscribed"})
FREE = frozenset({"due", "start", "dueReminder", "pos", "cover"})
LINKS = ("idLabels", "idMembers")
KEPT_PAGES = 19
PAGE = 50


class TrelloCards(TrelloWorkspace):
    """Cards, their comments and their activity."""

    #: How many cards or actions a reply holds at most; without `limit` the rest is silently absent.
    MOST: ClassVar[int] = 1000
    #: Pages are told newest first by some and in the order of the board by others.
    PAGES_BY_PLACE: ClassVar[bool] = False

    # Showing

    def shown_card(self, card: Record, request: Request) -> Record:
        """Return a card as a reply has it: its fields, and what was asked for beside them."""
        whole = card | {
            "badges": self._badges(card),
            "idChecklists": [one["id"] for one in self.on(self.checklists, card)],
            "labels": [self.labels[one] for one in card["idLabels"]],
        }
        usual = [name for name in whole if name not in BEYOND]
        shown = chosen(whole, request.param("fields"), usual)
        if flag(request.param("attachments")) or flag(request.param("card_attachments")):
            shown["attachments"] = list(map(bare, self.on(self.attachments, card)))
        if request.param("checklists") == "all":
            shown["checklists"] = self.on(self.checklists, card)
        if flag(request.param("customFieldItems")):
            shown["customFieldItems"] = list(map(bare, self.on(self.field_items, card)))
        if flag(request.param("pluginData")):
            shown["pluginData"] = []
        if wanted := request.param("actions"):
            kinds = {**request.query, "filter": [wanted]}
            shown["actions"] = self._acts(card["id"], Request("GET", "", kinds, {}, b""))[:PAGE]
        return shown

    def _badges(self, card: Record) -> Record:
        items = [item for one in self.on(self.checklists, card) for item in one["checkItems"]]
        return {
            "attachmentsByType": {"trello": {"board": 0, "card": 0}},
            "location": bool(card["address"] or card["coordinates"]),
            "votes": 0,
            "viewingMemberVoted": False,
            "subscribed": card["subscribed"],
            "fogbugz": "",
            "checkItems": len(items),
            "checkItemsChecked": sum(one["state"] == "complete" for one in items),
            "comments": len(self.comments(card)),
            "attachments": len(self.on(self.attachments, card)),
            "description": bool(card["desc"]),
            "due": card["due"],
            "start": card["start"],
            "dueComplete": card["dueComplete"],
        }

    def shown_action(self, action: Record) -> Record:
        """Return an action with who did it."""
        member = self.members[action["idMemberCreator"]]
        names = ("activityBlocked", "avatarHash", "avatarUrl", "fullName", "initials", "username")
        return action | {"memberCreator": {"id": member["id"], **{n: member[n] for n in names}}}

    def cards_of(self, request: Request, fits: Callable[[Record], bool]) -> Reply:
        """Return a page of the cards that fit; without `limit` they are in the board's order."""
        limit = number(request, "limit", self.MOST, self.MOST)
        found = between(request, filter(fits, self.cards.values()))[:limit]
        if "limit" not in request.query or self.PAGES_BY_PLACE:
            found.sort(key=self._spot)
        return Reply(200, [self.shown_card(one, request) for one in found])

    def _spot(self, card: Record) -> tuple[float, float]:
        return self.lists[card["idList"]]["pos"], card["pos"]

    def passes(self, state: str) -> Callable[[Record], bool]:
        """Return the test of a filter by state; an open card in an archived list is not visible."""
        tests: dict[str, Callable[[Record], bool]] = {
            "all": lambda _: True,
            "none": lambda _: False,
            "closed": lambda card: bool(card["closed"]),
            "open": lambda card: not card["closed"],
            "visible": lambda card: not (card["closed"] or self.lists[card["idList"]]["closed"]),
            "complete": lambda card: bool(card["dueComplete"]),
            "incomplete": lambda card: not card["dueComplete"],
        }
        if state not in tests:
            raise invalid("filter")
        return tests[state]

    # Activity

    def acts_of(self, model: str, request: Request, usual: str = "all") -> Reply:
        """Return a page of the actions of a board or card, the newest first."""
        limit = number(request, "limit", PAGE, self.MOST)
        start = number(request, "page", 0, KEPT_PAGES) * limit
        found = self._acts(model, request, usual)
        if models := request.param("idModels"):
            found = [one for one in found if _models(one) & set(models.split(","))]
        if request.param("format") == "count":
            return Reply(200, {"_value": len(found)})
        page = map(self.shown_action, found[start : start + limit])
        return Reply(200, [chosen(one, request.param("fields")) for one in page])

    def _acts(self, model: str, request: Request, usual: str = "all") -> list[Record]:
        wanted = [one.strip() for one in (request.param("filter") or usual).split(",")]
        about = (one for one in self.actions.values() if model in _models(one))
        return between(request, (one for one in about if any(_is(one, kind) for kind in wanted)))

    @route("GET", "/1/cards/{card_id}/actions")
    def card_actions(self, request: Request, card_id: str) -> Reply:
        """Return what happened to a card; by default the comments and the moves."""
        return self.acts_of(self.card(card_id)["id"], request, "commentCard,updateCard:idList")

    @route("GET", "/1/actions/{action_id}")
    def get_action(self, request: Request, action_id: str) -> Reply:
        """Return an action."""
        return Reply(
            200, chosen(self.shown_action(self._action(action_id)), request.param("fields"))
        )

    @route("POST", "/1/cards/{card_id}/actions/comments")
    def add_comment(self, request: Request, card_id: str) -> Reply:
        """Comment on a card."""
        card, text = self.card(card_id, write=True), text_of(arguments(request), "text")
        return Reply(200, self.shown_action(self.comment(card, text)))

    @route("PUT", "/1/actions/{action_id}")
    @route("PUT", "/1/cards/{card_id}/actions/{action_id}/comments")
    def change_comment(self, request: Request, action_id: str, card_id: str = "") -> Reply:
        """Put another text in a comment; the old one is gone."""
        action, card = self._comment(action_id, card_id, "updated")
        text = text_of(arguments(request), "text")
        action["data"] |= {"text": text, "dateLastEdited": stamp(self.clock.now())}
        self.instant = self.clock.now()
        self.touch(card)
        return Reply(200, self.shown_action(action))

    @route("DELETE", "/1/actions/{action_id}")
    @route("DELETE", "/1/cards/{card_id}/actions/{action_id}/comments")
    def delete_comment(self, request: Request, action_id: str, card_id: str = "") -> Reply:
        """Delete a comment for good; no other action can be deleted."""
        del request
        action, card = self._comment(action_id, card_id, "deleted")
        del self.actions[action["id"]], self.said[card["id"]][action["id"]]
        self.instant = self.clock.now()
        self.touch(card)
        return Reply(200, {"_value": None})

    def _action(self, action_id: str) -> Record:
        action = self.find(self.actions, action_id)
        self.board(action["data"]["board"]["id"])
        return action

    def _comment(self, action_id: str, card_id: str, done: str) -> tuple[Record, Record]:
        action = self._action(action_id)
        if action["type"] != "commentCard":
            raise refuse(400, f"Only comment actions can be {done}")
        card = self.card(card_id or action["data"]["card"]["id"], write=True)
        if card["id"] != action["data"]["card"]["id"]:
            raise refuse(404, "The requested resource was not found.")
        return action, card

    # Cards

    @route("GET", "/1/cards/{card_id}")
    def get_card(self, request: Request, card_id: str) -> Reply:
        """Return a card, archived or not."""
        return Reply(200, self.shown_card(self.card(card_id), request))

    @route("POST", "/1/cards")
    def create_card(self, request: Request) -> Reply:
        """Put a card into a list; sent twice, there are two."""
        given = {name: value for name, value in arguments(request).items() if value is not None}
        column = self.column(given.get("idList"), write=True)
        name, url = text_of(given, "name", blank=True), given.get("urlSource")
        wanted = self._changes(given | {"name": name or "-"}) | {"name": name}
        card = self.new_card(column, name, wanted.pop("desc", ""))
        if url:
            self.attach(card, url, url)
        card |= wanted
        self.touch(card)
        return Reply(200, self.shown_card(card, request))

    @route("PUT", "/1/cards/{card_id}")
    def change_card(self, request: Request, card_id: str) -> Reply:
        """Change what is given; an archived card (`closed`) is still there."""
        return self._changed(request, card_id, arguments(request))

    @route("PUT", "/1/cards/{card_id}/{field}")
    def change_field(self, request: Request, card_id: str, field: str) -> Reply:
        """Change one field, as the older clients do."""
        given = arguments(request)
        return self._changed(request, card_id, given | {field: given.get("value")})

    def _changed(self, request: Request, card_id: str, given: Record) -> Reply:
        card = self.card(card_id, write=True)
        for name, value in self._changes(given).items():
            self.change(card, name, value)
        if "idList" in given or "idBoard" in given:
            board = self.board(str(given.get("idBoard", card["idBoard"])), write=True)
            self._move(card, given.get("idList") or self.first_list(board)["id"])
        return Reply(200, self.shown_card(card, request))

    @route("DELETE", "/1/cards/{card_id}")
    def delete_card(self, request: Request, card_id: str) -> Reply:
        """Delete a card for good: all that hangs on it, and what its board tells of it."""
        del request
        self.remove(self.card(card_id, write=True))
        return Reply(200, {"limits": {}})

    def remove(self, card: Record) -> None:
        """Let a card be gone; that there was one is all that the activity still says."""
        for records in (self.checklists, self.attachments, self.field_items):
            for one in self.on(records, card):
                del records[one["id"]]
        for number_, one in list(self.actions.items()):
            if card["id"] in _models(one):
                del self.actions[number_]
        self.said.pop(card["id"], None)
        told = self.act("deleteCard", card)
        del told["data"]["card"]["name"], self.cards[card["id"]], self.index[card["id"]]

    def _move(self, card: Record, list_id: object) -> None:
        column = self.column(list_id, write=True)
        before, after = self.lists[card["idList"]], column
        if before is not after:
            self.change(card, "idList", column["id"])
            card["idBoard"] = column["idBoard"]

    def _changes(self, given: Record) -> Record:
        """Return the fields of a write that are a card's own, checked."""
        found: Record = {name: given[name] for name in given if name in FREE}
        found |= {name: flag(given[name]) for name in given if name in FLAGS}
        blank = {name: name != "name" for name in given if name in TEXTS}
        found |= {name: text_of(given, name, blank=may) for name, may in blank.items()}
        for name in (one for one in LINKS if one in given):
            found[name] = _listed(given[name])
            if any(one not in self.labels and one not in self.members for one in found[name]):
                raise invalid(name)
        for name in ("due", "start"):
            if found.get(name) in ("", "null"):
                found[name] = None
        if found.get("pos") in ("top", "bottom"):
            found["pos"] = 1.0 if found["pos"] == "top" else 16384.0 * (2 + len(self.cards))
        return found


def _listed(given: object) -> list[str]:
    """Return ids as a list; a query and older clients join them by commas."""
    if isinstance(given, list):
        return [str(one) for one in given]
    return [one for one in str(given).split(",") if one]


def _models(action: Record) -> set[str]:
    """Return the ids of what an action is about."""
    told = action["data"]
    return {told[name]["id"] for name in ("board", "card", "list") if name in told}


def _is(action: Record, kind: str) -> bool:
    """Return whether an action is of a kind: `updateCard:desc` is one that changed the text."""
    name, _, field = kind.partition(":")
    if kind == "all" or (name == action["type"] and not field):
        return True
    return name == action["type"] and field in action["data"].get("old", ())


def bare(record: Record) -> Record:
    """Return what hangs on a card without the card's id, which its own reply does not have."""
    return {name: value for name, value in record.items() if name != "idCard"}

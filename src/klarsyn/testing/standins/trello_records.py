"""
The records of a Trello workspace: boards, lists, cards and what hangs on them, and their activity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from klarsyn.testing.serving import StandIn
from klarsyn.testing.standins.trello_wire import (
    ID,
    NOT_FOUND,
    Record,
    invalid,
    refuse,
    stamp,
    words_of,
)


class TrelloRecords(StandIn):
    """The records of one workspace, and how they come about."""

    name = "trello"
    hosts = ("api.trello.com",)

    def fill(self) -> None:
        """Begin with nothing."""
        self.me = ""
        """The id of the member whose token it is."""
        self.members: dict[str, Record] = {}
        self.boards: dict[str, Record] = {}
        self.lists: dict[str, Record] = {}
        self.labels: dict[str, Record] = {}
        self.custom_fields: dict[str, Record] = {}
        self.cards: dict[str, Record] = {}
        self.checklists: dict[str, Record] = {}
        self.attachments: dict[str, Record] = {}
        self.field_items: dict[str, Record] = {}
        self.actions: dict[str, Record] = {}
        """The activity of all boards, comments too."""
        self.said: dict[str, dict[str, Record]] = {}
        """The comments among it, by their card."""
        self.index: dict[str, list[tuple[datetime, frozenset[str]]]] = {}
        """What search knows of a card, and since when."""
        self._last_number = 0
        self._opened = self.clock.now() - timedelta(days=400)

    # Making records

    def made(self, **fields: object) -> Record:
        """Return a record with the next id; while it is filled, a minute after the last."""
        self._last_number += 1
        opened = self._opened + timedelta(minutes=self._last_number)
        self.instant = self.clock.now() if self._server else opened
        number = f"{int(self.instant.timestamp()):08x}5eed{self._last_number:012x}"
        return {"id": number, **fields}

    def act(self, kind: str, card: Record, **told: object) -> Record:
        """Write into the activity of a board; the card's name is kept as it is now."""
        board, column = self.boards[card["idBoard"]], self.lists[card["idList"]]
        short = {name: card[name] for name in ("id", "name", "idShort", "shortLink")}
        known = {"board": _short(board, "shortLink"), "list": _short(column), "card": short}
        action = self.made(idMemberCreator=self.me, data=known | told, type=kind)
        action |= {"date": stamp(self.instant), "appCreator": None, "limits": {}}
        self.actions[action["id"]] = action
        self.touch(card)
        return action

    def touch(self, card: Record) -> None:
        """Note that a card has changed; search learns of it later."""
        card["dateLastActivity"] = stamp(self.instant)
        self.index.setdefault(card["id"], []).append((self.instant, words_of(self.texts(card))))

    def texts(self, card: Record) -> Iterator[str]:
        """Return what search reads of a card; custom fields and the place on a map it does not."""
        yield from (card["name"], card["desc"])
        yield from (one["name"] for one in self.on(self.attachments, card))
        for checklist in self.on(self.checklists, card):
            yield from (checklist["name"], *(one["name"] for one in checklist["checkItems"]))
        yield from (one["data"]["text"] for one in self.comments(card))

    def new_card(self, column: Record, name: str, desc: str = "") -> Record:
        """Return a card in a list, kept and told in the activity."""
        board = self.boards[column["idBoard"]]
        board["cards"] += 1
        empty = dict.fromkeys(("due", "dueReminder", "start", "idAttachmentCover", "address"))
        empty |= dict.fromkeys(("locationName", "coordinates"))
        card = self.made(name=name, desc=desc, closed=False, dueComplete=False, **empty)
        link = short_link(card["id"])
        card |= {
            "checkItemStates": [],
            "descData": {"emoji": {}},
            "idBoard": board["id"],
            "idLabels": [],
            "idList": column["id"],
            "idMembers": [],
            "idMembersVoted": [],
            "idShort": board["cards"],
            "isTemplate": False,
            "manualCoverAttachment": False,
            "pos": 16384.0 * (1 + len(self.cards)),
            "shortLink": link,
            "shortUrl": f"https://trello.com/c/{link}",
            "subscribed": False,
            "url": f"https://trello.com/c/{link}/{board['cards']}-{slug(name)}",
            "cover": {"idAttachment": None, "color": None, "size": "normal", "brightness": "dark"},
        }
        self.cards[card["id"]] = card
        self.act("createCard", card)
        return card

    def comment(self, card: Record, text: str) -> Record:
        """Return a comment on a card: an action like any other."""
        action = self.act("commentCard", card, text=text)
        self.said.setdefault(card["id"], {})[action["id"]] = action
        self.touch(card)
        return action

    def attach(self, card: Record, name: str, url: str, size: int | None = None) -> Record:
        """Return a link or a file on a card."""
        found = self.made(idCard=card["id"], name=name, url=url, bytes=size)
        found |= {"date": stamp(self.instant), "edgeColor": None, "idMember": self.me}
        found |= {"isUpload": size is not None, "mimeType": "", "previews": [], "pos": 16384}
        self.attachments[found["id"]] = found
        told = {"id": found["id"], "name": name} | ({} if found["isUpload"] else {"url": url})
        self.act("addAttachmentToCard", card, attachment=told)
        return found

    def new_checklist(self, card: Record, name: str, *items: str) -> Record:
        """Return a checklist on a card."""
        checklist = self.made(name=name, idBoard=card["idBoard"], idCard=card["id"], pos=16384)
        checklist["checkItems"] = []
        self.checklists[checklist["id"]] = checklist
        for item in items:
            self.new_item(checklist, item)
        self.act("addChecklistToCard", card, checklist={"id": checklist["id"], "name": name})
        return checklist

    def new_item(self, checklist: Record, name: str) -> Record:
        """Return a line of a checklist."""
        place = 16384 * (1 + len(checklist["checkItems"]))
        item = self.made(name=name, nameData=None, pos=place, state="incomplete")
        item |= {"due": None, "dueReminder": None, "idMember": None, "idChecklist": checklist["id"]}
        checklist["checkItems"].append(item)
        return item

    def set_field(self, card: Record, field: Record, value: Record | None) -> Record:
        """Return the value that a card has in a custom field from now on; the old one is told."""
        known = [
            one for one in self.on(self.field_items, card) if one["idCustomField"] == field["id"]
        ]
        item = known[0] if known else self.made(idCustomField=field["id"], idModel=card["id"])
        old = {"value": item.get("value")}
        item |= {"modelType": "card", "idValue": None, "value": value, "idCard": card["id"]}
        self.field_items[item["id"]] = item
        told = {"id": item["id"], "idCustomField": field["id"], "value": value}
        about = {"id": field["id"], "name": field["name"], "type": field["type"]}
        self.act("updateCustomFieldItem", card, customFieldItem=told, customField=about, old=old)
        return item

    def change(self, card: Record, name: str, value: object) -> None:
        """Change a field of a card; the activity keeps what it was."""
        old, card[name] = card[name], value
        if old != value:
            action = self.act("updateCard", card, old={name: old})
            action["data"]["card"][name] = value

    # Looking

    def on(self, records: dict[str, Record], card: Record) -> list[Record]:
        """Return what of a kind hangs on a card."""
        return [one for one in records.values() if one["idCard"] == card["id"]]

    def comments(self, card: Record) -> list[Record]:
        """Return the comments on a card."""
        return list(self.said.get(card["id"], {}).values())

    def find(self, records: dict[str, Record], key: str) -> Record:
        """Return a record by its id, a card or board also by its short link, or refuse."""
        if ID.fullmatch(key):
            if key in records:
                return records[key]
            raise refuse(404, NOT_FOUND)
        for one in records.values():
            if key == one.get("shortLink"):
                return one
        raise refuse(404, NOT_FOUND) if len(key) == len("H0TZyzbK") else refuse(400, "invalid id")

    def sees(self, board: Record) -> bool:
        """Return whether the token's member may read a board."""
        return self.me in board["idMembers"] or board["prefs"]["permissionLevel"] == "org"

    def board(self, key: str, *, write: bool = False) -> Record:
        """Return a board that the token's member may read, or write to, or refuse."""
        board = self.find(self.boards, key)
        if not (self.me in board["idMembers"] if write else self.sees(board)):
            raise refuse(401, "unauthorized permission requested")
        return board

    def card(self, key: str, *, write: bool = False) -> Record:
        """Return a card on a board that the token's member may read, or write to, or refuse."""
        card = self.find(self.cards, key)
        board = self.boards[card["idBoard"]]
        if not (self.me in board["idMembers"] if write else self.sees(board)):
            raise refuse(401, "unauthorized card permission requested")
        return card

    def column(self, key: object, *, write: bool = False) -> Record:
        """Return a list, or refuse."""
        if not isinstance(key, str) or not ID.fullmatch(key):
            raise invalid("idList")
        found = self.find(self.lists, key)
        self.board(found["idBoard"], write=write)
        return found

    def new_list(self, board: Record, name: str) -> Record:
        """Return a list at the right end of a board."""
        found = self.made(name=name, closed=False, idBoard=board["id"], subscribed=False)
        self.lists[found["id"]] = found | {"pos": 16384 * (1 + len(self.lists)), "softLimit": None}
        return self.lists[found["id"]]

    def new_label(self, board: Record, name: str, colour: str | None) -> Record:
        """Return a label of a board."""
        label = self.made(idBoard=board["id"], name=name, color=colour)
        self.labels[label["id"]] = label
        return label

    def new_field(self, board: Record, name: str, kind: str, *options: str) -> Record:
        """Return a custom field of a board."""
        field = self.made(idModel=board["id"], modelType="board", name=name, type=kind)
        group = hashlib.sha256(field["id"].encode()).hexdigest()
        field |= {"fieldGroup": group, "display": {"cardFront": True}, "pos": 16384}
        if kind == "list":
            field["options"] = [
                self.made(idCustomField=field["id"], value={"text": one}, color="none", pos=16384)
                for one in options
            ]
        self.custom_fields[field["id"]] = field
        return field

    def first_list(self, board: Record, *, closed: bool = False) -> Record:
        """Return a board's first list, of those in use or of those put away."""
        of = (one for one in self.lists.values() if one["idBoard"] == board["id"])
        return next(one for one in of if one["closed"] == closed)


def short_link(number: str) -> str:
    """Return the eight characters that stand for an id in addresses."""
    return hashlib.sha256(number.encode()).hexdigest()[:8]


def slug(name: str) -> str:
    """Return how a name ends an address: its first word is enough here."""
    return name.partition(" ")[0].lower()


def _short(record: Record, *more: str) -> Record:
    return {name: record[name] for name in ("id", "name", *more)}

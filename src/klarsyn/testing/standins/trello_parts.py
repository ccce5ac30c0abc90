"""
What hangs on Trello's cards: checklists, attachments, and values in custom fields.
"""

from __future__ import annotations

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.trello_cards import TrelloCards, bare
from klarsyn.testing.standins.trello_wire import (
    NOT_FOUND,
    Record,
    arguments,
    chosen,
    flag,
    invalid,
    refuse,
    text_of,
)

GONE: dict[str, dict[str, object]] = {"limits": {}}


class TrelloParts(TrelloCards):
    """Checklists, attachments and custom fields of cards."""

    # Checklists

    @route("GET", "/1/cards/{card_id}/checklists")
    def card_checklists(self, request: Request, card_id: str) -> Reply:
        """Return the checklists of a card with their lines."""
        found = self.on(self.checklists, self.card(card_id))
        return Reply(200, [chosen(one, request.param("fields")) for one in found])

    @route("GET", "/1/boards/{board_id}/checklists")
    def board_checklists(self, request: Request, board_id: str) -> Reply:
        """Return the checklists of all cards of a board."""
        del request
        number = self.board(board_id)["id"]
        return Reply(200, [one for one in self.checklists.values() if one["idBoard"] == number])

    @route("POST", "/1/checklists")
    @route("POST", "/1/cards/{card_id}/checklists")
    def add_checklist(self, request: Request, card_id: str = "") -> Reply:
        """Put a checklist on a card."""
        given = arguments(request)
        card = self.card(card_id or str(given.get("idCard")), write=True)
        return Reply(200, self.new_checklist(card, text_of(given, "name", blank=True)))

    @route("GET", "/1/checklists/{checklist_id}")
    def get_checklist(self, request: Request, checklist_id: str) -> Reply:
        """Return a checklist with its lines."""
        checklist, _ = self._checklist(checklist_id)
        return Reply(200, chosen(checklist, request.param("fields")))

    @route("PUT", "/1/checklists/{checklist_id}")
    @route("PUT", "/1/checklists/{checklist_id}/name")
    def rename_checklist(self, request: Request, checklist_id: str) -> Reply:
        """Give a checklist another name; the activity keeps the old one."""
        checklist, card = self._checklist(checklist_id, write=True)
        given = arguments(request)
        old = {"name": checklist["name"]}
        checklist["name"] = text_of({"name": given.get("name", given.get("value"))}, "name")
        told = {"id": checklist["id"], "name": checklist["name"]}
        self.act("updateChecklist", card, checklist=told, old=old)
        return Reply(200, checklist)

    @route("DELETE", "/1/checklists/{checklist_id}")
    @route("DELETE", "/1/cards/{card_id}/checklists/{checklist_id}")
    def delete_checklist(self, request: Request, checklist_id: str, card_id: str = "") -> Reply:
        """Delete a checklist; that it was there stays in the activity."""
        del request, card_id
        checklist, card = self._checklist(checklist_id, write=True)
        del self.checklists[checklist["id"]]
        told = {"id": checklist["id"], "name": checklist["name"]}
        self.act("removeChecklistFromCard", card, checklist=told)
        return Reply(200, GONE)

    @route("POST", "/1/checklists/{checklist_id}/checkItems")
    def add_item(self, request: Request, checklist_id: str) -> Reply:
        """Add a line to a checklist."""
        checklist, card = self._checklist(checklist_id, write=True)
        given = arguments(request)
        item = self.new_item(checklist, text_of(given, "name"))
        item["state"] = "complete" if flag(given.get("checked")) else "incomplete"
        self.touch(card)
        return Reply(200, item)

    @route("PUT", "/1/cards/{card_id}/checkItem/{item_id}")
    @route("PUT", "/1/cards/{card_id}/checklist/{checklist_id}/checkItem/{item_id}")
    def change_item(
        self, request: Request, card_id: str, item_id: str, checklist_id: str = ""
    ) -> Reply:
        """Change a line; ticking it is told in the activity, with its text."""
        del checklist_id
        card = self.card(card_id, write=True)
        _, item = self._item(card, item_id)
        given = arguments(request)
        if "name" in given:
            item["name"] = text_of(given, "name")
        item |= {name: given[name] for name in ("due", "idMember") if name in given}
        if "state" in given:
            if given["state"] not in {"complete", "incomplete"}:
                raise invalid("state")
            item["state"] = given["state"]
            told = {name: item[name] for name in ("id", "name", "state")}
            self.act("updateCheckItemStateOnCard", card, checkItem=told)
        self.instant = self.clock.now()
        self.touch(card)
        return Reply(200, item)

    @route("DELETE", "/1/cards/{card_id}/checkItem/{item_id}")
    @route("DELETE", "/1/checklists/{checklist_id}/checkItems/{item_id}")
    def delete_item(
        self, request: Request, item_id: str, card_id: str = "", checklist_id: str = ""
    ) -> Reply:
        """Delete a line of a checklist."""
        del request
        card = self.card(card_id, write=True) if card_id else self._checklist(checklist_id)[1]
        checklist, item = self._item(card, item_id)
        checklist["checkItems"].remove(item)
        self.instant = self.clock.now()
        self.touch(card)
        return Reply(200, GONE)

    def _checklist(self, checklist_id: str, *, write: bool = False) -> tuple[Record, Record]:
        checklist = self.find(self.checklists, checklist_id)
        return checklist, self.card(checklist["idCard"], write=write)

    def _item(self, card: Record, item_id: str) -> tuple[Record, Record]:
        for checklist in self.on(self.checklists, card):
            for item in checklist["checkItems"]:
                if item["id"] == item_id:
                    return checklist, item
        raise refuse(404, NOT_FOUND)

    # Attachments

    @route("GET", "/1/cards/{card_id}/attachments")
    def card_attachments(self, request: Request, card_id: str) -> Reply:
        """Return the links and files of a card."""
        found = self.on(self.attachments, self.card(card_id))
        return Reply(200, [chosen(bare(one), request.param("fields")) for one in found])

    @route("GET", "/1/cards/{card_id}/attachments/{attachment_id}")
    def get_attachment(self, request: Request, card_id: str, attachment_id: str) -> Reply:
        """Return a link or a file of a card."""
        found = bare(self._attachment(self.card(card_id), attachment_id))
        return Reply(200, chosen(found, request.param("fields")))

    @route("POST", "/1/cards/{card_id}/attachments")
    def add_attachment(self, request: Request, card_id: str) -> Reply:
        """Put a link or a file on a card."""
        card, given = self.card(card_id, write=True), arguments(request)
        if "file" in given:
            title, content = given["file"]
            made = self.attach(card, given.get("name") or title, "", len(content))
            place = f"cards/{card['id']}/attachments/{made['id']}/download/{title}"
            made["url"] = f"https://trello.com/1/{place}"
            return Reply(200, bare(made))
        url = text_of(given, "url")
        if not url.startswith(("http://", "https://")):
            raise invalid("url")
        return Reply(200, bare(self.attach(card, given.get("name") or url, url)))

    @route("DELETE", "/1/cards/{card_id}/attachments/{attachment_id}")
    def delete_attachment(self, request: Request, card_id: str, attachment_id: str) -> Reply:
        """Delete a link or a file; its name stays in the activity."""
        del request
        card = self.card(card_id, write=True)
        found = self._attachment(card, attachment_id)
        del self.attachments[found["id"]]
        told = {"id": found["id"], "name": found["name"]}
        self.act("deleteAttachmentFromCard", card, attachment=told)
        return Reply(200, GONE)

    @route("GET", "/1/cards/{card_id}/pluginData")
    def plugin_data(self, request: Request, card_id: str) -> Reply:
        """Return what Power-Ups keep with a card: here there are none."""
        del request
        self.card(card_id)
        return Reply(200, [])

    def _attachment(self, card: Record, attachment_id: str) -> Record:
        found = self.find(self.attachments, attachment_id)
        if found["idCard"] != card["id"]:
            raise refuse(404, NOT_FOUND)
        return found

    # Custom fields

    @route("GET", "/1/boards/{board_id}/customFields")
    def board_fields(self, request: Request, board_id: str) -> Reply:
        """Return the custom fields of a board."""
        del request
        number = self.board(board_id)["id"]
        return Reply(200, [one for one in self.custom_fields.values() if one["idModel"] == number])

    @route("GET", "/1/cards/{card_id}/customFieldItems")
    def card_fields(self, request: Request, card_id: str) -> Reply:
        """Return the values that a card has in custom fields."""
        del request
        return Reply(200, list(map(bare, self.on(self.field_items, self.card(card_id)))))

    @route("PUT", "/1/cards/{card_id}/customField/{field_id}/item")
    def change_value(self, request: Request, card_id: str, field_id: str) -> Reply:
        """Put a value into a custom field; an empty one takes it off the card."""
        card, given = self.card(card_id, write=True), arguments(request)
        field = self.find(self.custom_fields, field_id)
        if field["idModel"] != card["idBoard"]:
            raise refuse(404, NOT_FOUND)
        if option := given.get("idValue"):
            if option not in {one["id"] for one in field.get("options", ())}:
                raise invalid("idValue")
            item = self.set_field(card, field, None)
            item["idValue"] = option
            return Reply(200, bare(item))
        value = given.get("value")
        if not value:
            item = self.set_field(card, field, None)
            del self.field_items[item["id"]]
            return Reply(200, {})
        if not isinstance(value, dict) or field["type"] not in value:
            raise refuse(400, "Invalid custom field item value.")
        return Reply(200, bare(self.set_field(card, field, value)))

"""
Trello's boards with their lists and labels, the workspace, and its members.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.trello_parts import GONE, TrelloParts
from klarsyn.testing.standins.trello_wire import (
    NOT_FOUND,
    Record,
    arguments,
    chosen,
    flag,
    invalid,
    number,
    refuse,
    stamp,
    text_of,
)

MEMBER = ("avatarHash", "avatarUrl", "fullName", "initials", "username", "confirmed", "memberType")
MOST_LABELS = 1000
USUAL_LABELS = 50
#: Held for the stand-in's own use, or never shown with a board.
INSIDE = frozenset({"cards", "idMembers"})


class TrelloBoards(TrelloParts):
    """Boards, lists, labels, members and the workspace."""

    #: How long an export of the workspace takes.
    EXPORT_SECONDS: ClassVar[float] = 600

    def fill(self) -> None:
        """Begin without exports."""
        super().fill()
        self.exports: dict[str, tuple[datetime, Record]] = {}

    def shown_board(self, board: Record, fields: str) -> Record:
        """Return a board as a reply has it."""
        return chosen({k: v for k, v in board.items() if k not in INSIDE}, fields)

    # Boards

    @route("GET", "/1/members/{member_id}/boards")
    def member_boards(self, request: Request, member_id: str) -> Reply:
        """Return the boards of a member, closed ones too; not those that a member might join."""
        member, state = self.member(member_id), request.param("filter", "all")
        known = ("all", "closed", "members", "open", "organization", "public", "starred")
        if not set(state.split(",")) <= set(known):
            raise invalid("filter")
        mine = [
            one
            for one in self.boards.values()
            if member["id"] in one["idMembers"] and self.sees(one)
        ]
        if state in {"open", "closed"}:
            mine = [one for one in mine if one["closed"] == (state == "closed")]
        return Reply(200, [self.shown_board(one, request.param("fields")) for one in mine])

    @route("GET", "/1/organizations/{organization_id}/boards")
    def organization_boards(self, request: Request, organization_id: str) -> Reply:
        """Return the boards of the workspace that the token's member can see."""
        self.workspace(organization_id)
        seen = filter(self.sees, self.boards.values())
        return Reply(200, [self.shown_board(one, request.param("fields")) for one in seen])

    @route("GET", "/1/boards/{board_id}")
    def get_board(self, request: Request, board_id: str) -> Reply:
        """Return a board."""
        return Reply(200, self.shown_board(self.board(board_id), request.param("fields")))

    @route("PUT", "/1/boards/{board_id}")
    @route("PUT", "/1/boards/{board_id}/{field}")
    def change_board(self, request: Request, board_id: str, field: str = "") -> Reply:
        """Rename, describe, close or open a board."""
        board, given = self.board(board_id, write=True), arguments(request)
        given = given | ({field: given.get("value")} if field else {})
        board |= {name: text_of(given, name) for name in {"name"} & set(given)}
        board |= {name: text_of(given, name, blank=True) for name in {"desc"} & set(given)}
        board |= {name: flag(given[name]) for name in {"closed"} & set(given)}
        return Reply(200, self.shown_board(board, ""))

    @route("DELETE", "/1/boards/{board_id}")
    def delete_board(self, request: Request, board_id: str) -> Reply:
        """Delete a board for good, with its cards and its activity."""
        del request
        board = self.board(board_id, write=True)
        for card in [one for one in self.cards.values() if one["idBoard"] == board["id"]]:
            self.remove(card)
        for records in (self.lists, self.labels, self.custom_fields, self.actions):
            for one in list(records.values()):
                home = one.get("data", {}).get("board", {}).get("id") or one.get("idBoard")
                if board["id"] in {home, one.get("idModel")}:
                    del records[one["id"]]
        del self.boards[board["id"]]
        return Reply(200, {"_value": None})

    @route("GET", "/1/boards/{board_id}/actions")
    def board_actions(self, request: Request, board_id: str) -> Reply:
        """Return what happened on a board, the newest first, 50 unless told otherwise."""
        return self.acts_of(self.board(board_id)["id"], request)

    @route("GET", "/1/boards/{board_id}/cards")
    @route("GET", "/1/boards/{board_id}/cards/{state}")
    def board_cards(self, request: Request, board_id: str, state: str = "") -> Reply:
        """Return the cards of a board: those in use, or archived ones (`closed`, `all`) too."""
        board = self.board(board_id)["id"]
        passes = self.passes(state or request.param("filter", "visible"))
        return self.cards_of(request, lambda card: card["idBoard"] == board and passes(card))

    @route("GET", "/1/boards/{board_id}/members")
    def board_members(self, request: Request, board_id: str) -> Reply:
        """Return who belongs to a board."""
        found = self.board(board_id)["idMembers"]
        return Reply(200, [self.shown_member(one, request, MEMBER) for one in found])

    # Lists and labels

    @route("GET", "/1/boards/{board_id}/lists")
    def board_lists(self, request: Request, board_id: str) -> Reply:
        """Return the lists of a board; archived ones only if asked for."""
        board, state = self.board(board_id)["id"], request.param("filter", "open")
        if state not in {"all", "closed", "open", "none"}:
            raise invalid("filter")
        wanted = {"all": (True, False), "closed": (True,), "open": (False,), "none": ()}[state]
        of = (one for one in self.lists.values() if one["idBoard"] == board)
        found = [one for one in of if one["closed"] in wanted]
        return Reply(200, [chosen(one, request.param("fields")) for one in found])

    @route("GET", "/1/lists/{list_id}")
    def get_list(self, request: Request, list_id: str) -> Reply:
        """Return a list."""
        return Reply(200, chosen(self.column(list_id), request.param("fields")))

    @route("POST", "/1/lists")
    def create_list(self, request: Request) -> Reply:
        """Add a list to a board."""
        given = arguments(request)
        board = self.board(str(given.get("idBoard")), write=True)
        return Reply(200, self.new_list(board, text_of(given, "name")))

    @route("PUT", "/1/lists/{list_id}")
    @route("PUT", "/1/lists/{list_id}/{field}")
    def change_list(self, request: Request, list_id: str, field: str = "") -> Reply:
        """Rename or archive a list; its cards stay open in it."""
        column, given = self.column(list_id, write=True), arguments(request)
        given = given | ({field: given.get("value")} if field else {})
        column |= {name: text_of(given, name) for name in {"name"} & set(given)}
        column |= {name: flag(given[name]) for name in {"closed"} & set(given)}
        return Reply(200, column)

    @route("GET", "/1/lists/{list_id}/cards")
    def list_cards(self, request: Request, list_id: str) -> Reply:
        """Return the cards of a list."""
        column, passes = self.column(list_id)["id"], self.passes(request.param("filter", "open"))
        return self.cards_of(request, lambda card: card["idList"] == column and passes(card))

    @route("GET", "/1/boards/{board_id}/labels")
    def board_labels(self, request: Request, board_id: str) -> Reply:
        """Return the labels of a board."""
        board = self.board(board_id)["id"]
        limit = number(request, "limit", USUAL_LABELS, MOST_LABELS)
        found = [one for one in self.labels.values() if one["idBoard"] == board][:limit]
        return Reply(200, [chosen(one, request.param("fields")) for one in found])

    @route("POST", "/1/labels")
    @route("POST", "/1/boards/{board_id}/labels")
    def create_label(self, request: Request, board_id: str = "") -> Reply:
        """Add a label to a board."""
        given = arguments(request)
        board = self.board(board_id or str(given.get("idBoard")), write=True)
        return Reply(200, self.new_label(board, text_of(given, "name"), given.get("color")))

    @route("PUT", "/1/labels/{label_id}")
    def change_label(self, request: Request, label_id: str) -> Reply:
        """Give a label another name."""
        label = self.find(self.labels, label_id)
        self.board(label["idBoard"], write=True)
        label["name"] = text_of(arguments(request), "name", blank=True)
        return Reply(200, label)

    @route("DELETE", "/1/labels/{label_id}")
    def delete_label(self, request: Request, label_id: str) -> Reply:
        """Delete a label; it leaves all cards."""
        del request
        label = self.find(self.labels, label_id)
        self.board(label["idBoard"], write=True)
        del self.labels[label["id"]]
        for card in self.cards.values():
            card["idLabels"] = [one for one in card["idLabels"] if one != label["id"]]
        return Reply(200, GONE)

    # Members and the workspace

    def member(self, key: str) -> Record:
        """Return a member by id, user name or `me`, or refuse."""
        for one in self.members.values():
            if key in {one["id"], one["username"], "me" if one["id"] == self.me else one["id"]}:
                return one
        raise refuse(404, NOT_FOUND)

    def shown_member(
        self, member_id: str, request: Request, usual: tuple[str, ...] = (), *, email: bool = False
    ) -> Record:
        """Return a member as a reply has it; an address is for the token's own member only."""
        own = self.members[member_id]
        whole = own | {"email": own["email"] if email and member_id == self.me else None}
        return chosen(whole, request.param("fields") or request.param("member_fields"), usual)

    @route("GET", "/1/members/{member_id}/organizations")
    def member_organizations(self, request: Request, member_id: str) -> Reply:
        """Return the workspaces of a member: there is one."""
        self.member(member_id)
        return Reply(200, [chosen(self._shown_workspace(), request.param("fields"))])

    @route("GET", "/1/organizations/{organization_id}")
    def get_organization(self, request: Request, organization_id: str) -> Reply:
        """Return the workspace."""
        self.workspace(organization_id)
        return Reply(200, chosen(self._shown_workspace(), request.param("fields")))

    @route("GET", "/1/organizations/{organization_id}/members")
    def organization_members(self, request: Request, organization_id: str) -> Reply:
        """Return who belongs to the workspace."""
        found = self.workspace(organization_id)["idMembers"]
        return Reply(200, [self.shown_member(one, request, MEMBER) for one in found])

    @route("DELETE", "/1/organizations/{organization_id}/members/{member_id}/all")
    def remove_member(self, request: Request, organization_id: str, member_id: str) -> Reply:
        """Take a member out of the workspace and off its boards; what was written stays."""
        del request
        place, member = self.workspace(organization_id), self.member(member_id)["id"]
        for record in (place, *self.boards.values(), *self.cards.values()):
            record["idMembers"] = [one for one in record["idMembers"] if one != member]
        return Reply(200, {"_value": None})

    @route("POST", "/1/organizations/{organization_id}/exports")
    def export(self, request: Request, organization_id: str) -> Reply:
        """Begin to pack the workspace into a file, which holds what is deleted later."""
        del request
        self.workspace(organization_id)
        found = self.made(startedAt=stamp(self.clock.now()))
        self.exports[found["id"]] = self.clock.now(), found
        return Reply(200, self._shown_export(found["id"]))

    @route("GET", "/1/organizations/{organization_id}/exports")
    def list_exports(self, request: Request, organization_id: str) -> Reply:
        """Return the exports of the workspace, packed or not."""
        del request
        self.workspace(organization_id)
        return Reply(200, list(map(self._shown_export, self.exports)))

    def _shown_export(self, export_id: str) -> Record:
        begun, export = self.exports[export_id]
        done = self.clock.now() >= begun + timedelta(seconds=self.EXPORT_SECONDS)
        stage = "Export_completed" if done else "Export_queued"
        url = f"https://trello.com/exports/{export_id}.zip" if done else None
        state = {"attempts": int(done), "finished": done, "stage": stage}
        return export | {"status": state, "size": "4096" if done else None, "exportUrl": url}

    def _shown_workspace(self) -> Record:
        return {name: value for name, value in self.organization.items() if name != "idMembers"}

    def workspace(self, key: str) -> Record:
        """Return the workspace by its id or name, or refuse."""
        if key not in {self.organization["id"], self.organization["name"]}:
            raise refuse(404, NOT_FOUND)
        return self.organization

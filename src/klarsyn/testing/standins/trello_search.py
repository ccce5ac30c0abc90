"""
Trello's search: words of cards, comments, boards and members, known some seconds late.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.trello_boards import MEMBER, TrelloBoards
from klarsyn.testing.standins.trello_wire import (
    LONGEST,
    Record,
    chosen,
    flag,
    invalid,
    matching,
    number,
    stamp,
    words_of,
)

MOST_PAGES = 100
MODELS = ("actions", "boards", "cards", "members", "organizations")
FOUND_MEMBERS = 8
MOST_MEMBERS = 20


class TrelloSearch(TrelloBoards):
    """Search by words; a full reading finds more."""

    #: How long search does not know what was written.
    SEARCH_LAG: ClassVar[float] = 10

    @route("GET", "/1/search")
    def search(self, request: Request) -> Reply:
        """Return what has all words of a query, by kind; nothing tells that there is more."""
        query, kinds = request.param("query"), request.param("modelTypes", "all").split(",")
        if not 1 <= len(query) <= LONGEST:
            raise invalid("query")
        if kinds != ["all"] and not set(kinds) <= set(MODELS):
            raise invalid("modelTypes")
        partial = flag(request.param("partial"))
        terms = [{"text": word} for word in query.split()]
        options = {"terms": terms, "modifiers": [], "modelTypes": kinds, "partial": partial}
        told: Record = {"options": options}
        for kind in MODELS if kinds == ["all"] else kinds:
            told[kind] = getattr(self, f"_found_{kind}")(request, query, partial=partial)
        return Reply(200, told)

    def _found_cards(self, request: Request, query: str, *, partial: bool) -> list[Record]:
        limit = number(request, "cards_limit", 10, self.MOST)
        start = number(request, "cards_page", 0, MOST_PAGES) * limit
        found = [
            card
            for card in self.cards.values()
            if self._reaches(request, card) and matching(self.known(card), query, partial=partial)
        ]
        found.sort(key=lambda card: (card["dateLastActivity"], card["id"]), reverse=True)
        fields = [request.param("card_fields") or "all"]
        asked = replace(request, query={**request.query, "fields": fields})
        return [self.shown_card(one, asked) for one in found[start : start + limit]]

    def _reaches(self, request: Request, card: Record) -> bool:
        """Return whether a search looks at a card."""
        board = self.boards[card["idBoard"]]
        if cards := request.param("idCards"):
            return self.sees(board) and card["id"] in cards.split(",")
        if request.param("idBoards") in {"", "mine"}:
            return self.sees(board) and (not request.param("idBoards") or self._mine(board))
        return self.sees(board) and board["id"] in request.param("idBoards").split(",")

    def _mine(self, board: Record) -> bool:
        return self.me in board["idMembers"]

    def known(self, card: Record) -> frozenset[str]:
        """Return the words that search has of a card: those of `SEARCH_LAG` ago."""
        ago = self.clock.now() - timedelta(seconds=self.SEARCH_LAG)
        return next((w for when, w in reversed(self.index[card["id"]]) if when <= ago), frozenset())

    def _found_actions(self, request: Request, query: str, *, partial: bool) -> list[Record]:
        ago = stamp(self.clock.now() - timedelta(seconds=self.SEARCH_LAG))
        cards = (one for one in self.cards.values() if self._reaches(request, one))
        said = (one for card in cards for one in self.comments(card) if one["date"] <= ago)
        found = [
            one for one in said if matching(words_of([one["data"]["text"]]), query, partial=partial)
        ]
        return [self.shown_action(one) for one in found[:10]]

    def _found_boards(self, request: Request, query: str, *, partial: bool) -> list[Record]:
        fields = request.param("board_fields") or "name,idOrganization"
        return [
            self.shown_board(one, fields)
            for one in filter(self.sees, self.boards.values())
            if matching(words_of([one["name"], one["desc"]]), query, partial=partial)
        ][: number(request, "boards_limit", 10, self.MOST)]

    def _found_members(self, request: Request, query: str, *, partial: bool) -> list[Record]:
        return [
            self.shown_member(one["id"], replace(request, query={}), MEMBER)
            for one in self.members.values()
            if matching(words_of([one["fullName"], one["username"]]), query, partial=partial)
        ][: number(request, "members_limit", 10, self.MOST)]

    def _found_organizations(self, request: Request, query: str, *, partial: bool) -> list[Record]:
        place = self.organization
        if not matching(words_of([place["displayName"], place["desc"]]), query, partial=partial):
            return []
        fields = request.param("organization_fields") or "name,displayName"
        return [chosen(place, fields)]

    @route("GET", "/1/search/members")
    def search_members(self, request: Request) -> Reply:
        """Return the members of the workspace whose name begins like that; 20 at most."""
        if not (query := request.param("query")):
            raise invalid("query")
        limit = number(request, "limit", FOUND_MEMBERS, MOST_MEMBERS)
        asked = replace(request, query={"members_limit": [str(limit)]})
        return Reply(200, self._found_members(asked, query, partial=True))

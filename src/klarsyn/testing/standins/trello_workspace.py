"""
A Trello workspace filled with people: everybody has a card, and stands in one more place.
"""

from __future__ import annotations

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.trello_records import TrelloRecords, short_link, slug
from klarsyn.testing.standins.trello_wire import Record, stamp

#: Colleagues; the first is whose token it is.
COLLEAGUES = (("klarsyn", "Klarsyn Audit"), ("kimkontor", "Kim Kontor"), ("sansalg", "San Salg"))
#: Board, whether it is closed, who sees it, and whether the token's member belongs to it.
BOARDS = (
    ("Kunder", False, "private", True),
    ("Support", False, "org", True),
    ("Kunder 2024", True, "private", True),
    ("Salg", False, "org", False),
    ("Ledelse", False, "private", False),
)


class TrelloWorkspace(TrelloRecords):
    """A workspace of five boards: two in use, a closed one, and two of other members."""

    def fill(self) -> None:
        """Open the workspace, and give everybody a card."""
        super().fill()
        for username, full_name in COLLEAGUES:
            self._join(username, full_name)
        self.me = next(iter(self.members))
        self.organization = self._found()
        boards = [self._open(*one) for one in BOARDS]
        for person in self.people:
            self._give_card(person, boards[0])
        for place, person in enumerate(self.people):
            self._misplace(person, place, boards)

    def _join(self, username: str, full_name: str) -> None:
        member = self.made(username=username, fullName=full_name, confirmed=True, bio="")
        initials = "".join(word[0] for word in full_name.split())
        avatar = f"{short_link(username)}{short_link(full_name)}"
        member |= {"initials": initials, "avatarHash": avatar}
        member |= {"avatarUrl": f"https://trello-members.s3.amazonaws.com/{avatar}"}
        member |= {"memberType": "normal", "status": "disconnected", "activityBlocked": False}
        member |= {"url": f"https://trello.com/{username}", "email": f"{username}@example.com"}
        self.members[member["id"]] = member

    def _found(self) -> Record:
        name, link = "klarpris", "https://trello.com/w/klarpris"
        place = self.made(name=name, displayName="KlarPris", desc="", url=link, website=None)
        return place | {"idMemberCreator": self.me, "idMembers": list(self.members)}

    def _open(self, name: str, closed: bool, level: str, ours: bool) -> Record:  # noqa: FBT001
        board = self.made(name=name, closed=closed, desc="", cards=0)
        link = short_link(board["id"])
        board |= {
            "descData": None,
            "idOrganization": self.organization["id"],
            "idMemberCreator": self.me,
            "idMembers": list(self.members)[0 if ours else 1 :],
            "pinned": False,
            "starred": False,
            "prefs": {"permissionLevel": level, "comments": "members", "selfJoin": False},
            "labelNames": {"green": "Aktiv", "red": "Opsagt"},
            "shortLink": link,
            "shortUrl": f"https://trello.com/b/{link}",
            "url": f"https://trello.com/b/{link}/{slug(name)}",
            "dateLastActivity": stamp(self.instant),
        }
        self.boards[board["id"]] = board
        for title, gone in (("Ny", False), ("I gang", False), ("Gammel", True)):
            self.new_list(board, title)["closed"] = gone
        for colour, label in board["labelNames"].items():
            self.new_label(board, label, colour)
        self.new_field(board, "Kontakt", "text")
        self.new_field(board, "Kundetype", "list", "Privat", "Erhverv")
        return board

    def _give_card(self, person: InventedPerson, board: Record) -> None:
        card = self.new_card(self.first_list(board), person.company, f"Kontakt: {person.name}")
        self.comment(card, f"Talte med {person.name} om prisen")
        for place in ("card.name", "card.desc", "action.data.text"):
            self.planted.append(Planted(person, place))

    def _misplace(self, person: InventedPerson, place: int, boards: list[Record]) -> None:
        """Write everybody into one more place in which nobody should be."""
        other = list(self.cards.values())[(place + 1) % len(self.people)]
        kontakt = next(one for one in self.custom_fields.values() if one["name"] == "Kontakt")
        reach = f"{person.name}, {person.email}, {person.phone}"
        match place % 11:
            case 0:
                self.new_checklist(other, "Opstart", "Velkomst", f"Ring til {reach}")
                where = "checkItem.name"
            case 1:
                self.set_field(other, kontakt, {"text": reach})
                where = "customFieldItem.value.text"
            case 2:
                self.attach(other, f"Kontrakt {person.name}.pdf", "https://example.com/f/1", 2048)
                where = "attachment.name"
            case 3:
                self.attach(other, "Kort", f"https://example.com/?email={person.email}")
                where = "attachment.url"
            case 5:
                self.change(other, "desc", f"{other['desc']} / {reach}")
                self.change(other, "desc", other["desc"].removesuffix(f" / {reach}"))
                where = "action.data.old.desc"
            case 8:
                other |= {"address": f"{person.street}, {person.city}", "locationName": person.name}
                where = "card.locationName"
            case 9:
                self.comment(other, f"Hører til {reach}")
                where = "action.data.text (another's card)"
            case _:
                where = self._misplace_card(person, place, boards)
        self.planted.append(Planted(person, where, expected=False))

    def _misplace_card(self, person: InventedPerson, place: int, boards: list[Record]) -> str:
        """Write somebody on a card of their own that one does not see at first; say where."""
        reach = f"{person.name}, {person.email}, {person.phone}"
        match place % 11:
            case 4:
                card = self.new_card(self.first_list(boards[1]), "Sag", reach)
                self.change(card, "closed", value=True)
                return "card.desc (archived)"
            case 6:
                self.new_card(self.first_list(boards[2]), person.company, reach)
                return "card.desc (closed board)"
            case 7:
                self.new_card(self.first_list(boards[1], closed=True), f"Tilbud {person.name}")
                self.new_label(boards[1], person.company, "blue")
                self.planted.append(Planted(person, "label.name", expected=False))
                return "card.name (archived list)"
            case _:
                self.new_card(self.first_list(boards[3]), f"Emne: {person.name}", reach)
                return "card.desc (board of others)"

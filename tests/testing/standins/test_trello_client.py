"""
py-trello, which is nobody's of ours or the vendor's, drives Trello's stand-in.
"""

import io
from contextlib import closing

import pytest
import requests
from requests.adapters import HTTPAdapter

from klarsyn.testing import StillClock
from klarsyn.testing.standins.trello import TrelloStandIn
from tests.testing.referee import refereed

trello = pytest.importorskip("trello", reason="py-trello is not installed")

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("trello") as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A workspace of twelve customers, whose clock stands still and which never throttles."""
    with TrelloStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


class Detour(HTTPAdapter):
    """Leads what is meant for Trello to a stand-in; the Host header stays Trello's."""

    def __init__(self, url):
        """Lead there."""
        super().__init__()
        self.url = url

    def send(self, request, *options, **named):
        """Send a request to the stand-in."""
        request.headers["Host"] = "api.trello.com"
        request.url = request.url.replace("https://api.trello.com", self.url)
        return super().send(request, *options, **named)


@pytest.fixture
def client(standin):
    """py-trello, which signs its requests with the token of the stand-in."""
    with closing(requests.Session()) as session:
        session.mount("https://api.trello.com", Detour(standin.url))
        given = {"api_key": standin.API_KEY, "token": standin.TOKEN, "api_secret": "x"}
        yield trello.TrelloClient(http_service=session, token_secret="x", **given)


@pytest.fixture
def board(client):
    """The board on which every customer has a card."""
    return next(one for one in client.list_boards() if one.name == "Kunder")


@pytest.fixture
def card(board):
    """The card of the first customer."""
    return board.all_cards()[0]


def test_boards_and_cards_are_listed(standin, client, board):
    """
    The client meets every customer, archived cards only where it asks for them.
    """
    names = {card.name for card in board.all_cards()}
    support = next(one for one in client.list_boards() if one.name == "Support")

    assert {one.company for one in standin.people} == names
    assert ["Sag"] == [one.name for one in support.closed_cards()]
    assert ["Kunder 2024"] == [one.name for one in client.list_boards("closed")]
    assert ["Ny", "I gang", "Gammel"] == [one.name for one in board.all_lists()]
    assert ["Kontakt", "Kundetype"] == [one.name for one in board.get_custom_field_definitions()]
    assert ["Klarsyn Audit", "Kim Kontor", "San Salg"] == [
        one.full_name for one in board.all_members()
    ]
    assert ["klarpris"] == [one.name for one in client.list_organizations()]


def test_lists_are_paged_to_the_end(standin, board):
    """
    Page by page by the smallest id, until one is empty.
    """
    cards = list(board.open_lists()[0].list_cards_iter(batch=5))

    assert 12 == len({one.id for one in cards}) == len(cards)
    assert {one.company for one in standin.people} == {one.name for one in cards}


def test_query_may_carry_the_key(standin, client):
    """
    Without a signature the client puts key and token into the address.
    """
    plain = trello.TrelloClient(standin.API_KEY, standin.TOKEN, http_service=client.http_service)
    wrong = trello.TrelloClient(standin.API_KEY, "nobody", http_service=client.http_service)

    assert 3 == len(plain.list_boards())
    with pytest.raises(trello.exceptions.Unauthorized, match="invalid token"):
        wrong.list_boards()
    assert "klarsyn@example.com" == plain.get_member("me").email


def test_card_is_read_with_all_that_hangs_on_it(standin, client):
    """
    Checklists, comments, attachments and custom fields are where the client looks for them.
    """
    card = client.get_card(next(iter(standin.checklists.values()))["idCard"])
    card.fetch()
    texts = [one["name"] for one in card.checklists[0].items]

    assert any(standin.people[0].phone in one for one in texts)
    assert "Velkomst" in texts
    assert card.comments[0]["data"]["text"].startswith("Talte med")
    links = [client.get_card(one["idCard"]) for one in standin.attachments.values()]
    assert any(".pdf" in found.name for one in links for found in one.get_attachments())
    (held,) = (one["idCard"] for one in standin.field_items.values())
    assert standin.people[1].email in client.get_card(held).custom_fields[0].value


def test_card_is_made_changed_and_deleted(client, board):
    """
    What is deleted is gone; what was put away is not.
    """
    made = board.open_lists()[0].add_card("Ny kunde", desc="Kontakt")
    made.set_name("Andet navn")
    made.set_description("Rettet")
    made.set_closed(True)
    made.fetch()

    assert ("Andet navn", "Rettet", True) == (made.name, made.desc, made.closed)
    old = [one["data"]["old"] for one in made.fetch_actions("updateCard")]
    assert [{"closed": False}, {"desc": "Kontakt"}, {"name": "Ny kunde"}] == old
    made.delete()
    with pytest.raises(trello.exceptions.ResourceUnavailable, match="resource was not found"):
        client.get_card(made.id)
    assert ["deleteCard"] == [one["type"] for one in board.fetch_actions("deleteCard")]


def test_comments_are_made_changed_and_deleted(card):
    """
    Only comments can be deleted.
    """
    made = card.comment("Ring")
    card.update_comment(made["id"], "Skriv")

    assert "Skriv" in {one["data"]["text"] for one in card.get_comments()}
    card.delete_comment(made)
    assert "Skriv" not in {one["data"]["text"] for one in card.get_comments()}
    (creation,) = card.fetch_actions("createCard")
    with pytest.raises(trello.exceptions.ResourceUnavailable, match="Only comment actions"):
        card.delete_comment(creation)


def test_checklists_are_made_and_deleted(card):
    """
    The client fills a checklist, renames it and its lines, and deletes both.
    """
    plan = card.add_checklist("Plan", ["Ring", "Skriv"], [True, False])
    plan.rename("Plan B")
    plan.rename_checklist_item("Ring", "Mød")
    plan.set_checklist_item("Skriv", checked=True)
    plan.delete_checklist_item("Skriv")
    found = card.fetch_checklists()[-1]

    assert ("Plan B", ["Mød"], ["complete"]) == (
        found.name,
        [one["name"] for one in found.items],
        [one["state"] for one in found.items],
    )
    found.delete()
    assert "Plan B" not in {one.name for one in card.fetch_checklists()}


def test_attachments_and_fields_are_set_and_removed(card, board):
    """
    A link, a file, a text and a choice.
    """
    link = card.attach(name="Aftale", url="https://example.com/a")
    file = card.attach(name="Aftale.pdf", mimeType="application/pdf", file=io.BytesIO(b"%PDF"))
    card.remove_attachment(link["id"])
    kontakt, kind = board.get_custom_field_definitions()
    card.set_custom_field("Åse", kontakt)
    card.set_custom_field("Erhverv", kind)

    assert (4, True) == (file["bytes"], file["isUpload"])
    assert "Aftale.pdf" in {one.name for one in card.get_attachments()}
    assert {"Åse", "Erhverv"} == {one.value for one in card.fetch_custom_fields()}
    card.set_custom_field("", kontakt)
    assert ["Erhverv"] == [one.value for one in card.fetch_custom_fields()]


def test_search_by_the_client(standin, client):
    """
    The client reads the object that the contract calls a list.
    """
    person = standin.people[4]
    found = client.search(person.last_name, models="cards", cards_limit=1000)

    assert "Sag" in {one.name for one in found}
    assert [] == client.search(person.last_name[:4], models="cards")
    assert client.search(person.last_name[:4], partial_match=True, models="cards")
    assert client.search("kunder", models="boards")


def test_labels_lists_and_boards_by_the_client(board):
    """
    Labels and lists are made and renamed; a board is closed, and deleted.
    """
    label = board.add_label("Åse", "red")
    column = board.add_list("Ring")
    column.set_name("Skriv")
    column.close()

    assert "Åse" in {one.name for one in board.get_labels()}
    board.delete_label(label.id)
    assert "Åse" not in {one.name for one in board.get_labels()}
    assert "Skriv" in {one.name for one in board.closed_lists()}
    board.close()
    board.fetch()
    assert board.closed
    board.delete()
    with pytest.raises(trello.exceptions.ResourceUnavailable):
        board.fetch()

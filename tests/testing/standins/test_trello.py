"""
Trello's stand-in over bare HTTP; the contract referees it.
"""

import http.client
import json
import re
from contextlib import closing
from urllib.parse import urlencode

import pytest

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins import standin as standin_of
from klarsyn.testing.standins.trello import TrelloStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

CARD = ("id", "name", "desc", "closed", "badges", "idBoard", "idList", "idShort", "shortLink")
ALWAYS = {
    "PUT /cards/{id}": CARD,
    "GET /tokens/{token}": ["dateExpires", "permissions.modelType"],
    "GET /members/{id}/boards": ["id", "name", "closed", "idOrganization"],
}


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("trello", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A workspace of twelve customers, whose clock stands still and which never throttles."""
    with TrelloStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def send(standin, method, path, body=None, headers=None, **query):
    """Return status, headers and body of one exchange."""
    login = {"Authorization": f'OAuth oauth_consumer_key="{standin.API_KEY}", '}
    login["Authorization"] += f'oauth_token="{standin.TOKEN}"'
    given = login | {"Host": "api.trello.com"} | (headers or {})
    if isinstance(body, dict):
        given["Content-Type"], body = "application/json", json.dumps(body)
    url = f"/1{path}?{urlencode(query)}" if query else f"/1{path}"
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, url, body, given)
        with connection.getresponse() as reply:
            text = reply.read().decode()
            plain = reply.headers["Content-Type"].startswith("text/plain")
            return reply.status, dict(reply.headers), text if plain else json.loads(text)


def ask(standin, method, path, body=None, **query):
    """Return the body of an exchange that succeeds."""
    status, _, told = send(standin, method, path, body, **query)
    assert (200, path) == (status, path), told
    return told


def told(standin, method, path, body=None, **query):
    """Return status and text of an exchange that is refused."""
    status, _, text = send(standin, method, path, body, **query)
    return status, text


def board(standin, name="Kunder"):
    """Return a board by its name."""
    return next(one for one in standin.boards.values() if one["name"] == name)


def first(standin):
    """Return the card that was made first."""
    return next(iter(standin.cards.values()))


# Reading


def test_key_and_token_are_checked(standin):
    """
    Both stand in the query or in a header, and are refused in a line of text.
    """
    secrets = {"key": standin.secrets["api_key"], "token": standin.secrets["token"]}
    nobody = {"Authorization": ""}

    assert 200 == send(standin, "GET", "/members/me", headers=nobody, **secrets)[0]
    wrong = send(standin, "GET", "/members/me", headers=nobody, **secrets | {"token": "x"})
    assert (401, "invalid token") == (wrong[0], wrong[2])
    wrong = send(standin, "GET", "/members/me", headers=nobody)
    assert (401, "invalid key") == (wrong[0], wrong[2])
    assert re.fullmatch("[0-9a-f]{32}", secrets["key"])
    assert standin_of("trello") is TrelloStandIn


def test_boards_of_a_member_hide_those_of_others(standin):
    """
    Closed boards are told, boards open to the workspace only there, private ones nowhere.
    """
    mine = ask(standin, "GET", "/members/me/boards", filter="all")
    every = ask(standin, "GET", "/organizations/klarpris/boards", fields="name")

    assert ["Kunder", "Support", "Kunder 2024"] == [one["name"] for one in mine]
    assert ["Kunder 2024"] == [
        one["name"] for one in ask(standin, "GET", "/members/me/boards", filter="closed")
    ]
    assert {"Salg"} == {one["name"] for one in every} - {one["name"] for one in mine}
    hidden = board(standin, "Ledelse")["id"]
    assert (401, "unauthorized permission requested") == told(standin, "GET", f"/boards/{hidden}")
    assert (400, "invalid value for filter") == told(
        standin, "GET", "/members/me/boards", filter="x"
    )


def test_cards_are_paged_to_the_end(standin):
    """
    The newest come first; the last id asks for the next page until one is short.
    """
    place, found, last = f"/boards/{board(standin)['id']}/cards/all", [], "f" * 24
    while page := ask(standin, "GET", place, limit=5, fields="name", before=last):
        found += page
        last = page[-1]["id"]

    assert sorted((one["id"] for one in found), reverse=True) == [one["id"] for one in found]
    assert {one.company for one in standin.people} == {one["name"] for one in found}
    assert {"id", "name"} == set(found[0])
    assert [] == ask(standin, "GET", place, since="2030-01-01T00:00:00Z")
    assert 12 == len(ask(standin, "GET", place, before="2030-01-01", since="2020-01-01T00:00:00Z"))


def test_pages_may_be_in_the_order_of_the_board(standin, monkeypatch):
    """
    Where a page is sorted by place, its smallest id asks for the next one, not its last.
    """
    monkeypatch.setattr(TrelloStandIn, "PAGES_BY_PLACE", True)
    page = ask(standin, "GET", f"/boards/{board(standin)['id']}/cards/all", limit=5)

    assert page[0]["id"] == min(one["id"] for one in page)
    assert standin.people[-1].company == page[-1]["name"]


def test_archived_cards_are_only_in_all(standin):
    """
    `open` has cards of archived lists, `visible` (the default) has not, `all` has everything.
    """
    place = f"/boards/{board(standin, 'Support')['id']}/cards"
    states = ("all", "open", "closed", "visible", "none", "complete", "incomplete")

    assert [2, 1, 1, 0, 0, 0, 2] == [len(ask(standin, "GET", f"{place}/{one}")) for one in states]
    assert [] == ask(standin, "GET", place)
    assert (400, "invalid value for filter") == told(standin, "GET", f"{place}/gone")


def test_limits_are_refused_above_the_most(standin, monkeypatch):
    """
    A thousand is the most; without `limit` what is beyond it is silently absent.
    """
    place = f"/boards/{board(standin)['id']}/cards/all"

    assert (400, "invalid value for limit") == told(standin, "GET", place, limit=1001)
    assert (400, "invalid value for before") == told(standin, "GET", place, before="soon")
    monkeypatch.setattr(TrelloStandIn, "MOST", 7)
    assert 7 == len(ask(standin, "GET", place))


def test_every_planted_text_is_there(standin):
    """
    All that is planted is found by reading boards, cards and activity to the end.
    """
    beside = {"fields": "all", "attachments": "true", "checklists": "all"}
    beside |= {"customFieldItems": "true", "pluginData": "true", "actions": "commentCard"}
    seen = []
    for one in ask(standin, "GET", "/organizations/klarpris/boards"):
        place = f"/boards/{one['id']}"
        seen.append(ask(standin, "GET", f"{place}/cards/all", **beside))
        seen.append(ask(standin, "GET", f"{place}/actions", limit=1000))
        seen.append(ask(standin, "GET", f"{place}/labels", limit=1000))
    text = json.dumps(seen, ensure_ascii=False)

    assert len(standin.planted) > 4 * len(standin.people)
    assert len({one.place for one in standin.planted if not one.expected}) == 12
    for one in standin.planted:
        known = (one.person.name, one.person.email, one.person.company, one.person.phone)
        assert any(value in text for value in known), one.place


def test_places_are_shown_only_if_asked_for(standin):
    """
    The address of a card is none of its usual fields.
    """
    (card,) = (one for one in standin.cards.values() if one["address"])

    assert "address" not in ask(standin, "GET", f"/cards/{card['id']}")
    shown = ask(standin, "GET", f"/cards/{card['shortLink']}", fields="address,locationName")
    assert {"id", "address", "locationName"} == set(shown)


def test_members_lists_and_the_workspace_are_read(standin):
    """
    Everything by which a reader finds its way has its own address.
    """
    place = f"/boards/{board(standin)['id']}"
    lists = ask(standin, "GET", f"{place}/lists", filter="all")

    assert ["Ny", "I gang", "Gammel"] == [one["name"] for one in lists]
    assert ["Ny", "I gang"] == [one["name"] for one in ask(standin, "GET", f"{place}/lists")]
    assert (400, "invalid value for filter") == told(standin, "GET", f"{place}/lists", filter="x")
    assert 12 == len(ask(standin, "GET", f"/lists/{lists[0]['id']}/cards"))
    assert "Kunder" == ask(standin, "GET", place, fields="name")["name"]
    members = ask(standin, "GET", f"{place}/members", fields="fullName,email")
    assert ["Klarsyn Audit", "Kim Kontor", "San Salg"] == [one["fullName"] for one in members]
    assert [None] * 3 == [one["email"] for one in members]
    assert 3 == len(ask(standin, "GET", "/organizations/klarpris/members"))
    (workspace,) = ask(standin, "GET", "/members/me/organizations", fields="name")
    assert "KlarPris" == ask(standin, "GET", f"/organizations/{workspace['id']}")["displayName"]
    assert 404 == told(standin, "GET", "/organizations/nobody")[0]
    assert 404 == told(standin, "GET", "/members/nobody")[0]


def test_token_tells_what_it_may(standin):
    """
    Scopes and the end of a token can be read; without `account` there is no address.
    """
    token = ask(standin, "GET", f"/tokens/{standin.TOKEN}")
    address = ask(standin, "GET", "/members/me")["email"]

    assert "2026-12-26T09:00:00.000Z" == token["dateExpires"]
    assert [True] * 3 == [one["write"] for one in token["permissions"]]
    assert "klarsyn@example.com" == address
    standin.scopes -= {"account", "write"}
    assert [False] * 3 == [
        one["write"] for one in ask(standin, "GET", f"/tokens/{standin.TOKEN}")["permissions"]
    ]
    assert ask(standin, "GET", f"/tokens/{standin.TOKEN}/member")["email"] is None
    refused = told(standin, "DELETE", f"/cards/{first(standin)['id']}")
    assert (401, "unauthorized permission requested") == refused
    assert 404 == told(standin, "GET", "/tokens/another")[0]


def test_token_ends(standin):
    """
    An expired token is refused, and so is one that was revoked.
    """
    standin.clock.move(days=30)
    assert (401, "invalid token") == told(standin, "GET", "/members/me")
    standin.expires = standin.clock.now().replace(year=2030)
    ask(standin, "DELETE", f"/tokens/{standin.TOKEN}/")

    assert (401, "invalid token") == told(standin, "GET", "/members/me")


# Activity


def test_rectified_text_survives_in_the_activity(standin):
    """
    What a card no longer says the board's activity still tells, until the card is deleted.
    """
    card, person = first(standin), standin.people[0]
    ask(standin, "PUT", f"/cards/{card['id']}", {"desc": "rectified", "dueComplete": True})
    place = f"/boards/{card['idBoard']}/actions"
    query = {"filter": "updateCard:desc", "idModels": card["id"]}
    (newest, *_) = ask(standin, "GET", place, **query)

    assert ("rectified", person.name) == (
        newest["data"]["card"]["desc"],
        newest["data"]["old"]["desc"].removeprefix("Kontakt: ").partition(" / ")[0],
    )
    refused = (400, "Only comment actions can be deleted")
    assert refused == told(standin, "DELETE", f"/actions/{newest['id']}")
    assert {"limits": {}} == ask(standin, "DELETE", f"/cards/{card['id']}")
    (left,) = ask(standin, "GET", place, idModels=card["id"])
    assert ("deleteCard", {"id", "idShort", "shortLink"}) == (
        left["type"],
        set(left["data"]["card"]),
    )
    assert (404, "The requested resource was not found.") == told(
        standin, "GET", f"/cards/{card['id']}"
    )


def test_activity_is_paged_and_filtered(standin):
    """
    Fifty unless told otherwise, a thousand at most; kinds may name the field that changed.
    """
    place = f"/boards/{board(standin)['id']}/actions"
    every = ask(standin, "GET", place, limit=1000)
    more = ask(standin, "GET", place, limit=3, before=every[2]["id"])

    assert every[3:6] == more == ask(standin, "GET", place, limit=3, page=1)
    assert len(every) == ask(standin, "GET", place, format="count")["_value"]
    kinds = ask(standin, "GET", place, filter="commentCard,updateCard:desc", limit=1000)
    assert {"commentCard", "updateCard"} == {one["type"] for one in kinds}
    assert [] == ask(standin, "GET", place, filter="updateCard:idList")
    assert (400, "invalid value for limit") == told(standin, "GET", place, limit=1001)
    assert every[0] == ask(standin, "GET", f"/actions/{every[0]['id']}")
    assert {"id", "date"} == set(ask(standin, "GET", place, fields="date")[0])
    own = ask(standin, "GET", f"/cards/{first(standin)['id']}/actions")
    assert {"commentCard"} == {one["type"] for one in own}


def test_comments_are_changed_and_deleted(standin):
    """
    A comment is an action that can be written, changed and deleted; nothing keeps its old text.
    """
    place = f"/cards/{first(standin)['id']}"
    made = ask(standin, "POST", f"{place}/actions/comments", text="before")
    comment = f"{place}/actions/{made['id']}/comments"
    changed = ask(standin, "PUT", comment, text="after")

    assert ("after", "before") == (changed["data"]["text"], made["data"]["text"])
    assert "again" == ask(standin, "PUT", f"/actions/{made['id']}", text="again")["data"]["text"]
    other = list(standin.cards)[1]
    wrong = f"/cards/{other}/actions/{made['id']}/comments"
    assert 404 == told(standin, "PUT", wrong, text="x")[0]
    assert {"_value": None} == ask(standin, "DELETE", comment)
    assert 404 == told(standin, "DELETE", f"/actions/{made['id']}")[0]
    assert (400, "invalid value for text") == told(
        standin, "POST", f"{place}/actions/comments", text=""
    )
    creation = next(one for one in standin.actions.values() if one["type"] == "createCard")
    assert (400, "Only comment actions can be updated") == told(
        standin, "PUT", f"/actions/{creation['id']}", text="x"
    )


# Writing


def test_card_is_delivered_twice_if_sent_twice(standin):
    """
    There is no idempotency: a body or a query makes a card each time.
    """
    column = standin.first_list(board(standin))["id"]
    label = next(iter(standin.labels))
    given = {"idList": column, "name": "Ny kunde", "desc": "d", "idLabels": [label], "pos": "top"}
    made = ask(
        standin, "POST", "/cards", given | {"due": "", "urlSource": "https://example.com/marker"}
    )
    again = ask(standin, "POST", "/cards", idList=column, name="Ny kunde", idMembers=standin.me)

    assert (made["name"], 13, 14) == (again["name"], made["idShort"], again["idShort"])
    assert (1, [label]) == (made["badges"]["attachments"], [one["id"] for one in made["labels"]])
    assert made["pos"] < again["pos"]
    assert [standin.me] == again["idMembers"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "invalid value for idList"),
        ({"idList": "x"}, "invalid value for idList"),
        ({"idLabels": "0" * 24}, "invalid value for idLabels"),
        ({"desc": "x" * 16385}, "invalid value for desc"),
    ],
)
def test_wrong_card_is_refused(standin, given, text):
    """
    The parameter that is wrong is named in a line of text.
    """
    column = standin.first_list(board(standin))["id"]
    body = given if text.endswith("idList") else {"idList": column, "name": "x"} | given

    assert (400, text) == told(standin, "POST", "/cards", body)


def test_writes_need_a_seat_on_the_board(standin):
    """
    A board open to the workspace is read by all and written by its members only.
    """
    hidden = standin.new_card(standin.first_list(board(standin, "Ledelse")), "x")
    (open_card,) = ask(standin, "GET", f"/boards/{board(standin, 'Salg')['id']}/cards/all")
    refused = (401, "unauthorized card permission requested")

    assert refused == told(standin, "PUT", f"/cards/{open_card['id']}", name="x")
    assert refused == told(standin, "GET", f"/cards/{hidden['id']}")
    assert 401 == told(standin, "DELETE", f"/boards/{open_card['idBoard']}")[0]


def test_card_is_changed_moved_and_put_away(standin):
    """
    Archiving is a change like any other: the card is still there.
    """
    place, card = f"/cards/{first(standin)['id']}", first(standin)
    support = standin.first_list(board(standin, "Support"))
    moved = ask(standin, "PUT", place, {"closed": True, "due": None}, idList=support["id"])

    assert (True, None, support["idBoard"]) == (moved["closed"], moved["due"], moved["idBoard"])
    assert card["id"] == ask(standin, "GET", place)["id"]
    assert support["id"] == ask(standin, "PUT", place, idList=support["id"])["idList"]
    (move,) = ask(standin, "GET", f"{place}/actions", filter="updateCard:idList")
    back = ask(standin, "PUT", place, idBoard=board(standin)["id"])
    assert standin.first_list(board(standin))["id"] == back["idList"]
    assert support["id"] == move["data"]["card"]["idList"]
    assert "Ny" == ask(standin, "PUT", f"{place}/name", {"value": "Ny"})["name"]
    assert [] == ask(standin, "GET", f"{place}/pluginData")
    assert (400, "invalid value for name") == told(standin, "PUT", place, {"name": ""})


def test_bodies_may_be_json_or_forms(standin):
    """
    What is no JSON object is refused; a form is as good as a query.
    """
    place = f"/cards/{first(standin)['id']}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert "Åse" == send(standin, "PUT", place, "name=%C3%85se", form)[2]["name"]
    for body in ("{", "[]"):
        wrong = send(standin, "PUT", place, body, {"Content-Type": "application/json"})
        assert (400, "Error parsing body") == (wrong[0], wrong[2])


def test_checklists_are_written_and_removed(standin):
    """
    Lines are added, ticked, renamed and deleted; the activity keeps names of what is gone.
    """
    place = f"/cards/{first(standin)['id']}"
    made = ask(standin, "POST", f"{place}/checklists", name="Plan")
    item = ask(standin, "POST", f"/checklists/{made['id']}/checkItems", name="Ring", checked="true")
    line = f"{place}/checkItem/{item['id']}"

    assert "complete" == item["state"]
    done = ask(standin, "PUT", line, name="Skriv", state="incomplete")
    assert ("Skriv", "incomplete") == (done["name"], done["state"])
    assert "Skriv" == ask(standin, "PUT", line, due="2026-12-01")["name"]
    assert (400, "invalid value for state") == told(standin, "PUT", line, state="half")
    assert "Plan B" == ask(standin, "PUT", f"/checklists/{made['id']}", name="Plan B")["name"]
    assert "Plan B" == ask(standin, "GET", f"/checklists/{made['id']}")["name"]
    shown = ask(standin, "GET", f"{place}/checklists")
    assert shown[-1] in ask(standin, "GET", f"/boards/{made['idBoard']}/checklists")
    ask(standin, "DELETE", line)
    assert 404 == told(standin, "DELETE", line)[0]
    second = ask(standin, "POST", f"/checklists/{made['id']}/checkItems", name="x")
    ask(standin, "DELETE", f"/checklists/{made['id']}/checkItems/{second['id']}")
    ask(standin, "DELETE", f"/checklists/{made['id']}")
    (gone,) = ask(standin, "GET", f"{place}/actions", filter="removeChecklistFromCard")
    assert "Plan B" == gone["data"]["checklist"]["name"]
    other = ask(standin, "POST", "/checklists", idCard=first(standin)["id"], name="")
    ask(standin, "DELETE", f"{place}/checklists/{other['id']}")


def test_attachments_are_added_and_removed(standin):
    """
    A link or a file; a deleted one leaves its name in the activity.
    """
    place = f"/cards/{first(standin)['id']}/attachments"
    link = ask(standin, "POST", place, url="https://example.com/a")
    form = {"Content-Type": "multipart/form-data; boundary=cut"}
    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    file = part.format('file"; filename="Aftale.pdf', "%PDF")
    body = f"--cut\r\n{part.format('name', 'Aftale')}--cut\r\n{file}--cut--\r\n"
    upload = send(standin, "POST", place, body, form)[2]

    assert ("https://example.com/a", False) == (link["name"], link["isUpload"])
    assert ("Aftale", 4, True) == (upload["name"], upload["bytes"], upload["isUpload"])
    assert upload == ask(standin, "GET", f"{place}/{upload['id']}")
    assert (400, "invalid value for url") == told(standin, "POST", place, url="ftp://example.com")
    ask(standin, "DELETE", f"{place}/{upload['id']}")
    assert 404 == told(standin, "DELETE", f"{place}/{upload['id']}")[0]
    assert link in ask(standin, "GET", place)
    other = f"/cards/{list(standin.cards)[5]}/attachments/{link['id']}"
    assert 404 == told(standin, "GET", other)[0]
    (gone,) = ask(
        standin,
        "GET",
        f"{place.removesuffix('/attachments')}/actions",
        filter="deleteAttachmentFromCard",
    )
    assert "Aftale" == gone["data"]["attachment"]["name"]


def test_custom_fields_are_set_and_cleared(standin):
    """
    A text, an option, or nothing; the activity keeps the old value.
    """
    card = first(standin)
    text, choice = ask(standin, "GET", f"/boards/{card['idBoard']}/customFields")
    place = f"/cards/{card['id']}/customField/{{}}/item"
    ask(standin, "PUT", place.format(text["id"]), {"value": {"text": "before"}})
    ask(standin, "PUT", place.format(text["id"]), {"value": {"text": "after"}})
    option = choice["options"][0]["id"]
    ask(standin, "PUT", place.format(choice["id"]), {"idValue": option})

    shown = ask(standin, "GET", f"/cards/{card['id']}/customFieldItems")
    assert [({"text": "after"}, None), (None, option)] == [
        (one["value"], one["idValue"]) for one in shown
    ]
    ask(standin, "PUT", place.format(text["id"]), {"value": ""})
    kept = ask(standin, "GET", f"/cards/{card['id']}/actions", filter="updateCustomFieldItem")
    assert {"value": {"text": "after"}} == kept[0]["data"]["old"]
    assert 1 == len(ask(standin, "GET", f"/cards/{card['id']}/customFieldItems"))
    assert 400 == told(standin, "PUT", place.format(choice["id"]), {"idValue": "0" * 24})[0]
    assert 400 == told(standin, "PUT", place.format(text["id"]), {"value": {"number": "1"}})[0]
    foreign = list(standin.custom_fields)[-1]
    assert 404 == told(standin, "PUT", place.format(foreign), {"value": {"text": "x"}})[0]


def test_lists_labels_and_boards_are_written(standin):
    """
    Names of boards, lists and labels are free text, and can be changed and deleted.
    """
    number = board(standin)["id"]
    column = ask(standin, "POST", "/lists", name="Ring til Åse", idBoard=number)
    renamed = ask(standin, "PUT", f"/lists/{column['id']}", name="Ring", closed="true")
    label = ask(standin, "POST", f"/boards/{number}/labels", name="Åse", color="red")
    ask(standin, "PUT", f"/cards/{first(standin)['id']}", idLabels=label["id"])

    assert ("Ring", True) == (renamed["name"], renamed["closed"])
    assert "" == ask(standin, "PUT", f"/labels/{label['id']}", name="")["name"]
    ask(standin, "DELETE", f"/labels/{label['id']}")
    assert [] == first(standin)["idLabels"]
    changed = ask(standin, "PUT", f"/boards/{number}", name="Navn", desc="", closed="true")
    assert ("Navn", "", True) == (changed["name"], changed["desc"], changed["closed"])
    ask(standin, "DELETE", f"/boards/{number}")
    assert 404 == told(standin, "GET", f"/boards/{number}")[0]
    assert not [one for one in standin.cards.values() if one["idBoard"] == number]
    assert not [one for one in standin.actions.values() if one["data"]["board"]["id"] == number]


def test_workspace_is_exported_and_left(standin):
    """
    An export is packed in time; who leaves the workspace leaves its boards.
    """
    place = "/organizations/klarpris"
    begun = ask(standin, "POST", f"{place}/exports", attachments="true")
    standin.clock.move(seconds=standin.EXPORT_SECONDS)
    (done,) = ask(standin, "GET", f"{place}/exports")
    member = ask(standin, "GET", "/members/kimkontor")

    assert (False, True) == (begun["status"]["finished"], done["status"]["finished"])
    assert begun["exportUrl"] is None
    assert done["exportUrl"]
    ask(standin, "DELETE", f"{place}/members/{member['id']}/all")
    members = ask(standin, "GET", f"/boards/{board(standin)['id']}/members")
    assert ["Klarsyn Audit", "San Salg"] == [one["fullName"] for one in members]


# Finding


def test_search_knows_whole_words_unless_partial(standin):
    """
    The beginning of a word is found only by `partial`, an address not at all.
    """
    person = standin.people[4]
    found = ask(standin, "GET", "/search", query=person.name, modelTypes="cards", cards_limit=1000)
    part = {"query": person.last_name[:4], "modelTypes": "cards", "idBoards": "mine"}

    assert {"cards", "options"} == set(found)
    assert "Sag" in {one["name"] for one in found["cards"]}
    assert [] == ask(standin, "GET", "/search", **part)["cards"]
    assert ask(standin, "GET", "/search", partial="true", **part)["cards"]
    assert [] == ask(standin, "GET", "/search", query=person.email)["cards"]
    page = {"query": "Kontakt", "cards_limit": 5}
    pages = [ask(standin, "GET", "/search", cards_page=one, **page)["cards"] for one in range(3)]
    assert [5, 5, 2] == list(map(len, pages))


def test_search_knows_late(standin):
    """
    For ten seconds a new card is read by its id and found by nobody.
    """
    column = standin.first_list(board(standin))["id"]
    made = ask(standin, "POST", "/cards", idList=column, name="Sjældent", desc="")
    ask(standin, "POST", f"/cards/{made['id']}/actions/comments", text="Usædvanligt")
    query = {"query": "sjældent usædvanligt", "idCards": made["id"]}

    assert [] == ask(standin, "GET", "/search", **query)["cards"]
    assert [] == ask(standin, "GET", "/search", query="usædvanligt")["actions"]
    standin.clock.move(seconds=standin.SEARCH_LAG)
    (card,) = ask(standin, "GET", "/search", card_fields="name", **query)["cards"]
    assert {"id": made["id"], "name": "Sjældent"} == card
    assert 1 == len(ask(standin, "GET", "/search", query="usædvanligt")["actions"])


def test_search_finds_other_kinds(standin):
    """
    Boards, members and the workspace; only what the token's member sees.
    """
    found = ask(standin, "GET", "/search", query="kunder", idBoards=board(standin)["id"])

    assert {"Kunder", "Kunder 2024"} == {one["name"] for one in found["boards"]}
    assert [] == ask(standin, "GET", "/search", query="ledelse")["boards"]
    assert 1 == len(ask(standin, "GET", "/search", query="kim")["members"])
    assert 1 == len(ask(standin, "GET", "/search", query="klarpris")["organizations"])
    assert ["kimkontor"] == [
        one["username"] for one in ask(standin, "GET", "/search/members/", query="ki")
    ]
    assert 400 == told(standin, "GET", "/search/members/", query="k", limit=21)[0]
    assert 400 == told(standin, "GET", "/search/members/", query="")[0]
    assert 400 == told(standin, "GET", "/search", query="")[0]
    assert 400 == told(standin, "GET", "/search", query="x", modelTypes="lists")[0]


def test_batch_answers_each_read(standin):
    """
    Up to ten reads in one request, each with its own status.
    """
    card = first(standin)["id"]
    urls = [f"/cards/{card}?fields=name", f"/cards/{'0' * 24}", "/members/me", "/batch?urls=/x"]
    card, gone, member, nested = ask(standin, "GET", "/batch", urls=",".join(urls))

    assert {"id", "name"} == set(card["200"])
    assert (404, "The requested resource was not found.") == (gone["statusCode"], gone["message"])
    assert "Klarsyn Audit" == member["200"]["fullName"]
    assert 400 == nested["statusCode"]
    assert 400 == told(standin, "GET", "/batch", urls=",".join(["/members/me"] * 11))[0]
    assert 400 == told(standin, "GET", "/batch", urls="members/me")[0]


# Refusals, limits and faults


def test_ids_are_looked_at_first(standin):
    """
    What is no id is 400, what is nobody's id 404, and an unknown path says itself.
    """
    assert (400, "invalid id") == told(standin, "GET", "/cards/nothing-like-it")
    assert 404 == told(standin, "GET", "/cards/H0TZyzbK")[0]
    assert 404 == told(standin, "GET", f"/boards/{'0' * 24}")[0]
    assert (400, "invalid value for idList") == told(standin, "GET", "/lists/x")
    standin.recording = False
    assert (404, "Cannot GET /1/nothing") == told(standin, "GET", "/nothing")


def test_requests_are_limited_by_token_and_key(standin):
    """
    JSON and headers tell it, without a Retry-After; ten seconds later all is well.
    """
    standin.limits = True
    standin.by_token.limit = 2
    left = [send(standin, "GET", "/members/me/boards")[1] for _ in range(2)]
    status, headers, body = send(standin, "GET", "/members/me/boards")

    assert ["1", "0"] == [one["x-rate-limit-api-token-remaining"] for one in left]
    assert (429, "API_TOKEN_LIMIT_EXCEEDED") == (status, body["error"])
    assert "Retry-After" not in headers
    assert ("10000", "300") == tuple(
        headers[f"x-rate-limit-api-key-{one}"] for one in ("interval-ms", "max")
    )
    standin.clock.move(seconds=10)
    assert 200 == send(standin, "GET", "/members/me/boards")[0]
    standin.by_key.limit = 0
    assert "API_KEY_LIMIT_EXCEEDED" == send(standin, "GET", "/members/me/boards")[2]["error"]


def test_pages_of_members_have_a_limit_of_their_own(standin):
    """
    What is nested under a member does not count.
    """
    standin.limits = True
    standin.member_pages.limit = 1

    assert 200 == send(standin, "GET", "/members/me")[0]
    assert 429 == send(standin, "GET", "/members/me")[0]
    assert 200 == send(standin, "GET", "/members/me/boards")[0]


@pytest.mark.parametrize(
    ("trouble", "status", "body"),
    [
        (Trouble.THROTTLED, 429, "API_TOKEN_LIMIT_EXCEEDED"),
        (Trouble.THROTTLED_SILENTLY, 429, "API_TOKEN_LIMIT_EXCEEDED"),
        (Trouble.EXPIRED_KEY, 401, "invalid token"),
        (Trouble.ERROR_IN_OK, 200, "API_TOKEN_DB_LIMIT_EXCEEDED"),
    ],
)
def test_troubles_have_the_vendors_shape(standin, trouble, status, body):
    """
    Throttling is JSON, another refusal a line of text.
    """
    standin.faults.add(trouble)
    got, headers, text = send(standin, "GET", "/members/me/boards")

    assert (status, body) == (got, text["error"] if isinstance(text, dict) else text)
    assert "Retry-After" not in headers


def test_same_seed_same_workspace():
    """
    Two workspaces of one seed hold the same, another holds others.
    """
    first_one, second = (TrelloStandIn(seed=3, clock=StillClock()) for _ in range(2))

    assert first_one.cards == second.cards
    assert first_one.actions == second.actions
    assert first_one.cards != TrelloStandIn(seed=4, clock=StillClock()).cards

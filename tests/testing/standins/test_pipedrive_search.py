"""
Pipedrive's search knows what was there a minute ago.
"""

from urllib.parse import quote

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from tests.testing.referee import refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V2, ask, find, get

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("pipedrive", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company of twelve customers, whose clock stands still and which does not throttle."""
    with PipedriveStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def test_search_is_exact_and_not_case_sensitive(standin):
    """
    A hit is a summary: addresses are texts in it.
    """
    person = standin.people[3]
    (hit,) = find(standin, person.email.upper(), fields="email", exact_match="true")

    assert (person.name, [person.email], [person.phone]) == (
        hit["name"],
        hit["emails"],
        hit["phones"],
    )
    assert {"id": 4, "name": person.company} == hit["organization"]
    assert [] == find(standin, person.email[:-1], fields="email", exact_match="true")
    assert [4] == [one["id"] for one in find(standin, person.email[:-1], fields="email")]
    assert [] == find(standin, person.email, fields="phone")
    assert [] == find(standin, person.email, organization_id=1)


def test_search_pages_by_cursor(standin):
    """
    A term of many hits is read page by page.
    """
    path = f"{V2}/persons/search?term=example&limit=8"
    _, _, first = ask(standin, "GET", path)
    cursor = first["additional_data"]["next_cursor"]
    _, _, last = ask(standin, "GET", f"{path}&cursor={quote(cursor)}")

    assert (8, 5) == (len(first["data"]["items"]), len(last["data"]["items"]))
    assert last["additional_data"]["next_cursor"] is None


def test_search_lags_behind_writes(standin):
    """
    A new person is read at once and found later; a changed one is found by the old address.
    """
    old, new = standin.people[0].email, "nyt@example.com"
    ask(standin, "PATCH", f"{V2}/persons/1", {"emails": [{"value": new}]})

    assert new == get(standin, f"{V2}/persons/1")["emails"][0]["value"]
    assert [] == find(standin, new)
    assert 2 == len(find(standin, old))
    standin.clock.move(seconds=standin.SEARCH_LAG_SECONDS)
    assert [1] == [one["id"] for one in find(standin, new)]


def test_other_records_are_searched_too(standin):
    """
    Organizations by address or own field, deals and leads by title, archived ones among them.
    """
    people = standin.people
    assert 1 == len(find(standin, people[2].organisation_number, "organizations/search"))
    assert 12 == len(find(standin, "Polarlysvej", "organizations/search", fields="address"))
    assert [1] == [
        one["id"] for one in find(standin, people[3].name, "deals/search", status="open")
    ]
    (archived,) = find(standin, "opsagt", "deals/search", organization_id=5)
    assert archived["is_archived"]
    (lead,) = find(standin, people[11].name, "leads/search", person_id=12)
    assert [people[11].email] == lead["emails"]


def test_one_search_goes_through_everything(standin):
    """
    Persons, notes' texts, deals, leads and names of files; related deals and leads on request.
    """
    name = standin.people[9].name
    found = find(standin, name, "itemSearch", item_types="person,file,product")
    path = f"{V2}/itemSearch?search_for_related_items=true&item_types=person&term="
    data = get(standin, path + quote(standin.people[3].name))
    note = find(standin, standin.people[2].email, "itemSearch", fields="notes")

    assert {"person", "file"} == {one["type"] for one in found}
    assert ["deal"] == [hit["item"]["type"] for hit in data["related_items"]]
    assert [("organization", 4)] == [(one["type"], one["id"]) for one in note]

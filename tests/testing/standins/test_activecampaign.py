"""
Plain HTTP drives the stand-in; the contract referees it.
"""

import http.client
import json
from contextlib import closing
from urllib.parse import urlencode

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

CONTACT = ("id", "email", "firstName", "lastName", "phone", "deleted", "links", "udate")
ALWAYS = {
    "GET /contacts": [*(f"contacts.{name}" for name in CONTACT), "meta.total"],
    "GET /contacts/{id}": [f"contact.{name}" for name in CONTACT],
    "GET /accountContacts": ["accountContacts.account", "meta.total"],
    "POST /import/bulk_import": ["batchId", "queued_contacts"],
}
LISTS = (
    *("accounts", "accountContacts", "fieldValues", "notes", "deals", "contactTags", "tags"),
    *("emailActivities", "users", "lists", "scores", "fields"),
)
BELOW = (
    *("accountContacts", "contactAutomations", "contactLists", "contactTags", "fieldValues"),
    *("notes", "scoreValues", "contactLogs", "bounceLogs", "contactData", "contactGoals"),
    *("trackingLogs", "geoIps", "deals", "contactDeals", "automationEntryCounts"),
)


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("activecampaign", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An account of twelve, whose clock stands still and which is not throttled."""
    with ActiveCampaignStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def exchange(standin, method, path, body=None, **headers):
    """Return status, headers and body of one exchange."""
    usual = {"Api-Token": standin.secrets["api_token"], "Host": "klarpris.api-us1.com"}
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body) if isinstance(body, dict) else body
    if content:
        given["Content-Type"] = "application/json"
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, f"/api/3/{path}", content, given)
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), json.loads(reply.read())


def ask(standin, method, path, body=None):
    """Return status and body of one exchange."""
    status, _, told = exchange(standin, method, path, body)
    return status, told


def get(standin, path, **query):
    """Return the body of a successful reading."""
    told = {name.replace("__", "["): value for name, value in query.items()}
    named = {f"{name}]" if "[" in name else name: value for name, value in told.items()}
    status, body = ask(standin, "GET", f"{path}?{urlencode(named)}" if named else path)
    assert 200 == status, body
    return body


def ids(body, kind="contacts"):
    """Return the ids of a list."""
    return [one["id"] for one in body[kind]]


# Reading


def test_offset_pages_to_the_end(standin):
    """
    Pages of five meet everybody once; the total is a string.
    """
    pages = [get(standin, "contacts", limit=5, offset=offset) for offset in (0, 5, 10, 15)]

    assert [5, 5, 2, 0] == [len(page["contacts"]) for page in pages]
    found = {one["email"] for page in pages for one in page["contacts"]}
    assert {one.email for one in standin.people} == found
    assert "12" == pages[0]["meta"]["total"]


def test_id_pages_to_the_end(standin):
    """
    `id_greater` with the order of ids goes on where it stopped, as numbers, not as text.
    """
    page = get(standin, "contacts", orders__id="ASC", id_greater="8", limit=3)
    last = get(standin, "contacts", orders__id="DESC", id_less="13")

    assert ["9", "10", "11"] == ids(page)
    assert [str(number) for number in range(12, 0, -1)] == ids(last)


def test_more_than_a_hundred_are_never_given(exchanges):
    """
    Twenty come unasked, a hundred at most.
    """
    with ActiveCampaignStandIn(clock=StillClock(), limits=False, count=130) as standin:
        assert 20 == len(get(standin, "contacts")["contacts"])
        assert 100 == len(get(standin, "contacts", limit=500)["contacts"])
    exchanges.extend(standin.exchanges)


def test_address_is_found_exactly(standin):
    """
    `email` is exact but for case; `email_like` and `search` find parts, `phone` beginnings.
    """
    person = standin.people[4]
    for query in ({"email": person.email.upper()}, {"email_like": person.email[1:]}):
        assert ["5"] == ids(get(standin, "contacts", **query))
    assert [] == get(standin, "contacts", email=person.email[1:])["contacts"]
    assert ["5"] == ids(get(standin, "contacts", phone=person.phone))
    assert [] == get(standin, "contacts", phone=person.phone[1:])["contacts"]
    for text in (person.name, person.company, person.phone[3:]):
        assert "5" in ids(get(standin, "contacts", search=text))


def test_filter_that_is_none_filters_nothing():
    """
    A filter that the vendor lacks, or cannot read, gives everybody; no contract knows it.
    """
    queries = ("email_is=x@example.com", "id_greater=x&id_less=x", "filters[created_before]=soon")
    with ActiveCampaignStandIn(clock=StillClock(), limits=False) as standin:
        for query in (*queries, "filters[created_after]=2026-11-01T00:00:00%2B00:00"):
            assert [str(one) for one in range(1, 13)] == ids(get(standin, f"contacts?{query}"))
        assert 404 == ask(standin, "GET", "contacts/1/invented")[0]


def test_filters(standin):
    """
    Lists, status, tags, ids and instants narrow the list.
    """
    assert ["4", "8", "12"] == ids(get(standin, "contacts", status=2))
    assert 12 == len(get(standin, "contacts", status=-1, listid=1)["contacts"])
    assert ["8"] == ids(get(standin, "contacts", tagid=1))
    assert 11 == len(get(standin, "contacts", exclude=3)["contacts"])
    assert ["2", "3"] == ids(get(standin, "contacts?ids[]=2&ids[]=3"))
    standin.clock.move(days=2)
    ask(standin, "PUT", "contacts/3", {"contact": {"phone": "1"}})
    since = "2026-11-27"
    assert ["3"] == ids(get(standin, "contacts", filters__updated_after=since))
    assert [] == ids(get(standin, "contacts", filters__created_after="2026-11-27"))
    assert 11 == len(ids(get(standin, "contacts", filters__updated_before=since)))


def test_contact_holds_all_that_is_declared(standin):
    """
    Name, address, phone, company, source, access and rating lie where the vendor has them.
    """
    person = standin.people[2]
    told = get(standin, "contacts/3")
    contact = told["contact"]

    assert person.name == f"{contact['firstName']} {contact['lastName']}"
    assert (person.email, person.phone) == (contact["email"], contact["phone"])
    assert ["partner-2", "trial"] == [one["value"] for one in told["fieldValues"]]
    assert "1" == told["contactLists"][0]["status"]
    (tie,) = get(standin, "contacts/3/accountContacts")["accountContacts"]
    account = get(standin, f"accounts/{tie['account']}")["account"]
    assert person.company == account["name"]
    assert "20" == get(standin, "contacts/3/scoreValues")["scoreValues"][0]["scoreValue"]


def test_nothing_is_told_in_two_ways(standin):
    """
    A date that is none is zeros in a list and null alone.
    """
    listed = get(standin, "contacts", email=standin.people[0].email)["contacts"][0]

    assert ("0000-00-00", "0") == (listed["bounced_date"], listed["deleted"])
    assert get(standin, "contacts/1")["contact"]["bounced_date"] is None


@pytest.mark.parametrize("what", BELOW)
def test_every_kind_below_a_contact(standin, what):
    """
    What hangs on a contact is read kind by kind; on nobody it is 404.
    """
    name = {"contactData": "contactDatum"}.get(what, what)
    assert name in get(standin, f"contacts/7/{what}")
    told = {"message": "No Result found for Subscriber with id 99"}
    assert (404, told) == ask(standin, "GET", f"contacts/99/{what}")


def test_nothing_below_is_404(standin):
    """
    A picture or an organization that nobody has is not there.
    """
    for what in ("plusAppend", "organization"):
        assert 404 == ask(standin, "GET", f"contacts/1/{what}")[0]


@pytest.mark.parametrize("kind", LISTS)
def test_every_list(standin, kind):
    """
    Every kind is listed whole with its total.
    """
    told = get(standin, kind, limit=100)

    assert len(told[kind]) == int(told["meta"]["total"])
    assert told[kind]


@pytest.mark.parametrize(
    "path", ["accountContacts/1", "fieldValues/1", "fields/1", "lists/1", "scores/1", "users/me"]
)
def test_single_records(standin, path):
    """
    A record is read alone under its singular name.
    """
    (record, *_) = [one for one in get(standin, path).values() if isinstance(one, dict)]
    assert "1" == record["id"]


def test_lists_are_filtered(standin):
    """
    Ties, values, fields, tags, mails, deals and companies are found by what they are about.
    """
    assert ["3"] == ids(get(standin, "accountContacts", filters__contact=3), "accountContacts")
    assert ["2"] == ids(get(standin, "fields", filters__perstag="ACCESS"), "fields")
    assert 6 == len(get(standin, "fieldValues", filters__val="paid")["fieldValues"])
    assert 1 == len(get(standin, "tags", search="FRIEND")["tags"])
    assert ["1"] == ids(get(standin, "emailActivities", filters__subscriberid=6), "emailActivities")
    name = standin.people[2].name
    assert ["1"] == ids(get(standin, "deals", filters__title=name), "deals")
    assert [] == get(standin, "deals", filters__status=2)["deals"]
    (account,) = get(standin, "accounts", search=standin.people[6].company)["accounts"]
    assert ("1", "0") == (account["contactCount"], account["dealCount"])
    counted = get(standin, "accounts", search=standin.people[6].company, count_deals="true")
    assert "1" == counted["accounts"][0]["dealCount"]
    assert [] == get(standin, "activities", contact=99)["activities"]


def test_people_lie_where_nobody_looks(standin):
    """
    Notes, remarks, deals, tags, companies, mails, bounces and the trash hold people too.
    """
    note, field, deal, tag, firm, mail, bounced, gone = standin.people[:8]

    assert note.phone in get(standin, "contacts/5/notes")["notes"][0]["note"]
    values = [one["value"] for one in get(standin, "contacts/6/fieldValues")["fieldValues"]]
    assert f"same as {field.email}" in values
    assert deal.name in get(standin, "contacts/7/deals")["deals"][0]["title"]
    assert tag.name in get(standin, "tags")["tags"][0]["tag"]
    assert firm.name in standin.account_named(f"{firm.name} (private)")["name"]
    assert mail.email == get(standin, "emailActivities")["emailActivities"][0]["toAddress"]
    assert bounced.email in get(standin, "contacts/7/bounceLogs")["bounceLogs"][0]["error"]
    assert f"old.{gone.email}" == standin.trash["13"].contact["email"]
    assert 9 == len([one for one in standin.planted if not one.expected])
    assert 12 * 8 + 12 * 2 + 3 == len([one for one in standin.planted if one.expected])


def test_few_people_are_not_misplaced():
    """
    A small account has nobody where they should not be.
    """
    assert all(one.expected for one in ActiveCampaignStandIn(count=3).planted)

"""
Mailchimp's own Python client drives the stand-in: neither knows of the other.
"""

from hashlib import md5

import mailchimp_marketing
import pytest
from mailchimp_marketing.api_client import ApiClientError

from klarsyn.testing import StillClock
from klarsyn.testing.standins.mailchimp import MailchimpStandIn
from klarsyn.testing.standins.mailchimp_content import NEWS, PARTNERS
from tests.testing.referee import refereed

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("mailchimp") as exchanges:
        yield exchanges


@pytest.fixture
def standin(judged):
    """A running stand-in whose clock stands still."""
    with MailchimpStandIn(clock=StillClock()) as one:
        yield one
    judged += one.exchanges


@pytest.fixture
def client(standin):
    """The vendor's client, sent to loopback."""
    one = mailchimp_marketing.Client(standin.secrets)
    one.api_client.host = f"{standin.url}/3.0"
    return one


@pytest.fixture
def lists(client):
    """The client's calls on audiences and members."""
    return client.lists


def key(address):
    """Return the subscriber hash of an address."""
    return md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def refusal(call, *arguments):
    """Return the text with which a call is refused."""
    with pytest.raises(ApiClientError) as refused:
        call(*arguments)
    return refused.value.text


def everybody(lists, list_id, **filters):
    """Read a listing to its end in small pages."""
    found: list[dict[str, str]] = []
    while True:
        page = lists.get_list_members_info(list_id, offset=len(found), count=5, **filters)
        found += page["members"]
        if len(found) >= page["total_items"]:
            return found


def test_client_is_known(client):
    """
    The key of the secrets opens the account.
    """
    assert "Everything's Chimpy!" == client.ping.get()["health_status"]
    assert "KlarPris ApS" == client.root.get_root()["account_name"]
    assert [NEWS, PARTNERS] == [one["id"] for one in client.lists.get_all_lists()["lists"]]
    assert "Partnere" == client.lists.get_list(PARTNERS)["name"]


def test_wrong_key_is_refused(standin, client):
    """
    A key that Mailchimp does not know is refused with a problem.
    """
    client.set_config({"api_key": "0" * 32 + "-us21"})
    assert "API Key Invalid" in refusal(client.lists.get_all_lists)


def test_listing_to_the_end(standin, lists):
    """
    The default listing has all but the archived, ten to a page, and says how many there are.
    """
    first = lists.get_list_members_info(NEWS)
    addresses = {one["email_address"] for one in everybody(lists, NEWS)}

    assert (10, 11) == (len(first["members"]), first["total_items"])
    assert {one.email for one in standin.people if one.number != 5} == addresses


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("subscribed", 4),
        ("unsubscribed", 2),
        ("cleaned", 2),
        ("pending", 2),
        ("archived", 1),
        ("transactional", 1),
    ],
)
def test_every_status_is_held(lists, status, count):
    """
    Members of each status are listed when it is asked for.
    """
    assert [status] * count == [one["status"] for one in everybody(lists, NEWS, status=status)]


def test_member_is_found_by_three_keys(standin, lists):
    """
    The hash, the address and the contact id lead to the same member.
    """
    person = standin.people[0]
    by_hash = lists.get_list_member(NEWS, key(person.email))

    assert person.name == by_hash["full_name"]
    assert by_hash == lists.get_list_member(NEWS, person.email.upper()) | {
        "_links": by_hash["_links"]
    }
    assert by_hash["id"] == lists.get_list_member(NEWS, by_hash["contact_id"])["id"]


def test_delivery_reads_back(lists):
    """
    A PUT by hash takes somebody in, and a second one changes what it names.
    """
    body = {
        "email_address": "Ny.Montor@example.com",
        "status_if_new": "subscribed",
        "merge_fields": {"FNAME": "Ny", "LNAME": "Montør", "SOURCE": "Messe", "RATING": 71},
    }
    hashed = key("ny.montor@example.com")
    assert hashed == lists.set_list_member(NEWS, hashed, body)["id"]
    lists.set_list_member(NEWS, hashed, body | {"merge_fields": {"RATING": 12}})
    member = lists.get_list_member(NEWS, hashed)

    assert ("Ny", 12) == (member["merge_fields"]["FNAME"], member["merge_fields"]["RATING"])
    assert "subscribed" == member["status"]


def test_rectified_address_moves_the_hash(standin, lists):
    """
    After a PATCH of the address the old hash leads nowhere.
    """
    old = key(standin.people[1].email)
    changed = lists.update_list_member(NEWS, old, {"email_address": "rettet@example.org"})

    assert key("rettet@example.org") == changed["id"]
    assert "Resource Not Found" in refusal(lists.get_list_member, NEWS, old)


def test_archiving_keeps_everything(standin, lists):
    """
    DELETE only archives: the record is still read, with its note.
    """
    hashed = key(standin.people[0].email)
    lists.delete_list_member(NEWS, hashed)
    member = lists.get_list_member(NEWS, hashed)

    assert "archived" == member["status"]
    assert standin.people[1].phone in member["last_note"]["note"]


def test_permanent_deletion_is_for_ever(standin, lists):
    """
    A deleted member is gone from one audience and cannot be imported there again.
    """
    person = standin.people[0]
    lists.delete_list_member_permanent(NEWS, key(person.email))
    body = {"email_address": person.email, "status_if_new": "pending"}

    assert "Resource Not Found" in refusal(lists.get_list_member, NEWS, key(person.email))
    assert "Forgotten Email" in refusal(lists.set_list_member, NEWS, key(person.email), body)
    assert person.email == lists.get_list_member(PARTNERS, key(person.email))["email_address"]


def test_batch_tells_each_failure(standin, lists):
    """
    A batch takes what it can and tells the others by address.
    """
    rows = [
        {"email_address": "en@example.com", "status": "subscribed", "merge_fields": {"FNAME": "E"}},
        {"email_address": standin.people[0].email, "status": "subscribed"},
    ]
    first = lists.batch_list_members(NEWS, {"members": rows})
    second = lists.batch_list_members(NEWS, {"members": rows, "update_existing": True})

    assert ["en@example.com"] == [one["email_address"] for one in first["new_members"]]
    assert ["ERROR_CONTACT_EXISTS"] == [one["error_code"] for one in first["errors"]]
    assert (0, 2) == (second["total_created"], second["total_updated"])


def test_tags_come_and_go(standin, lists):
    """
    An active tag is put on, an inactive one taken off.
    """
    hashed = key(standin.people[1].email)
    tags = [
        {"name": "Installatør", "status": "inactive"},
        {"name": "VVS-messe 2026", "status": "active"},
    ]
    lists.update_list_member_tags(NEWS, hashed, {"tags": tags})

    told = lists.get_list_member_tags(NEWS, hashed)["tags"]
    assert ["VVS-messe 2026"] == [one["name"] for one in told]


def test_notes_live_and_die(standin, lists):
    """
    A note is written, read, rewritten and deleted for good.
    """
    hashed = key(standin.people[1].email)
    note = lists.create_list_member_note(NEWS, hashed, {"note": "Ring mandag."})
    lists.update_list_member_note(NEWS, hashed, note["id"], {"note": "Ring tirsdag."})

    assert "Ring tirsdag." == lists.get_list_member_note(NEWS, hashed, note["id"])["note"]
    assert "Ring tirsdag." == lists.get_list_member(NEWS, hashed)["last_note"]["note"]
    lists.delete_list_member_note(NEWS, hashed, note["id"])
    assert [] == lists.get_list_member_notes(NEWS, hashed)["notes"]


def test_what_a_member_did_is_read(standin, lists):
    """
    The feed, the events and the goals of a member hold personal data too.
    """
    person = standin.people[0]
    hashed = key(person.email)
    lists.create_list_member_event(NEWS, hashed, {"name": "visited", "properties": {"n": "1"}})
    feed = lists.get_list_member_activity_feed(NEWS, hashed, count=100)["activity"]
    filtered = lists.get_list_member_activity_feed(NEWS, hashed, activity_filters=["click"])
    events = lists.get_list_member_events(NEWS, hashed)["events"]
    goals = lists.getListMemberGoals(NEWS, hashed)["goals"]

    assert {"sent", "open", "click", "order", "note", "conversation", "generic_signup"} == {
        one["activity_type"] for one in feed
    }
    assert person.email in filtered["activity"][0]["link_clicked"]
    assert ["visited", "asked_for_offer"] == [one["name"] for one in events]
    assert person.organisation_number in goals[0]["data"]


def test_search_lags(standin, client):
    """
    Who was just added is read at once and found only later.
    """
    body = {"email_address": "sen@example.com", "status": "pending", "merge_fields": {"FNAME": "S"}}
    client.lists.add_list_member(NEWS, body)

    def exact():
        return client.searchMembers.search("sen@example.com")["exact_matches"]["total_items"]

    assert 0 == exact()
    standin.clock.move(seconds=30)
    assert 1 == exact()


def test_batch_of_operations_is_done_later(standin, client):
    """
    Operations handed in together are carried out when their time has come.
    """
    path = f"/lists/{NEWS}/members/{key(standin.people[0].email)}/actions/delete-permanent"
    operations = [{"method": "POST", "path": path}, {"method": "POST", "path": path}]
    batch = client.batches.start({"operations": operations})

    assert "pending" == batch["status"]
    standin.clock.move(seconds=20)
    told = client.batches.status(batch["id"])
    assert ("finished", 2, 1) == (
        told["status"],
        told["finished_operations"],
        told["errored_operations"],
    )
    assert 1 == client.batches.list()["total_items"]
    assert standin.people[0].email not in {
        one.email for one in standin.audiences[NEWS].members.values()
    }

"""
What is written into the ActiveCampaign stand-in, and deleted from it.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from tests.testing.referee import refereed
from tests.testing.standins.test_activecampaign import ask, get, ids

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("activecampaign") as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An account of twelve, whose clock stands still and which is not throttled."""
    with ActiveCampaignStandIn(clock=StillClock(), limits=False) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def limited(exchanges):
    """An account with the vendor's limits."""
    with ActiveCampaignStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def code(told):
    """Return code and place of the first error of a reply."""
    status, body = told
    error = body["errors"][0]
    return status, error["code"], error["source"]["pointer"].rpartition("/")[2]


# Contacts


def test_sync_creates_and_updates(standin):
    """
    A new address makes a contact, a known one is written to; what is not named stays.
    """
    given = {"email": "New@example.com", "firstName": "Nova", "phone": "1"}
    status, made = ask(standin, "POST", "contact/sync", {"contact": given})
    number = made["contact"]["id"]
    more = {"email": "new@example.com", "phone": "2", "fieldValues": [{"field": "1", "value": "x"}]}

    assert 201 == status
    status, same = ask(standin, "POST", "contact/sync", {"contact": more})
    assert (200, number) == (status, same["contact"]["id"])
    assert ("Nova", "2") == (same["contact"]["firstName"], same["contact"]["phone"])
    assert "x" == same["fieldValues"][0]["value"]


def test_bad_bodies_of_contacts(standin):
    """
    No address, a taken one, an unknown field and what is no JSON are refused.
    """
    taken = {"contact": {"email": standin.people[0].email}}
    wrong = {"contact": {"fieldValues": [{"field": "99", "value": ""}]}}

    bad = ask(standin, "POST", "contact/sync", {"contact": {"email": "nobody"}})
    assert (422, "field_invalid", "email") == code(bad)
    assert (422, "duplicate", "email") == code(ask(standin, "POST", "contacts", taken))
    assert (422, "duplicate", "email") == code(ask(standin, "PUT", "contacts/2", taken))
    assert 404 == ask(standin, "PUT", "contacts/2", wrong)[0]
    assert 422 == ask(standin, "POST", "contacts", {"x": 1})[0]
    assert 400 == ask(standin, "POST", "contacts", "{")[0]


def test_contact_is_created_and_rectified(standin):
    """
    A contact keeps its id when its address changes.
    """
    status, made = ask(standin, "POST", "contacts", {"contact": {"email": "a@example.com"}})
    number = made["contact"]["id"]
    values = [{"field": 1, "value": None}]
    change = {"email": "b@example.com", "lastName": "Nordhavn", "fieldValues": values}

    assert 201 == status
    status, told = ask(standin, "PUT", f"contacts/{number}", {"contact": change})
    assert (200, "Nordhavn", "") == (
        status,
        told["contact"]["lastName"],
        told["fieldValues"][0]["value"],
    )
    assert [number] == ids(get(standin, "contacts", email="b@example.com"))


def test_status_on_a_list(standin):
    """
    2 unsubscribes, and 1 subscribes again whoever opted out; another list is a new record.
    """
    for where, status in (("1", 2), ("1", 1), ("2", 1)):
        given = {"list": where, "contact": "4", "status": str(status)}
        told = ask(standin, "POST", "contactLists", {"contactList": given})
        assert (200, status) == (told[0], told[1]["contactList"]["status"])
    assert 2 == len(get(standin, "contacts/4/contactLists")["contactLists"])
    bad = {"contactList": {"list": "1", "contact": "4", "status": "9"}}
    assert (422, "field_invalid", "status") == code(ask(standin, "POST", "contactLists", bad))
    lost = {"contactList": {"list": "9", "contact": "4", "status": "1"}}
    assert 404 == ask(standin, "POST", "contactLists", lost)[0]


def test_tags(standin):
    """
    A tag is made, set once, found and taken off; deleting it takes it off everybody.
    """
    status, made = ask(standin, "POST", "tags", {"tag": {"tag": "partner", "tagType": "contact"}})
    tag = int(made["tag"]["id"])
    first, second = (
        ask(standin, "POST", "contactTags", {"contactTag": {"contact": 2, "tag": tag}})[1]
        for _ in range(2)
    )

    assert 201 == status
    assert first == second
    assert ["2"] == ids(get(standin, "contacts", tagid=tag))
    path = f"contactTags/{first['contactTag']['id']}"
    assert [200, 404] == [ask(standin, "DELETE", path)[0] for _ in range(2)]
    assert 422 == ask(standin, "POST", "tags", {"tag": {"tag": "partner"}})[0]
    assert 200 == ask(standin, "DELETE", "tags/1")[0]
    assert [] == get(standin, "contacts/8/contactTags")["contactTags"]


def test_tag_of_nothing(standin):
    """
    What lacks or does not exist is told with its status in the error.
    """
    lacking = ask(standin, "POST", "contactTags", {"contactTag": {"contact": 2}})
    lost = ask(standin, "POST", "contactTags", {"contactTag": {"contact": 99, "tag": 1}})

    assert (422, 422) == (lacking[0], lacking[1]["errors"][0]["status"])
    assert (404, "Contact not found") == (lost[0], lost[1]["errors"][0]["detail"])


def test_values_of_custom_fields(standin):
    """
    A value is written by its id or its field, and deleted; on none the vendor says 403.
    """
    value = {"contact": "2", "field": "1", "value": "partner-x"}
    _, made = ask(standin, "POST", "fieldValues", {"fieldValue": value})
    assert 2 == made["fieldValue"]["contact"]
    told = ask(standin, "PUT", "fieldValues/3", {"fieldValue": value | {"value": ""}})

    assert (200, "") == (told[0], told[1]["fieldValue"]["value"])
    assert [200, 403] == [ask(standin, "DELETE", "fieldValues/3")[0] for _ in range(2)]
    assert 403 == ask(standin, "GET", "fieldValues/3")[0]
    lacking = ask(standin, "POST", "fieldValues", {"fieldValue": {"contact": "2"}})
    assert (422, "field_missing", "field") == code(lacking)


# Erasure


def test_delete_is_soft(standin):
    """
    A deleted contact is gone for the API with its values; notes, deals and ties stay.
    """
    assert (200, {}) == ask(standin, "DELETE", "contacts/7")
    assert 404 == ask(standin, "GET", "contacts/7")[0] == ask(standin, "DELETE", "contacts/7")[0]
    assert [] == get(standin, "contacts", email=standin.people[6].email, status=-1)["contacts"]
    assert not [one for one in standin.field_values.values() if one["contact"] == "7"]
    assert "7" == get(standin, "deals/1")["deal"]["contact"]
    assert ["7"] == ids(get(standin, "accountContacts", filters__contact=7), "accountContacts")
    for path in ("deals/1", "accountContacts/7", "accounts/7"):
        assert 200 == ask(standin, "DELETE", path)[0]


def test_an_admin_restores_for_thirty_days(standin):
    """
    What was deleted comes back with all that hung on it, until it is purged.
    """
    for number in ("2", "3"):
        ask(standin, "DELETE", f"contacts/{number}")
    standin.clock.move(days=29)
    assert standin.restore("2")
    assert 2 == len(get(standin, "contacts/2/fieldValues")["fieldValues"])
    standin.clock.move(days=1)
    get(standin, "users")
    assert {} == standin.trash
    assert not standin.restore("3")


def test_deleted_contact_comes_back_by_sync(standin):
    """
    A sync makes a new contact of the address that was deleted.
    """
    ask(standin, "DELETE", "contacts/1")
    given = {"contact": {"email": standin.people[0].email}}

    assert 201 == ask(standin, "POST", "contact/sync", given)[0]


def test_deletions_of_a_month_are_limited(limited, monkeypatch):
    """
    Past the month's limit a deletion is refused; next month it is not.
    """
    monkeypatch.setattr(ActiveCampaignStandIn, "DELETES_A_MONTH", 1)
    told = [ask(limited, "DELETE", f"contacts/{number}") for number in (1, 2)]

    assert [200, 403] == [status for status, _ in told]
    assert "delete_limit" == told[1][1]["errors"][0]["code"]
    limited.clock.move(days=6)
    assert 200 == ask(limited, "DELETE", "contacts/2")[0]


# Companies, notes, deals


def test_company_of_a_contact(standin):
    """
    A company is made, renamed, tied to one who has none, and taken away with its ties.
    """
    status, made = ask(standin, "POST", "accounts", {"account": {"name": "Ny VVS"}})
    number = int(made["account"]["id"])
    _, new = ask(standin, "POST", "contacts", {"contact": {"email": "c@example.com"}})
    contact = int(new["contact"]["id"])
    tie = {"accountContact": {"contact": contact, "account": number}}

    assert 201 == status
    named = {"account": {"name": "Ny El", "accountUrl": "https://example.com"}}
    assert 200 == ask(standin, "PUT", f"accounts/{number}", named)[0]
    assert 201 == ask(standin, "POST", "accountContacts", tie)[0]
    twice = ask(standin, "POST", "accountContacts", tie)
    assert (422, "field_invalid", "account,contact") == code(twice)
    kept = {"accountContact": tie["accountContact"] | {"jobTitle": "CEO"}}
    assert "CEO" == ask(standin, "PUT", "accountContacts/13", kept)[1]["accountContact"]["jobTitle"]
    assert 200 == ask(standin, "DELETE", f"accounts/{number}")[0]
    assert [] == get(standin, f"contacts/{contact}/accountContacts")["accountContacts"]


def test_bad_companies(standin):
    """
    A company without a name, or with that of another, is refused; so is half a tie.
    """
    taken = {"account": {"name": standin.people[0].company}}

    assert (422, "field_missing", "name") == code(ask(standin, "POST", "accounts", {"account": {}}))
    assert (422, "duplicate", "name") == code(ask(standin, "POST", "accounts", taken))
    half = ask(standin, "POST", "accountContacts", {"accountContact": {"contact": 1}})
    assert (422, "field_missing", "account") == code(half)
    same = ask(standin, "PUT", "accounts/1", taken)
    assert 200 == same[0]


def test_notes(standin):
    """
    A note is written on a contact or a deal, changed and deleted; twice is two notes.
    """
    note = {"note": {"note": "hello", "reltype": "Subscriber", "relid": 1}}
    numbers = {ask(standin, "POST", "notes", note)[1]["note"]["id"] for _ in range(2)}
    deal = {"note": {"note": "hello", "reltype": "Deal", "relid": 1}}

    assert {"3", "4"} == numbers
    assert "contacts" not in ask(standin, "POST", "notes", deal)[1]
    change = {"note": {"note": "", "reltype": "Subscriber", "relid": "1"}}
    assert 200 == ask(standin, "PUT", "notes/3", change)[0]
    assert "" == get(standin, "notes/3")["note"]["note"]
    assert [200, 403] == [ask(standin, "DELETE", "notes/3")[0] for _ in range(2)]
    lacking = ask(standin, "POST", "notes", {"note": {"note": ""}})
    assert (422, "field_missing", "reltype") == code(lacking)
    odd = {"note": {"note": "", "reltype": "Moon", "relid": 1}}
    assert (422, "field_invalid", "reltype") == code(ask(standin, "POST", "notes", odd))


def test_deals(standin):
    """
    A deal is made for a contact, retitled, and deleted.
    """
    deal = {"title": "Boiler", "contact": "2", "account": "2", "value": 100, "currency": "dkk"}
    deal |= {"group": "1", "stage": "1", "owner": "1"}
    status, made = ask(standin, "POST", "deals", {"deal": deal})

    assert (201, "100") == (status, made["deal"]["value"])
    told = ask(standin, "PUT", "deals/2", {"deal": {"title": "Pump"}})
    assert (200, "Pump", "2") == (told[0], told[1]["deal"]["title"], told[1]["deal"]["contact"])
    assert ["2", "1"] == ids(get(standin, "deals", orders__title="DESC"), "deals")
    assert (422, "field_missing", "title") == code(ask(standin, "POST", "deals", {"deal": {}}))
    assert [200, 404] == [ask(standin, "DELETE", "deals/2")[0] for _ in range(2)]

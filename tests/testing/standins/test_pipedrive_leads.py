"""
Mail threads, leads and colleagues.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from klarsyn.testing.standins.pipedrive_filling import CONTACT_ON_SITE
from tests.testing.referee import refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V1, ask, get

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("pipedrive", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A company of twelve customers, whose clock stands still."""
    with PipedriveStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


def test_mail_is_deleted_by_its_thread(standin):
    """
    A person's messages name the thread that holds them.
    """
    (row,) = get(standin, f"{V1}/persons/11/mailMessages")
    thread = row["data"]["mail_thread_id"]

    assert standin.people[10].email == row["data"]["from"][0]["email_address"]
    assert get(standin, f"{V1}/mailbox/mailMessages/1")["subject"] == row["data"]["subject"]
    assert 1 == len(get(standin, f"{V1}/mailbox/mailThreads/{thread}/mailMessages"))
    assert 200 == ask(standin, "DELETE", f"{V1}/mailbox/mailThreads/{thread}")[0]
    assert get(standin, f"{V1}/persons/11/mailMessages") is None
    assert 404 == ask(standin, "GET", f"{V1}/mailbox/mailMessages/1")[0]


def test_leads_are_made_changed_and_deleted(standin):
    """
    A lead goes at once; archived ones are another list, and own fields stand beside the others.
    """
    (archived,) = get(standin, f"{V1}/leads/archived", organization_id=3)
    assert standin.people[2].phone == archived[CONTACT_ON_SITE]
    path, body = f"{V1}/leads", {"title": "Ny", "person_id": 1}
    status, _, made = ask(standin, "POST", path, body)
    one = f"{path}/{made['data']['id']}"
    ask(standin, "PATCH", one, {"title": "Nyere", "value": {"amount": 5, "currency": "DKK"}})
    since = made["data"]["add_time"]
    assert (201, 2) == (status, len(get(standin, path, updated_since=since)))
    assert "Nyere" == get(standin, one)["title"]
    assert 200 == ask(standin, "DELETE", one)[0]
    gone, _, told = ask(standin, "GET", one)
    assert (404, "Object was not found.") == (gone, told["error_info"])
    assert 400 == ask(standin, "POST", path, {"title": "Ny"})[0]


def test_users_are_colleagues(standin):
    """
    The key is the first user's, who is an administrator of the company.
    """
    me = get(standin, f"{V1}/users/me")

    assert ("klarpris", True) == (me["company_domain"], me["access"][0]["admin"])
    assert [1, 2] == [one["id"] for one in get(standin, f"{V1}/users")]

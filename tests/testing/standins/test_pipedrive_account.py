"""
Deleted records are kept for thirty days, and old values for as long.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from klarsyn.testing.standins.pipedrive_filling import CUSTOMER_TYPE
from tests.testing.referee import refereed
from tests.testing.standins.pipedrive_asking import ALWAYS, V1, V2, ask, everything, find, get

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


def test_changes_are_remembered(standin):
    """
    The log keeps old values: erased from the record is not erased from its history.
    """
    body = {"name": "Slettet", "emails": [], "custom_fields": {CUSTOMER_TYPE: None}}
    ask(standin, "PATCH", f"{V2}/persons/3", body)
    log = everything(standin, f"{V1}/persons/3/changelog", limit=2)

    old = {one["field_key"]: one["old_value"] for one in log}
    assert standin.people[2].email == old["email"]
    assert {"name", "first_name", "last_name", "email", CUSTOMER_TYPE} == set(old)
    ask(standin, "PATCH", f"{V2}/organizations/3", {"address": {"value": "Nyvej 1"}})
    (moved,) = get(standin, f"{V1}/organizations/3/changelog")
    assert "Polarlysvej" in moved["old_value"]


def test_old_values_stay_in_the_log(standin):
    """
    A name that was changed long ago is still there, with who changed it.
    """
    (change,) = get(standin, f"{V1}/persons/9/changelog")

    assert standin.people[8].email in change["old_value"]
    assert standin.people[8].name == change["new_value"]


def test_deleted_person_is_kept_for_thirty_days(standin):
    """
    At once out of lists, later out of searches, read by id for thirty days, then gone.
    """
    person = standin.people[4]
    status, _, body = ask(standin, "DELETE", f"{V2}/persons/5")

    assert (200, {"id": 5}) == (status, body["data"])
    assert 5 not in {one["id"] for one in get(standin, f"{V2}/persons")}
    assert 200 == ask(standin, "DELETE", f"{V2}/persons/5")[0]
    assert 1 == len(find(standin, person.email))
    standin.clock.move(seconds=standin.SEARCH_LAG_SECONDS)
    assert [] == find(standin, person.email, fields="email")
    assert get(standin, f"{V2}/persons/5")["is_deleted"]
    standin.clock.move(days=30)
    assert 404 == ask(standin, "GET", f"{V2}/persons/5")[0]
    assert 404 == ask(standin, "DELETE", f"{V2}/persons/5")[0]
    assert 404 == ask(standin, "GET", f"{V1}/persons/5/changelog")[0]


def test_purge_leaves_texts_behind(standin):
    """
    Who is gone for good is still named in a deal's title, and unlinked from it.
    """
    for number in (1, 4, 10, 11, 12):
        ask(standin, "DELETE", f"{V2}/persons/{number}")
    standin.clock.move(days=31)

    (deal,) = get(standin, f"{V2}/deals")
    (activity,) = get(standin, f"{V2}/activities")
    (lead,) = get(standin, f"{V1}/leads")
    assert deal["person_id"] is lead["person_id"] is activity["person_id"] is None
    assert standin.people[3].name in deal["title"]
    assert [6] == [one["person_id"] for one in activity["participants"]]


def test_purged_organization_is_unlinked(standin):
    """
    Its persons stay without it, its leads too.
    """
    ask(standin, "DELETE", f"{V2}/organizations/3")
    ask(standin, "DELETE", f"{V2}/activities/1")
    standin.clock.move(days=30)

    assert get(standin, f"{V2}/persons/3")["org_id"] is None
    (lead,) = get(standin, f"{V1}/leads/archived")
    assert lead["organization_id"] is None
    assert {} == standin.records["activities"]


def test_deletion_can_be_undone_in_time(standin):
    """
    `is_deleted` of a deal goes both ways.
    """
    path = f"{V2}/deals/1"
    standin.recording = False
    assert ask(standin, "PATCH", path, {"is_deleted": True})[2]["data"]["is_deleted"]
    assert not ask(standin, "PATCH", path, {"is_deleted": False})[2]["data"]["is_deleted"]
    standin.clock.move(days=31)
    assert 200 == ask(standin, "GET", path)[0]

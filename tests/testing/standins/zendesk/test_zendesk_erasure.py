import json

import pytest

from klarsyn.testing.standins.zendesk import AGENT
from tests.testing.standins.zendesk.calling import field, gone

pytestmark = pytest.mark.network


def test_address_of_another_is_refused(desk, call, user):
    """
    No two users share an address, and an identity has a kind.
    """
    path, taken = f"/users/{user['id']}/identities", desk.people[1].email
    for value, kind, name in ((taken, "email", "email"), (taken, "pigeon", "type")):
        given = {"identity": {"type": kind, "value": value}}
        assert field(call("POST", path, given), name) in {"DuplicateValue", "InvalidValue"}
    assert "DuplicateValue" == field(
        call("PUT", f"/users/{user['id']}", {"user": {"email": taken}}), "email"
    )


def test_identities_by_kind(call, user):
    """
    Numbers and addresses are listed apart or together; the same one is not added twice.
    """
    path = f"/users/{user['id']}/identities"
    for _ in range(2):
        call("POST", path, {"identity": {"type": "phone_number", "value": "+44 7700 900998"}})

    assert 3 == len(call.get(path)["identities"])
    (address,) = call.get(f"{path}?type%5B%5D=email")["identities"]
    assert address == call.get(f"{path}/{address['id']}")["identity"]


def test_only_address_may_go(call, user):
    """
    The last address can be removed; a correction of the primary one shows in the user.
    """
    path = f"/users/{user['id']}/identities"
    (address,) = call.get(f"{path}?type%5B%5D=email")["identities"]
    given = {"identity": {"value": "right@example.com", "verified": True}}
    call("PUT", f"{path}/{address['id']}", given)
    assert "right@example.com" == user["email"]
    call("PUT", f"{path}/{address['id']}", {"identity": {"verified": False}})
    number = next(one for one in call.get(path)["identities"] if one["type"] == "phone_number")
    call("PUT", f"{path}/{number['id']}/make_primary")
    assert 204 == call("DELETE", f"{path}/{address['id']}")[0]
    assert user["email"] is None
    assert gone(call("GET", f"{path}/{address['id']}"))
    assert 204 == call("DELETE", f"{path}/{number['id']}")[0]


def test_permanent_deletion_is_proved(desk, call, user):
    """
    First soft, then for good; the statuses tell when it began and when it is complete.
    """
    path = f"/users/{user['id']}/compliance_deletion_statuses"
    assert gone(call("DELETE", f"/deleted_users/{user['id']}"))
    call("DELETE", f"/users/{user['id']}")
    assert [] == call.get(path)["compliance_deletion_statuses"]
    call("DELETE", f"/deleted_users/{user['id']}")
    desk.clock.move(seconds=desk.erasure_seconds[1])
    steps = call.get(path)["compliance_deletion_statuses"]

    assert ["request_deletion", "started", "complete"] == [one["action"] for one in steps]
    assert 2 == len(call.get(f"{path}?application=support")["compliance_deletion_statuses"])
    deleted = call.get(f"/deleted_users/{user['id']}")["deleted_user"]
    assert ("Permanently Deleted User", None) == (deleted["name"], deleted["email"])
    assert [] == [one for one in desk.identities.values() if one["user_id"] == user["id"]]


def test_soft_deletion_ends_by_itself(desk, call):
    """
    Thirty days after soft deletion nothing is left to delete, and it was nobody's request.
    """
    deleted = desk.people[10]
    (user,) = [one for one in desk.users.values() if one["email"] == deleted.email]
    desk.clock.move(days=28)
    assert deleted.email == call.get(f"/deleted_users/{user['id']}")["deleted_user"]["email"]
    desk.clock.move(days=2)

    assert deleted.name not in json.dumps(call.get("/deleted_users"), ensure_ascii=False)
    steps = call.get(f"/users/{user['id']}/compliance_deletion_statuses")
    assert steps["compliance_deletion_statuses"][0]["executer_id"] is None


def test_deleted_user_is_shown_and_not_changed(call, user):
    """
    A deleted user can be read by id, not written, deleted again or searched for addresses.
    """
    path = f"/users/{user['id']}"
    call("DELETE", path)

    assert call.get(path)["user"]["active"] is False
    assert gone(call("PUT", path, {"user": {"name": "A", "email": "a@example.com"}}))
    assert gone(call("DELETE", path))
    assert gone(call("GET", f"{path}/identities"))


def test_tickets_outlive_their_requester(desk, call, user, ticket):
    """
    Deleting a user leaves the tickets, with address and words.
    """
    call("DELETE", f"/users/{user['id']}")
    left = call.get(f"/tickets/{ticket['id']}")["ticket"]

    assert desk.people[0].email == left["via"]["source"]["from"]["address"]
    assert desk.people[0].phone in left["description"]


def test_agent_with_open_tickets_stays(desk, call, user):
    """
    Who has open tickets assigned is not deleted; whether requesters are is a switch.
    """
    agent = desk.user_of(AGENT)
    assert field(call("DELETE", f"/users/{agent['id']}"), "base") is None
    desk.requesters_stay = True
    assert field(call("DELETE", f"/users/{user['id']}"), "base") is None
    assert agent["active"]
    assert user["active"]

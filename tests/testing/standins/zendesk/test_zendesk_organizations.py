from urllib.parse import quote

import pytest

from tests.testing.standins.zendesk.calling import field

pytestmark = pytest.mark.network


def test_organizations_are_written(desk, call):
    """
    Names are unique, external ids identify, and a deleted organization leaves its users.
    """
    status, _, said = call("POST", "/organizations", {"organization": {"name": "Ny"}})
    made, path = said["organization"], f"/organizations/{said['organization']['id']}"
    assert (201, "Ny") == (status, call.get(path)["organization"]["name"])
    again = call("POST", "/organizations", {"organization": {"name": "ny"}})
    assert "DuplicateValue" == field(again, "name")
    assert "BlankValue" == field(
        call("POST", "/organizations", {"organization": {"name": ""}}), "name"
    )
    given = {"organization": {"notes": "n", "organization_fields": {"vat_no": "1", "odd": "2"}}}
    call("PUT", path, given)
    by_id = {"organization": {"id": made["id"], "details": "d"}}
    saved = call("POST", "/organizations/create_or_update", by_id)[2]["organization"]
    assert ("n", "d", {"vat_no": "1"}) == (
        saved["notes"],
        saved["details"],
        saved["organization_fields"],
    )


def test_deleted_organization_leaves_its_users(desk, call, user):
    """
    An organization's users stay without one.
    """
    assert 204 == call("DELETE", f"/organizations/{user['organization_id']}")[0]
    assert user["organization_id"] is None


def test_organizations_are_searched_exactly(desk, call):
    """
    By whole name or external id, in any case, after the lag; never by both.
    """
    name = desk.people[0].company
    found = call.get(f"/organizations/search?name={quote(name.upper())}")["organizations"]

    assert [name] == [one["name"] for one in found]
    assert 1 == call.get("/organizations/search?external_id=org-0")["count"]
    assert "InvalidValue" == call.get("/organizations/search?name=a&external_id=b")["error"]


def test_fields_are_defined(call):
    """
    Custom fields of users, organizations and tickets are listed.
    """
    assert ["customer_no"] == [one["key"] for one in call.get("/user_fields")["user_fields"]]
    assert ["vat_no"] == [
        one["key"] for one in call.get("/organization_fields")["organization_fields"]
    ]
    assert ["subject", "text"] == [
        one["type"] for one in call.get("/ticket_fields")["ticket_fields"]
    ]


def test_tokens_tell_what_they_may(desk, call):
    """
    A token of OAuth is listed with its scopes and its end, and no more than its beginning.
    """
    desk.oauth_ends["zd-oauth-invented"] = "2027-01-31T00:00:00Z"
    desk.oauth["zd-other-invented"] = {"read"}
    first, second = call.get("/oauth/tokens")["tokens"]

    assert ("zd-oauth-i", ["read", "write"]) == (first["token"], first["scopes"])
    assert "2027-01-31T00:00:00Z" == first["expires_at"]
    assert "expires_at" not in second

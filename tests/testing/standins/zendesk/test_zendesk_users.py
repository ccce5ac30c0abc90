import pytest

from tests.testing.standins.zendesk.calling import SKIP, field, finish

pytestmark = pytest.mark.network


# Users


def test_users_are_found_by_ids(desk, call, user):
    """
    show_many takes ids or external ids, a hundred at most.
    """
    call("PUT", f"/users/{user['id']}", {"user": {"external_id": "K-7", "name": user["name"]}})

    assert [user["id"]] == [
        u["id"] for u in call.get(f"/users/show_many?ids={user['id']},1")["users"]
    ]
    assert [user["id"]] == [u["id"] for u in call.get("/users/show_many?external_ids=k-7")["users"]]
    assert [user["id"]] == [u["id"] for u in call.get("/users?external_id=K-7")["users"]]
    many = ",".join("1" for _ in range(101))
    assert "TooManyValues" == call.get(f"/users/show_many?ids={many}")["error"]


def test_new_user_is_told_where_it_is(desk, call):
    """
    Creation is 201 with a Location; a second time the address is taken, or the same user meant.
    """
    given = {"user": {"name": "Ny", "email": "ny@example.com", "phone": "+44 7700 900999"} | SKIP}
    status, headers, said = call("POST", "/users", given)

    assert (201, said["user"]["url"]) == (status, headers["Location"])
    assert "DuplicateValue" == field(call("POST", "/users", given), "email")
    assert 200 == call("POST", "/users/create_or_update", given)[0]
    assert [] == desk.mails


def test_user_goes_by_external_id(call):
    """
    The external id finds its user in any case, and takes the case that it was given.
    """
    one = {"user": {"name": "Ny", "email": "ny@example.com", "external_id": "k9"} | SKIP}
    made = call("POST", "/users/create_or_update", one)[2]["user"]
    other = {"user": {"name": "Ny", "email": "new@example.com", "external_id": "K9"} | SKIP}
    status, _, said = call("POST", "/users/create_or_update", other)

    assert (200, made["id"], "K9") == (status, said["user"]["id"], said["user"]["external_id"])
    assert "ny@example.com" == said["user"]["email"]


def test_users_are_checked(call):
    """
    A user has a name, and an address that is one.
    """
    assert field(call("POST", "/users", {"user": {"email": "a@example.com"}}), "name") is None
    bad = {"user": {"name": "A", "email": "nowhere"}}
    assert "InvalidFormat" == field(call("POST", "/users", bad), "email")


def test_unknown_names_are_dropped_silently(call, user):
    """
    What the account does not know is lost without a word; the rest is written.
    """
    fields = {"customer_no": "7", "shoe_size": "43"}
    given = {"notes": "n", "details": "d", "tags": ["t"], "user_fields": fields}
    said = call("PUT", f"/users/{user['id']}", {"user": given})[2]["user"]

    assert ("n", "d", ["t"]) == (said["notes"], said["details"], said["tags"])
    assert {"customer_no": "7"} == said["user_fields"]


def test_user_joins_an_organization_once(desk, call, user):
    """
    Writing the organization makes a membership, unless there is one.
    """
    (own,) = call.get(f"/users/{user['id']}/organization_memberships")["organization_memberships"]
    second = list(desk.organizations)[1]
    for wanted in (
        {"organization_id": second},
        {"organization": {"name": own["organization_name"]}},
    ):
        call(
            "PUT", f"/users/{user['id']}", {"user": {"name": "A", "email": user["email"]} | wanted}
        )
    memberships = call.get(f"/users/{user['id']}/organization_memberships")

    assert [own["organization_id"], second] == [
        one["organization_id"] for one in memberships["organization_memberships"]
    ]


def test_bulk_update_and_deletion(desk, call, user):
    """
    One change for many, or one each; a deletion of many; each row tells how it went.
    """
    other = desk.user_of(desk.people[1].email)
    ids = f"ids={user['id']},{other['id']}"
    same = call("PUT", f"/users/update_many?{ids}", {"user": {"notes": "both"}})
    assert [True, True] == [one["success"] for one in finish(desk, call, same)]
    each = call(
        "PUT", "/users/update_many", {"users": [{"id": user["id"], "notes": "one"}, {"id": 1}]}
    )
    assert ["Updated", None] == [one.get("status") for one in finish(desk, call, each)]
    assert ("one", "both") == (user["notes"], other["notes"])
    user["external_id"] = "k"
    bulk = call("DELETE", "/users/destroy_many?external_ids=k")
    assert [user["id"]] == [one["id"] for one in finish(desk, call, bulk)]
    assert not user["active"]


def test_bulk_writes_have_bounds(desk, call):
    """
    A hundred at most, and only where the vendor has opened the account for it.
    """
    users = {"users": [{"name": "A", "email": f"a{n}@example.com"} for n in range(101)]}
    assert 400 == call("POST", "/users/create_or_update_many", users)[0]
    desk.bulk_import = False
    assert 403 == call("POST", "/users/create_or_update_many", {"users": users["users"][:1]})[0]

import pytest

pytestmark = pytest.mark.network


def walk(call, path, key, link):
    """Return all records of a listing by its links."""
    found, page = [], call.get(path)
    while True:
        found += page[key]
        if not (following := link(page)):
            return found
        page = call.get(following)


def test_both_kinds_of_pages_end(call):
    """
    Cursors and numbers lead to the same users, by links to the vendor's own host.
    """
    by_cursor = walk(call, "/users?page%5Bsize%5D=2", "users", lambda page: page["links"]["next"])
    by_number = walk(call, "/users?per_page=3", "users", lambda page: page["next_page"])

    assert [one["id"] for one in by_cursor] == [one["id"] for one in by_number]
    assert 12 == len(by_number)


def test_pages_go_back(call):
    """
    A page knows the one before.
    """
    first = call.get("/users?page%5Bsize%5D=2&role=end-user")
    second = call.get(first["links"]["next"])

    assert first["users"] == call.get(second["links"]["prev"])["users"]
    numbered = call.get("/users?role%5B%5D=admin&role%5B%5D=agent&page=2&per_page=1")
    assert "Desk Agent" == numbered["users"][0]["name"]
    assert "Desk Admin" == call.get(numbered["previous_page"])["users"][0]["name"]


def test_pages_have_bounds(desk, call):
    """
    Pages too large, too deep or by a made-up cursor are refused.
    """
    desk.offset_depth = 10

    assert "InvalidPaginationParameter" == call.get("/users?page%5Bsize%5D=101")["error"]
    assert "InvalidPaginationDepth" == call.get("/users?page=3")["error"]
    assert "InvalidCursor" == call.get("/users?page%5Bafter%5D=_w%3D%3D")["error"]


def test_cursor_is_not_moved_by_deletion(desk, call):
    """
    Deleting what was read does not make the next page skip anybody.
    """
    first = call.get("/tickets?page%5Bsize%5D=3")
    for one in first["tickets"]:
        call("DELETE", f"/tickets/{one['id']}")
    rest = walk(call, first["links"]["next"], "tickets", lambda page: page["links"]["next"])

    assert 10 == len(first["tickets"]) + len(rest)
    assert {"count": 0, "tickets": []}.items() <= call.get("/tickets?external_id=none").items()

from urllib.parse import quote

import pytest

pytestmark = pytest.mark.network


def test_search_terms(desk, call, user, ticket):
    """
    Types, tags, requesters and quoted words narrow a search.
    """
    person, tagged = desk.people[0], desk.people[2]

    for query, count in (
        (f"type:ticket requester:{person.email}", 1),
        (f"requester:{user['id']} type:ticket status:{ticket['status']}", 1),
        (f"type:user tags:{tagged.last_name.lower()} email:{tagged.email}", 1),
        (f'"{person.name}" type:user email:{person.email}', 1),
        (f'type:organization "{person.company}"', 1),
        ("type:organization status:open", 0),
        ("type:user phone:none", 0),
    ):
        assert count == call.get(f"/search?query={quote(query)}")["count"]
    assert "invalid" == call.get("/search?query=")["error"]
    assert 0 == call.get("/users/search?query=%22%22")["count"]


def test_search_has_an_end(desk, call):
    """
    Results beyond the first thousand are refused.
    """
    desk.search_depth = 10
    pages = [call.get(f"/search?query=type:user%20example&page={n}") for n in (1, 2, 3)]

    assert [5, 5] == [len(page["results"]) for page in pages[:2]]
    assert "invalid" == pages[2]["error"]


def test_export_of_a_search(desk, call):
    """
    An export wants its type apart from the query, and its cursor lives an hour.
    """
    page = call.get("/search/export?query=offer&filter%5Btype%5D=ticket")
    following = call.get(page["links"]["next"])
    assert 10 == len(page["results"]) + len(following["results"])
    assert following["links"]["next"] is None
    desk.clock.move(seconds=3601)
    assert "InvalidCursor" == call.get(page["links"]["next"])["error"]
    for query in ("query=offer", "query=type:user&filter%5Btype%5D=ticket"):
        assert "invalid" == call.get(f"/search/export?{query}")["error"]


def test_incremental_export_starts_in_the_past(desk, call):
    """
    A start less than a minute old, or none, is refused, and nothing younger is told.
    """
    now = int(desk.clock.now().timestamp())
    path = "/incremental/users/cursor"
    assert "StartTimeTooRecent" == call.get(f"{path}?start_time={now - 59}")["error"]
    assert "InvalidValue" == call.get(path)["error"]
    last = call.get(f"{path}?start_time={now - 60}")
    assert ([], True) == (last["users"], last["end_of_stream"])
    call("PUT", f"/users/{next(iter(desk.users))}", {"user": {"notes": "n"}})
    assert [] == call.get(last["after_url"])["users"]
    desk.clock.move(seconds=60)
    assert 1 == len(call.get(last["after_url"])["users"])

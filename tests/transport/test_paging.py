import pytest

from klarsyn.errors import CallRefused, ReplyUnread, RightsMissing
from klarsyn.testing import Reply
from klarsyn.transport.paging import Capped
from klarsyn.transport.words import GET, Beside, Cursor, LastKey, Link, Numbered, Offset
from tests.transport.desk import opened

pytestmark = pytest.mark.network

OFFSET = GET("/by/offset", items="data", pages=Offset("limit", 3))
NUMBERED = GET("/by/number", items="data", pages=Numbered("limit", 3))
CURSOR = GET("/by/cursor", items="data", pages=Cursor("next", "after"))
LINK = GET("/by/link", items="data", pages=Link("next"))
BY_KEY = GET("/by/key", items="data", pages=LastKey("above", "id"))
WAYS = {
    "once": GET("/people", items="data"),
    "offset": OFFSET,
    "offset with total": OFFSET.but(pages=Offset("limit", 3, total="total")),
    "numbered": NUMBERED,
    "numbered with more": NUMBERED.but(pages=Numbered("limit", 3, more="next")),
    "numbered with last": NUMBERED.but(pages=Numbered("limit", 3, last="pages")),
    "cursor": CURSOR,
    "cursor with size": CURSOR.but(pages=Cursor("next", "after", size="size", more="more")),
    "link": LINK,
    "link with size": LINK.but(pages=Link("next", size="size")),
    "last key": BY_KEY,
    "last key with size": BY_KEY.but(pages=LastKey("above", "id", size="limit", most=3)),
}


def ids(connection, call):
    """Return the ids of all records, in the order they came."""
    return [one["id"] for page in connection.pages(call) for one in page]


@pytest.mark.parametrize("total", [0, 1, 3, 6, 7])
@pytest.mark.parametrize("way", WAYS)
def test_to_the_end(way, total):
    """
    Every record comes once, in order, also where the last page is full or there is none.
    """
    with opened() as (desk, connection):
        desk.total = total
        assert list(range(1, total + 1)) == ids(connection, WAYS[way])


def test_empty_page_in_the_middle():
    """
    A page without records is not the end where the vendor tells of more.
    """
    with opened() as (desk, connection):
        desk.says = [Reply(200, {"data": [], "next": "2"})]
        assert [3, 4, 5, 6, 7] == ids(connection, CURSOR)
        desk.says = [Reply(200, {"data": [], "next": "?from=4"})]
        assert [5, 6, 7] == ids(connection, LINK)


def test_least_key_of_a_page_goes_on():
    """
    Where pages go back in time and are in no order of their own, nothing is skipped.
    """
    pages = [
        Reply(200, {"data": [{"id": one} for one in page]}) for page in ([4, 3, 5], [1, 2], [])
    ]
    with opened() as (desk, connection):
        desk.says = pages
        assert [4, 3, 5, 1, 2] == ids(
            connection, BY_KEY.but(pages=LastKey("above", "id", least=True))
        )
        asked = [one.request.param("above") for one in desk.exchanges]
    assert ["", "3", "1"] == asked


@pytest.mark.parametrize("call", [CURSOR, LINK, BY_KEY])
def test_circle_is_told(call):
    """
    A list that leads back to where it was is not read to the end, and never taken for an end.
    """
    pages = [
        Reply(200, {"data": [{"id": one}, {"id": one + 10}], "next": f"?from={one}"})
        for one in (1, 2, 1)
    ]
    with opened() as (desk, connection):
        desk.says = pages
        with pytest.raises(ReplyUnread, match="leads in a circle"):
            ids(connection, call)


@pytest.mark.parametrize("call", [OFFSET, NUMBERED])
def test_page_that_is_shown_again(call):
    """
    A vendor that does not look at the page it is asked for is found out.
    """
    with opened() as (desk, connection):
        desk.says = [Reply(200, {"data": [{"id": 1}] * 3})] * 9
        with pytest.raises(ReplyUnread, match="leads in a circle"):
            ids(connection, call)


def test_repeated_mark_on_an_empty_page_ends():
    """
    Some vendors give the last token again with nothing under it.
    """
    with opened() as (desk, connection):
        desk.says = [
            Reply(200, {"data": [{"id": 1}], "next": "?from=0"}),
            Reply(200, {"data": [], "next": "?from=0"}),
        ] * 2
        assert [1] == ids(connection, CURSOR)
        assert [1] == ids(connection, LINK)
        desk.says = [Reply(200, {"data": [{"id": 1}]})] * 2
        assert [1, 1] == ids(connection, BY_KEY)


@pytest.mark.parametrize(
    ("way", "last"),
    [
        (Cursor("next", "after", more="more"), {"more": False}),
        (Cursor("next", "after", less="last"), {"last": True}),
        (Link("next", more="more"), {"more": False}),
    ],
)
def test_word_that_ends(way, last):
    """
    Where the reply says that there is no more, a token that it gives all the same is not used.
    """
    call = GET("/by/cursor", items="data", pages=way)
    first = Reply(200, {"data": [], "next": "?from=1", "more": True, "last": False})
    with opened() as (desk, connection):
        desk.says = [first, Reply(200, {"data": [{"id": 1}], "next": "?from=2", **last})]
        assert [1] == ids(connection, call)


@pytest.mark.parametrize(
    "call",
    [
        OFFSET.but(pages=Offset("limit", 3, total="total", cap=6)),
        NUMBERED.but(pages=Numbered("limit", 3, cap=6)),
    ],
)
def test_cap(call):
    """
    What lies behind the vendor's cap is not read, and that is told, after what was shown.
    """
    with opened() as (desk, connection):
        shown: list[int] = []
        with pytest.raises(Capped):
            shown.extend(one["id"] for page in connection.pages(call) for one in page)
        desk.total = 6 if call is OFFSET else 5
        assert [1, 2, 3, 4, 5] == ids(connection, call)[:5]


def test_each_value_is_read_in_spite_of_a_cap():
    """
    One status that is capped does not hide the next one.
    """
    call = OFFSET.but(pages=Offset("limit", 3, total="total", cap=3), each={"status": ("a", "b")})
    with opened() as (desk, connection):
        with pytest.raises(Capped):
            ids(connection, call)
        assert ["a", "b"] == [one.param("status") for one in desk.sent]


def test_foreign_link_is_refused():
    """
    A link to a host that is not the vendor's is not followed, and nothing is sent there.
    """
    with opened() as (desk, connection):
        for told in ("https://evil.example/", "//evil.example/x", "http://api.desk.example/"):
            desk.says = [Reply(200, {"data": [], "next": told})]
            with pytest.raises(CallRefused, match="not the vendor's"):
                ids(connection, LINK)
        assert {"api.desk.example"} == {one.headers["host"] for one in desk.sent}


def test_link_to_another_host_of_the_vendor():
    """
    A host learnt at run time is fine where the sheet's pattern covers it.
    """
    with opened() as (desk, connection):
        told = "https://other.desk.example/v1/by/link?from=5"
        desk.says = [Reply(200, {"data": [], "next": told})]
        assert [6, 7] == ids(connection, LINK)
        assert "other.desk.example" == desk.sent[-1].headers["host"]


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}, {"data": "x"}, [], None, "5"])
def test_missing_list_is_not_an_empty_one(body):
    """
    A reply without the list is not read.
    """
    with opened() as (desk, connection):
        desk.says = [Reply(200, body)]
        with pytest.raises(ReplyUnread, match="the reply has no data"):
            ids(connection, CURSOR)


def test_list_that_is_the_reply():
    """
    Some vendors' reply is the list itself; text that is no JSON is not read.
    """
    call = GET("/people")
    with opened() as (desk, connection):
        desk.says = [Reply(200, [{"id": 1}]), Reply(200, {}), Reply(200, "<p>", {}, "text/html")]
        assert [1] == ids(connection, call)
        with pytest.raises(ReplyUnread, match="the reply has no list"):
            ids(connection, call)
        with pytest.raises(ReplyUnread, match="is not JSON"):
            ids(connection, call)


@pytest.mark.parametrize("total", [None, "many", -1, 1.5, []])
def test_total_that_is_missing(total):
    """
    A total that the sheet promises and the reply lacks is not replaced by a guess.
    """
    call = OFFSET.but(pages=Offset("limit", 3, total="total"))
    with opened() as (desk, connection):
        desk.says = [Reply(200, {"data": [{"id": 1}], "total": total})] * 2
        with pytest.raises(ReplyUnread, match="the reply has no total"):
            ids(connection, call)
        with pytest.raises(ReplyUnread, match="the reply has no total"):
            ids(connection, NUMBERED.but(pages=Numbered("limit", 3, last="total")))


def test_short_page_is_not_the_last_where_the_vendor_says_so():
    """
    Whether there is more is the vendor's to say; where it does not, a short page ends the list.
    """
    call = OFFSET.but(pages=Offset("limit", 3, more="more"))
    with opened() as (desk, connection):
        desk.says = [Reply(200, {"data": [{"id": 1}], "more": True})]
        assert [1, 2, 3, 4, 5, 6, 7] == ids(connection, call)
        desk.says = [Reply(200, {"data": [{"id": 1}, {"id": 2}, {"id": 3}], "more": False})]
        assert [1, 2, 3] == ids(connection, call)


@pytest.mark.parametrize("items", ["data", "outer.data"])
def test_null_is_an_empty_list_where_the_sheet_says_so(items):
    """
    A list that is null is empty at some vendors; a reply without the list never is.
    """
    call = GET("/people", items=items, empty_is_null=True)
    inside = {"data": None}
    with opened() as (desk, connection):
        desk.says = [Reply(200, inside if items == "data" else {"outer": inside})]
        assert [] == ids(connection, call)
        desk.says = [Reply(200, {"other": None})]
        with pytest.raises(ReplyUnread):
            ids(connection, call)
        desk.says = [Reply(200, inside if items == "data" else {"outer": inside})]
        with pytest.raises(ReplyUnread):
            ids(connection, call.but(empty_is_null=False))


def test_records_beside_are_joined():
    """
    What a reply lists beside its records is put into those that name it by id.
    """
    call = GET(
        "/people",
        items="data",
        beside=(
            Beside("teams", to="team_", by="team"),
            Beside("tags", to="tags_", by=("tags[]", "more[].tag")),
        ),
    )
    tags = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    person = {"id": 5, "team": 7, "tags": [2, 9], "more": [{"tag": 1}, {"tag": 2}]}
    body = {"data": [person], "teams": [{"id": 7, "name": "t"}], "tags": tags}
    with opened() as (desk, connection):
        desk.says = [Reply(200, body), Reply(200, {"data": [], "teams": []})]
        ((found,),) = connection.pages(call)
        with pytest.raises(ReplyUnread, match="the reply has no tags"):
            list(connection.pages(call))

    assert {"id": 7, "name": "t"} == found["team_"]
    assert [tags[1], tags[0]] == found["tags_"]


def test_value_that_the_key_may_not_read():
    """
    One status that the key has no right to is told after the others were read.
    """
    call = GET("/people", items="data", each={"status": ("a", "b")})
    with opened() as (desk, connection):
        desk.says = [Reply(403), Reply(200, {"data": [{"id": 1}]})]
        found: list[int] = []
        with pytest.raises(RightsMissing):
            found.extend(one["id"] for page in connection.pages(call) for one in page)
        assert ["a", "b"] == [one.param("status") for one in desk.sent]

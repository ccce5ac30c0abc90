from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import CallRefused
from klarsyn.personal import Personal
from klarsyn.testing import StillClock
from klarsyn.transport.bodies import AsItIs
from klarsyn.transport.filling import body, content, path, query
from klarsyn.transport.words import GET, POST, PUT, Filled, Place
from tests.transport.desk import Desk, connect, shown

ONE = GET("/teams/{team}/people/{id}")
BLANK = [None, "", " ", "\t\n", ".", "..", True, False, [], ["1"], {}, {"a": 1}, b"1", "a\x00b"]


@pytest.mark.parametrize("blank", [*BLANK, Personal("maja"), "\ud800"], ids=repr)
def test_blank_place_is_refused(blank):
    """
    Whatever is no word and no number, or would change the path, fills no place.
    """
    for places in ({"team": "1", "id": blank}, {"team": blank, "id": "1"}):
        with pytest.raises(CallRefused, match="would be called without"):
            path(ONE, places, "desk")
    with pytest.raises(CallRefused, match="would be called without id"):
        query(GET("/people", query={"id": Place("id")}), {"id": blank}, "desk")
    with pytest.raises(CallRefused, match="would be called without id"):
        query(GET("/people", query={"q": Filled("id:{id}")}), {"id": blank}, "desk")
    with pytest.raises(CallRefused, match="would be called without id"):
        content(POST("/", body={"id": Place("id")}, solid=("id",)), {"id": blank}, "desk")


def test_missing_place_is_refused():
    """
    A place that nobody thought of is a blank one.
    """
    with pytest.raises(CallRefused, match="would be called without team"):
        path(ONE, {"id": 1}, "desk")


@pytest.mark.parametrize(
    ("value", "encoded"),
    [("/", "%2F"), ("?", "%3F"), ("#", "%23"), ("%2F", "%252F"), ("a b", "a%20b"), (5, "5")],
)
def test_place_is_encoded(value, encoded):
    """
    What means something in an address does not in a place.
    """
    assert f"/teams/{encoded}/people/x" == path(ONE, {"team": value, "id": "x"}, "desk")


solid = st.text(min_size=1).filter(lambda t: t.strip() and t not in {".", ".."} and "\x00" not in t)


@given(solid, solid)
def test_any_words_keep_the_path(team, person):
    """
    Whatever the words are, the path has as many parts as the template, and says them.
    """
    filled = path(ONE, {"team": team, "id": person}, "desk")

    assert ["", "teams", team, "people", person] == [unquote(one) for one in filled.split("/")]
    assert filled == urlsplit(f"https://api.desk.example{filled}").path


@pytest.mark.network
@pytest.mark.parametrize(
    "word", ["/", "a/../b", "?x=1", "#x", "%2F", "%2e%2e", "åß\U0001f600", "\\", "\x7f\r\n"]
)
def test_words_arrive(word):
    """
    What is sent is what was meant: nothing on the way makes another path of it.
    """
    with Desk(clock=StillClock()) as desk, connect(desk) as connection:
        connection.look(GET("/a/{one}/b"), one=word)
        (request,) = desk.sent

    assert ["", "v1", "a", word, "b"] == [unquote(one) for one in request.raw_path.split("/")]


def test_query():
    """
    Truths are words, None is left out, texts are filled.
    """
    call = GET("/", query={"a": True, "b": False, "c": None, "d": 5, "q": Filled("x:{v}")})

    expected = [("a", "true"), ("b", "false"), ("d", "5"), ("q", "x:å")]
    assert expected == query(call, {"v": "å"}, "desk")


def test_body():
    """
    A place that is not given leaves its field out; one that is None is null.
    """
    template = {"a": Place("a"), "b": [Place("b"), {"c": Place("c")}], "d": (1, Place("none"))}

    assert {"b": [None, {"c": 5}], "d": [1]} == body(template, {"b": None, "c": 5})
    assert b'{"a":1}' == content(POST("/", body=Place("all")), {"all": {"a": 1}}, "desk")[0]
    assert (b"", "") == content(POST("/"), {}, "desk")
    assert (b"raw", "") == content(POST("/", body=b"raw"), {}, "desk")
    assert (b"raw", "*/*") == content(POST("/", body=b"raw", codec=AsItIs()), {}, "desk")


def test_form():
    """
    A form says truths and numbers as JSON does, 1 is not true, and None is left out.
    """
    fields = {"a": "å b", "t": True, "f": False, "n": 1, "z": 0, "x": None, "l": [1, "b"]}
    call = PUT("/{id}", body=fields, form=True)

    expected = b"a=%C3%A5+b&t=true&f=false&n=1&z=0&l=%5B1%2C%22b%22%5D"
    assert (expected, "application/x-www-form-urlencoded") == content(call, {}, "desk")


@pytest.mark.parametrize(
    ("bad", "form"),
    [
        (Personal("maja"), False),
        ({"name": "maja\ud800"}, False),
        ({"name": "maja\ud800"}, True),
        (Place("nothing"), False),
        (Place("nothing"), True),
        ({"maja": object()}, False),
    ],
)
def test_body_that_cannot_be_written(bad, form):
    """
    It is refused before anything is sent, and not quoted.
    """
    with pytest.raises(CallRefused, match="the body cannot be written") as caught:
        content(POST("/", body=bad, form=form), {}, "desk")
    assert "maja" not in shown(caught.value)

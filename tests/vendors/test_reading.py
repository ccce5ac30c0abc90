import pytest

from klarsyn.errors import ReplyUnread, RightsMissing, VendorError, said
from klarsyn.testing import Reply
from klarsyn.transport.connection import Purpose
from klarsyn.transport.paging import Capped
from klarsyn.transport.words import GET, Offset
from klarsyn.vendors.elements import NUMBER, Element
from klarsyn.vendors.reading import Coverage, Seen, batches, outer_places, read
from klarsyn.vendors.sheet import Record, Walk, Within
from tests.transport.desk import opened

PERSON = Record(
    name="person",
    about=said("people"),
    read=GET("/people", items="data"),
    elements=(
        Element("email"),
        Element("name", ("first", "last")),
        Element("age", wire=NUMBER),
        Element("city", "address.city"),
    ),
    open_fields=("fields.*", "notes[].text", "own[name=*].value"),
    ignored=("fields.url",),
    unread=lambda raw: said("a picture") if raw.get("picture") else None,
)
RAW = {
    "id": 7,
    "email": "maja@example.org",
    "first": "Maja",
    "last": "Fjord",
    "age": 42,
    "address": {"city": "Nordenby"},
    "fields": {"a": "one", "url": "https://x", "b": ["two", 3]},
    "notes": [{"text": "three"}, {"text": ""}],
    "own": [{"name": "Mail", "value": "four"}],
}


def shown(values):
    """Return values as they are."""
    return {name: value.reveal() for name, value in values.items()}


def test_values():
    """
    Every element that has a value, wherever it stands and whatever form it has.
    """
    seen = Seen(PERSON, RAW, {"team": "1"})
    expected = {"email": "maja@example.org", "name": "Maja Fjord", "age": "42", "city": "Nordenby"}

    assert expected == shown(seen.values())
    assert "7" == seen.key
    assert {"team": "1", "id": "7", "changes": {}} == seen.target.filled
    assert "<Seen person>" == repr(seen)


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ({"email": None, "first": "", "last": "Fjord", "address": None}, {"name": "Fjord"}),
        ({"email": True, "age": 0, "address": []}, {"email": "True", "age": "0"}),
        ({"email": ""}, {}),
        ("text", {}),
        (None, {}),
    ],
)
def test_values_that_are_not_there(raw, values):
    """
    Null and empty are no values, and a record that is no object has none.
    """
    seen = Seen(PERSON, raw, {})

    assert values == shown(seen.values())
    assert "" == seen.key


def test_texts_of_open_fields():
    """
    All that stands in an open field is read with its path, but for what is an element or ignored.
    """
    found = [(path, text.reveal()) for path, text in Seen(PERSON, RAW, {}).texts()]

    assert [
        ("fields.a", "one"),
        ("fields.b[]", "two"),
        ("fields.b[]", "3"),
        ("notes[].text", "three"),
        ("own[name=Mail].value", "four"),
    ] == found


@pytest.mark.network
def test_every_record_within_others():
    """
    What records lie within is walked first, and fills their places; a filter leaves some out.
    """
    team = Walk(name="team", read=GET("/teams", items="data"), only="teams")
    within = Within(team, {"id": "id"}, where=lambda raw: raw["open"])
    member = Record(
        name="member", about=said("x"), read=GET("/people/{id}/all", items="data"), within=within
    )
    teams = Reply(
        200, {"data": [{"id": 1, "open": True}, {"id": 2, "open": False}, {"id": 3, "open": True}]}
    )
    coverage = Coverage()
    with opened(purpose=Purpose.AUDIT) as (desk, connection):
        desk.says = [teams, Reply(200, {"data": [{"id": 8}]}), Reply(200, {"data": []}), teams]
        pages = list(read(connection, member, coverage))
        assert ["/v1/teams", "/v1/people/1/all", "/v1/people/3/all"] == [
            one.path for one in desk.sent
        ]
        assert [{"id": 1}, {"id": 3}] == list(outer_places(connection, within))
        connection.settings["teams"] = ["3"]
        desk.says = [teams]
        assert [{"id": 3}] == list(outer_places(connection, within))

    assert [[("8", {"id": 1})], []] == [[(one.key, one.places) for one in page] for page in pages]
    assert ({"member": 1}, True) == (coverage.read, coverage.complete)


@pytest.mark.network
def test_what_is_not_read_is_noted_or_raised():
    """
    With a coverage it is noted and never a pass; without, it is raised.
    """
    capped = Record(
        name="capped",
        about=said("x"),
        read=GET("/by/offset", items="data", pages=Offset("limit", 3, cap=3)),
    )
    coverage = Coverage()
    with opened(purpose=Purpose.AUDIT) as (desk, connection):
        assert 3 == sum(map(len, read(connection, capped, coverage)))
        with pytest.raises(Capped):
            list(read(connection, capped))
        desk.says = [Reply(200, {}), Reply(403), Reply(200, {}), Reply(403)]
        for kind in (ReplyUnread, RightsMissing):
            assert [] == list(read(connection, PERSON, coverage))
            assert issubclass(kind, VendorError)
        for kind in (ReplyUnread, RightsMissing):
            with pytest.raises(kind):
                list(read(connection, PERSON))

    assert ["capped", "person", "person"] == [name for name, _ in coverage.missed]
    assert "the vendor shows no more of the list" == str(coverage.missed[0][1])
    assert not coverage.complete


@pytest.mark.network
def test_records_that_are_read_in_part():
    """
    A part that is not read, such as a picture, is counted by its reason.
    """
    coverage = Coverage()
    with opened(purpose=Purpose.AUDIT) as (desk, connection):
        people = [{"id": 1, "picture": "a"}, {"id": 2}, {"id": 3, "picture": "b"}]
        desk.says = [Reply(200, {"data": people})]
        list(read(connection, PERSON, coverage))

    assert [2] == [count for _, count in coverage.unread.values()]
    assert 3 == coverage.read["person"]


def by_function(connection, places):
    """Read what the places say, from nowhere."""
    assert "desk" == connection.name
    yield [{"id": places["a"]}]


@pytest.mark.network
def test_reader_of_its_own():
    """
    A sheet may read by a function, which gets the connection and the places.
    """
    with opened() as (_, connection):
        assert [[{"id": 1}]] == list(batches(connection, by_function, {"a": 1}))

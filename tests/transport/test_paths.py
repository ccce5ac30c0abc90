import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.transport.paths import at, every, getter, named, put, steps, texts

PERSON = {
    "name": "Maja",
    "address": {"city": "Nordenby", "lines": ["a", None, "b"]},
    "emails": [{"value": "one@example.org"}, {"value": "two@example.org", "kind": "work"}],
    "odd": "text",
    "none": None,
}

words = st.text("abcdefghij_", min_size=1, max_size=6)
plain_steps = st.builds(str, words)
list_steps = st.builds("{}[]".format, words)
tested_steps = st.builds("{}[{}={}]".format, words, st.just("KEY"), words)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Maja"),
        ("address.city", "Nordenby"),
        ("emails[].value", "one@example.org"),
        ("emails[kind=work].value", "two@example.org"),
        ("emails[kind=home].value", None),
        ("address.lines[]", "a"),
        ("odd.city", None),
        ("odd[]", None),
        ("none.city", None),
        ("missing.city", None),
        ("", PERSON),
    ],
)
def test_first_value_at_a_path(path, value):
    """
    A path leads to its first value, or to None wherever it cannot be followed.
    """
    assert value == at(PERSON, path)


def test_every_value_at_a_path():
    """
    All values are found, nulls left out.
    """
    assert ["a", "b"] == list(every(PERSON, "address.lines[]"))
    assert ["one@example.org", "two@example.org"] == list(every(PERSON, "emails[].value"))
    assert [1, 2] == list(every([1, 2], "[]"))
    assert [] == list(every("text", "name"))


def test_fields_by_their_names():
    """
    `[name=*]` is every field, each at the path by its name; without it a path is its own name.
    """
    fields = {"fields": [{"name": "A", "value": 1}, {"name": "B", "value": 2}, {"name": "B"}]}

    expected = [("fields[name=A].value", 1), ("fields[name=B].value", 2)]
    assert expected == list(named(fields, "fields[name=*].value"))
    assert [("name", "Maja")] == list(named(PERSON, "name"))


def test_record_that_is_none():
    """
    A list of names instead of objects has nothing at any path.
    """
    assert None is getter("name")("text")
    assert None is getter("name.first")(["text"])


@pytest.mark.parametrize("path", ["a..b", ".a", "a]", "[x"])
def test_what_is_no_path(path):
    """
    A path that does not parse is a mistake of the sheet, told at once.
    """
    with pytest.raises(ValueError, match="is no path"):
        steps(path)


@given(
    st.lists(plain_steps | list_steps | tested_steps, min_size=1, max_size=4).map(
        lambda names: ".".join([*names[:-1], f"end.{names[-1]}"])
    ),
    st.text(),
)
def test_what_is_put_is_found(path, value):
    """
    Whatever is set at a path stands there, whether the record was empty or set before.
    """
    if "=" in path.rpartition(".")[2]:
        path += ".value"
    record: dict[str, object] = {}
    put(record, path, "before")
    put(record, path, value)

    assert value == at(record, path)
    assert [value] == list(every(record, path))


def test_putting_leaves_the_rest():
    """
    The item of that name is changed, the others stay; a list is set as a whole.
    """
    record: dict[str, object] = {
        "fields": [{"name": "Phone", "value": "1"}, {"name": "Mail", "value": "2"}]
    }
    put(record, "fields[name=Mail].value", "3")
    put(record, "tags[]", ["a", "b"])

    assert [{"name": "Phone", "value": "1"}, {"name": "Mail", "value": "3"}] == record["fields"]
    assert ["a", "b"] == record["tags"]


def test_putting_where_nothing_fits():
    """
    Null, or a text where there should be an object, gives way.
    """
    record: dict[str, object] = {"address": None, "emails": "none", "phones": ["1"]}
    put(record, "address.city", "Nordenby")
    put(record, "emails[].value", "a")
    put(record, "phones[].value", "2")

    expected = {"city": "Nordenby"}, [{"value": "a"}], [{"value": "2"}]
    assert expected == tuple(record.values())


def test_texts_below_a_value():
    """
    Texts and numbers are found with their paths; truths, nulls and empty texts are none.
    """
    value = {"a": "x", "b": [{"c": 5}, "y", ""], "d": True, "e": None, "f": 1.5}

    assert [("a", "x"), ("b[].c", "5"), ("b[]", "y"), ("f", "1.5")] == list(texts(value))
    assert [("root", "x")] == list(texts("x", "root"))

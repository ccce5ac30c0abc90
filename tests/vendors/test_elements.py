import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.errors import said
from klarsyn.transport.words import GET
from klarsyn.vendors.elements import NUMBER, Clear, Element, body_of
from klarsyn.vendors.reading import Seen
from klarsyn.vendors.sheet import Record

ELEMENTS = (
    Element("email", "contact.email"),
    Element("name", ("first", "last")),
    Element("age", wire=NUMBER, clear=Clear.NULL),
    Element("phone", "phones[].value"),
    Element("city", "fields[name=City].value"),
)
RECORD = Record(name="person", about=said("people"), read=GET("/people"), elements=ELEMENTS)


def test_body_puts_each_value_at_its_place():
    """
    Each element goes where the vendor keeps it, in the vendor's form.
    """
    values = {"email": "a@b", "name": "Maja Lone Fjord", "age": "42", "phone": "1", "city": "Ry"}

    assert {
        "contact": {"email": "a@b"},
        "first": "Maja Lone",
        "last": "Fjord",
        "age": 42,
        "phones": [{"value": "1"}],
        "fields": [{"name": "City", "value": "Ry"}],
    } == body_of(ELEMENTS, values)


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({"name": "Maja"}, {"first": "Maja", "last": ""}),
        ({"name": None}, {"first": "", "last": ""}),
        ({"age": None}, {"age": None}),
        ({"age": "-7"}, {"age": -7}),
        ({"age": "1.5"}, {"age": 1.5}),
        ({"fields.own": "x"}, {"fields": {"own": "x"}}),
        ({}, {}),
    ],
)
def test_odd_values(values, body):
    """
    None clears as the vendor has it; one word is a first name; a name of no element is a place.
    """
    assert body == body_of(ELEMENTS, values)


words = st.text("abcåß", min_size=1, max_size=5)


@given(words, words, words, st.integers())
def test_what_is_written_is_read_back(first, last, city, age):
    """
    A body that sets elements reads as those elements.
    """
    values = {"name": f"{first} {last}", "city": city, "age": str(age)}
    seen = Seen(RECORD, body_of(ELEMENTS, values), {})

    assert values == {name: value.reveal() for name, value in seen.values().items()}


def test_paths():
    """
    An element without a place stands under its own name.
    """
    assert ("email",) == Element("email").paths
    assert ("a", "b") == Element("name", ("a", "b")).paths

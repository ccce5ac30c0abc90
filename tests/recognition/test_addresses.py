import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import addresses
from tests.recognition.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ekvägen 15, lgh 1182, 543 59 Tibro.", "Ekvägen 15, lgh 1182, 543 59 Tibro"),
        ("på Sankt Eriksgatan 139 idag", "Sankt Eriksgatan 139"),
        ("Karl Johans gate 68", "Karl Johans gate 68"),
        ("Skovvej 75, 5650 København Ø", "Skovvej 75, 5650 København Ø"),
        ("Vesterbrogade 137, 4. tv", "Vesterbrogade 137, 4. tv"),
        ("Storgata 104 C\nhei", "Storgata 104 C"),
        ("storgatan 5, 111 22 Stockholm", "storgatan 5, 111 22 Stockholm"),
        ("storgatan 5", None),
        ("på vägen 2 gånger", None),
        ("Storgatan 1.500 kr", None),
    ],
)
def test_streets(text, expected):
    """
    Name, number, floor, postal code and town; a bare "vägen 2" is no street.
    """
    found = [one for _, one in read(text, addresses.read_street)]

    assert ([expected] if expected else []) == found


NAME = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][\w.'’:-]*[ ]){0,3}[\w'’-]+\Z")


@given(st.lists(st.sampled_from(["Karl", "aB", "St.", "Ø", "gate", "-", "’", ":", ",", " ", " "])))
def test_words_of_a_name_are_those_of_the_expression(parts):
    """
    The last one, and three capitalised ones before it at most.
    """
    text = "".join(parts)
    found = NAME.search(text)

    assert (found[0].split(" ") if found else []) == addresses._name(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 29 Station Road, Leeds LS19 9AB", "29 Station Road, Leeds LS19 9AB"),
        ("Flat 3, 12 Mill Lane", "Flat 3, 12 Mill Lane"),
        ("Station Road", None),
    ],
)
def test_english_streets(text, expected):
    """
    The number comes first.
    """
    found = [one for _, one in read(text, addresses.read_english)]

    assert ([expected] if expected else []) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Box 92, 173 17 Lund", "Box 92, 173 17 Lund"),
        ("Postboks 12", "Postboks 12"),
        ("Box 8850", "Box 8850"),
        ("Box 3", None),
        ("Inbox 8850", None),
    ],
)
def test_boxes(text, expected):
    """
    At the post office, not on the shelf.
    """
    found = [one for _, one in read(text, addresses.read_box)]

    assert ([expected] if expected else []) == found


def test_house_number_before_a_town():
    """
    Whatever the street is called.
    """
    assert [("house-and-town", "Nørrebro 12, 2200 København")] == read(
        "til Nørrebro 12, 2200 København", addresses.read_town
    )
    assert [] == read("kl. 12, 2200 personer", addresses.read_town)

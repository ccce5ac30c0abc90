import re

import pytest

from klarsyn.recognition import secretwords
from klarsyn.recognition.secretwords import announced


def said(text, word):
    """Return which kind of secret a word in a text announces, and what is left of the text."""
    found = announced(text + "\0\0", text.index(word))
    return found and (found.kind, text[found.end :])


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("lösenordets: x", "lösenord", ("password", ": x")),
        ('"password": x', "password", ("password", ": x")),
        ("**pwd** x", "pwd", ("password", " x")),
        ("API key x", "API", ("key", " x")),
        ("wpa2 x", "wpa2", ("weak", " x")),
        ("kod x", "kod", ("bare", " x")),
        ("portkod x", "kod", ("code", " x")),
        ("sexsiffrig kod x", "kod", ("code", " x")),
        ("min kod x", "kod", ("own", " x")),
        ("rabattkod x", "kod", None),
        ("monkeys x", "key", None),
        ("dbPassword x", "Password", ("password", " x")),
        ("pass-the-ball", "pass", None),
        ("passage", "pass", None),
        ("apiary", "api", None),
        ("4711", "4711", None),
    ],
)
def test_words_that_announce(text, word, expected):
    """
    The word with its ending, and what stands before it, decide which kind it is.
    """
    assert expected == said(text, word)


def test_every_keyword_begins_where_a_trigger_looks():
    """
    A keyword that no trigger finds would never be read.
    """
    sought = re.compile(b"|".join(secretwords.EXPRESSIONS), re.IGNORECASE)
    every = secretwords.SECRETS["keywords"].values()
    words = [word for entry in every for told in entry.values() for word in told.split()]

    assert [] == [word for word in words if not sought.match(word.encode("latin-1"))]


def test_words_are_spelled_with_spaces():
    """
    "_" stands for one in the data.
    """
    assert "log in" in secretwords.spelled("pairs")

import pytest

from klarsyn.recognition import knownread, spelling
from klarsyn.recognition.knownplain import PlainNames


def words(text):
    """Return the words of a text, as the index hands them over."""
    spans = [found.span() for found in spelling.WORD.finditer(text)]
    return knownread.Words(text, [a for a, _ in spans], [b for _, b in spans])


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Åsa Ek", True),
        ("Åsa-Ek", True),
        ("Sol & Ek", True),
        ("A. Ek", True),
        ("Åsa, Ek", False),
        ("Åsa\nEk", False),
        ("Åsabo. Ek", False),
    ],
)
def test_what_may_stand_between_the_words_of_a_name(text, joined):
    """
    A space, a hyphen, "&", the dot of an initial; no sentence's end.
    """
    assert joined == words(text).joined(1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Åsa Qvibyl", "known-name"),
        ("Åsa Qvibyls", "known-name-genitive"),
        ("Qvibyl, Åsa", "known-name-reversed"),
        ("Å. Qvibyl", "known-initial"),
        ("Åsa Qviybl", "known-typo"),
        ("sÅa Qvibyl", None),
        ("åsa qviybl", None),
    ],
)
def test_rules_by_name(text, rule):
    """
    Each way has its rule and its confidence; typos are forgiven in capitalised words only.
    """
    hit = knownread.read(words(f"{text}\0\0"), 0, PlainNames(["Åsa Qvibyl"], [""]), begins=True)

    assert rule == (hit and hit.rule)


def test_initial_of_several_is_less_sure():
    """
    Åsa or Ålf.
    """
    one = knownread.read(words("Å. Qvibyl\0"), 0, PlainNames(["Åsa Qvibyl"], [""]), begins=True)
    both = PlainNames(["Åsa Qvibyl", "Ålf Qvibyl"], ["", ""])
    two = knownread.read(words("Å. Qvibyl\0"), 0, both, begins=True)

    assert one is not None
    assert two is not None
    assert one.confidence > two.confidence


def test_names_looked_for():
    """
    A person's has two words, none has more than six.
    """
    assert not knownread.is_name(("asa",), "PERSON")
    assert knownread.is_name(("volt",), "ORG")
    assert not knownread.is_name(tuple("abcdefg"), "ORG")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import spelling


@pytest.mark.parametrize(
    ("word", "expected"),
    [("ÅSA", "asa"), ("Søren", "soren"), ("Björn", "bjorn"), ("José", "jose"), ("x1", "x1")],
)
def test_case_and_accents_fall(word, expected):
    """
    Letter by letter.
    """
    assert expected == spelling.folded(word)


@given(st.text())
def test_folding_keeps_the_length(text):
    """
    So that offsets stay.
    """
    for found in spelling.WORD.findall(text):
        assert len(found) == len(spelling.folded(found))
        assert spelling.folded(found) == spelling.folded(spelling.folded(found))


def test_words_of_a_name():
    """
    Hyphens and dots part them.
    """
    assert ("jens", "ove", "o", "hara") == spelling.words("Jens-Ove O'Hara")


def test_letters_spelled_out():
    """
    As typed on a foreign keyboard.
    """
    assert "Bjoern Aastroem Kjaer" == spelling.spelled_out(
        "Björn Åström Kjær".replace("Å", "å")
    ).replace("aastr", "Aastr")


@pytest.mark.parametrize(("word", "expected"), [("bergs", "berg"), ("hans", "han"), ("as", None)])
def test_genitive(word, expected):
    """
    A last "s" falls if a name is left.
    """
    assert expected == spelling.without_genitive(word)


def distance(a, b):
    """Return how many letters to leave out, put in, change or swap lead from a to b (oracle)."""
    if not a or not b:
        return len(a) + len(b)
    best = min(
        distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0])
    )
    if a[:2] == b[1::-1] and len(a) > 1:
        best = min(best, distance(a[2:], b[2:]) + 1)
    return best


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_typo_is_distance_one(a, b):
    """
    Against the textbook's recursion.
    """
    assert (distance(a, b) == 1) == spelling.is_one_typo(a, b)


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_words_one_typo_apart_share_a_shortened_form(a, b):
    """
    So the index of shortened words misses none.
    """
    if spelling.is_one_typo(a, b):
        assert spelling.shortened(a) & spelling.shortened(b)

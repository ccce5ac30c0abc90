import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import fingerprints as fp
from klarsyn.recognition import spelling
from tests.recognition.samples import texts


@given(texts())
def test_words_of_a_text_are_those_of_the_expression(text):
    """
    Begins, ends, and the fingerprint of the folded word.
    """
    found = list(spelling.WORD.finditer(text))
    scanned = fp.scan(text)

    assert [one.start() for one in found] == scanned.starts.tolist()
    assert [one.end() for one in found] == scanned.ends.tolist()
    assert [fp.fingerprint(spelling.folded(one[0])) for one in found] == scanned.prints.tolist()


@given(texts())
def test_genitives_lose_their_s(text):
    """
    Where the word is long enough; the others stay.
    """
    scanned = fp.scan(text)
    folded = [spelling.folded(found[0]) for found in spelling.WORD.finditer(text)]
    expected = [fp.fingerprint(spelling.without_genitive(word) or word) for word in folded]

    assert expected == scanned.bare().tolist()


def test_long_texts_are_read_in_pieces():
    """
    A word is not cut where a piece ends.
    """
    text = "åsa qvibyl " * 20_000
    prints = fp.scan(text).prints

    assert 40_000 == len(prints)
    assert 2 == len(np.unique(prints))


@given(st.lists(st.text("abcå", min_size=1, max_size=6), min_size=1))
def test_shortened_words_have_the_fingerprints_of_their_texts(words):
    """
    Whole, and without each letter.
    """
    prints, owners = fp.shortened(words)
    found = {(int(owner), int(one)) for owner, one in zip(owners, prints, strict=True)}
    expected = {
        (n, fp.fingerprint(spelling.folded(short)))
        for n, word in enumerate(words)
        for short in spelling.shortened(word)
    }

    assert expected == found


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_bitmap_never_says_no_wrongly(numbers):
    """
    What is in it is held.
    """
    array = np.array(numbers, np.uint64)

    assert fp.Bitmap(array).holds(array).all()
    assert fp.contains(np.sort(array), array).all()


def test_bitmap_mostly_says_no():
    """
    Of numbers that are not in it, one in ten at most.
    """
    chance = np.random.default_rng(1)
    inside, outside = chance.integers(0, 2**63, (2, 10_000), np.uint64)

    assert fp.Bitmap(inside).holds(outside).mean() < 0.1
    assert not fp.contains(np.empty(0, np.uint64), outside).any()


def test_names_of_several_words():
    """
    Pairs and chains agree with the fingerprint of one list.
    """
    prints = fp.scan("åsa qvibyl ek").prints
    whole = fp.together(prints.tolist())
    first, count = np.array([0]), np.array([3])

    assert [whole] == fp.chained(prints, first, count).tolist()
    assert [fp.together(prints[:2].tolist())] == fp.pairs(prints[:1], prints[1:2]).tolist()


@given(st.lists(st.integers(0, 2**64 - 1)), st.lists(st.integers(0, 2**64 - 1)))
def test_set_of_fingerprints_answers_exactly(inside, outside):
    """
    The bitmap first, the ordered numbers where it says perhaps.
    """
    asked = np.array([*inside, *outside], np.uint64)
    expected = [number in set(inside) for number in [*inside, *outside]]

    assert expected == fp.Prints(np.array(inside, np.uint64)).holds(asked).tolist()

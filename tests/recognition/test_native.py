from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import fingerprints as fp
from klarsyn.recognition import native
from klarsyn.recognition.batch import blocks
from tests.recognition.samples import texts

signs: Any = native.SIGNS
words: Any = native.WORDS
pytestmark = pytest.mark.skipif(
    words is None, reason="what is in C is not built here; `just compiled` tries it"
)
NUMBERS = np.zeros(2, np.int64)
TABLES = fp.alphabet()
SET = fp.Prints(np.zeros(1, np.uint64)).parts
SETS = SET, SET, SET[:2]
LIMITS = (True, 3, 4)


@given(st.lists(texts(), max_size=4))
def test_records_are_joined_between_nuls(records):
    """
    Dashes and hard spaces plain, one byte a sign beside the text, each record's beginning.
    """
    plain = [one.replace("\u2013", "-").replace("\xa0", " ") for one in records]
    text, latin, starts = signs.joined(records)

    assert "\0".join(["", *plain, "", ""]) == text
    assert text.encode("latin-1", "replace") == latin
    assert [
        text[start : start + len(one)] for start, one in zip(starts, plain, strict=True)
    ] == plain


def test_text_is_as_small_as_its_signs_allow():
    """
    Else Python would not find it equal to the same text made otherwise.
    """
    (block,) = blocks(["a\xa0b", "c\u2013d"])

    assert block.text.isascii()
    assert {"\0a b\0c-d\0\0": 1} == {block.text: 1}


@given(texts())
def test_uncommon_records_are_those_that_must_be_normalised(text):
    """
    What Latin-1 lacks, but for the dash, and soft hyphens.
    """
    plain = text.replace("\u2013", "-")
    expected = "\xad" in plain or any(sign > "\xff" for sign in plain)

    assert ([0] if expected else []) == signs.uncommon([text])


@pytest.mark.parametrize(
    "ask",
    [
        lambda: signs.joined(("a",)),
        lambda: signs.joined(["a", b"b"]),
        lambda: signs.uncommon([None]),
        lambda: signs.digit_runs("a"),
        lambda: words.words(b"a", TABLES[0]),
        lambda: words.words("a", NUMBERS),
        lambda: signs.likely(b"1234567\0\0", NUMBERS, NUMBERS[:1], bytearray(9)),
        lambda: signs.likely(b"1234567\0\0", NUMBERS, NUMBERS + 99, bytearray(9)),
        lambda: signs.likely(b"1234567\0\0", NUMBERS - 1, NUMBERS + 1, bytearray(9)),
        lambda: words.names("a b", (NUMBERS, NUMBERS, NUMBERS), TABLES, SETS, NUMBERS, LIMITS),
        lambda: words.names("a b", (NUMBERS, NUMBERS + 9, NUMBERS), TABLES, SETS, NUMBERS, LIMITS),
        lambda: words.names("", (*[NUMBERS[:0]] * 3,), TABLES[::-1], SETS, NUMBERS, LIMITS),
        lambda: words.names(
            "", (*[NUMBERS[:0]] * 3,), TABLES, ((SET[0], 1, SET[2]), *SETS[1:]), NUMBERS, LIMITS
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(ask):
    """
    Nothing is read that is not there.
    """
    with pytest.raises((TypeError, ValueError)):
        ask()

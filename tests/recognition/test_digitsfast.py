import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import digitruns, digits, digitsfast
from klarsyn.recognition.batch import blocks
from klarsyn.recognition.findings import Hit
from tests.recognition.samples import texts

SIGNS = " \n\0-.:,()/+?#€£°_aåM²’"
BESIDE = st.text(SIGNS, max_size=3)
NUMBERS = st.sampled_from(
    ["070-174 06 05", "22345678", "121212-1212", "(0)70 174 06 05", "988077917", "1234567 12345678"]
)
WORDS = st.sampled_from(["", "konto ", "cpr:\n", "a b c d e f ", "ordre  ", "x" * 70 + " ", "tlf."])
AROUND = st.tuples(WORDS, BESIDE, NUMBERS, BESIDE, st.sampled_from(["", "MVA", "1", "fax", "b"]))


def both(text):
    """Return what is found with NumPy, and what one after the other."""
    (block,) = blocks([text])
    runs = digitruns.places(block.data)
    fast: list[Hit] = []
    plain: list[Hit] = []
    digitsfast.read(block.text, block.data, runs, fast)
    digits.read_all(block.text, block.data, runs, plain)
    return sorted(fast), sorted(plain)


@given(st.lists(AROUND.map("".join), min_size=1, max_size=3).map("".join) | texts())
def test_runs_are_judged_as_one_after_the_other(text):
    """
    Whatever stands on either side, whatever the words before say.
    """
    fast, plain = both(text)

    assert plain == fast


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("ring 070-174 06 05", "phone"),
        ("ring +46 70 174 06 05", "phone"),
        ("ring (070) 174 06 05", "phone"),
        ("Telefon:\n22345678", "phone"),
        ("22345678 (mobil)", "phone"),
        ("22345678-fax", "phone"),
    ],
)
def test_signs_and_words_beside_a_run_are_read(text, rule):
    """
    Sure ones at once, others by the rules of one run.
    """
    fast, plain = both(text)

    assert [rule] == [hit.rule for hit in fast]
    assert plain == fast


@pytest.mark.parametrize("text", ["#22345678", "tlf 22345678a", "22345678b.5", "a-22345678", ""])
def test_part_of_something_else_is_no_number(text):
    """
    A sign that glues, a letter, a digit after a dot.
    """
    assert ([], []) == both(text)


def test_runs_in_a_plain_dictionary_do_as_well():
    """
    The columns are made of it.
    """
    (block,) = blocks(["ring 22345678"])
    found: list[Hit] = []
    digitsfast.read(block.text, block.data, {6: 15}, found)

    assert [(6, 14, "PHONE")] == [hit[:3] for hit in found]

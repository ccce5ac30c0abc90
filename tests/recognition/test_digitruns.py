from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import digitruns, digits
from klarsyn.recognition.scan import PlainEngine

PLAIN = PlainEngine([digits.RUNS])


@given(st.text("0123456789 -/().+a\n", max_size=40) | st.text(max_size=20))
def test_runs_are_those_of_the_expression(text):
    """
    NumPy finds what `re` finds, over any bytes.
    """
    data = text.encode("latin-1", "replace") + b"\0\0"

    assert PLAIN.places(data)[0] == digitruns.places(data)


def test_run_ends_after_the_sign_that_ends_it():
    """
    As the expression does, which takes that sign in.
    """
    assert {4: 18} == digitruns.places(b"tel 070-174 06 05.\0\0")


def test_numbers_too_far_apart_are_two():
    """
    Only one sign, or one with spaces around it, stands inside a number.
    """
    assert {0: 8, 9: 17} == digitruns.places(b"1234567  7654321\0\0")


def test_six_digits_are_no_run():
    """
    Nothing that is looked for is as short.
    """
    assert {} == digitruns.places(b"12-34-56 a 123\0\0")
    assert {} == digitruns.places(b"\0\0")

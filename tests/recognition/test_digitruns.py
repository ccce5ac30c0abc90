import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import digitruns, digits
from klarsyn.recognition.scan import PlainEngine

PLAIN = PlainEngine([digits.RUNS])


@given(st.text("0123456789 -/().+a\n", max_size=40) | st.text(max_size=20))
def test_runs_are_those_of_the_expression(text):
    """
    NumPy and C find what `re` finds, over any bytes.
    """
    data = text.encode("latin-1", "replace") + b"\0\0"

    assert PLAIN.places(data)[0] == digitruns.places(data) == digitruns.grouped(data)


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


RUNS = b"tel 070-174 06 05, nr 12345678901; 9-12-34-567.\0\0"


def test_runs_stand_in_columns_too():
    """
    Where they begin, where their last digit ends; also of a plain dictionary.
    """
    runs = digitruns.places(RUNS)
    starts, ends = digitruns.columns(dict(runs))

    assert [4, 22, 35] == runs.starts.tolist() == starts.tolist()
    assert [17, 33, 46] == runs.ends.tolist() == ends.tolist()


def test_digits_of_runs_are_counted():
    """
    Without the signs between them.
    """
    groups = digitruns.grouped(RUNS).groups
    signs = np.frombuffer(RUNS, np.uint8)

    assert [10, 11, 8] == groups.counts().tolist()
    assert [1740605, 5678901, 1234567] == groups.endings(signs)[0].tolist()
    assert 3456789 == groups.endings(signs)[1][1]


def test_signs_inside_runs_are_told():
    """
    A bracket in the run, not the one before it.
    """
    runs = digitruns.grouped(b"(070 174 06 05); 12(0)34567\0\0")
    signs = np.frombuffer(b"(070 174 06 05); 12(0)34567\0\0", np.uint8)

    assert [False, True] == runs.groups.hold(signs, b"(").tolist()


def test_six_digits_are_no_run():
    """
    Nothing that is looked for is as short.
    """
    assert {} == digitruns.places(b"12-34-56 a 123\0\0")
    assert {} == digitruns.places(b"\0\0")

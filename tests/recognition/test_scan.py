import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition.core import TRIGGERS
from klarsyn.recognition.scan import HyperscanEngine, PlainEngine, any_of, engine, has_hyperscan
from tests.recognition.samples import texts

FAST, PLAIN = HyperscanEngine(TRIGGERS), PlainEngine(TRIGGERS)


@given(st.binary() | texts().map(lambda text: text.encode("latin-1", "replace")))
def test_engines_look_at_the_same_places(data):
    """
    Over any bytes, each trigger begins where the other engine says it does.
    """
    data += b"\0\0"

    assert [sorted(one) for one in PLAIN.places(data)] == [sorted(one) for one in FAST.places(data)]


def test_run_of_digits_is_one_place():
    """
    From the first digit to the sign after the last.
    """
    runs = FAST.places(b"\0tel 070-174 06 05.\0\0")[0]

    assert {5: 19} == dict(runs)


def test_words_are_found_in_either_case():
    """
    Latin-1 letters beyond ASCII stand in both cases in the expression.
    """
    assert b"(?:V[\xc4\xe4]G)" == any_of(["VäG"])


def test_engine_is_made_once():
    """
    Compiling takes longer than a thousand notes.
    """
    assert engine(TRIGGERS, fast=False) is engine(TRIGGERS, fast=False)


WITHOUT = """
import sys
sys.modules["hyperscan"] = None
from klarsyn.recognition import core, recognise, scan
assert not scan.has_hyperscan()
assert isinstance(scan.engine(core.TRIGGERS, fast=scan.has_hyperscan()), scan.PlainEngine)
print(*recognise(["tel 070-174 06 05."]).rule)
recognise([""], fast=True)
"""


def test_without_hyperscan_the_plain_engine_serves():
    """
    The extra is asked for, not assumed; a process of its own, for what is imported stays.
    """
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )

    assert has_hyperscan()
    assert "phone" == done.stdout.strip()
    assert "import of hyperscan halted" in done.stderr.splitlines()[-1]

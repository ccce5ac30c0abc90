import builtins

import pytest
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


def test_without_hyperscan_the_plain_engine_serves(monkeypatch):
    """
    The extra is asked for, not assumed.
    """
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "hyperscan":
            raise ImportError(name)
        return real(name, *rest, **more)

    assert has_hyperscan()
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert not has_hyperscan()
    with pytest.raises(ImportError):
        HyperscanEngine(TRIGGERS)

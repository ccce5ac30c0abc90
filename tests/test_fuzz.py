from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import given, settings

from klarsyn import yamlfiles
from klarsyn.register.company import ScoreCard
from klarsyn.register.loading import _kind
from scripts import fuzz
from tests.strategies import REAL_FILES, mutated_files

SAMPLE = 1_500
RUNS = 3


@contextmanager
def pure_parser():
    """Do as on a machine where the parser in C is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ruamel.yaml.main.CParser", None)
        yield


def outcome(name, content):
    """Return value, lines, and where the problems are."""
    kind = _kind(name)
    assert kind is not None
    loaded = yamlfiles.parse(content, kind, shown=name)
    where = [(one.file, one.line) for one in loaded.problems]
    return loaded.value, loaded.value and dict(loaded.lines), where


@pytest.mark.parametrize("run", range(RUNS))
def test_spoilt_registers_end_in_a_refusal_or_load(run, tmp_path):
    """
    No traceback, whatever is in the files; `just fuzz` tries 100,000 (scripts/fuzz.py).
    """
    part = SAMPLE // RUNS
    tally = fuzz.try_cases(2026, range(run * part, (run + 1) * part), tmp_path)

    assert [] == tally.failures
    assert part == tally.endings.total()


def test_fuzzing_finds_something_to_refuse_and_something_to_load(tmp_path):
    """
    Were everything refused at once, nothing behind the parser would be tried.
    """
    tally = fuzz.try_cases(1, range(200), tmp_path)

    assert tally.endings["refused"] > 20
    assert tally.endings["accepted"] > 5


def test_a_case_is_the_same_every_time():
    """
    The seed and the number that a failure prints are enough to see it again.
    """
    one, other = (
        fuzz.spoilt(Random("1-7"))  # noqa: S311  (chance, no secret)
        for _ in range(2)
    )

    assert one == other


def test_failure_is_told_with_what_was_changed(monkeypatch):
    """
    Anything but a RegisterError is a failure, told with seed, case, file and traceback.
    """
    monkeypatch.setattr(fuzz, "attempt", lambda *_: 1 // 0)
    (told,) = fuzz.try_cases(5, range(3, 4)).failures

    assert told.startswith("--seed 5 --only 3: ")
    assert "ZeroDivisionError" in told


@pytest.mark.parametrize("name", REAL_FILES)
def test_both_parsers_read_every_real_file_alike(name):
    """
    The parser in C and the one in Python give the same values and lines.
    """
    content = REAL_FILES[name]
    in_c = outcome(name, content)
    with pure_parser():
        pure = outcome(name, content)

    assert [] == in_c[2]
    assert in_c == pure


@pytest.mark.parametrize(
    "label",
    ["{en: Whose is it?}", "{en: a?, sv: b}", "{en: 12:30}", "{en: a:b}", "{en:x}", "{en: ?}"],
)
def test_both_parsers_agree_on_short_mappings(label):
    """
    YAML 1.1 and 1.2 differ on question marks and colons between braces; machines may not.
    """
    content = f"format: 1\nelements: []\nlabel: {label}\n".encode()
    in_c = yamlfiles.parse(content, ScoreCard, shown="card.yaml")
    with pure_parser():
        pure = yamlfiles.parse(content, ScoreCard, shown="card.yaml")

    assert [str(one) for one in in_c.problems] == [str(one) for one in pure.problems]


@given(mutated_files())
@settings(max_examples=300)
def test_both_parsers_agree_on_spoilt_files(spoilt):
    """
    A register that loads on one machine loads on the other, as the same.
    """
    name, content = spoilt
    in_c = outcome(name, content)
    with pure_parser():
        pure = outcome(name, content)

    assert in_c[0] == pure[0]
    assert in_c[1] == pure[1]

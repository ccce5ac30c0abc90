"""
What a user runs, as a user runs it, with a watch in the hand.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time

import pytest

from benchmarks.history import made, measured
from tests.acceptance.processes import EXAMPLES, KLARSYN, klarsyn

SECONDS = 10
TIMES_BARE_PYTHON = 6
RUNS = 9


@pytest.fixture
def cold(tmp_path):
    """An environment in which nothing was ever read."""
    return {"XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.mark.slow
def test_klarpris_is_checked_and_published_in_seconds(tmp_path, cold, monkeypatch):
    """
    The example: findings printed, six languages published, in under ten seconds from cold.

    Of the processor's, since others may use the machine, and without coverage, as a user does.
    """
    for name in [one for one in os.environ if "COV" in one]:
        monkeypatch.delenv(name)
    begun = of_ended_programs()
    checked = klarsyn("-C", "examples/klarpris", "check", folder=EXAMPLES.parent, **cold)
    published = klarsyn(
        "-C", "examples/klarpris", "publish", tmp_path / "site", folder=EXAMPLES.parent, **cold
    )
    took = of_ended_programs() - begun

    assert (0, 0) == (checked.returncode, published.returncode), published.stderr
    assert "findings are open" in checked.stdout
    assert "283 pages published (sv, da, nb, en, de, fi)" in published.stdout
    assert took < SECONDS


def of_ended_programs():
    """Return how many seconds of the processor's all programs took that we ran to their end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_second_run_is_the_same(tmp_path, cold):
    """
    With warm caches the pages are the same bytes.
    """
    words = ("-C", EXAMPLES / "klarpris", "publish")
    day = ("--date", "2026-11-22")
    sites = []
    for name in ("cold", "warm"):
        done = klarsyn(*words, tmp_path / name, *day, **cold)
        assert 0 == done.returncode, done.stderr
        sites.append(
            {
                path.relative_to(tmp_path / name): path.read_bytes()
                for path in (tmp_path / name).rglob("*")
                if path.is_file()
            }
        )

    assert any((tmp_path / "cache").rglob("*"))
    assert sites[0] == sites[1]


@pytest.mark.slow
def test_examples_are_left_as_they_are(tmp_path):
    """
    Checking and publishing write nothing beside the register.
    """
    before = sorted(EXAMPLES.rglob("*"))
    klarsyn("-C", EXAMPLES / "nordlys", "check")
    klarsyn("-C", EXAMPLES / "nordlys", "publish", tmp_path / "site")

    assert before == sorted(EXAMPLES.rglob("*"))


def seconds(*words):
    """Return how long a program runs."""
    begun = time.perf_counter()
    subprocess.run(words, capture_output=True, check=True)
    return time.perf_counter() - begun


@pytest.mark.slow
def test_help_comes_at_once():
    """
    `klarsyn --help` takes at most six times as long as Python needs to do nothing.
    """
    bare, told = [], []
    for _ in range(RUNS):
        bare.append(seconds(sys.executable, "-c", "pass"))
        told.append(seconds(KLARSYN, "--help"))

    assert statistics.median(told) < TIMES_BARE_PYTHON * statistics.median(bare)


@pytest.mark.slow
def test_long_history_is_published_in_seconds(tmp_path):
    """
    A sample of the benchmark: 20 vendors, 60 changes over five years, in two languages.

    It takes two seconds of the processor's, and more on a busy machine or with coverage.
    """
    begun = time.process_time()
    found = measured(tmp_path, vendors=20, changes=60, languages=("sv", "en"))
    took = time.process_time() - begun

    assert 30 < found.days
    assert took < 3 * SECONDS
    assert found.written < found.files / 2


@pytest.mark.slow
def test_changes_are_told_from_the_command_line(tmp_path, cold):
    """
    The same history by `klarsyn history` and, from its first commit on, by `klarsyn diff`.
    """
    folder = made(tmp_path / "company", 20, 12, ("en",)).parent
    told = klarsyn("history", "--date", "2026-11-22", "--format", "json", folder=folder, **cold)
    changed = klarsyn("diff", "HEAD~11", "--exit-code", "--format", "json", folder=folder, **cold)
    days = json.loads(told.stdout)["days"]

    assert (0, "") == (told.returncode, told.stderr)
    assert ("2021-11-22", True) == (days[-1]["day"], days[-1]["first"])
    assert sorted((one["day"] for one in days), reverse=True) == [one["day"] for one in days]
    assert 3 == changed.returncode
    assert 1 == len(json.loads(changed.stdout)["days"])

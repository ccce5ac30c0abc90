import os
import signal
import subprocess

import pytest

from klarsyn import keys
from tests.acceptance.processes import KLARSYN, klarsyn
from tests.cli.connected import company

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A company with keys, and nothing done yet."""
    monkeypatch.setenv("KLARSYN_KEYS", keys.made("2026"))
    return company(tmp_path / "company")


def events(told):
    """Return the words for what happened, without instants and facts."""
    return [line.split()[1] for line in told.splitlines()]


def test_it_ends_when_nothing_is_to_do(place):
    """
    A line of cron may call it, and reads what it did.
    """
    done = klarsyn("work", "--until-idle", folder=place)

    assert 0 == done.returncode, done.stderr
    assert ["worker-began", "worker-ended"] == events(done.stderr)
    assert "" == done.stdout


def test_it_works_until_it_is_told_to_end(place):
    """
    SIGTERM is what a system sends that wants it to stop; that is no failure.
    """
    with subprocess.Popen(
        [KLARSYN, "work"], cwd=place, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as working:
        assert working.stderr
        assert "worker-began slot=1" in working.stderr.readline()
        working.send_signal(signal.SIGTERM)
        _, told = working.communicate(timeout=60)

    assert 0 == working.returncode
    assert ["worker-ended"] == events(told)


def test_schedule_of_nothing_ends_it(place):
    """
    A misspelt name would never be done, and nobody would notice.
    """
    with (place / "klarsyn.yaml").open("a") as file:
        file.write("\nschedules: {delivr: {every: PT1H}}\n")
    done = klarsyn("work", "--until-idle", folder=place)

    assert 15 == done.returncode
    assert "klarsyn.yaml schedules delivr, which there is not" in done.stderr


def test_without_keys_it_says_how_to_make_one(place, monkeypatch):
    """
    Nothing is kept that could not be encrypted.
    """
    monkeypatch.delenv("KLARSYN_KEYS")
    done = klarsyn("work", folder=place)

    assert 24 == done.returncode
    assert "klarsyn keys new" in done.stderr

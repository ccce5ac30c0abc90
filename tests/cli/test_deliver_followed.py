import json
import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from klarsyn.cli.deliver_followed import began
from klarsyn.cli.group import App
from klarsyn.cli.working import engine
from klarsyn.disclosure.delivering import deliver
from klarsyn.disclosure.plans.planning import make
from klarsyn.errors import WorkRefused
from klarsyn.testing.faults import Trouble
from tests.acceptance.processes import KLARSYN
from tests.cli.shop import customer, shop
from tests.cli.staffed import KEY

pytestmark = [pytest.mark.network, pytest.mark.slow]
LONGER_THAN_A_BEAT = 3
"""Seconds within which a worker that is to stop has noticed it, on a busy machine too."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A company that may deliver to Mailchimp."""
    with shop(tmp_path, "mailchimp") as found:
        found.hire("freja")
        found.enable("mailchimp")
        for name, value in {"KLARSYN_KEYS": KEY, **found.environ}.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def answered(place, monkeypatch):
    """Mailchimp takes the first customer, and says so when this is set and not before."""
    found, mailchimp = threading.Event(), place.standins["mailchimp"]
    mailchimp.faults.add(Trouble.SLOW, on="POST *")
    monkeypatch.setattr(mailchimp.clock, "sleep", lambda _: found.wait(100))
    return found


def started(place, run):
    """Start a run that nobody carries, as a worker leaves it that died."""
    with engine(App(Path(place.folder))) as (opened, _):
        assert opened.start(deliver, run, lane="mailchimp", vendor="mailchimp", digest="")


def test_run_that_was_left_is_ended_first(place):
    """
    Then it is planned anew; here nothing is left to do.
    """
    started(place, "left-behind")
    done = place.run("deliver", "apply")

    assert 0 == done.returncode, done
    assert "Not ended, and goes on before anything is planned: left-behind." in done.stderr
    assert "mailchimp: nothing to do" in done.stdout
    assert 2 == place.json("sent", "mailchimp")["people"]


def test_plan_is_begun_once_while_it_runs(place):
    """
    Who comes a moment later is told the name of the run.
    """
    with engine(App(place.folder)) as (opened, now):
        plan = make(now(), ["mailchimp"]).vendors[0]
        run = began(opened, plan)
        with pytest.raises(WorkRefused, match=run):
            began(opened, plan)


def test_other_worker_is_followed(place):
    """
    Where one lives, the command waits for it and does nothing itself.
    """
    with subprocess.Popen(
        [KLARSYN, "-C", place.folder, "work"], env=os.environ, stderr=subprocess.PIPE, text=True
    ) as working:
        assert working.stderr
        assert "worker-began" in working.stderr.readline()
        done = place.run("deliver", "apply")
        working.terminate()
        told = working.stderr.read()

    assert 0 == done.returncode, done
    assert "mailchimp: 2 created" in done.stdout
    assert "disclosure.deliver" in told


def test_same_plan_is_another_run_when_it_is_applied_again(place):
    """
    Somebody whom Mailchimp refuses is planned again; the runs are told apart by a number.
    """
    place.run("deliver", "apply")
    place.write(customer(2))
    place.run("deliver", "apply")
    place.write(customer(1), customer(2))
    runs = [json.loads(place.run("deliver", "apply", "--json").stdout)[0]["run"] for _ in "ab"]

    assert [":1", ":2"] == [one[-2:] for one in runs]
    assert 1 == len({one[:-2] for one in runs})


def test_second_run_at_a_vendor_names_the_first_and_ends(place, answered):
    """
    While a worker carries it; the first one is not disturbed.
    """
    first = subprocess.Popen(
        [KLARSYN, "-C", place.folder, "deliver", "apply"],
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    until_asked(place, first)
    second = place.run("deliver", "apply")
    answered.set()
    told, _ = first.communicate(timeout=120)

    assert 25 == second.returncode, second
    assert "Under way at mailchimp already: deliver:mailchimp:" in second.stderr
    assert (0, True) == (first.returncode, "mailchimp: 2 created" in told)


def until_asked(place, run):
    """Wait until a process has asked Mailchimp to take something."""
    exchanges = place.standins["mailchimp"].exchanges
    while "POST" not in [one.request.method for one in exchanges]:
        assert run.poll() is None
        time.sleep(0.05)


def test_ctrl_c_loses_nothing(place, answered):
    """
    The step under way ends; the same command goes on with the rest.
    """
    first = subprocess.Popen(
        [KLARSYN, "-C", place.folder, "deliver", "apply"],
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until_asked(place, first)
    first.send_signal(2)
    threading.Timer(LONGER_THAN_A_BEAT, answered.set).start()
    _, told = first.communicate(timeout=120)
    again = place.run("deliver", "apply")

    assert 1 == first.returncode
    assert "Nothing is lost" in told
    assert 0 == again.returncode, again
    assert 2 == place.json("sent", "mailchimp")["people"]

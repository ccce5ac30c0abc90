import json

import pytest

from klarsyn.testing.faults import Trouble
from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture
def place(tmp_path):
    """A company of which nobody knows whether two customers arrived at Zapier."""
    with shop(tmp_path, "zapier") as found:
        found.hire("freja")
        found.enable("zapier")
        found.standins["zapier"].faults.add(Trouble.CUT_OFF, on="POST /hooks/*", times=2)
        done = found.run("deliver", "apply")
        assert "2 unknown whether they arrived" in done.stdout
        yield found


def unknown(place):
    """Return the subjects that are to be settled."""
    return place.json("deliver", "status", "zapier")[0]["unknown"]


def test_what_is_unknown_is_never_sent_again_by_itself(place):
    """
    A person looks, and says what became of whom.
    """
    first, second = unknown(place)
    again = place.run("deliver", "apply")
    arrived = place.run("deliver", "settle", "zapier", first, "--arrived", who="freja")

    assert 78 == again.returncode
    assert "zapier: nothing to do" in again.stdout
    assert f"to be settled: {second}" in place.run("deliver", "status", "zapier").stdout
    assert "Settled: 1.\n" == arrived.stdout
    assert [second] == unknown(place)
    assert 1 == place.json("deliver", "status", "zapier")[0]["held"]


def test_what_has_not_arrived_is_tried_again(place):
    """
    By a worker, or by applying again; all of them where no subject is named.
    """
    done = place.run("deliver", "settle", "zapier", "--not-arrived", who="freja")
    applied = place.run("deliver", "apply")

    assert "Settled: 2.\n" == done.stdout
    assert 0 == applied.returncode, applied
    assert 2 == place.json("sent", "zapier")["people"]


def test_decision_is_recorded_with_whoever_made_it(place):
    """
    Later anybody can see who said so; evidence speaks of them by pseudonym.
    """
    place.run("deliver", "settle", "zapier", "--arrived", who="freja")
    file = place.folder / "zapier.json"

    assert 0 == place.run("evidence", "export", "--vendor", "zapier", file).returncode
    text = file.read_text(encoding="utf-8")
    assert "delivery.settled" in text
    assert "staff-" in text
    assert 0 == place.run("evidence", "verify", file).returncode


def test_one_of_the_two_has_to_be_said(place):
    """
    Nothing is settled by accident, nor a subject that is not open.
    """
    assert 2 == place.run("deliver", "settle", "zapier").returncode
    done = place.run("deliver", "settle", "zapier", "0" * 32, "--arrived", who="freja")
    assert 15 == done.returncode
    assert 2 == len(unknown(place))
    assert "Freja" not in json.dumps(unknown(place))


def test_settled_ones_can_be_asked_for(place):
    """
    Who arrived as far as somebody looked is a recipient like others.
    """
    place.run("deliver", "settle", "zapier", "--arrived", who="freja")
    found = place.json("who-has", customer(1)["email"])

    assert ["zapier"] == [one["vendor"] for one in found["recipients"]]

"""
All sixteen systems of KlarPris's page, connected to their stand-ins as a user connects them.
"""

import json

import pytest

from tests.acceptance.processes import EXAMPLES, KLARSYN, klarsyn

pytestmark = [pytest.mark.network, pytest.mark.slow]
KLARPRIS = EXAMPLES / "klarpris"


def beside_all(command):
    """Run a command of ours on KlarPris while every stand-in listens."""
    return klarsyn("standins", "--run", f"{KLARSYN} {command}", folder=KLARPRIS)


def test_sixteen_vendors_have_a_sheet_and_a_complete_connection():
    """
    A row each, a word for each job, a key, and a place for every element that needs one.
    """
    rows = json.loads(beside_all("vendors --json").stdout)

    assert 16 == len(rows)
    assert [] == [row["id"] for row in rows if "" in row.values()]
    assert {"read-only", "attested"} == {row["connection"] for row in rows}


def test_doctor_finds_all_sixteen_reachable():
    """
    Nothing is broken; what it warns of is true: indexes that lack, an attestation that is due.
    """
    done = beside_all("doctor --json")
    found = {one["vendor"]: one["verdict"] for one in json.loads(done.stdout)}

    assert (0, 16) == (done.returncode, len(found))
    assert ["microsoft", "signifly"] == sorted(
        name for name, verdict in found.items() if verdict != "sound"
    )


def test_doctor_tells_that_all_keys_are_missing():
    """
    Without stand-ins and keys every vendor that has a key is told by its variable.
    """
    done = klarsyn("doctor", "--json", folder=KLARPRIS)
    found = {one["vendor"]: one for one in json.loads(done.stdout)}
    lacking = {name for name, one in found.items() if one["verdict"] == "unconnected"}

    assert 1 == done.returncode
    assert {"signifly", "zapier"} >= set(found) - lacking
    assert all(
        any("KLARSYN_" in check["what"] for check in found[name]["checks"]) for name in lacking
    )

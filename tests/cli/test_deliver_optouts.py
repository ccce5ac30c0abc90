import json

import pytest

from klarsyn.testing.faults import Trouble
from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]
FREJA = "freja.1@example.com"


@pytest.fixture
def place(tmp_path):
    """A company whose two customers get both newsletters; the first has left Mailchimp."""
    with shop(tmp_path, "mailchimp", "activecampaign") as found:
        found.hire("freja", "tove")
        found.enable("mailchimp", "activecampaign")
        assert 0 == found.run("deliver", "apply").returncode
        audience = next(iter(found.standins["mailchimp"].audiences.values()))
        (member,) = [one for one in audience.members.values() if one.email == FREJA]
        member.status = "unsubscribed"
        yield found


def statuses(place):
    """Return the status of the first customer on each list at ActiveCampaign."""
    site = place.standins["activecampaign"]
    return {one["status"] for one in site.of("contactLists", site.by_email(FREJA)["id"])}


def test_opt_outs_are_noted_and_stopped(place):
    """
    Counted by where they were said; a second time there is nothing new.
    """
    done = place.run("deliver", "opt-outs")
    again = place.json("deliver", "opt-outs")

    assert (0, ["New opt-outs at mailchimp: 1.", "Stopped: 1."]) == (
        done.returncode,
        done.stdout.splitlines(),
    )
    assert {"2"} == statuses(place)
    assert ({}, {}) == (again["noted"], again["ends"])


def test_source_and_a_vendor_that_is_down_are_told(place):
    """
    What could not be asked is an exit code of its own.
    """
    place.write(customer(1), customer(2, newsletter="unsubscribed"))
    place.standins["activecampaign"].faults.add(Trouble.EXPIRED_KEY, times=1000)
    done = place.run("deliver", "opt-outs")

    assert 78 == done.returncode, done
    assert "New opt-outs in the source: 1.\n" in done.stdout
    assert "activecampaign: " in done.stdout
    assert "activecampaign" in done.stderr


def test_plan_that_was_made_before_an_opt_out_is_not_carried_out(place):
    """
    The delivery asks first: what was looked at is not what would be done now.
    """
    place.write(customer(1, name="Ny Lyngholt"), customer(2))
    out = place.folder / "plan.json"
    place.run("deliver", "plan", "activecampaign", "--out", out)
    done = place.run("deliver", "apply", out)

    assert "the source changed meanwhile" in done.stdout
    assert "opted-out" in place.json("deliver", "plan", "activecampaign")["vendors"][0]["skipped"]


def test_proved_opt_in_is_noted_by_whoever_signs_in(place):
    """
    With the file, sealed, as a task; then the plan has them again.
    """
    place.run("deliver", "opt-outs")
    proof = place.folder / "form.txt"
    proof.write_text("Signed up by the form, and confirmed by mail.", encoding="utf-8")
    done = place.run("deliver", "opt-in", "-", "--proof", proof, who="tove", typed=f"{FREJA}\n")

    assert 0 == done.returncode, done
    assert "the proof is with the task" in done.stdout
    (task,) = place.json("tasks", "--state", "done")
    assert "opted in to marketing again" in task["what"]
    assert {} == place.json("deliver", "plan", "mailchimp")["vendors"][0]["skipped"]
    assert b"confirmed by mail" not in place.everything()


def test_opt_in_of_nobody_is_refused(place):
    """
    An address that has not opted out, and what is no address; nothing is kept of it.
    """
    proof = place.folder / "form.txt"
    proof.write_text("Signed up.", encoding="utf-8")
    words = ("--proof", proof)
    nobody = place.run("deliver", "opt-in", "nobody@example.org", *words, who="tove")
    nothing = place.run("deliver", "opt-in", "no address", *words, who="tove")

    assert (15, 15) == (nobody.returncode, nothing.returncode)
    assert "Nobody with this address has opted out." in nobody.stderr
    assert json.dumps([]) == json.dumps(place.json("tasks", "--state", "any"))

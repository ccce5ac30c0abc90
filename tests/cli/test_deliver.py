import json

import pytest

from klarsyn.testing.faults import Trouble
from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture
def place(tmp_path):
    """A company that delivers to Mailchimp and Zendesk, with two people who work there."""
    with shop(tmp_path, "mailchimp", "zendesk") as found:
        found.hire("freja", "nils")
        yield found


@pytest.fixture
def delivered(place):
    """The same after its first delivery to Mailchimp."""
    place.enable("mailchimp", "zendesk")
    assert 0 == place.run("deliver", "apply", "mailchimp").returncode
    return place


def outcomes(done):
    """Return what became of each vendor."""
    return {one["vendor"]: (one["outcome"], one["people"]) for one in json.loads(done.stdout)}


def test_nothing_flows_before_somebody_enabled_it(place):
    """
    What is declared was not announced, so the gate is shut; that is no error of a plan.
    """
    done = place.run("deliver", "plan")

    assert 0 == done.returncode, done
    assert "it is not in effect: nobody was told of it yet" in done.stdout
    assert "every element is withheld" in done.stdout
    assert 78 == place.run("deliver", "apply", "mailchimp").returncode
    assert [] == place.standins["mailchimp"].exchanges


def test_plan_is_printed_and_kept(place):
    """
    As a table, as a file to apply, as Markdown; a program is told of changes by the exit code.
    """
    place.enable("mailchimp", "zendesk")
    out, markdown = place.folder / "plan.json", place.folder / "plan.md"
    done = place.run(
        "deliver", "plan", "--out", out, "--markdown", markdown, "--exit-code"
    )  # fmt: skip
    table = [line.split() for line in done.stdout.splitlines() if line]

    assert 3 == done.returncode
    assert ["mailchimp", "2", "-", "-", "-", "-", "1"] in table
    assert ["person.email", "2", "-"] in table
    assert "| mailchimp | 2 | 0 |" in markdown.read_text(encoding="utf-8")
    assert {"create": 2} == json.loads(out.read_text(encoding="utf-8"))["vendors"][0]["kinds"]
    assert "freja" not in (done.stdout + out.read_text() + markdown.read_text()).casefold()


def test_plan_for_programs_tells_wrong_rows(place):
    """
    With file, line, column and reason, and without a value.
    """
    place.enable("mailchimp", "zendesk")
    place.write(customer(1), customer(2, email="nowhere"))
    plan = place.json("deliver", "plan", "mailchimp")

    assert (1, {"row-wrong": 1}) == (plan["rejected"], plan["vendors"][0]["skipped"])
    (wrong,) = plan["wrong"]
    assert ("customers.csv", 3, "email") == (wrong["file"], wrong["line"], wrong["column"])
    told = place.run("deliver", "plan", "mailchimp").stdout
    assert "customers.csv:3: email: this is no e-mail address" in told


def test_unknown_vendor_is_told_with_those_there_are(place):
    """
    Nothing is planned for a misspelt name.
    """
    done = place.run("deliver", "plan", "mailchip")

    assert 15 == done.returncode
    assert "the register has no vendor 'mailchip'" in done.stderr


def test_register_without_deliver_delivers_nothing(place):
    """
    A declaration is a ceiling, not an order.
    """
    for vendor in ("mailchimp", "zendesk"):
        place.rewrite(f"register/vendors/{vendor}.yaml", "\ndeliver: {", "\n# {")
    done = place.run("deliver", "plan")

    assert 41 == done.returncode
    assert "No vendor of the register has `deliver:`" in done.stderr


def test_apply_carries_out_and_tells_the_end(place):
    """
    At each vendor; the second time nothing is to be done, and nobody is called.
    """
    place.enable("mailchimp", "zendesk")
    done = place.run("deliver", "apply")

    assert 0 == done.returncode, done
    assert "mailchimp: 2 created" in done.stdout
    assert "zendesk: 2 created" in done.stdout
    exchanges = place.standins["zendesk"].exchanges
    exchanges.clear()
    again = place.run("deliver", "apply")
    assert (0, 2) == (again.returncode, again.stdout.count("nothing to do"))
    assert [] == [one for one in exchanges if one.request.method != "GET"]


def test_apply_for_programs(place):
    """
    The outcome in a word, and people by what became of them.
    """
    place.enable("mailchimp", "zendesk")
    done = place.run("deliver", "apply", "mailchimp", "--json")

    assert {"mailchimp": ("done", {"created": 2})} == outcomes(done)


def test_written_plan_is_carried_out_or_nothing(place):
    """
    After a change of the source it is another plan, and nothing is sent.
    """
    place.enable("mailchimp", "zendesk")
    plan = place.folder / "plan.json"
    place.run("deliver", "plan", "--out", plan)
    place.write(customer(1), customer(2), customer(3))
    other = place.run("deliver", "apply", plan)
    place.write(customer(1), customer(2))
    same = place.run("deliver", "apply", plan)

    assert (77, 0) == (other.returncode, same.returncode), (other, same)
    assert "The plan is not what would be done now, at: mailchimp, zendesk." in other.stderr
    plan.write_text("{}", encoding="utf-8")
    assert 77 == place.run("deliver", "apply", plan).returncode


def test_vendor_that_is_read_only_is_sent_nothing(place):
    """
    A changed connection has to be looked at again.
    """
    place.enable("mailchimp", "zendesk")
    place.rewrite("register/vendors/mailchimp.yaml", "merge_fields.SOURCE", "merge_fields.KILDE")
    done = place.run("deliver", "apply", "mailchimp")

    assert 78 == done.returncode
    assert "`klarsyn vendors enable mailchimp`" in done.stdout
    assert {} == place.standins["mailchimp"].audiences["3f9a1c07be"].members


def test_large_change_waits_for_somebody_elses_approval(delivered):
    """
    Whoever asked cannot approve; afterwards applying again works.
    """
    delivered.append("klarsyn.yaml", "ceilings: {removals: 0}\n")
    delivered.write(customer(2))
    asked = delivered.run("deliver", "apply", "mailchimp", who="freja")
    (request,) = delivered.json("approve")

    assert 84 == asked.returncode
    assert f"klarsyn approve {request['id']}" in asked.stdout
    assert 82 == delivered.run("approve", request["id"], who="freja").returncode
    assert 0 == delivered.run("approve", request["id"], who="nils").returncode
    done = delivered.run("deliver", "apply", "mailchimp", "--json", who="freja")
    assert {"mailchimp": ("done", {"removed": 1})} == outcomes(done)


def test_nobody_is_the_second_person_of_a_plan_they_applied_unseen(delivered):
    """
    Who applies without signing in and approves it afterwards has only put their name to it.
    """
    delivered.append("klarsyn.yaml", "ceilings: {removals: 0}\n")
    delivered.write(customer(2))
    assert 84 == delivered.run("deliver", "apply", "mailchimp").returncode
    (request,) = delivered.json("approve")

    assert 84 == delivered.run("approve", request["id"], who="freja").returncode
    assert 84 == delivered.run("deliver", "apply", "mailchimp").returncode
    assert 82 == delivered.run("approve", request["id"], who="freja").returncode
    assert 0 == delivered.run("approve", request["id"], who="nils").returncode
    assert 0 == delivered.run("deliver", "apply", "mailchimp").returncode


def test_who_applies_again_by_name_puts_it_to_the_request(delivered):
    """
    Then somebody else approves it in one go.
    """
    delivered.append("klarsyn.yaml", "ceilings: {removals: 0}\n")
    delivered.write(customer(2))
    delivered.run("deliver", "apply", "mailchimp")
    delivered.run("deliver", "apply", "mailchimp", who="freja")
    (request,) = delivered.json("approve")

    assert "freja" == request["asked_by"]
    assert 82 == delivered.run("approve", request["id"], who="freja").returncode
    assert 0 == delivered.run("approve", request["id"], who="nils").returncode


def test_refused_approval_is_final(delivered):
    """
    Until its time is over or other people are concerned.
    """
    delivered.append("klarsyn.yaml", "ceilings: {removals: 0}\n")
    delivered.write(customer(2))
    delivered.run("deliver", "apply", "mailchimp")
    (request,) = delivered.json("approve")
    delivered.run("approve", request["id"], "--refuse", who="nils")
    done = delivered.run("deliver", "apply", "mailchimp")

    assert 78 == done.returncode
    assert "mailchimp: an approval was refused" in done.stdout


def test_what_a_vendor_refuses_is_told_with_its_reason(delivered):
    """
    With when it is tried again; the command does not pretend to have sent all.
    """
    delivered.write(customer(2))
    delivered.run("deliver", "apply", "mailchimp")
    delivered.write(customer(1), customer(2))
    done = delivered.run("deliver", "apply", "mailchimp")

    assert 78 == done.returncode
    assert "mailchimp: 1 refused" in done.stdout
    assert "tried again from" in done.stdout


def test_key_that_is_refused_stops_the_delivery(place):
    """
    Nothing is lost, and it says why.
    """
    place.enable("mailchimp", "zendesk")
    place.standins["mailchimp"].faults.add(Trouble.EXPIRED_KEY, on="POST *", times=9)
    done = place.run("deliver", "apply", "mailchimp")

    assert 78 == done.returncode
    assert "stopped: " in done.stdout
    assert {"waiting"} == {one["state"] for one in status(place)["open"]}


def status(place):
    """Return how deliveries stand at Mailchimp."""
    (one,) = place.json("deliver", "status", "mailchimp")
    return one

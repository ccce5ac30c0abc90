import json

import pytest

from tests.cli.staffed import Office

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An administrator, an approver and an editor, who want four eyes."""
    return Office(tmp_path_factory.mktemp("approve"))


@pytest.fixture(scope="module")
def one_person(tmp_path_factory):
    """A company that has switched four eyes off."""
    return Office(tmp_path_factory.mktemp("alone"), four_eyes=False)


def test_what_waits_is_listed(office):
    """
    What it is, who asked, until when, and the hash of exactly what is to be approved.
    """
    asked = office.ask("tove", "listed")
    told = office.run("approve").stdout

    assert asked in told
    assert "Remove 120 people from Mailchimp." in told
    assert "asked by tove" in told
    assert f"SHA-256 {'d1' * 32}" in told
    assert "Four eyes" not in told
    assert "tove" == next(row["asked_by"] for row in office.json("approve") if asked == row["id"])


def test_somebody_else_approves_with_their_own_passphrase(office):
    """
    Not whoever asked, not whoever only types a name.
    """
    asked = office.ask("nils", "approved")
    own = office.run("approve", asked, who="nils")
    borrowed = office.run(
        "approve",
        asked,
        KLARSYN_USER="freja",
        KLARSYN_PASSPHRASE_FILE=str(office.files["nils"]),
    )
    decided = office.json("approve", asked, who="freja")

    assert (82, 80) == (own.returncode, borrowed.returncode)
    assert "own-request" in own.stderr
    assert ("approved", True, False, "freja") == (
        decided["state"],
        decided["four_eyes"],
        decided["own"],
        decided["decided_by"],
    )
    assert 83 == office.run("approve", asked, who="freja").returncode


def test_what_nobody_put_their_name_to_takes_two(office):
    """
    The first is told that their name stands under it now, and that somebody else has to approve.
    """
    asked = office.ask(None, "nameless")
    shown = office.run("approve").stdout
    first = office.run("approve", asked, who="nils")
    again = office.run("approve", asked, who="nils")
    listed = next(row for row in office.json("approve") if asked == row["id"])
    second = office.run("approve", asked, who="freja")

    assert "Nobody has put their name to it: two people have to, one after the other." in shown
    assert (84, 82, 0) == (first.returncode, again.returncode, second.returncode)
    assert f"Somebody else has to approve it: `klarsyn approve {asked}`." in first.stderr
    assert ("nils", "open") == (listed["asked_by"], listed["state"])


def test_request_is_refused_or_withdrawn(office):
    """
    Each with its own word, and never twice.
    """
    first, second = office.ask("tove", "refused"), office.ask("tove", "withdrawn")

    assert office.run("approve", first, "--refuse", who="nils").stdout.endswith("Refused.\n")
    assert office.run("approve", second, "--withdraw", who="tove").stdout.endswith("Withdrawn.\n")
    assert 83 == office.run("approve", second, who="nils").returncode


def test_deed_needs_a_request(office):
    """
    Nothing is refused by accident.
    """
    assert 2 == office.run("approve", "--refuse").returncode
    assert 15 == office.run("approve", "f00", who="nils").returncode


def test_one_person_approves_alone_and_every_approval_shows_it(one_person):
    """
    In the list, in the outcome, for programs, and in the journal.
    """
    asked = one_person.ask("freja")
    listed = one_person.run("approve").stdout
    done = one_person.run("approve", asked, who="freja")

    assert 0 == done.returncode, done.stderr
    assert "Four eyes are switched off" in listed
    assert "Approved. Four eyes are switched off" in done.stdout
    second = one_person.ask(None, "second")
    decided = one_person.json("approve", second, who="nils")
    assert (False, False, "") == (decided["four_eyes"], decided["own"], decided["asked_by"])
    content = one_person.everything()
    assert b'"four_eyes":0' in content
    assert b'"own":1' in content


def test_nothing_waits(one_person):
    """
    Is said in words, and is an empty list for programs.
    """
    assert "Nothing waits for approval.\n" == one_person.run("approve").stdout
    assert [] == json.loads(one_person.run("approve", "--json").stdout)


def test_schedule_is_named_where_nobody_asked(one_person):
    """
    A request without a person is not left blank.
    """
    asked = one_person.ask(None, "third")

    assert "asked by Klarsyn, by its schedule" in one_person.run("approve").stdout
    assert 0 == one_person.run("approve", asked, "--refuse", who="nils").returncode

import json

import pytest

from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]
FREJA = customer(1)["email"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A company that has delivered two customers to Mailchimp, and one is no customer any more."""
    with shop(tmp_path_factory.mktemp("who"), "mailchimp", "zendesk") as found:
        found.hire("freja")
        found.enable("mailchimp", "zendesk")
        found.run("deliver", "apply")
        found.write(customer(1, partner=""))
        found.run("deliver", "apply", "mailchimp")
        yield found


def test_vendors_are_told_with_elements_places_and_days(place):
    """
    Also what was sent once and is not held any more.
    """
    told = place.run("who-has", FREJA).stdout

    assert told.startswith("People in the source who have this address: 1.\n")
    assert "mailchimp: since " in told
    assert "  person.email as member.email, since " in told
    assert "once, and no more: customer.source_partner" in told
    assert "zendesk: since " in told


def test_past_recipient_is_told(place):
    """
    Somebody who was removed may still ask who had their data.
    """
    told = place.run("who-has", customer(2)["email"]).stdout

    assert "People who had it when they were delivered: 1." in told
    assert "mailchimp: removed on " in told


def test_answer_for_programs_names_nobody(place):
    """
    The subject leads to the journal, and to nobody outside.
    """
    found = place.json("who-has", FREJA)

    assert (1, 0) == (found["in_source"], found["past"])
    assert ["mailchimp", "zendesk"] == [one["vendor"] for one in found["recipients"]]
    assert "freja" not in json.dumps(found).casefold()


def test_address_may_be_typed_where_no_history_keeps_it(place):
    """
    It is not shown while it is typed, either.
    """
    done = place.run("who-has", "-", typed=f"{FREJA}\n")

    assert 0 == done.returncode, done
    assert "mailchimp: since " in done.stdout
    assert FREJA not in done.stdout + done.stderr


def test_unknown_address_and_none(place):
    """
    The one is an answer, the other a mistake.
    """
    nobody = place.run("who-has", "somebody@example.net")

    assert 0 == nobody.returncode
    assert "No vendor was sent anything by Klarsyn." in nobody.stdout
    assert 15 == place.run("who-has", "Freja").returncode

import sqlite3

import pytest

from klarsyn.disclosure.sending.courier import ATTEMPTS
from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture
def place(tmp_path):
    """A company that may deliver to Mailchimp."""
    with shop(tmp_path, "mailchimp") as found:
        found.hire("freja")
        found.enable("mailchimp")
        yield found


def test_paused_vendor_is_sent_nothing_until_it_is_resumed(place):
    """
    The reason is shown; resuming lets a worker go on.
    """
    paused = place.run("deliver", "pause", "mailchimp", "--why", "we move lists", who="freja")
    held = place.run("deliver", "apply")

    assert "Nothing is sent to mailchimp for now.\n" == paused.stdout
    assert (78, True) == (held.returncode, "mailchimp: paused: we move lists" in held.stdout)
    assert "paused since" in place.run("deliver", "status", "mailchimp").stdout
    resumed = place.run("deliver", "resume", "mailchimp", who="freja")
    assert "mailchimp is sent to again, by `klarsyn work`.\n" == resumed.stdout
    again = place.run("deliver", "resume", "mailchimp", who="freja")
    assert "mailchimp was not paused.\n" == again.stdout
    assert 0 == place.run("deliver", "apply").returncode


def test_vendor_that_refuses_everybody_is_paused_with_the_reason(tmp_path):
    """
    In the status and as the end of the command; once it was mended, resuming goes on.
    """
    with shop(tmp_path, "zendesk") as found:
        found.hire("freja")
        found.enable("zendesk")
        found.write(*(customer(one, name="") for one in range(12)))
        done = found.run("deliver", "apply")
        told = found.run("deliver", "status", "zendesk").stdout

        assert 78 == done.returncode
        assert "the vendor refuses every row: " in done.stdout
        assert "the vendor refuses every row: " in told.split("paused since")[1]
        found.write(*(customer(one) for one in range(12)))
        assert 0 == found.run("deliver", "resume", "zendesk", who="freja").returncode
        assert 0 == found.run("deliver", "apply").returncode


def test_pause_is_recorded_with_whoever_did_it(place):
    """
    In the journal by pseudonym, and the evidence still verifies.
    """
    place.run("deliver", "pause", "mailchimp", "--why", "we move lists", who="freja")
    place.run("deliver", "resume", "mailchimp", who="freja")

    assert 0 == place.run("evidence", "verify").returncode
    assert 80 == place.run(
        "deliver", "pause", "mailchimp", "--why", "x",
        KLARSYN_USER="freja", KLARSYN_PASSPHRASE_FILE=str(place.files["nils"]),
    ).returncode  # fmt: skip


def test_dead_ones_are_shown_masked_and_tried_again(place):
    """
    Whom Mailchimp refuses to the end; after something was mended there they are sent once more.
    """
    place.run("deliver", "apply")
    place.write(customer(2))
    place.run("deliver", "apply")
    place.write(customer(1), customer(2))
    place.run("deliver", "apply")
    assert "There are no dead letters.\n" == place.run("deliver", "letters", "mailchimp").stdout
    wear_out(place, ATTEMPTS)

    letters = place.run("deliver", "letters", "mailchimp").stdout
    assert "email: f****.*@*******.**m" in letters
    (one,) = place.json("deliver", "letters", "mailchimp")
    assert {"subject", "expires_at", "why", "values"} == set(one)
    assert 78 == place.run("deliver", "apply").returncode
    assert "dead letters: 1, the first is erased at " in place.run("deliver", "status").stdout
    retried = place.run("deliver", "retry", "mailchimp", who="freja")
    assert "1 people are tried again, by `klarsyn work`.\n" == retried.stdout
    assert [] == place.json("deliver", "letters", "mailchimp")
    assert place.run("deliver", "retry", "mailchimp", who="freja").stdout.startswith("0 people")


def wear_out(place, attempts):
    """Let what waits at Mailchimp be due and near its last attempt, and be tried by a worker."""
    with sqlite3.connect(place.folder / "klarsyn.sqlite") as database:
        database.execute("update change set attempts = ?, next_at = 0", [attempts - 1])
        database.execute("update due set due_at = 0 where what = 'disclosure.resume'")
    database.close()
    assert 0 == place.run("work", "--until-idle").returncode

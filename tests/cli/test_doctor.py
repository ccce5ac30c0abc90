import json

import pytest

from tests.acceptance.processes import KLARSYN, klarsyn
from tests.cli.connected import MAILCHIMP, beside, company

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture(scope="module")
def connected(tmp_path_factory):
    """KlarPris, connected to Mailchimp alone."""
    return company(tmp_path_factory.mktemp("doctor") / "klarpris", mailchimp=MAILCHIMP)


def test_sound_connection(connected):
    """
    The vendor answers, the key is valid; nothing but calls that read was made.
    """
    done = beside(["mailchimp"], f"{KLARSYN} doctor --json", connected)
    (found,) = json.loads(done.stdout)

    assert (0, "sound") == (done.returncode, found["verdict"])
    assert "the vendor answers and the key is valid" in [one["what"] for one in found["checks"]]


def test_missing_key(connected):
    """
    The variable, the page where a key is made, the rights it needs; exit code 1.
    """
    done = klarsyn("doctor", folder=connected)

    assert 1 == done.returncode
    assert done.stdout.startswith("-  mailchimp\n")
    assert "KLARSYN_MAILCHIMP_API_KEY is not set" in done.stdout


def test_refused_key(connected):
    """
    A wrong key is told as such, and how to make another.
    """
    wrong = f"KLARSYN_MAILCHIMP_API_KEY={'0' * 32}-us21 {KLARSYN} doctor"
    done = beside(["mailchimp"], wrong, connected)

    assert 1 == done.returncode
    assert "x  mailchimp" in done.stdout
    assert "the key is wrong or has expired" in done.stdout
    assert "https://admin.mailchimp.com/account/api/" in done.stdout


def test_vendor_that_does_not_answer(connected):
    """
    Nobody listens: the vendor is told to be down, within its time, and no traceback.
    """
    gone = f"KLARSYN_STANDIN_MAILCHIMP=http://127.0.0.1:9 {KLARSYN} doctor --json"
    done = beside(["mailchimp"], gone, connected)
    (found,) = json.loads(done.stdout)

    assert "broken" == found["verdict"]
    assert "Traceback" not in done.stderr


MISTAKES = """
connection:
  settings: {audience: 3f9a1c07be, api_key: 0123456789abcdef0123456789abcdef-us21}
  map:
    person.nam: member.name
    person.email: member.mail
    customer.rating: members.rating
"""


def test_every_mistake_is_told_with_its_line(tmp_path):
    """
    Settings, a key in git, elements, records and places: all at once, each with its remedy.
    """
    folder = company(tmp_path / "klarpris", mailchimp=MISTAKES)
    done = klarsyn("doctor", "--json", folder=folder)
    (found,) = json.loads(done.stdout)
    told = [one["what"].split(": ", 1)[1] for one in found["checks"]]

    assert 1 == done.returncode
    assert [
        "Mailchimp has no setting 'audience'",
        "the key 'api_key' stands in the register",
        "'person.nam' is not declared for this vendor",
        "member has no place 'mail'",
        "Mailchimp has no record 'members'",
    ] == told
    assert all("mailchimp.yaml:" in one["what"] for one in found["checks"])
    assert "there are audiences" == found["checks"][0]["remedy"]
    assert "KLARSYN_MAILCHIMP_API_KEY" in found["checks"][1]["remedy"]


def test_nothing_connected(tmp_path):
    """
    A register without a connection is told so, and that is no fault.
    """
    done = klarsyn("doctor", folder=company(tmp_path / "klarpris"))

    assert (0, "No vendor of the register has a connection yet.\n") == (
        done.returncode,
        done.stdout,
    )

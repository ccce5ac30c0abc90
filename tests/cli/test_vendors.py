import json

import pytest

from tests.acceptance.processes import KLARSYN, klarsyn
from tests.cli.connected import MAILCHIMP, beside, company

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture(scope="module")
def connected(tmp_path_factory):
    """KlarPris, connected to Mailchimp alone."""
    return company(tmp_path_factory.mktemp("vendors") / "klarpris", mailchimp=MAILCHIMP)


def test_every_vendor_has_a_row(connected):
    """
    Sixteen vendors, five jobs each, and how far the connection is.
    """
    done = klarsyn("vendors", folder=connected)
    rows = done.stdout.splitlines()

    assert (0, "", 17) == (done.returncode, done.stderr, len(rows))
    assert ["Mailchimp", *["full"] * 5, "no", "key"] == next(
        row.split() for row in rows if row.startswith("Mailchimp")
    )


def test_rows_for_programs(connected):
    """
    The same in JSON, with words that do not depend on the language.
    """
    done = klarsyn("vendors", "--json", folder=connected, KLARSYN_LANG="sv")
    rows = {row["id"]: row for row in json.loads(done.stdout)}

    assert 16 == len(rows)
    assert ("full", "no-key") == (rows["mailchimp"]["erase"], rows["mailchimp"]["connection"])
    assert "none" == rows["signifly"]["connection"]


def test_sheet_is_shown(connected):
    """
    What it can hold, how far each job goes, what nobody has confirmed.
    """
    done = klarsyn("vendors", "show", "mailchimp", folder=connected)

    assert 0 == done.returncode, done.stderr
    assert "member.merge_fields.*" in done.stdout
    assert "Confirmed by nobody" in done.stdout
    shown = json.loads(klarsyn("vendors", "show", "mailchimp", "--json", folder=connected).stdout)
    assert ["email_address"] == shown["records"][0]["elements"]["email"]


def test_unknown_sheet_is_told_with_near_names(connected):
    """
    One line, an exit code of its own, and what it may have meant.
    """
    done = klarsyn("vendors", "show", "mailchip", folder=connected)

    assert 15 == done.returncode
    assert "there is no fact sheet 'mailchip'" in done.stderr
    assert "mailchimp" in done.stderr


def test_map_is_proposed_from_live_fields(tmp_path):
    """
    By what is mapped, by the field's label, by the category of data; the rest is left open.
    """
    folder = company(
        tmp_path / "klarpris", mailchimp="connection:\n  settings: {audiences: 3f9a1c07be}\n"
    )
    done = beside(["mailchimp"], f"{KLARSYN} vendors map mailchimp --json", folder)
    found = {row["element"]: row for row in json.loads(done.stdout)["map"]}

    assert "member.email" == found["person.email"]["place"]
    assert ("member.merge_fields.RATING", "label") == (
        found["customer.rating"]["place"],
        found["customer.rating"]["why"],
    )
    text = beside(["mailchimp"], f"{KLARSYN} vendors map mailchimp", folder).stdout
    assert text.startswith('connection:\n  settings:\n    audiences: "3f9a1c07be"\n  map:\n')


def test_connection_is_read_only_until_it_is_enabled(connected):
    """
    Enabling looks at it first; a change of the connection makes it read-only again.
    """
    enabled = beside(["mailchimp"], f"{KLARSYN} vendors enable mailchimp --yes", connected)
    after = f"{KLARSYN} vendors --json"
    rows = json.loads(beside(["mailchimp"], after, connected).stdout)

    assert 0 == enabled.returncode, enabled.stderr
    assert "enabled" == next(one for one in rows if one["id"] == "mailchimp")["connection"]
    file = connected / "register" / "vendors" / "mailchimp.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("merge_fields.SOURCE", "merge_fields.KILDE"), encoding="utf-8")
    rows = json.loads(beside(["mailchimp"], after, connected).stdout)
    assert "read-only" == next(one for one in rows if one["id"] == "mailchimp")["connection"]
    file.write_text(text, encoding="utf-8")
    beside(["mailchimp"], f"{KLARSYN} vendors enable mailchimp --off", connected)
    rows = json.loads(beside(["mailchimp"], after, connected).stdout)
    assert "read-only" == next(one for one in rows if one["id"] == "mailchimp")["connection"]


def test_unsound_connection_is_not_enabled(connected):
    """
    A key that the vendor does not know keeps it read-only.
    """
    wrong = f"KLARSYN_MAILCHIMP_API_KEY={'0' * 32}-us21 {KLARSYN} vendors enable mailchimp --yes"
    done = beside(["mailchimp"], wrong, connected)

    assert 1 == done.returncode
    assert "It is not sound, so it stays read-only." in done.stderr


def test_enabling_without_a_key_tells_where_it_is_made(connected):
    """
    One error, with the page where the key is made and the least rights it needs.
    """
    done = klarsyn("vendors", "enable", "mailchimp", "--yes", folder=connected)

    assert 40 == done.returncode
    assert "KLARSYN_MAILCHIMP_API_KEY is not set" in done.stderr
    assert "https://admin.mailchimp.com/account/api/" in done.stderr


def test_vendor_without_an_api_is_not_enabled(tmp_path):
    """
    There is nothing that could write.
    """
    folder = company(tmp_path / "klarpris", signifly="connection: {}\n")
    done = klarsyn("vendors", "enable", "signifly", "--yes", folder=folder)

    assert 41 == done.returncode
    assert "signifly has no API: there is nothing to enable" in done.stderr

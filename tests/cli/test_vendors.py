import json

import pytest

from tests.acceptance.processes import KLARSYN, klarsyn
from tests.cli.connected import MAILCHIMP, beside, company
from tests.cli.shop import shop

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


@pytest.fixture
def place(tmp_path):
    """A company with Mailchimp beside it, in which an administrator and an approver work."""
    with shop(tmp_path, "mailchimp") as found:
        found.hire("freja", "nils")
        yield found


def state(place):
    """Return how far the connection to Mailchimp is."""
    return next(one for one in place.json("vendors") if one["id"] == "mailchimp")["connection"]


def test_connection_is_read_only_until_it_is_enabled(place):
    """
    Enabling looks at it first; a change of the connection makes it read-only again.
    """
    told = place.enable("mailchimp", who="nils").stdout

    assert "enabled" == state(place)
    assert "member.email" in told
    assert "mailchimp may write, until its connection changes." in told
    file = "register/vendors/mailchimp.yaml"
    place.rewrite(file, "merge_fields.SOURCE", "merge_fields.KILDE")
    assert "read-only" == state(place)
    place.rewrite(file, "merge_fields.KILDE", "merge_fields.SOURCE")
    assert (
        "mailchimp is read-only.\n" == place.run("vendors", "enable", "--off", "mailchimp").stdout
    )
    assert "read-only" == state(place)


def test_enabling_puts_in_effect_what_is_declared(place):
    """
    The first time at once, or from the day on which it was announced; and it is recorded by whom.
    """
    done = place.run(
        "vendors", "enable", "mailchimp", "--announced", "2026-01-25", who="freja", typed="y\n"
    )

    assert "May Klarsyn write at mailchimp?" in done.stdout
    assert "in effect from 25 January 2026: person.name, " in done.stdout
    file = place.folder / "evidence.json"
    place.run("evidence", "export", "--vendor", "mailchimp", file)
    assert "connection.enabled" in file.read_text(encoding="utf-8")
    assert "in effect from" not in place.enable("mailchimp").stdout


def test_what_is_declared_later_stays_shut_where_no_role_is_known(place):
    """
    Nobody knows whether customers may object to it first.
    """
    place.enable("mailchimp")
    place.rewrite(
        "register/vendors/mailchimp.yaml",
        "      - element: customer.rating\n",
        "      - element: person.phone\n        direction: delivered\n"
        "      - element: customer.rating\n",
    )
    place.rewrite(
        "register/vendors/mailchimp.yaml",
        "    customer.rating: member.rating\n",
        "    customer.rating: member.rating\n    person.phone: member.merge_fields.PHONE\n",
    )

    told = place.enable("mailchimp").stdout
    assert "person.phone stays shut: the role of Mailchimp is not known" in told
    plan = place.json("deliver", "plan", "mailchimp")["vendors"][0]
    assert "nobody was told of it yet" in plan["withheld"]["person.phone"]["en"]


def test_unsound_connection_is_not_enabled(place):
    """
    A key that the vendor does not know keeps it read-only.
    """
    place.environ["KLARSYN_MAILCHIMP_API_KEY"] = f"{'0' * 32}-us21"
    done = place.run("vendors", "enable", "mailchimp", "--yes", who="freja")

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


def test_enabling_needs_somebody_who_answers_for_it(tmp_path):
    """
    It says how to add oneself.
    """
    with shop(tmp_path, "mailchimp") as found:
        done = found.run("vendors", "enable", "mailchimp", "--yes")

        assert 81 == done.returncode
        assert "`klarsyn users add NAME`" in done.stderr
        assert "read-only" == state(found)


def test_vendor_without_an_api_is_not_enabled(tmp_path):
    """
    There is nothing that could write.
    """
    folder = company(tmp_path / "klarpris", signifly="connection: {}\n")
    done = klarsyn("vendors", "enable", "signifly", "--yes", folder=folder)

    assert 41 == done.returncode
    assert "signifly has no API: there is nothing to enable" in done.stderr

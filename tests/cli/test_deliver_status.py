import json
from contextlib import closing

import pytest

from klarsyn import storage
from tests.cli.shop import customer, shop

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A company at which Mailchimp has refused one customer, and Zendesk has not begun."""
    with shop(tmp_path_factory.mktemp("status"), "mailchimp", "zendesk") as found:
        found.hire("freja")
        found.enable("mailchimp", "zendesk")
        found.run("deliver", "apply", "mailchimp")
        found.write(customer(2))
        found.run("deliver", "apply", "mailchimp")
        found.write(customer(1), customer(2))
        found.run("deliver", "apply", "mailchimp")
        yield found


def test_status_tells_what_is_open_and_why(place):
    """
    People held, the refused one with its reason and next try, the sample, the last run.
    """
    told = place.run("deliver", "status").stdout

    assert told.startswith("mailchimp\n  people held: 1\n")
    assert "create: 1 waiting" in told
    assert "1 people: " in told
    assert "tried again from" in told
    assert "last plan carried out at" in told
    assert "zendesk" not in told


def test_status_of_one_vendor_for_programs(place):
    """
    With the subjects that are to be settled; here there are none.
    """
    (one,) = place.json("deliver", "status", "mailchimp")

    assert ([{"kind": "create", "state": "waiting", "people": 1}], []) == (
        one["open"],
        one["unknown"],
    )
    assert ["mailchimp"] == [row["vendor"] for row in place.json("deliver", "status")]


def test_element_that_was_not_kept_is_told(place):
    """
    The vendor took it and said yes, and a sample does not have it.
    """
    with closing(storage.open(f"sqlite:///{place.folder / 'klarsyn.sqlite'}")) as opened:
        opened.run(
            "put_dropped_element",
            vendor="mailchimp",
            element="customer.source_partner",
            now=1.8e9,
            looked=5,
            dropped=4,
        )
    told = place.run("deliver", "status", "mailchimp").stdout

    assert "customer.source_partner: read back 5, not kept by the vendor 4" in told


def test_status_of_a_misspelt_vendor(place):
    """
    The nearest names that there are.
    """
    done = place.run("deliver", "status", "mailchip")

    assert 15 == done.returncode
    assert "mailchimp" in done.stderr


def test_status_before_anything(tmp_path):
    """
    There is no database yet; then there is one, and nothing was delivered.
    """
    with shop(tmp_path) as found:
        assert 15 == found.run("deliver", "status").returncode
        found.hire("freja")
        assert "Nothing was delivered yet.\n" == found.run("deliver", "status").stdout


def test_no_value_of_anybody_is_told(place):
    """
    Neither to people nor to programs.
    """
    told = place.run("deliver", "status").stdout + json.dumps(place.json("deliver", "status"))

    assert "freja" not in told.casefold()

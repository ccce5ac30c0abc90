import csv

import pytest

from klarsyn.recognition import checks
from scripts import example_customers
from tests.acceptance.processes import EXAMPLES

FOLDER = EXAMPLES / "klarpris"


def rows(name):
    """Return the rows of a file of the example."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.mark.parametrize("name", ["customers.csv", "orders.csv"])
def test_the_files_are_what_the_script_draws(name):
    """
    `python scripts/example_customers.py` writes them again, byte for byte.
    """
    assert example_customers.files()[name] == (FOLDER / name).read_text(encoding="utf-8")


def test_nobody_in_them_can_exist():
    """
    Example domains, telephone numbers kept free by Ofcom, organisation numbers with a wrong digit.
    """
    customers = rows("customers.csv")

    assert 200 == len({one["email"] for one in customers})
    assert {"com", "org", "net"} == {one["email"].rpartition("@example.")[2] for one in customers}
    assert {"+44 7700 900", "+44 20 7946 0"} == {
        number[:-3] for one in customers for number in (one["phone"], one["company_phone"])
    }
    asked = {"SE": checks.luhn, "DK": checks.cvr, "NO": checks.orgnr_no}
    assert not [
        one for one in customers if asked[one["country"]](one["org_number"].replace("-", ""))
    ]


def test_every_order_is_somebodys():
    """
    And some have none, as in life.
    """
    customers = {one["customer_no"] for one in rows("customers.csv")}
    ordering = {one["customer_no"] for one in rows("orders.csv")}

    assert ordering < customers

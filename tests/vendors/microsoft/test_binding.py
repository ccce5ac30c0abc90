"""
A register that connects to a database: checked without reaching it, bound with its map.
"""

import pytest

from klarsyn.errors import ConnectionInvalid
from klarsyn.register import loading
from klarsyn.vendors.connections import bind, problems_of
from tests.cli.connected import company

CONNECTION = """
connection:
  settings: {kept_by_law: orders order_lines, backup_days: "14"}
  map:
    person.name: customers.name
    person.email: customers.email
    account.password: customers.password_hash
"""


def register(folder, connection=CONNECTION):
    """Return KlarPris's register, connected to its database."""
    return loading.load(company(folder / "klarpris", microsoft=connection) / "register")


def test_map_is_checked_for_its_form_only(tmp_path):
    """
    Which tables there are is known once the database is reached; until then only form is checked.
    """
    wrong = CONNECTION.replace("customers.name", "customers").replace("orders order_lines", "''")

    assert [] == list(problems_of(register(tmp_path / "right"), "microsoft"))
    told = [str(one) for one in problems_of(register(tmp_path / "wrong", wrong), "microsoft")]
    assert any("'customers' names no place" in one for one in told)


def test_places_are_kept_until_the_catalogue_is_read(tmp_path):
    """
    The sheet knows of each mapped column what data category it holds.
    """
    bound = bind(register(tmp_path), "microsoft", {})
    means = {one.name: one.means for one in bound.vendor.own["customers"]}

    assert {
        "name": "user.name",
        "email": "user.contact.email",
        "password_hash": "user.authorization.password",
    } == means
    assert ["orders", "order_lines"] == bound.settings["kept_by_law"]


def test_source_is_known_from_the_register(tmp_path):
    """
    The register says that the data come from there, so nobody has to say it twice.
    """
    bound = bind(register(tmp_path), "microsoft", {})
    assert "true" == bound.settings["source"]

    said = CONNECTION.replace("settings: {", "settings: {source: 'false', ")
    assert "false" == bind(register(tmp_path / "b", said), "microsoft", {}).settings["source"]


@pytest.mark.parametrize(
    "wrong",
    [
        "backup_days: '36'",
        "copies: customers_history",
        "anonymise: orders",
        "source: maybe",
        "database_url: x",
    ],
)
def test_wrong_setting_is_told(tmp_path, wrong):
    """
    A setting that cannot be is told with its line; so is a key that stands in the register.
    """
    with pytest.raises(ConnectionInvalid, match=r"microsoft\.yaml:\d+"):
        bind(register(tmp_path, f"\nconnection:\n  settings: {{{wrong}}}\n"), "microsoft", {})

import pytest

from klarsyn.language import COUNTRIES
from klarsyn.rules.authorities import AUTHORITIES, authority


@pytest.mark.parametrize(
    ("country", "identifier"),
    [("DK", "DPA-DK"), ("NO", "DPA-NO"), ("SE", "DPA-SE"), ("FI", "DPA-FI"), ("DE", "DPA-DE")],
)
def test_authority_is_told_apart_by_country(country, identifier):
    """
    R91: Denmark's and Norway's authorities share a name, and are two.
    """
    assert identifier == AUTHORITIES[country].id
    assert AUTHORITIES[country] == authority(country)


def test_namesakes_are_two_authorities():
    """
    R91: "Datatilsynet" alone names nobody.
    """
    danish, norwegian = AUTHORITIES["DK"], AUTHORITIES["NO"]

    assert danish.name == norwegian.name
    assert danish.address != norwegian.address


def test_unknown_country_has_no_authority_yet():
    """
    R92: the table says nothing rather than something wrong.
    """
    assert authority("JP") is None


@pytest.mark.parametrize("country", AUTHORITIES)
def test_row_is_complete(country):
    """
    R92: each has an id with its country, a name and an address.
    """
    row = AUTHORITIES[country]

    assert country in COUNTRIES
    assert f"DPA-{country}" == row.id
    assert row.name
    assert row.address.startswith("https://")

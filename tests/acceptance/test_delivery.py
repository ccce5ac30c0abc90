"""
KlarPris's 200 invented customers, delivered to nine vendors, and what is on the wire.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.acceptance.processes import EXAMPLES, ROOT
from tests.disclosure.world import FIELDS, customer, world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.disclosure.world import World

pytestmark = [pytest.mark.network, pytest.mark.slow]

NINE = (
    *("activecampaign", "mailchimp", "pipedrive", "plecto", "recurly", "reviso", "teamviewer"),
    *("zapier", "zendesk"),
)
NEWSLETTERS = {"activecampaign", "mailchimp"}
"""Where those who do not want any are passed over."""
PHONE = {"activecampaign", "pipedrive", "recurly", "reviso"}
"""Where a phone number is delivered."""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[World]:
    """KlarPris and its nine vendors, with the customers that it ships with."""
    with world(tmp_path / "company", *NINE) as found:
        shutil.copy(EXAMPLES / "klarpris" / "customers.csv", found.folder)
        invite(found)
        yield found


def invite(found: World) -> None:
    """Let Plecto know the members, as the demo does."""
    subprocess.run(
        [sys.executable, ROOT / "scripts" / "demo_members.py", found.folder / "customers.csv"],
        env=found.environ,
        check=True,
    )


def deliver(found: World) -> dict[str, dict[str, int]]:
    """Deliver to every vendor, and return what became of people by vendor."""
    return {one: found.deliver(one).get("ends", {}) for one in NINE}


def written(found: World) -> list[str]:
    """Return the vendors to which anything was sent; where people opted out is only read."""
    return [
        vendor
        for vendor in NINE
        if any(one.request.method != "GET" for one in found.standins[vendor].exchanges)
    ]


def numbers(found: World, vendor: str) -> list[str]:
    """Return where a customer number of the source was sent to a vendor: kp-10001."""
    wire = (text for one in found.standins[vendor].exchanges for text in texts(one.request))
    # The demo tells Plecto its members, as the company itself does.
    by_klarsyn = (one for one in wire if "updating_api_provider_id" not in one)
    return [found for one in by_klarsyn for found in re.findall(r"kp-1\d{4}", one.casefold())]


def change(found: World, column: str, value: str) -> None:
    """Give the first customer another value."""
    file = found.folder / "customers.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(";")
    cells[FIELDS.index(column)] = value
    lines[1] = ";".join(cells)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_two_hundred_customers_arrive_everywhere(company: World) -> None:
    """The second run sends nothing; a changed phone is one update where a phone is delivered."""
    planned = {one: company.plan(one).kinds["create"] for one in NINE}
    arrived = {one: "queued" if one == "zapier" else "created" for one in NINE}
    assert {one: {arrived[one]: planned[one]} for one in NINE} == deliver(company)
    assert {186} == {planned[one] for one in NINE if one not in NEWSLETTERS}
    assert {one: [] for one in NINE} == {one: numbers(company, one) for one in NINE}

    for one in company.standins.values():
        one.exchanges.clear()
    assert {one: {} for one in NINE} == deliver(company)
    assert [] == written(company)

    change(company, "phone", "+44 7700 900999")
    assert {one: {"updated": 1} if one in PHONE else {} for one in NINE} == deliver(company)
    assert sorted(PHONE) == written(company)
    assert {one: [] for one in NINE} == {one: numbers(company, one) for one in NINE}


# What is on the wire

MARKS = st.text("abcdefghijklmnopqrstuvwxyzåäöæøü", min_size=9, max_size=14)
DIGITS = st.integers(0, 999)


@st.composite
def people(draw: st.DrawFn) -> list[dict[str, str]]:
    """Draw two people who have a value for every element, each found by its text alone."""
    found = []
    for number in (1, 2):  # the test numbers them anew in each round
        words = draw(st.lists(MARKS, min_size=8, max_size=8, unique=True))
        tail = draw(DIGITS)
        found.append(
            customer(
                number,
                name=f"Fornavn{words[0]} Efternavn{words[1]}",
                # Punycode may be all in short pieces; what stands before is found in any case.
                email=f"postkasse{number}{words[2].encode('punycode').decode()}@example.org",
                phone=f"+44 7700 900{tail:03}",
                company=f"Firma{words[3]}",
                company_phone=f"+44 20 7946 0{tail:03}",
                org_number="559012-3316" if number == 1 else "559876-5432",
                address=f"Vej{words[4]} 1, 9999 Nordenby",
                contact_person=f"Kontakt{words[5]}",
                country="SE",
                partner=f"Partner{words[6]}",
                access=f"Adgang{words[7]}",
                username=f"bruger{number}{words[0]}{words[1]}",
            )
        )
    return found


COLUMNS = {
    "person.name": "name",
    "person.email": "email",
    "person.phone": "phone",
    "company.name": "company",
    "company.phone": "company_phone",
    "company.org_number": "org_number",
    "company.address": "address",
    "company.contact_person": "contact_person",
    "customer.source_partner": "partner",
    "account.access_type": "access",
    "account.username": "username",
}
"""By data element; a status is a fixed word, and tells nothing by itself."""


UNSEEN = {"account.username"}
"""By it Plecto's members are known; a row names them by the vendor's own number."""


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """KlarPris and its nine vendors, for many rounds."""
    with world(tmp_path_factory.mktemp("wire") / "company", *NINE) as found:
        yield found


@given(people())
@settings(
    max_examples=5,
    phases=[Phase.generate],  # each round takes seconds, so none is tried again with less
    suppress_health_check=[HealthCheck.too_slow],
)
def test_only_declared_elements_are_on_the_wire(
    wired: World, customers: list[dict[str, str]]
) -> None:
    """Whatever the source knows of somebody, a vendor gets what is declared for it: all of that."""
    before = len(wired.customers)
    for number, one in enumerate(customers, before + 1):
        one["customer_no"] = f"kundenr-{number:06}"
    wired.write(*wired.customers, *customers)
    invite(wired)
    for vendor in NINE:
        exchanges = wired.standins[vendor].exchanges
        exchanges.clear()
        planned = set(wired.plan(vendor).sets)
        wired.deliver(vendor)
        wire = [text for one in exchanges for text in texts(one.request)]
        seen = {
            element
            for element, column in COLUMNS.items()
            if any(stands_in(one[column], wire) for one in customers)
        }
        declared = {
            use.held.element
            for use in wired.register.uses_of(vendor)
            if use.held.direction == "delivered"
        }
        assert seen <= declared, vendor
        assert not [one for one in wire if "kundenr" in one.casefold()], vendor
        assert planned & COLUMNS.keys() - UNSEEN <= seen, vendor


def texts(request: Any) -> Iterator[str]:
    """Yield a request as text: as it is, decoded, and with the escapes of JSON read."""
    body = request.body.decode(errors="replace")
    for text in (request.raw_path, body, *request.headers.values()):
        yield text
        yield unquote_plus(text)
    try:
        yield json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return


def stands_in(value: str, wire: list[str]) -> bool:
    """Tell whether a value stands somewhere, a number however it is written."""
    digits = re.sub(r"\D", "", value)
    if len(digits) >= 10:
        bare = digits.removeprefix("44")
        return any(bare in re.sub(r"[\s+().-]", "", one) for one in wire)
    return any(part in one for one in wire for part in re.findall(r"\w{8,}", value))

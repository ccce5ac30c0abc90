"""
What a vendor is not declared to get does not reach the wire, whatever the source has.

The source has a column for every element that one may have. Each element's value is its own, so
that a search of all that was sent finds it, even inside of something else.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn.testing.standins.pipedrive_filling import OTHER_EMAIL
from tests.acceptance.processes import EXAMPLES
from tests.disclosure.served import exchanges, referee
from tests.disclosure.world import World, world

pytestmark = [pytest.mark.network, pytest.mark.slow]

LONG_AGO = date(2022, 1, 25)
#: Where each vendor takes something; what stands alone is a place of the sheet's own.
PLACES: Mapping[str, Mapping[str, str]] = {
    "mailchimp": {
        "person.email": "member.email",
        "person.name": "member.name",
        "person.phone": "member.phone",
    },
    "pipedrive": {
        "person.email": "person.email",
        "person.name": "person.name",
        "person.phone": "person.phone",
    },
    "recurly": {
        "person.email": "account.email",
        "person.name": "account.name",
        "person.phone": "account.phone",
    },
    "zapier": {
        "person.email": "run.email",
        "person.name": "run.name",
        "person.phone": "run.phone",
    },
}
#: Fields of the company's own, for any other element.
OPEN: Mapping[str, tuple[str, ...]] = {
    "mailchimp": ("member.merge_fields.SOURCE",),
    "pipedrive": (f"person.custom_fields.{OTHER_EMAIL}",),
    # The last of them is drawn first: it takes the place of the reference.
    "recurly": ("account.street", "account.company", "account.code"),
    "zapier": tuple(f"run.data_in.field_{number}" for number in range(8)),
}
KEY = "zqkey"
"""The company's own keys begin with it."""
DIRECTIONS = ("delivered", "delivered", "entered-by-staff", "generated-at-vendor")


def values_of(element: str, number: int, person: int) -> tuple[str, tuple[str, ...]]:
    """Return an element's value for a person, and the parts by which it is found on the wire."""
    mark = f"zq{number:02}p{person}"
    if element == "person.email":
        return f"{mark}@example.org", (mark,)
    if element.endswith("phone"):
        # With what is before it: six digits are in a random key now and then.
        return f"+44 7700 900{number:02}{person}", (f"7700900{number:02}{person}",)
    if element == "company.org_number":
        digits = checked(f"5599990{person}0")
        # All ten: four of them are in a random key now and then.
        return f"{digits[:6]}-{digits[6:]}", (digits,)
    if element == "person.name":
        return f"Fore{mark} Sur{mark}", (f"Fore{mark}", f"Sur{mark}")
    return f"Text {mark}", (mark,)


def checked(nine: str) -> str:
    """Return nine digits of a Swedish number with the tenth, which checks them."""
    doubled = (int(one) * (2 - at % 2) for at, one in enumerate(nine))
    return nine + str(-sum(one // 10 + one % 10 for one in doubled) % 10)


@dataclass
class Shown:
    """A register's delivery to one vendor, as it was drawn."""

    directions: Mapping[str, str]
    places: Mapping[str, str]
    in_effect: frozenset[str]

    @property
    def delivered(self) -> frozenset[str]:
        """The elements that are declared as delivered."""
        return frozenset(one for one, how in self.directions.items() if how == "delivered")

    @property
    def sent(self) -> frozenset[str]:
        """The elements that may travel."""
        return frozenset(self.delivered & self.places.keys() & self.in_effect)


ELEMENTS = sorted(
    line.rstrip(":\n ").strip()
    for line in (EXAMPLES / "klarpris" / "register" / "elements.yaml")
    .read_text(encoding="utf-8")
    .splitlines()
    if re.fullmatch(r"  [a-z]+\.[a-z_]+:", line)
)
#: Neither groups nor secrets may be mapped at all; scores are of a rule of their own.
KNOWN = [
    one
    for one in ELEMENTS
    if one not in {"person.contact_details", "account.password"} and "rating" not in one
]


OFTEN = st.sampled_from([True, True, True, True, False])


@st.composite
def shown(draw: st.DrawFn, vendor: str) -> Shown:
    """Draw which elements are declared, in which direction, mapped where, and since when told."""
    directions = draw(
        st.dictionaries(st.sampled_from(KNOWN), st.sampled_from(DIRECTIONS), min_size=4)
    )
    if draw(OFTEN):  # without an address most vendors are sent nothing at all
        directions["person.email"] = "delivered"
    fixed, free = PLACES[vendor], list(OPEN[vendor])
    places = {one: fixed[one] for one in directions if one in fixed and draw(OFTEN)}
    for one in directions:
        if one not in fixed and free and draw(OFTEN):
            places[one] = free.pop()
    if "person.email" in directions:
        places["person.email"] = fixed["person.email"]
    told = frozenset(one for one in directions if draw(OFTEN))
    return Shown(directions, places, told)


def declare(found: World, vendor: str, drawn: Shown) -> None:
    """Write it into the vendor's file, and into klarsyn.yaml a column for every element."""
    file = found.folder / "register" / "vendors" / f"{vendor}.yaml"
    text = file.read_text(encoding="utf-8")
    held = "".join(
        f"      - element: {one}\n        direction: {how}\n"
        for one, how in drawn.directions.items()
    )
    text = re.sub(r"(?s)    elements:\n.*?\nentity:", f"    elements:\n{held}entity:", text)
    places = "".join(f"    {one}: {place}\n" for one, place in drawn.places.items()) or "    {}\n"
    text = re.sub(r"(?s)  map:\n.*?\ndeliver:", f"  map:\n{places}deliver:", text)
    text = re.sub(r"population: \w+", "population: customers", text)
    file.write_text(text, encoding="utf-8")
    file = found.folder / "klarsyn.yaml"
    text = file.read_text(encoding="utf-8")
    columns = "".join(f"    {one}: {one}\n" for one in KNOWN)
    text = re.sub(
        r"(?s)  columns:\n.*?\n  populations:", f"  columns:\n{columns}  populations:", text
    )
    file.write_text(text, encoding="utf-8")
    found.reload()


def announce(found: World, vendor: str, drawn: Shown) -> None:
    """Let be in effect what was drawn to be, and nothing else."""
    facts = found.around.facts
    for one in facts.elements_in_effect():
        facts.end_effect(one.vendor, one.element)
    facts.put_in_effect(vendor, drawn.in_effect, since=LONG_AGO, announced=LONG_AGO, by="test")


def tell(found: World, generation: int) -> dict[str, tuple[str, ...]]:
    """Write two customers, everything of whom is theirs; return by what each element is found."""
    marks: dict[str, tuple[str, ...]] = {}
    rows = []
    for person in (2 * generation, 2 * generation + 1):
        row = {"customer_no": f"{KEY}{person % 2}", "country": "SE", "sole_trader": "no"}
        row |= {"status": "registered", "newsletter": "subscribed"}
        for number, element in enumerate(KNOWN):
            row[element], parts = values_of(element, number, person)
            marks[element] = (*marks.get(element, ()), *parts)
        rows.append(row)
    with (found.folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return marks


def wire(found: World, vendor: str) -> str:
    """Return all that was sent to a vendor, decoded, numbers without blanks and hyphens."""
    parts = []
    for one in exchanges(found, vendor):
        asked = one.request
        parts += [unquote_plus(asked.raw_path), *asked.headers.values()]
        if asked.body:
            parts.append(json.dumps(json.loads(asked.body), ensure_ascii=False))
    return re.sub(r"(?<=\d)[ -](?=\d)", "", "\n".join(parts))


@pytest.mark.parametrize("vendor", PLACES)
@given(data=st.data())
@settings(max_examples=12)
def test_only_declared_elements_reach_the_wire(vendor: str, data: Any) -> None:
    """First all, then all anew, then nobody: each declared one with a place is there, no other."""
    drawn = data.draw(shown(vendor))
    with TemporaryDirectory() as folder, world(Path(folder) / "company", vendor) as found:
        declare(found, vendor, drawn)
        announce(found, vendor, drawn)
        marks: dict[str, tuple[str, ...]] = {}
        for generation in range(2):
            told = tell(found, generation)
            marks = {one: (*marks.get(one, ()), *told[one]) for one in told}
            found.deliver(vendor)
            found.clock.move(seconds=700)
        _nobody(found)
        found.deliver(vendor)
        said = wire(found, vendor)
        there = {one for one, parts in marks.items() if any(part in said for part in parts)}
        named = {one for one, place in drawn.places.items() if place == "account.code"}
        by_us = vendor in {"recurly", "zapier"} and drawn.delivered & named <= drawn.sent
        known = by_us or ("person.email" in drawn.sent and vendor != "recurly")
        assert there == (drawn.sent if known else set())
        assert KEY not in said.casefold()
        referee(found, vendor)


def _nobody(found: World) -> None:
    file = found.folder / "customers.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

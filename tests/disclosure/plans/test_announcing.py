"""From which day an element may flow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from klarsyn import register as registers
from klarsyn.disclosure.plans.announcing import Effect, effects
from tests.acceptance.processes import EXAMPLES

if TYPE_CHECKING:
    from klarsyn.register import Register

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def klarpris() -> Register:
    """The example, in which no role is known."""
    return registers.load(EXAMPLES / "klarpris" / "register")


def found(register: Register, *already: str) -> dict[str, Effect]:
    """Return what comes into effect at Pipedrive."""
    return {one.element: one for one in effects(register, "pipedrive", already, DAY)}


def with_role(register: Register, role: str) -> Register:
    """Return the register with this role of Pipedrive's."""
    vendor = register.vendors["pipedrive"]
    known: Any = {"value": role, "source": "page"}
    processing = [
        msgspec.structs.replace(one, role=msgspec.convert(known, type(one.role)))
        for one in vendor.processing
    ]
    changed = msgspec.structs.replace(vendor, processing=processing)
    return replace(register, vendors={**register.vendors, "pipedrive": changed})


def test_first_time_is_in_effect_at_once(klarpris: Register) -> None:
    """Nobody was promised anything about this vendor before."""
    assert {"person.name", "person.email", "person.phone"} == found(klarpris).keys()
    assert {DAY} == {one.since for one in found(klarpris).values()}


def test_what_is_in_effect_stays_as_it_is(klarpris: Register) -> None:
    """Only what is new is told."""
    assert {"person.phone"} == found(klarpris, "person.name", "person.email").keys()


def test_unknown_role_keeps_it_shut(klarpris: Register) -> None:
    """Nobody knows whether customers may object."""
    one = found(klarpris, "person.name")["person.phone"]
    assert one.since is None
    assert "the role of Pipedrive is not known" in str(one.why)


def test_processor_waits_for_the_longest_notice_period(klarpris: Register) -> None:
    """The day after the last on which a customer may object; shut where no period is known."""
    shut = found(with_role(klarpris, "processor"), "person.name")["person.phone"]
    assert "the company's notice period is not known (R97)" == str(shut.why)
    known: Any = {"value": "P30D", "source": "page"}
    period = msgspec.convert(known, type(klarpris.company.notice_period))
    company = msgspec.structs.replace(klarpris.company, notice_period=period)
    told = replace(with_role(klarpris, "processor"), company=company)
    assert date(2026, 12, 27) == found(told, "person.name")["person.phone"].since


def test_controller_is_told_of_the_day_before(klarpris: Register) -> None:
    """People are informed before; nobody has a right to object to the change (Art. 13(3))."""
    one = found(with_role(klarpris, "controller"), "person.name")["person.phone"]
    assert date(2026, 11, 27) == one.since


def test_what_is_not_delivered_never_comes_into_effect(klarpris: Register) -> None:
    """What arises at the vendor, or is written in by staff, is not sent."""
    assert [] == list(effects(klarpris, "slack", [], DAY))

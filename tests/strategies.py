"""
Hypothesis strategies: register files as people write them, and as they spoil them.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from klarsyn.register.facts import Fact
from klarsyn.register.vendor import Held
from scripts.fuzz import MUTATIONS
from tests.publication.sites import example, spoken

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from klarsyn.register import Register
    from klarsyn.register.vendor import Processing, Vendor

ROOT = Path(__file__).resolve().parents[1]
REAL_FILES = {
    path.relative_to(folder).as_posix(): path.read_bytes()
    for folder in sorted(ROOT.glob("examples/*/register"))
    for path in sorted(folder.rglob("*.yaml"))
}


@st.composite
def mutated_files(draw: DrawFn) -> tuple[str, bytes]:
    """Return the name and the content of a real file that one or two mutations went over."""
    name = draw(st.sampled_from(sorted(REAL_FILES)))
    content = REAL_FILES[name]
    rng = draw(st.randoms(use_true_random=False))
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=2)):
        if content.split():
            other = REAL_FILES[draw(st.sampled_from(sorted(REAL_FILES)))]
            content = mutate(rng, content, other)
    return name, content


DIRECTIONS = ("delivered", "generated-at-vendor", "entered-by-staff", "held-by-us-at-the-host")


@st.composite
def declared_registers(draw: DrawFn) -> Register:
    """Return Nordlys in English, with other data at every vendor and other ways to get there."""
    register = spoken(example("nordlys"), "en")
    vendors = {one: draw(_vendors(register, one)) for one in register.vendors}
    return dataclasses.replace(register, vendors=vendors)


@st.composite
def _vendors(draw: DrawFn, register: Register, one: str) -> Vendor:
    vendor = register.vendors[one]
    processing = [draw(_processings(register, each)) for each in vendor.processing]
    changes: dict[str, Any] = {"processing": processing}
    if not draw(st.integers(0, 3)):
        gap: Fact[Any] = Fact(not_yet_known_until=None)
        changes["countries"] = msgspec.structs.replace(vendor.countries, storage=gap)
    return msgspec.structs.replace(vendor, **changes)


@st.composite
def _processings(draw: DrawFn, register: Register, one: Processing) -> Processing:
    declaration = draw(st.sampled_from(("listed", "listed", "incidental", "none")))
    names = st.sampled_from(sorted(register.elements))
    ids = draw(st.lists(names, unique=True, max_size=5)) if declaration != "none" else []
    held = [
        Held(
            element=element,
            direction=draw(st.sampled_from(DIRECTIONS)),
            includes=draw(st.lists(names, unique=True, max_size=2)),
        )
        for element in ids
    ]
    targets = draw(st.none() | st.lists(st.sampled_from(sorted(register.vendors)), max_size=2))
    conduit = Fact(value=list(dict.fromkeys(targets)), source="own") if targets else None
    return msgspec.structs.replace(one, declaration=declaration, elements=held, conduit_for=conduit)

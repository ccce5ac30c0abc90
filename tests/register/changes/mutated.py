"""
Hypothesis strategies: two versions of a register, the second made of the first by real edits.

Most edits are blind: something somewhere in a file is taken out, doubled, moved or written anew,
and kept if the file still loads by itself. Whether the files agree with each other is not asked:
a comparison has to bear whatever two versions hold.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st
from msgspec.structs import replace

from klarsyn.register import load
from klarsyn.register.changes import trees
from klarsyn.register.changes.tree import edits
from klarsyn.register.loading import assemble
from tests.register.changes.pairs import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from hypothesis.strategies import DrawFn

    from klarsyn.register import Register

    Edit = Callable[[Random, Register], Register]

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WORDS = (
    "(order)",
    "2026-11-23",
    "2027-01-01",
    "DK",
    "Kronvik ApS",
    "P1M",
    "P90D",
    "US",
    "active",
    "ended",
    "x#2",
)
"""Texts that may stand in many places of a file."""


@dataclass(frozen=True)
class Two:
    """Two versions; the whole of them is too long to be shown when a test fails."""

    old: Register
    new: Register
    done: tuple[str, ...]

    def __iter__(self) -> Iterator[Register]:
        return iter((self.old, self.new))

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        found = list(edits(trees(self.old), trees(self.new)))
        printer.text(f"{self.done}: {found[:9]}"[:4000])


@cache
def beginnings() -> tuple[Register, ...]:
    """Return the registers that are edited: the pairs' own, and the examples."""
    files = {name: text.encode() for name, text in BASE.items()}
    examples = (load(EXAMPLES / name / "register") for name in ("nordlys", "klarpris"))
    return (assemble(files, Path("register")), *examples)


def copied(register: Register) -> Register:
    """Return an equal register in which nothing is the same object."""
    made = {
        "company": _again(register.company),
        "customers": {one: _again(it) for one, it in register.customers.items()},
        "accepted": tuple(_again(it) for it in register.accepted),
        "sources": {
            file: {one: _again(it) for one, it in sources.items()}
            for file, sources in register.sources.items()
        },
    }
    for name in ("purposes", "data_subjects", "elements", "vendors", "scores"):
        made[name] = {one: _again(it) for one, it in getattr(register, name).items()}
    return dataclasses.replace(register, **made)


def _again(value: Any) -> Any:
    return msgspec.convert(msgspec.to_builtins(value), type(value))


@st.composite
def versions(draw: DrawFn) -> Two:
    """Return two versions of a register; between them lie up to six edits of any sort."""
    old = draw(st.sampled_from(beginnings()))
    rng = draw(st.randoms(use_true_random=False))
    done = []
    for _ in range(draw(st.integers(0, 2))):
        old = rng.choice(EDITS)(rng, old)
    new = old
    for _ in range(draw(st.integers(0, 6))):
        edit = rng.choice(EDITS)
        done.append(edit.__name__)
        new = edit(rng, new)
    return Two(old, new, tuple(done))


@st.composite
def plain_versions(draw: DrawFn) -> Two:
    """Return two versions that differ in which vendors, sub-processors, data there are."""
    whole = beginnings()[0]
    rng = draw(st.randoms(use_true_random=False))
    sides = []
    for _ in range(2):
        side = whole
        for _ in range(draw(st.integers(0, 4))):
            side = rng.choice((_drop_vendor, _drop_link, _drop_held, _drop_purpose))(rng, side)
        sides.append(side)
    return Two(sides[0], sides[1], ())


# Edits of whole files and of names.


def _vendors(register: Register, vendors: dict[str, Any]) -> Register:
    return dataclasses.replace(register, vendors=vendors)


def _drop_vendor(rng: Random, register: Register) -> Register:
    if len(register.vendors) == 1:
        return register
    gone = rng.choice(sorted(register.vendors))
    return _vendors(register, {one: it for one, it in register.vendors.items() if one != gone})


def _double_vendor(rng: Random, register: Register) -> Register:
    one = rng.choice(sorted(register.vendors))
    name = rng.choice(("Kronvik", register.vendors[one].name))
    return _vendors(
        register, {**register.vendors, "kronvik": replace(register.vendors[one], name=name)}
    )


def _rename_vendor(rng: Random, register: Register) -> Register:
    gone = rng.choice(sorted(register.vendors))
    new = rng.choice(("helpwell", f"{gone}-2"))
    return _vendors(
        register, {new if one == gone else one: it for one, it in register.vendors.items()}
    )


def _swap_vendors(rng: Random, register: Register) -> Register:
    one, other = (rng.choice(sorted(register.vendors)) for _ in range(2))
    swapped = {one: register.vendors[other], other: register.vendors[one]}
    return _vendors(register, {**register.vendors, **swapped})


def _rename_key(rng: Random, register: Register) -> Register:
    table = rng.choice(("elements", "purposes", "scores", "data_subjects"))
    held = getattr(register, table)
    if not held:
        return register
    gone, new = rng.choice(sorted(held)), rng.choice(("renamed", *sorted(held)))
    made: Any = {new if one == gone else one: it for one, it in held.items()}
    return dataclasses.replace(register, **{table: made})


def _drop_key(rng: Random, register: Register) -> Register:
    table = rng.choice(("elements", "purposes", "scores", "data_subjects", "customers"))
    held: Any = dict(getattr(register, table))
    if held:
        del held[rng.choice(sorted(held))]
    return dataclasses.replace(register, **{table: held})


def _drop_accepted(rng: Random, register: Register) -> Register:
    return dataclasses.replace(register, accepted=register.accepted[1:])


def _source(rng: Random, register: Register) -> Register:
    file = rng.choice(sorted(register.sources))
    held = register.sources[file]
    dated = {one: replace(it, as_of=rng.choice(("2025", "undated"))) for one, it in held.items()}
    return dataclasses.replace(register, sources={**register.sources, file: dated})


# Edits of what a vendor has.


def _vendor(rng: Random, register: Register, edit: Callable[[Any], Any]) -> Register:
    one = rng.choice(sorted(register.vendors))
    return _vendors(register, {**register.vendors, one: edit(register.vendors[one])})


def _drop_link(rng: Random, register: Register) -> Register:
    return _vendor(rng, register, lambda it: replace(it, chain=_fewer(rng, it.chain)))


def _drop_purpose(rng: Random, register: Register) -> Register:
    def edit(vendor: Any) -> Any:
        return replace(vendor, processing=_fewer(rng, vendor.processing) or vendor.processing)

    return _vendor(rng, register, edit)


def _drop_held(rng: Random, register: Register) -> Register:
    def edit(vendor: Any) -> Any:
        first, *rest = vendor.processing
        held = _fewer(rng, first.elements) or first.elements
        return replace(vendor, processing=[replace(first, elements=held), *rest])

    return _vendor(rng, register, edit)


def _fewer(rng: Random, entries: list[Any]) -> list[Any]:
    gone = rng.randrange(len(entries)) if entries else 0
    return [one for number, one in enumerate(entries) if number != gone]


# Blind edits of anything in a file.


def _anything(rng: Random, register: Register) -> Register:
    table = rng.choice(("vendors",) * 4 + ("elements", "purposes", "scores", "company"))
    if table == "company":
        return dataclasses.replace(register, company=_spoilt(rng, register.company))
    held = getattr(register, table)
    if not held:
        return register
    one = rng.choice(sorted(held))
    made: Any = {**held, one: _spoilt(rng, held[one])}
    return dataclasses.replace(register, **{table: made})


def _spoilt(rng: Random, value: Any) -> Any:
    """Return a file's value after a blind edit, or as it was where that would not load."""
    plain = msgspec.to_builtins(value)
    spots = list(_spots(plain))
    holder, name = rng.choice(spots)
    rng.choice((_gone, _other, _turned, _doubled))(rng, holder, name, spots)
    try:
        return msgspec.convert(plain, type(value))
    except msgspec.ValidationError:
        return value


def _spots(plain: Any) -> list[tuple[Any, Any]]:
    """Return every place in plain values as what holds it and under which name."""
    inner = list(plain.items() if isinstance(plain, dict) else enumerate(plain))
    found = [(plain, name) for name, _ in inner]
    for _, one in inner:
        if isinstance(one, (dict, list)):
            found += _spots(one)
    return found


def _gone(rng: Random, holder: Any, name: Any, spots: list[tuple[Any, Any]]) -> None:
    del holder[name]


def _other(rng: Random, holder: Any, name: Any, spots: list[tuple[Any, Any]]) -> None:
    """Write something else: another truth, or a text from elsewhere."""
    if isinstance(holder[name], bool):
        holder[name] = not holder[name]
        return
    texts = [it[one] for it, one in spots if isinstance(it[one], type(holder[name]))]
    holder[name] = rng.choice([*texts, *WORDS])


def _turned(rng: Random, holder: Any, name: Any, spots: list[tuple[Any, Any]]) -> None:
    if isinstance(holder[name], list):
        holder[name].reverse()
    elif isinstance(holder[name], dict) and "value" in holder[name]:
        holder[name] = {"not_yet_known_until": "2027-03-31"}


def _doubled(rng: Random, holder: Any, name: Any, spots: list[tuple[Any, Any]]) -> None:
    if isinstance(holder, list):
        holder.append(holder[name])


EDITS: tuple[Edit, ...] = (
    *(_anything,) * 6,
    _drop_vendor,
    _double_vendor,
    _rename_vendor,
    _swap_vendors,
    _rename_key,
    _drop_key,
    _drop_accepted,
    _source,
    _drop_link,
    _drop_purpose,
    _drop_held,
)

"""
What commands that speak with vendors share: surroundings, connections, and their state in words.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from klarsyn.clock import SystemClock
from klarsyn.errors import ConnectionInvalid, Message, UnknownName, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.clock import Clock
    from klarsyn.register import Register
    from klarsyn.storage import Storage
    from klarsyn.transport.connection import Surroundings
    from klarsyn.vendors.connections import Bound


HURRY: Final = "KLARSYN_STANDINS_HURRY"
"""How much faster time passes between us and stand-ins, and since when; `standins` sets it."""


@contextmanager
def database(app: App, *, make: bool = False) -> Iterator[Storage | None]:
    """Yield Klarsyn's database; None where there is none yet and none is to be made."""
    from klarsyn import storage

    address = app.settings.database
    file = Path(address.removeprefix("sqlite:///"))
    if address.startswith("sqlite:") and not make and not file.exists():
        yield None
        return
    with ExitStack() as stack:
        opened = storage.open(address)
        stack.callback(opened.close)
        yield opened


def surroundings(vendor_id: str, found: Storage | None, patience: float = 120) -> Surroundings:
    """Return clock, shared limits, and the stand-in that the environment names."""
    from klarsyn.storage import Buckets
    from klarsyn.transport.connection import Surroundings
    from klarsyn.vendors.connections import variable

    detour = os.environ.get(variable("standin", vendor_id), "")
    clock: Clock = SystemClock()
    if detour and HURRY in os.environ:
        from klarsyn.testing.clock import HurriedClock

        clock = HurriedClock.read(os.environ[HURRY])
    buckets = Buckets(found, clock) if found else None
    return Surroundings(clock=clock, buckets=buckets, detour=detour, patience=patience)


def bound(register: Register, vendor_id: str, found: Storage | None) -> Bound:
    """Return a vendor's connection, knowing whether it may write."""
    from klarsyn.storage import EnabledConnections
    from klarsyn.vendors.connections import bind

    bound = bind(register, vendor_id, os.environ)
    enabled = EnabledConnections(found, SystemClock()) if found else None
    return replace(bound, enabled=bool(enabled and enabled.get(vendor_id, bound.digest)))


def state(register: Register, vendor_id: str, found: Storage | None) -> tuple[str, Message]:
    """Return how far a connection is, as a word for programs and one for people."""
    vendor = register.vendors[vendor_id]
    if vendor.connection is None:
        return "none", said("not connected")
    try:
        one = bound(register, vendor_id, found)
    except ConnectionInvalid as error:
        return "invalid", said("{count} mistakes", count=len(error.problems))
    except UnknownName:
        return "no-sheet", said("no fact sheet")
    if one.missing:
        return "no-key", said("no key")
    if one.unmapped:
        return "incomplete", said("{count} without a place", count=len(one.unmapped))
    return _reach(one)


def _reach(one: Bound) -> tuple[str, Message]:
    """Return what a complete connection may do; one without an API does nothing by itself."""
    if one.vendor.api.protocol == "none":
        return "attested", said("by attestation")
    return ("enabled", said("may write")) if one.enabled else ("read-only", said("read-only"))

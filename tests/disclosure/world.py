"""
A company with customers in a file, a register, a database, and vendors that listen on this machine.
"""

from __future__ import annotations

import csv
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from klarsyn import keys, settings
from klarsyn import register as registers
from klarsyn import storage as storages
from klarsyn.disclosure.around import Around
from klarsyn.disclosure.delivering import deliver
from klarsyn.disclosure.plans.planning import make
from klarsyn.durable import Run
from klarsyn.keys import Keys
from klarsyn.people.source import Source
from klarsyn.testing import StillClock
from klarsyn.testing.standins import standin
from klarsyn.transport.connection import Surroundings
from klarsyn.vendors.connections import bind, variable
from tests.acceptance.processes import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from klarsyn.disclosure.plans.plan import VendorPlan
    from klarsyn.storage import Storage
    from klarsyn.vendors.connections import Bound

KEYS = keys.load({keys.VARIABLE: f"test:{'k' * 43}"})
FIELDS = (
    (EXAMPLES / "klarpris" / "customers.csv").read_text(encoding="utf-8").split("\n")[0].split(";")
)


@dataclass
class World:
    """KlarPris, with a few invented customers; vendors are empty stand-ins."""

    folder: Path
    storage: Storage
    clock: StillClock
    standins: Mapping[str, Any] = field(default_factory=dict)
    customers: list[dict[str, str]] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    keys: Keys = KEYS
    runs: int = 0

    @cached_property
    def register(self) -> registers.Register:
        """The register in its folder."""
        return registers.load(self.folder / "register")

    def reload(self) -> None:
        """Read the register again."""
        self.__dict__.pop("register", None)

    def rewrite(self, vendor: str, old: str, new: str) -> None:
        """Change a vendor's file."""
        file = self.folder / "register" / "vendors" / f"{vendor}.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.reload()

    def write(self, *customers: dict[str, str]) -> None:
        """Let the source say this."""
        self.customers = list(customers)
        with (self.folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, delimiter=";", restval="")
            writer.writeheader()
            writer.writerows(self.customers)

    @property
    def around(self) -> Around:
        """What work is done with."""
        installation = settings.load(self.folder)
        return Around(
            register=self.register,
            source=Source.of(installation, self.register),
            storage=self.storage,
            clock=self.clock,
            keys=self.keys,
            bind=self.bind,
            surroundings=self.surroundings,
        )

    def bind(self, vendor: str) -> Bound:
        """Return a vendor's connection, which may write."""
        return replace(bind(self.register, vendor, self.environ), enabled=True)

    def surroundings(self, vendor: str) -> Surroundings:
        """Return the way to its stand-in."""
        return Surroundings(
            clock=self.clock,
            detour=self.environ.get(variable("standin", vendor), ""),
            patience=120,
        )

    def announce(self, *vendors: str, on: date = date(2022, 1, 25)) -> None:
        """Let everything that is declared for these vendors be in effect."""
        facts = self.around.facts
        for vendor in vendors:
            uses = self.register.uses_of(vendor)
            elements = [one.held.element for one in uses]
            facts.put_in_effect(vendor, elements, since=on, announced=on, by="test")

    def plan(self, vendor: str) -> VendorPlan:
        """Return what would be done at a vendor."""
        return make(self.around, [vendor]).vendors[0]

    def deliver(self, vendor: str, digest: str | None = None) -> dict[str, Any]:
        """Plan and carry out, without a worker."""
        self.runs += 1
        digest = self.plan(vendor).digest if digest is None else digest
        run = Run(f"run-{self.runs}", self.around)
        found: Any = deliver.do(run, vendor=vendor, digest=digest)
        return dict(found)


def customer(number: int, **values: str) -> dict[str, str]:
    """Return an invented customer."""
    return {
        "customer_no": str(number),
        "name": f"Freja Lyngholt {number}",
        "email": f"freja.{number}@example.com",
        "phone": f"+44 7700 900{number:03}",
        "company": f"Lyngholt VVS {number} ApS",
        "org_number": "",
        "address": "Polarlysvej 1, 9999 Nordenby",
        "contact_person": f"Freja Lyngholt {number}",
        "country": "DK",
        "sole_trader": "no",
        "partner": "Comfort",
        "access": "basic",
        "status": "registered",
        "username": f"freja.{number}",
        "newsletter": "subscribed",
        **values,
    }


@contextmanager
def world(folder: Path, *vendors: str, url: str = "", people: int = 0) -> Iterator[World]:
    """Yield a company whose vendors listen; they know `people` invented others already."""
    shutil.copytree(EXAMPLES / "klarpris", folder)
    clock = StillClock()
    environ: dict[str, str] = {}
    with ExitStack() as stack:
        storage = stack.enter_context(
            storages.open(url or f"sqlite:///{folder / 'klarsyn.sqlite'}", clock)
        )
        running: dict[str, Any] = {}
        for vendor in vendors:
            one = running[vendor] = stack.enter_context(standin(vendor)(count=people, clock=clock))
            environ[variable("standin", vendor)] = one.url
            environ |= {variable(vendor, name): value for name, value in one.secrets.items()}
        made = World(folder, storage, clock, running, environ=environ)
        made.write(customer(1), customer(2))
        made.announce(*vendors)
        yield made

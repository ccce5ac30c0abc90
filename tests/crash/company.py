"""
A company whose workers die: what they and the test know of it lies in a folder.

Vendors live in the test's process, so that they outlive every worker. Time runs fast, the same for
all of them.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klarsyn import keys as klarsyn_keys
from klarsyn import storage as storages
from klarsyn.disclosure.plans.plan import Limits
from klarsyn.storage import Buckets
from klarsyn.testing import StillClock
from klarsyn.testing.standins import standin
from klarsyn.vendors.connections import variable
from tests.acceptance.processes import EXAMPLES
from tests.disclosure.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.disclosure.around import Around
    from klarsyn.transport.connection import Surroundings

VENDORS = ("mailchimp", "pipedrive", "zapier")
"""An upsert, one that has to be looked up first, and a hook that must not be called twice."""
SPEED = 60
KEY = f"test:{'k' * 43}"
KEYS = klarsyn_keys.load({klarsyn_keys.VARIABLE: KEY})
#: Nobody agrees to anything here; what needs an approval is tried in tests/disclosure.
FREELY = Limits(removals=10**9, share=1.0, few=10**9)
PATIENCE = 60


class FastClock(StillClock):
    """A minute a second, from an instant that stands in a file; whoever moves it writes there."""

    def __init__(self, file: Path) -> None:
        """Begin in the first process, go on in every other."""
        super().__init__()
        self._file = file
        if not file.exists():
            self._write(time.time(), 0)

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        began, moved = map(float, self._file.read_text(encoding="ascii").split())
        return super().now() + timedelta(seconds=(time.time() - began) * SPEED + moved)

    def sleep(self, seconds: float) -> None:
        """Wait until the clock has come that far, by itself or because somebody moved it."""
        ends = self.now() + timedelta(seconds=seconds)
        while (left := (ends - self.now()).total_seconds()) > 0:
            time.sleep(min(left / SPEED, 0.05))

    def move(self, *, days: float = 0, seconds: float = 0) -> None:
        """Let time pass in every process."""
        began, moved = map(float, self._file.read_text(encoding="ascii").split())
        self._write(began, moved + days * 86_400 + seconds)

    def _write(self, began: float, moved: float) -> None:
        whole = self._file.with_suffix(".new")
        whole.write_text(f"{began} {moved}", encoding="ascii")
        whole.replace(self._file)


@dataclass
class Company(World):
    """KlarPris, as a worker finds it."""

    address: str = ""

    @property
    def around(self) -> Around:
        """What work is done with; nothing waits for an approval."""
        return replace(super().around, limits=FREELY)

    def surroundings(self, vendor: str) -> Surroundings:
        """Return the way to its stand-in, with limits that all workers share."""
        usual, shared = super().surroundings(vendor), Buckets(self.storage, self.clock)
        return replace(usual, buckets=shared, patience=PATIENCE)

    def write(self, *customers: dict[str, str]) -> None:
        """Let the source say this from one instant on: workers read it at any time."""
        whole = self.folder / "customers.csv"
        inside = replace(self, folder=self.folder / "draft")
        inside.folder.mkdir(exist_ok=True)
        World.write(inside, *customers)
        self.customers = list(customers)
        os.replace(inside.folder / "customers.csv", whole)  # noqa: PTH105  (says that it replaces)


@contextmanager
def founded(
    folder: Path, address: str = "", vendors: tuple[str, ...] = VENDORS
) -> Iterator[Company]:
    """Make a company and its vendors, who know nobody yet."""
    shutil.copytree(EXAMPLES / "klarpris", folder)
    address = address or f"sqlite:///{folder / 'klarsyn.sqlite'}"
    clock = FastClock(folder / "clock")
    environ: dict[str, str] = {}
    running: dict[str, Any] = {}
    with ExitStack() as stack:
        for vendor in vendors:
            one = running[vendor] = stack.enter_context(standin(vendor)(count=0, clock=clock))
            environ[variable("standin", vendor)] = one.url
            environ |= {variable(vendor, name): value for name, value in one.secrets.items()}
        told = json.dumps({"address": address, "environ": environ})
        (folder / "company.json").write_text(told, encoding="utf-8")
        made = stack.enter_context(opened(folder))
        made.standins = running
        made.announce(*vendors)
        yield made


@contextmanager
def opened(folder: Path) -> Iterator[Company]:
    """Open a company that was founded, in whichever process."""
    told = json.loads((folder / "company.json").read_text(encoding="utf-8"))
    clock = FastClock(folder / "clock")
    with storages.open(told["address"], clock) as storage:
        yield Company(folder, storage, clock, environ=told["environ"], address=told["address"])

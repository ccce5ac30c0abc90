"""
What disclosure works with: register, source, database, keys, and the way to each vendor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from klarsyn.clock import Clock
from klarsyn.disclosure.letters import DeadLetters
from klarsyn.disclosure.pauses import Pauses
from klarsyn.disclosure.plans.plan import Limits
from klarsyn.durable import Due
from klarsyn.journal import Journal
from klarsyn.keys import Keys
from klarsyn.people.facts import Facts
from klarsyn.people.hashes import Hashes
from klarsyn.people.ledger import Ledger
from klarsyn.people.scored import Calculated
from klarsyn.people.source import Source
from klarsyn.register import Register
from klarsyn.settings import OwnRetention
from klarsyn.storage import Sealing, Storage
from klarsyn.tasks import Approvals, Tasks, Uploads, Users
from klarsyn.transport.connection import Surroundings
from klarsyn.vendors.connections import Bound


@dataclass(frozen=True)
class Around:
    """Everything that a delivery needs; opened once by a command or a worker."""

    register: Register
    source: Source
    storage: Storage
    clock: Clock
    keys: Keys
    bind: Callable[[str], Bound]
    """From a vendor's id to its connection."""
    surroundings: Callable[[str], Surroundings]
    """From a vendor's id to clock, limits and stand-in."""
    limits: Limits = field(default_factory=Limits)
    four_eyes: bool = True
    calculated: Calculated = field(default_factory=dict)
    """Score elements that are calculated here, as of today."""
    retention: OwnRetention = field(default_factory=OwnRetention)
    """How long Klarsyn keeps what is its own."""
    tombstones: Path | None = None
    """The file that no backup may fall behind."""
    forget: Callable[[datetime], int] = lambda _: 0
    """Forgets the steps of work that ended before an instant, and tells of how much work."""

    @cached_property
    def ledger(self) -> Ledger:
        """What vendors were sent."""
        return Ledger(self.storage, self.clock)

    @cached_property
    def journal(self) -> Journal:
        """Evidence."""
        return Journal(self.storage, self.clock, self.keys)

    @cached_property
    def hashes(self) -> Hashes:
        """Hashes under the key in use."""
        return Hashes(self.keys)

    @cached_property
    def facts(self) -> Facts:
        """What the gate reads."""
        return Facts(self.storage, self.clock, self.hashes)

    @cached_property
    def due(self) -> Due:
        """What waits for its time."""
        return Due(self.storage, self.clock)

    @cached_property
    def users(self) -> Users:
        """Those who work here."""
        return Users(self.storage, self.clock, self.keys, self.journal)

    @cached_property
    def approvals(self) -> Approvals:
        """What somebody agreed to."""
        return Approvals(
            self.storage,
            self.clock,
            self.keys,
            self.users,
            self.journal,
            four_eyes=self.four_eyes,
        )

    @cached_property
    def tasks(self) -> Tasks:
        """What a person has to do."""
        uploads = Uploads(self.storage, self.keys)
        return Tasks(self.storage, self.clock, self.users, uploads, self.journal)

    @cached_property
    def letters(self) -> DeadLetters:
        """Rows that were refused to the end."""
        return DeadLetters(self.storage, self.clock, Sealing(self.keys.all("seal")))

    @cached_property
    def pauses(self) -> Pauses:
        """Vendors to which nothing is sent for now."""
        return Pauses(self.storage, self.clock)

    @property
    def today(self) -> date:
        """The day where the company is."""
        return self.clock.now().astimezone(ZoneInfo(self.register.company.timezone)).date()

"""
What it means that a connection is enabled: it may write, and what is declared comes into effect.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klarsyn.errors import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klarsyn.cli.group import App
    from klarsyn.clock import Clock
    from klarsyn.errors import Message
    from klarsyn.journal import Journal
    from klarsyn.people.facts import Facts
    from klarsyn.register import Register
    from klarsyn.storage import Storage
    from klarsyn.vendors.connections import Bound


@dataclass(frozen=True, slots=True)
class Enabling:
    """Enables connections in the name of somebody who signed in."""

    register: Register
    storage: Storage
    clock: Clock
    journal: Journal
    facts: Facts
    who: str
    """The pseudonym."""

    @classmethod
    def by(cls, app: App, register: Register, storage: Storage) -> Enabling:
        """Let whoever may approve sign in."""
        from klarsyn import keys
        from klarsyn.cli.acting import acting
        from klarsyn.clock import SystemClock
        from klarsyn.journal import Journal
        from klarsyn.people.facts import Facts
        from klarsyn.people.hashes import Hashes
        from klarsyn.tasks import Users

        given, clock = keys.load(os.environ), SystemClock()
        journal = Journal(storage, clock, given)
        who = acting(app, Users(storage, clock, given, journal), "approve")
        return cls(register, storage, clock, journal, Facts(storage, clock, Hashes(given)), who)

    def enable(self, found: Bound, announced: date) -> Iterator[Message]:
        """Let a connection write as it stands now, and tell what comes into effect when."""
        from klarsyn.disclosure.plans.announcing import effects
        from klarsyn.storage import EnabledConnections

        vendor = found.vendor_id
        known = {one.element for one in self.facts.elements_in_effect() if one.vendor == vendor}
        made = list(effects(self.register, vendor, known, announced))
        flowing = {one.element: one.since for one in made if one.since}
        now = self.clock.now()
        with self.storage.transaction():
            EnabledConnections(self.storage, self.clock).enable(vendor, found.digest, self.who)
            for element, since in flowing.items():
                self.facts.put_in_effect(vendor, [element], since, announced, self.who)
            self.journal.append(
                f"enable:{vendor}:{int(now.timestamp() * 1000)}",
                "connection.enabled",
                vendor=vendor,
                by=self.who,
                facts={
                    "connection": found.digest,
                    "announced": announced.isoformat(),
                    "since": {element: day.isoformat() for element, day in flowing.items()},
                },
            )
        yield said("{vendor} may write, until its connection changes.", vendor=vendor)
        for day in sorted(set(flowing.values())):
            elements = [element for element, since in flowing.items() if since == day]
            yield said("  in effect from {day}: {elements}", day=day, elements=elements)
        for one in made:
            if one.why:
                yield said("  {element} stays shut: {why}", element=one.element, why=one.why)

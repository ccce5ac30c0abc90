"""
What commands about deliveries work on where neither the source nor a vendor is needed.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from klarsyn.errors import UnknownName, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klarsyn.cli.group import App
    from klarsyn.clock import Clock
    from klarsyn.disclosure.letters import DeadLetters
    from klarsyn.disclosure.pauses import Pauses
    from klarsyn.disclosure.telling.status import Standing
    from klarsyn.durable import Due
    from klarsyn.journal import Journal
    from klarsyn.keys import Keys
    from klarsyn.people.ledger import Ledger
    from klarsyn.storage import Storage
    from klarsyn.tasks import Users


@dataclass(frozen=True, slots=True)
class Books:
    """The tables of one installation, and the names of the register's vendors."""

    vendors: tuple[str, ...]
    """Those that something is delivered to come first."""
    storage: Storage
    clock: Clock
    keys: Keys
    ledger: Ledger
    journal: Journal
    pauses: Pauses
    letters: DeadLetters
    due: Due
    users: Users
    standing: Standing

    def named(self, name: str) -> str:
        """Return a vendor's name; UnknownName where neither register nor ledger know it."""
        if name not in self.vendors and not self.standing.known(name):
            near = get_close_matches(name, self.vendors, 3, 0.5) or list(self.vendors)
            raise UnknownName(
                said("the register has no vendor '{name}'", name=name),
                said("there are {names}", names=near),
            )
        return name

    def resume_soon(self, vendor: str) -> None:
        """Let a worker go on with what waits at a vendor."""
        from klarsyn.disclosure.delivering import resume

        now, arguments = self.clock.now(), {"vendor": vendor}
        self.due.put(resume, vendor, now, lane=vendor, arguments=arguments)


@contextmanager
def books(app: App) -> Iterator[Books]:
    """Open the database; UnknownName where nothing was recorded yet."""
    from klarsyn import keys
    from klarsyn.cli.recorded import recorded
    from klarsyn.clock import SystemClock
    from klarsyn.disclosure.letters import DeadLetters
    from klarsyn.disclosure.pauses import Pauses
    from klarsyn.disclosure.telling.status import Standing
    from klarsyn.durable import Due
    from klarsyn.journal import Journal
    from klarsyn.people.ledger import Ledger
    from klarsyn.register import load
    from klarsyn.storage import Sealing
    from klarsyn.tasks import Users

    register = load(app.settings.register, cache=app.settings.cache)
    given, clock = keys.load(os.environ), SystemClock()
    with recorded(app) as storage:
        journal = Journal(storage, clock, given)
        yield Books(
            tuple(sorted(register.vendors, key=lambda one: not register.vendors[one].deliver)),
            storage,
            clock,
            given,
            Ledger(storage, clock),
            journal,
            Pauses(storage, clock),
            DeadLetters(storage, clock, Sealing(given.all("seal"))),
            Due(storage, clock),
            Users(storage, clock, given, journal),
            Standing(storage, clock, given),
        )

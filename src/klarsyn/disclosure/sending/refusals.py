"""
A vendor that refuses everybody for one reason: a field is wrong or missing there, not the people.

Then the rest waits until a person has looked, in the place of a dead letter for each row after
days of retries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from klarsyn.errors import Message
from klarsyn.people.ledger import Change
from klarsyn.vendors.jobs import NEVER_SENT
from klarsyn.vendors.sheet import RowOutcome

MANY: Final = 50
"""So many refusals at the beginning of a run are enough."""
FEW: Final = 10
"""So many are enough where there are no more rows."""


@dataclass(slots=True)
class Refusals:
    """What the rows of a run ended in so far."""

    why: Message | None = None
    count: int = 0
    mixed: bool = False
    """Whether any row arrived, may have arrived, or was refused for another reason."""

    def note(self, change: Change, outcome: RowOutcome) -> None:
        """
        Count the end of a row.

        Rows that are tried again do not count: what is left of a run that went well may well be
        refused for one reason. Nor do rows that Klarsyn itself does not send.
        """
        if outcome.state != "refused":
            self.mixed = True
        elif not change.attempts and outcome.why not in NEVER_SENT:
            self.mixed = self.mixed or (self.count > 0 and self.why != outcome.why)
            self.why = outcome.why
            self.count += 1

    def all_for(self, least: int) -> Message | None:
        """Return the reason where all were refused for it, at least so many."""
        return self.why if self.count >= least and not self.mixed else None

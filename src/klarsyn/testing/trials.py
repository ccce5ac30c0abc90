"""
A fact sheet on trial: the sheet, its stand-in, and what a check has to know of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from klarsyn.personal import Personal
from klarsyn.testing.clock import StillClock
from klarsyn.testing.faults import Trouble
from klarsyn.testing.people import InventedPerson
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.transport.words import Limit
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.reading import Coverage, Seen, read, records_of
from klarsyn.vendors.sheet import Record, Target, Vendor


@dataclass(kw_only=True)
class Trial:
    """A sheet, its stand-in, and what a check has to know of the two."""

    vendor: Vendor
    standin: Callable[..., Any]
    """Makes a stand-in: takes `clock` and `limits`."""
    record: str
    """The record that is rectified, erased and delivered."""
    delivered: str = ""
    """The record that is delivered, where it is another."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings beside the keys that the stand-in tells."""
    change: Mapping[str, str] = field(default_factory=dict)
    """Elements to rectify, with their new values."""
    row: Callable[[InventedPerson], Mapping[str, str]] | None = None
    """The elements that a delivery sends for somebody."""
    places: Callable[[Any], Mapping[str, Any]] = lambda _standin: {}
    """What a delivery has to name: the audience, the table."""
    constants: frozenset[str] = frozenset()
    """Texts that a write may send beside the values it was given."""
    kinds: tuple[str, ...] = ("email", "phone", "name", "company")
    """By what people are found."""
    suits: Callable[[Seen], bool] = lambda _seen: True
    """Whether a record may be the one that a check changes: not one under a legal hold, say."""
    confirm: Callable[[InventedPerson, Target], Target] = lambda _person, target: target
    """Says, as a person would, that what reaches beyond a record is meant."""
    settles: float = 0
    """For how many seconds an erasure may take."""
    lists: str = "GET *"
    """The requests of a listing, as a fault is aimed at them."""
    writes: str = "P* *"
    """The requests of a rectification, as a fault is aimed at them."""
    renames: str = ""
    """The field that holds the records of a listing."""
    beyond: Mapping[Trouble, str] = field(default_factory=dict)
    """Faults that cannot happen there, and why."""
    small: Callable[[Any], None] = lambda _standin: None
    """Makes the limits of the stand-in small, so that they are met."""
    crowded: Callable[[Any], Limit] | None = None
    """Makes a limit of the stand-in so small that 40 calls meet it; returns it as a sheet would."""
    unlimited: str = ""
    """Why no limit can be met there: the vendor publishes none, or nobody is asked."""
    sheet: str = ""
    """Where another process finds the sheet, as `module:name`, if not by its id."""

    @contextmanager
    def running(
        self, *, limits: bool = False, clock: StillClock | None = None
    ) -> Iterator[Running]:
        """Yield the stand-in, listening, with a clock that stands still unless another is given."""
        clock = clock or StillClock()
        with self.standin(clock=clock, limits=limits) as standin:
            yield Running(self, standin, clock)

    def main(self, connection: Connection) -> Record:
        """Return the record that is written."""
        return self._named(self.record, connection)

    def receiving(self, connection: Connection) -> Record:
        """Return the record that is delivered."""
        return self._named(self.delivered or self.record, connection)

    def _named(self, name: str, connection: Connection) -> Record:
        return next(one for one in records_of(self.vendor, connection) if one.name == name)


@dataclass
class Running:
    """A trial whose stand-in listens."""

    trial: Trial
    standin: Any
    clock: StillClock

    def open(self, purpose: Purpose, **around: Any) -> Connection:
        """Open a connection to the stand-in."""
        surroundings = Surroundings(
            clock=self.clock, detour=getattr(self.standin, "url", ""), **around
        )
        settings = {**self.standin.secrets, **self.trial.settings}
        vendor = self.trial.vendor
        return Connection(vendor.id, vendor.api, settings, purpose=purpose, around=surroundings)

    def everything(self) -> tuple[list[Seen], Coverage]:
        """Read all records of the sheet."""
        coverage = Coverage()
        with self.open(Purpose.AUDIT) as connection:
            found = [
                seen
                for record in records_of(self.trial.vendor, connection, coverage)
                for page in read(connection, record, coverage)
                for seen in page
            ]
        return found, coverage

    def find(self, person: InventedPerson, *kinds: str, thorough: bool = False) -> jobs.Finding:
        """Find somebody by some kinds of data."""
        with self.open(Purpose.FIND) as connection:
            identity = identity_of(person, *kinds)
            return jobs.find(connection, self.trial.vendor, identity, thorough=thorough)

    def somebody(self) -> tuple[InventedPerson, Target]:
        """Return a person, and their main record."""
        for person in self.standin.people:
            for match in self.find(person, "email").matches:
                main = match.seen.record.name == self.trial.record and "email" in match.by
                if main and self.trial.suits(match.seen):
                    return person, self.trial.confirm(person, match.target)
        message = f"nobody is in {self.trial.record}"
        raise AssertionError(message)


def identity_of(person: InventedPerson, *kinds: str) -> Identity:
    """Return what is known of a person, of some kinds."""
    return Identity(**{kind: (Personal(getattr(person, kind)),) for kind in kinds})

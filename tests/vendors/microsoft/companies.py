"""
Databases for the sheet of the SQL host: the stand-in's, and small ones made for one test.
"""

from contextlib import contextmanager

from sqlalchemy import create_engine, text

from klarsyn.personal import Personal
from klarsyn.testing.clock import StillClock
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.vendors import jobs
from klarsyn.vendors.connections import with_own_fields
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.microsoft import microsoft
from klarsyn.vendors.reading import read, records_of
from tests.testing.postgres import fresh_database
from tests.vendors.hosted_databases import Hosted, HostedOnPostgreSQL, sqlite_file

FREJA = "freja@example.org"
NILS = "nils@example.org"
PLACES = {"sqlite": sqlite_file, "postgresql": fresh_database}
HOSTED = {"sqlite": Hosted, "postgresql": HostedOnPostgreSQL}


class Company:
    """A company with its database, as a test looks at it from both sides."""

    def __init__(self, address, vendor, settings):
        """Take the address of a database, the mapped sheet and the settings."""
        self.engine = create_engine(address)
        self.address, self.vendor, self.settings = address, vendor, settings
        self.clock = StillClock()

    def run(self, *statements, **values):
        """Run statements as the company itself; return the rows of the last."""
        rows = []
        with self.engine.begin() as connection:
            for statement in statements:
                known = {"freja": FREJA, "nils": NILS, **values}
                result = connection.execute(text(statement), known)
                rows = [tuple(row) for row in result] if result.returns_rows else []
        return rows

    def open(self, purpose, **around):
        """Open Klarsyn's connection."""
        settings = {"database_url": self.address, **self.settings}
        surroundings = Surroundings(clock=self.clock, **{"patience": 0, **around})
        return Connection(
            "microsoft", self.vendor.api, settings, purpose=purpose, around=surroundings
        )

    def find(self, thorough=False, **known):
        """Find somebody; return what was found."""
        identity = Identity(**{kind: (Personal(value),) for kind, value in known.items()})
        with self.open(Purpose.FIND) as connection:
            return jobs.find(connection, self.vendor, identity, thorough=thorough)

    def target(self, table, **known):
        """Return the one record of somebody in a table."""
        matches = [one for one in self.find(**known).matches if one.seen.record.name == table]
        assert 1 == len(matches)
        return matches[0].target

    def row(self, table, **values):
        """Return a row as a target, as an audit reads it: nobody was looked for."""
        with self.open(Purpose.AUDIT) as connection:
            record = next(one for one in records_of(self.vendor, connection) if one.name == table)
            return next(
                seen.target
                for page in read(connection, record)
                for seen in page
                if values.items() <= seen.raw.items()
            )

    def erase(self, target):
        """Erase a record; return what became of it."""
        with self.open(Purpose.ERASE) as connection:
            return jobs.erase(connection, target)

    def rectify(self, target, **changes):
        """Rectify a record; return what became of it."""
        with self.open(Purpose.RECTIFY) as connection:
            return jobs.rectify(connection, target, changes)

    def record(self, table, connection):
        """Return a table's record."""
        return next(one for one in records_of(self.vendor, connection) if one.name == table)


def _native(statement, kind):
    """Let PostgreSQL count ids by itself, as SQLite does."""
    serial = "SERIAL PRIMARY KEY" if kind == "postgresql" else "INTEGER PRIMARY KEY"
    return statement.replace("INTEGER PRIMARY KEY", serial)


@contextmanager
def company(kind, *statements, means=None, **settings):
    """Make a small database by statements; yield its company."""
    with PLACES[kind]() as address:
        one = Company(address, with_own_fields(microsoft, means or {}, means or {}), settings)
        try:
            one.run(*(_native(each, kind) for each in statements))
            yield one
        finally:
            one.engine.dispose()

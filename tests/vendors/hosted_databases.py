"""
The customer database of the stand-in, as a trial runs it: on SQLite, and on PostgreSQL.
"""

from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from klarsyn.testing.faults import Faults
from klarsyn.testing.people import draw
from klarsyn.testing.standins.hosted import HostedDatabase
from klarsyn.vendors.connections import with_own_fields
from klarsyn.vendors.microsoft import microsoft
from tests.testing.postgres import fresh_database

#: What a company's register says of its columns.
MEANS = {
    ("customers", "name"): "user.name",
    ("customers", "email"): "user.contact.email",
    ("customers", "phone"): "user.contact.phone_number",
    ("customers", "password_hash"): "user.authorization.password",
    ("customers", "source"): "user.account",
    ("customers", "rating"): "user.demographic.profile",
    ("customers", "company"): "user.contact.organization",
    ("customers", "company_phone"): "user.contact.phone_number",
    ("customers", "organisation_number"): "user.government_id.national_identification_number",
    ("contacts", "name"): "user.name",
    ("contacts", "email"): "user.contact.email",
    ("contacts", "phone"): "user.contact.phone_number",
    ("orders", "delivery_name"): "user.name",
}
MAPPED = with_own_fields(microsoft, MEANS, MEANS)
SETTINGS = {
    "kept_by_law": ["orders", "order_lines", "returns"],
    "anonymise": ["orders.delivery_address"],
    "backup_days": "7",
}


@contextmanager
def sqlite_file():
    """Give the address of an empty database in a file."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "hosted.db").touch()
        yield f"sqlite:///{folder}/hosted.db"


class Hosted:
    """A database that is full of people, with what a trial asks of a stand-in."""

    place = staticmethod(sqlite_file)

    def __init__(self, *, clock=None, limits=False):
        """Take what every stand-in takes; a database has neither."""
        del clock, limits
        self.people = draw(9)
        self.exchanges = []
        self.faults = Faults()
        self.held = ExitStack()

    def __enter__(self):
        """Make it and fill it."""
        self.address = self.held.enter_context(self.place())
        self.database = HostedDatabase(self.address).fill(self.people)
        self.held.callback(self.database.close)
        # What is delivered must arrive once, so the company has made this index.
        self.run("CREATE UNIQUE INDEX one_contact ON contacts (email)")
        return self

    def __exit__(self, *_):
        """Drop it."""
        self.held.close()

    @property
    def planted(self):
        """Who was put where."""
        return self.database.planted

    @property
    def secrets(self):
        """The way in."""
        return {"database_url": self.address}

    def run(self, statement, **values):
        """Run a statement as the company itself; return its rows, if it has any."""
        with self.database.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.all() if result.returns_rows else []


class HostedOnPostgreSQL(Hosted):
    """The same, on a server."""

    place = staticmethod(fresh_database)

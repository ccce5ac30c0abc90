"""
A customer database as a company hosts it itself: on SQLite, or on PostgreSQL.

It has what makes erasure hard: children that cascade and children that do not, rows kept by law, a
customer who referred another, keys of two columns, a foreign key without an index, free text, and
a history that a trigger writes whenever a customer is changed or deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    create_engine,
    event,
    false,
    func,
    insert,
    select,
    text,
)

from klarsyn.testing.clock import START
from klarsyn.testing.people import InventedPerson, draw
from klarsyn.testing.serving import Planted

METADATA = MetaData()
#: Columns of a customer that say something of a person, as `planted` names them.
PERSONAL = (
    "name",
    "email",
    "phone",
    "password_hash",
    "source",
    "rating",
    "company",
    "company_phone",
    "organisation_number",
)


def _personal_columns() -> list[Column[Any]]:
    """Return the columns that customers and their history share."""
    return [
        Column("name", String(120), nullable=False),
        Column("email", String(254), nullable=False, index=True),
        Column("phone", String(40), index=True),
        Column("password_hash", String(100)),
        Column("source", String(60)),
        Column("rating", Integer),
        Column("company", String(120)),
        Column("company_phone", String(40)),
        Column("organisation_number", String(20)),
    ]


CUSTOMERS = Table(
    "customers",
    METADATA,
    Column("id", Integer, primary_key=True),
    *_personal_columns(),
    Column("referred_by", ForeignKey("customers.id"), index=True),
    Column("created_at", DateTime, nullable=False),
)
HISTORY = Table(
    "customers_history",
    METADATA,
    Column("history_id", Integer, primary_key=True),
    Column("id", Integer, nullable=False),
    *_personal_columns(),
    Column("changed_at", DateTime, nullable=False, server_default=func.current_timestamp()),
)
CONTACTS = Table(
    "contacts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id", ondelete="CASCADE"), index=True),
    Column("name", String(120)),
    Column("email", String(254)),
    Column("phone", String(40)),
)
ORDERS = Table(
    "orders",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), index=True, nullable=False),
    Column("invoice_number", String(20), nullable=False, unique=True),
    Column("ordered_on", Date, nullable=False),
    Column("total", Numeric(12, 2), nullable=False),
    Column("delivery_name", String(120)),
    Column("delivery_address", String(200)),
    Column("remark", Text),
)
ORDER_LINES = Table(
    "order_lines",
    METADATA,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("line_number", Integer, primary_key=True),
    Column("description", String(200), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
)
RETURNS = Table(
    "returns",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False),
    Column("line_number", Integer, nullable=False),
    Column("picked_up_from", String(120)),
    ForeignKeyConstraint(
        ["order_id", "line_number"], ["order_lines.order_id", "order_lines.line_number"]
    ),
)
SUPPORT_NOTES = Table(
    "support_notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id")),  # nobody made an index for it
    Column("written_at", DateTime, nullable=False),
    Column("body", Text, nullable=False),
)
LOGINS = Table(
    "logins",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id", ondelete="SET NULL"), index=True),
    Column("typed_email", String(254)),
    Column("ip_address", String(45)),
    Column("at", DateTime, nullable=False),
)
CONSENTS = Table(
    "consents",
    METADATA,
    Column("customer_id", ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("given_at", DateTime, nullable=False),
)
PRODUCT_GROUPS = Table(
    "product_groups",
    METADATA,
    Column("code", String(10), primary_key=True),
    Column("name", String(60), nullable=False),
)
#: Bookkeeping law wants these for five years; their rows are made anonymous, not deleted.
KEPT_BY_LAW = (ORDERS, ORDER_LINES, RETURNS)
#: When most of it happened; the columns have no time zone.
TODAY = START.replace(tzinfo=None)
_SOURCES = ("Partner: Rørportalen", "Messe", "Google", "Partner: Badforum")


class HostedDatabase:
    """The database behind a URL of SQLAlchemy's; it has to be empty."""

    def __init__(self, url: str) -> None:
        """Connect later; SQLite is told to mind foreign keys, which it does not by itself."""
        self.engine = create_engine(url)
        self.planted: list[Planted] = []
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _mind_foreign_keys)

    def fill(self, people: Sequence[InventedPerson]) -> Self:
        """Make the tables, put the people in, and let some time pass."""
        METADATA.create_all(self.engine)
        with self.engine.begin() as connection:
            for statement in _TRIGGERS[self.engine.dialect.name]:
                connection.execute(text(statement))
            if people:
                self.planted += [
                    *_customers(connection, people),
                    *_contacts(connection, people),
                    *_orders(connection, people),
                    *_traces(connection, people),
                    *_history(connection, people),
                ]
            groups = [{"code": "BB", "name": "Blandingsbatterier"}, {"code": "RF", "name": "Rør"}]
            connection.execute(insert(PRODUCT_GROUPS), groups)
            if self.engine.dialect.name == "postgresql":
                _catch_up(connection)
        return self

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


def customer_row(person: InventedPerson) -> dict[str, Any]:
    """Return the row of a person in `customers`."""
    return {
        "id": person.number + 1,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "password_hash": f"sha256${hashlib.sha256(person.email.encode()).hexdigest()}",
        "source": _SOURCES[person.number % len(_SOURCES)],
        "rating": person.number % 5 + 1,
        "company": person.company,
        "company_phone": person.phone[:-3] + f"{999 - person.number % 1000:03}",
        "organisation_number": person.organisation_number,
        "referred_by": person.number or None,
        "created_at": TODAY.replace(year=2025),
    }


def _mind_foreign_keys(connection: Any, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def _customers(connection: Connection, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put every person in; each but the first was referred by the one before."""
    connection.execute(insert(CUSTOMERS), [customer_row(one) for one in people])
    for person in people[:-1]:  # the last one is deleted again, see _history
        yield from (Planted(person, f"customers.{column}") for column in PERSONAL)
    consents = [
        {"customer_id": one.number + 1, "channel": channel, "given_at": TODAY}
        for one in people[:-1]
        for channel in ("email", "sms")
    ]
    if consents:
        connection.execute(insert(CONSENTS), consents)


def _contacts(connection: Connection, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put every third person in as somebody else's contact, too, with a loud address."""
    for person in people[:-1:3]:
        row = {"customer_id": (person.number + 1) % (len(people) - 1) + 1, "name": person.name}
        row |= {"email": person.email.upper(), "phone": person.phone}
        connection.execute(insert(CONTACTS), row)
        yield from (Planted(person, f"contacts.{column}") for column in ("name", "email", "phone"))


def _orders(connection: Connection, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put two orders of every second person, of which the law wants to keep the bookkeeping."""
    for person in people[:-1:2]:
        address = f"{person.street}, {person.postal_code} {person.city}"
        for number in (2 * person.number + 1, 2 * person.number + 2):
            order: dict[str, Any] = {"id": number, "customer_id": person.number + 1, "total": 1249}
            order |= {"invoice_number": f"F-{5000 + number}", "ordered_on": date(2026, 3, 2)}
            order |= {"delivery_name": person.name, "delivery_address": address}
            connection.execute(insert(ORDERS), order)
            line: dict[str, Any] = {"order_id": number, "line_number": 1, "amount": 1249}
            connection.execute(insert(ORDER_LINES), line | {"description": "Blandingsbatteri"})
        returned: dict[str, Any] = {
            "order_id": number,
            "line_number": 1,
            "picked_up_from": person.name,
        }
        connection.execute(insert(RETURNS), returned)
        yield Planted(person, "orders.delivery_name")
        yield Planted(person, "orders.delivery_address")
        yield Planted(person, "returns.picked_up_from")


def _traces(connection: Connection, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put people where a careless colleague wrote them: in notes, remarks and failed logins."""
    for person in people[:-1:4]:
        other = people[(person.number + 1) % len(people)]
        body = f"{person.name} ringede. Kontakt {other.name}, {other.phone} eller {other.email}."
        note = {"customer_id": person.number + 1, "written_at": TODAY, "body": body}
        connection.execute(insert(SUPPORT_NOTES), note)
        yield Planted(person, "support_notes.body", expected=False)
        yield Planted(other, "support_notes.body", expected=False)
    remark = ORDERS.update().where(ORDERS.c.id == 1)
    connection.execute(remark.values(remark=f"Leveres til {people[-1].name}, {people[-1].phone}"))
    if len(people) > 1:
        yield Planted(people[-1], "orders.remark", expected=False)
    for person in people[:-1]:
        login = {"customer_id": person.number + 1, "typed_email": person.email, "at": TODAY}
        connection.execute(insert(LOGINS), login | {"ip_address": f"192.0.2.{person.number % 250}"})
        yield Planted(person, "logins.typed_email")
    stray = {"customer_id": None, "typed_email": people[-1].email, "at": TODAY}
    connection.execute(insert(LOGINS), stray | {"ip_address": "198.51.100.7"})
    yield Planted(people[-1], "logins.typed_email", expected=False)


def _history(connection: Connection, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Change the first customer and delete the last; the trigger keeps what they were."""
    first, last = people[0], people[-1]
    if first is not last:
        changed = CUSTOMERS.update().where(CUSTOMERS.c.id == first.number + 1)
        connection.execute(changed.values(rating=3))
        yield from (Planted(first, f"customers_history.{c}", expected=False) for c in PERSONAL)
    connection.execute(CUSTOMERS.delete().where(CUSTOMERS.c.id == last.number + 1))
    yield from (Planted(last, f"customers_history.{c}", expected=False) for c in PERSONAL)


def _catch_up(connection: Connection) -> None:
    """Let PostgreSQL count on after the ids that were given."""
    for table in METADATA.sorted_tables:
        (key, *more) = table.primary_key.columns
        if more or not isinstance(key.type, Integer):
            continue
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        highest = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, highest, false())))


_COPIED = ", ".join(("id", *PERSONAL))
_OLD = ", ".join(f"OLD.{name}" for name in ("id", *PERSONAL))
_KEEP = " ".join(("INSERT INTO", HISTORY.name, f"({_COPIED}) VALUES ({_OLD});"))
_FUNCTION = f"CREATE FUNCTION keep() RETURNS trigger AS $$ BEGIN {_KEEP} RETURN NULL; END $$"
_FUNCTION += " LANGUAGE plpgsql"
_TRIGGER = "CREATE TRIGGER customers_kept AFTER UPDATE OR DELETE ON customers"
_TRIGGER += " FOR EACH ROW EXECUTE FUNCTION keep()"
#: What writes the history, as a temporal table does by itself elsewhere.
_TRIGGERS = {
    "sqlite": tuple(
        f"CREATE TRIGGER customers_{kind} AFTER {kind} ON customers BEGIN {_KEEP} END"
        for kind in ("UPDATE", "DELETE")
    ),
    "postgresql": (_FUNCTION, _TRIGGER),
}


class HostedStandIn:
    """The sample database as a stand-in: SQLite in a temporary folder, gone when it is stopped."""

    url = ""
    """There is nobody to talk HTTP with; the database's own address is a secret."""

    def __init__(self, *, count: int = 12, seed: int = 1) -> None:
        """Draw `count` people by `seed`."""
        self.people = draw(count, seed)
        self._folder: TemporaryDirectory[str] | None = None
        self.secrets: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Make the database and fill it."""
        self._folder = TemporaryDirectory(prefix="klarsyn-")
        address = f"sqlite:///{self._folder.name}/hosted.sqlite"
        database = HostedDatabase(address).fill(self.people)
        database.engine.dispose()
        self.secrets = {"database_url": address}
        return self

    def __exit__(self, *_: object) -> None:
        """Delete it."""
        if self._folder:
            self._folder.cleanup()

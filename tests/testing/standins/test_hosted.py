from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, delete, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from klarsyn.testing import draw
from klarsyn.testing.standins import hosted
from klarsyn.testing.standins.hosted import CONTACTS, CUSTOMERS, HISTORY, METADATA, HostedDatabase
from tests.testing.postgres import fresh_database

PEOPLE = draw(9)


@contextmanager
def on_sqlite():
    """Give the URL of a database in memory."""
    yield "sqlite://"


ENGINES = [
    pytest.param(on_sqlite, id="sqlite"),
    pytest.param(fresh_database, id="postgresql", marks=pytest.mark.slow),
]


@pytest.fixture(params=ENGINES)
def database(request):
    """A filled database on each of the two engines."""
    with request.param() as url, HostedDatabase(url) as one:
        yield one.fill(PEOPLE)


def values(database, place):
    """Return all values of `table.column`."""
    table, column = place.split(".")
    with database.engine.connect() as connection:
        return set(connection.scalars(select(METADATA.tables[table].c[column])))


def fact(person, place):
    """Return what of a person a place holds, or a part of it."""
    row = hosted.customer_row(person)
    table, column = place.split(".")
    if table in {"customers", "customers_history"}:
        return row[column]
    return {"phone": person.phone, "typed_email": person.email}.get(column, person.name)


def test_everybody_is_planted_where_it_says(database):
    """
    Each place that `planted` names holds the person.
    """
    for one in database.planted:
        found = values(database, one.place)
        if one.place == "contacts.email":
            assert one.person.email.upper() in found
        elif one.place == "orders.delivery_address":
            assert any(text.startswith(one.person.street) for text in found)
        else:
            assert any(str(fact(one.person, one.place)) in str(value) for value in found)

    assert set(PEOPLE) == {one.person for one in database.planted}


def test_customers_hold_every_element(database):
    """
    All that the company says it holds of a customer is there, and filled.
    """
    assert len(PEOPLE) - 1 == database.count(CUSTOMERS)
    for column in hosted.PERSONAL:
        assert None not in values(database, f"customers.{column}")


def test_catalogue_tells_the_awkward_things(database):
    """
    A self reference, keys of two columns, and a foreign key that has no index.
    """
    catalogue = inspect(database.engine)
    parents = [one["referred_table"] for one in catalogue.get_foreign_keys("customers")]
    assert ["customers"] == parents
    key = catalogue.get_pk_constraint("order_lines")["constrained_columns"]
    assert ["order_id", "line_number"] == key
    (lines,) = catalogue.get_foreign_keys("returns")
    assert ["order_id", "line_number"] == lines["constrained_columns"]
    assert [] == catalogue.get_indexes("support_notes")
    assert [] == catalogue.get_foreign_keys("product_groups")
    rules = [one["options"].get("ondelete") for one in catalogue.get_foreign_keys("contacts")]
    assert ["CASCADE"] == rules


def test_customer_with_orders_is_not_deleted(database):
    """
    The law's rows hold on to their customer, whatever else would cascade.
    """
    statement = delete(CUSTOMERS).where(CUSTOMERS.c.id == 1)

    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(statement)
    assert len(PEOPLE) - 1 == database.count(CUSTOMERS)


def test_delete_cascades_and_leaves_history(database):
    """
    Contacts and consents go with their customer, logins stay without one, history keeps it all.
    """
    who = PEOPLE[7]
    before = database.count(HISTORY)
    with database.engine.begin() as connection:
        connection.execute(insert(CONTACTS), {"customer_id": 8, "name": "x"})
        connection.execute(delete(CUSTOMERS).where(CUSTOMERS.c.id == who.number + 1))
        consents = connection.scalars(select(hosted.CONSENTS.c.customer_id)).all()

    assert before + 1 == database.count(HISTORY)
    assert who.email in values(database, "customers_history.email")
    assert who.email in values(database, "logins.typed_email")
    assert 8 not in values(database, "contacts.customer_id")
    assert 8 not in consents


def test_change_leaves_history(database):
    """
    A corrected number stays in the history, with the time at which it was replaced.
    """
    with database.engine.begin() as connection:
        change = update(CUSTOMERS).where(CUSTOMERS.c.id == 2).values(phone="+44 7700 900999")
        connection.execute(change)

    assert PEOPLE[1].phone in values(database, "customers_history.phone")
    assert PEOPLE[1].phone not in values(database, "customers.phone")
    assert None not in values(database, "customers_history.changed_at")


def test_counting_goes_on(database):
    """
    A new row gets a number that no row had.
    """
    row = {**hosted.customer_row(PEOPLE[0]), "email": "new@example.com"}
    del row["id"]
    with database.engine.begin() as connection:
        (key,) = connection.execute(insert(CUSTOMERS), row).inserted_primary_key

    assert key >= len(PEOPLE)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_people(count):
    """
    One, two or no person at all: the tables are there.
    """
    with HostedDatabase("sqlite://") as database:
        database.fill(draw(count))

        assert max(0, count - 1) == database.count(CUSTOMERS)
        assert 2 == database.count(hosted.PRODUCT_GROUPS)
        assert count == len({one.person for one in database.planted})


def test_foreign_keys_are_minded_by_us_only(tmp_path):
    """
    SQLite minds foreign keys per connection: whoever opens the file has to ask for it.
    """
    url = f"sqlite:///{tmp_path / 'hosted.db'}"
    with HostedDatabase(url) as database:
        database.fill(PEOPLE)
    careless = create_engine(url)
    with careless.begin() as connection:
        connection.execute(delete(CUSTOMERS).where(CUSTOMERS.c.id == 1))
        left = connection.execute(select(func.count()).select_from(CUSTOMERS)).scalar_one()
    careless.dispose()

    assert len(PEOPLE) - 2 == left

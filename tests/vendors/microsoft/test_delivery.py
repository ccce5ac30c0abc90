"""
Delivering to a database that is not the source: mapped columns, and nobody twice.
"""

import pytest

from klarsyn.errors import CallRefused
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Row
from tests.vendors.microsoft.companies import FREJA, NILS, company

pytestmark = pytest.mark.slow

PEOPLE = "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99), name VARCHAR(99))"
MEANS = {("people", "mail"): "user.contact.email", ("people", "name"): "user.name"}
DECLARED = frozenset({"mail", "name"})


def delivered(one, *rows, declared=DECLARED):
    """Deliver rows to people; return what became of each."""
    with one.open(Purpose.DELIVER) as connection:
        record = one.record("people", connection)
        return list(jobs.deliver(connection, record, rows, declared))


def test_nothing_is_delivered_to_the_source(made):
    """
    The database from which the data come is never written by a delivery.
    """
    with made(PEOPLE, means=MEANS, source="true") as one, pytest.raises(CallRefused):
        delivered(one, Row("1", {"mail": FREJA}))


def test_row_arrives_once_whatever_its_case(made):
    """
    Who is there already is changed, and found by an address in other letters too.
    """
    index = "CREATE UNIQUE INDEX once ON people (mail)"
    with made(PEOPLE, index, means=MEANS) as one:
        first = delivered(one, Row("1", {"mail": FREJA, "name": "Freja"}))
        second = delivered(one, Row("1", {"mail": FREJA.upper(), "name": None}))

        assert ["created", "updated"] == [row.state for row in (*first, *second)]
        assert first[0].known_as == second[0].known_as
        assert [(FREJA.upper(), None)] == one.run("SELECT mail, name FROM people")


def test_rows_fail_alone(made):
    """
    One row that the database refuses leaves the others as they are, and says why.
    """
    index = "CREATE UNIQUE INDEX once ON people (mail)"
    with made(
        PEOPLE.replace("name VARCHAR(99)", "name VARCHAR(99) NOT NULL"), index, means=MEANS
    ) as one:
        rows = [Row("1", {"mail": FREJA}), Row("2", {"mail": NILS, "name": "Nils"})]
        refused, created = delivered(one, *rows)

        assert ["refused", "created"] == [refused.state, created.state]
        assert "refuses this record or value" in str(refused.why)
        assert FREJA not in f"{refused!r} {refused.why}"


def test_row_that_could_be_two_people_is_refused(made):
    """
    Two rows whose addresses differ in case only: nobody knows which is meant.
    """
    with made(PEOPLE, "CREATE UNIQUE INDEX once ON people (mail)", means=MEANS) as one:
        one.run("INSERT INTO people VALUES (1, :freja, 'a')")
        one.run("INSERT INTO people VALUES (2, :loud, 'b')", loud=FREJA.upper())
        both, none = delivered(one, Row("1", {"mail": FREJA}), Row("2", {"name": "Nils"}))

        assert "two rows have this mail" in str(both.why)
        assert "a row has no mail" in str(none.why)


def test_delivery_needs_a_unique_column_and_a_map(made):
    """
    Without a unique index somebody could arrive twice; what is not mapped has no place.
    """
    with made(PEOPLE, means=MEANS) as one:
        with pytest.raises(CallRefused, match="mail may stand twice"):
            delivered(one, Row("1", {"mail": FREJA}))
        one.run("CREATE UNIQUE INDEX once ON people (mail)")
        with pytest.raises(CallRefused, match="age is not mapped"):
            delivered(one, Row("1", {"mail": FREJA, "age": "4"}), declared=DECLARED | {"age"})


def test_row_whose_fate_nobody_knows_is_unknown():
    """
    The server stops while it commits a row: the row is unknown, not created, and not refused.
    """
    with company(
        "postgresql", PEOPLE, "CREATE UNIQUE INDEX once ON people (mail)", means=MEANS
    ) as one:
        one.run(STOPS, AT_COMMIT)

        assert ["unknown"] == [row.state for row in delivered(one, Row("1", {"mail": FREJA}))]


STOPS = "CREATE FUNCTION stop() RETURNS trigger AS $$ BEGIN"
STOPS += " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$ LANGUAGE plpgsql"
AT_COMMIT = "CREATE CONSTRAINT TRIGGER stops AFTER INSERT ON people"
AT_COMMIT += " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stop()"


def test_only_the_address_can_be_delivered(made):
    """
    A row of nothing but the column by which people are known again arrives once, too.
    """
    with made(PEOPLE, "CREATE UNIQUE INDEX once ON people (mail)", means=MEANS) as one:
        states = [delivered(one, Row("1", {"mail": FREJA}))[0].state for _ in range(2)]

        assert ["created", "updated"] == states

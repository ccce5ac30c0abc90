"""
What the sheet of the SQL host promises: reading, finding, rectifying, delivering, its fields.
"""

import pytest

from klarsyn.errors import NotThere, VendorError
from klarsyn.testing import draw
from klarsyn.transport import sqlrows
from klarsyn.transport.connection import Purpose
from klarsyn.vendors.doctor import Diagnosis, _tell_of_key
from klarsyn.vendors.reading import Coverage, read, records_of
from klarsyn.vendors.tables import tables
from tests.vendors.microsoft.companies import FREJA, NILS, company

pytestmark = pytest.mark.slow

PEOPLE = "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99), name VARCHAR(99))"
MEANS = {("people", "mail"): "user.contact.email", ("people", "name"): "user.name"}
DECLARED = frozenset({"mail", "name"})


def everything(one, table):
    """Return all rows of a table as an audit reads them."""
    with one.open(Purpose.AUDIT) as connection:
        record = one.record(table, connection)
        return [seen.raw for page in read(connection, record) for seen in page]


# Reading


def test_pages_join_without_a_gap(made, monkeypatch):
    """
    Whatever the size of a page, every row comes once, by a key of two columns too.
    """
    monkeypatch.setattr(sqlrows, "PAGE", 3)
    columns = "room INTEGER NOT NULL, seat INTEGER NOT NULL"
    with made(f"CREATE TABLE seats ({columns}, PRIMARY KEY (room, seat))") as one:
        expected = [(room, seat) for room in range(4) for seat in range(room)]
        for room, seat in reversed(expected):
            one.run("INSERT INTO seats VALUES (:room, :seat)", room=room, seat=seat)

        assert expected == [(row["room"], row["seat"]) for row in everything(one, "seats")]


def test_rows_with_a_null_in_their_key_are_read(monkeypatch):
    """
    SQLite lets a primary key be null: those rows are read too, and told by what stands in them.
    """
    monkeypatch.setattr(sqlrows, "PAGE", 2)
    with company("sqlite", "CREATE TABLE tags (tag TEXT PRIMARY KEY, note TEXT)") as one:
        one.run("INSERT INTO tags VALUES (NULL, 'a'), (NULL, 'b'), ('x', 'c'), ('y', 'd')")
        found = everything(one, "tags")

        assert ["a", "b", "c", "d"] == sorted(row["note"] for row in found)
        assert 4 == len({row[sqlrows.KEY] for row in found})


def test_password_is_not_read(hosted):
    """
    No hash of a password leaves the database, whether it is mapped or its name says it.
    """
    assert {None} == {row["password_hash"] for row in everything(hosted.company, "customers")}
    assert {None} == {
        row["password_hash"] for row in everything(hosted.company, "customers_history")
    }


def test_only_named_tables_are_read(hosted):
    """
    A company may name the tables to look at; what refers to them is known all the same.
    """
    hosted.company.settings = {**hosted.company.settings, "tables": ["customers", "orders"]}
    with hosted.company.open(Purpose.AUDIT) as connection:
        names = {one.name for one in records_of(hosted.company.vendor, connection)}

    assert {"customers", "orders"} == names


def test_names_with_dots_are_read(made):
    """
    Names that would break a path are read under a name that does not.
    """
    with made(
        'CREATE TABLE "crm.people" (id INTEGER PRIMARY KEY, "e.mail" TEXT, "e[mail" TEXT)',
        """INSERT INTO "crm.people" VALUES (1, :freja, 'x')""",
    ) as one:
        target = one.target("crm_people", email=FREJA)

        assert FREJA == target.raw["e_mail"]
        assert "x" == target.raw["e_mail_"]


def test_dates_beyond_the_calendar_are_read(kind):
    """
    PostgreSQL's infinity is a date there; a row with it is read and found like any other.
    """
    ends = {
        "sqlite": "INSERT INTO cards VALUES ('whenever', :freja, 'abc')",
        "postgresql": "INSERT INTO cards VALUES ('infinity', :freja, 'abc')",
    }
    with company(
        kind,
        "CREATE TABLE cards (until TIMESTAMP NOT NULL PRIMARY KEY, mail TEXT, photo BYTEA)",
        ends[kind],
        means={("cards", "mail"): "user.contact.email"},
    ) as one:
        target = one.target("cards", email=FREJA)

        assert "done" == one.erase(target).state
        assert [] == one.run("SELECT * FROM cards")


KEYS = {
    "numeric": "INSERT INTO people VALUES (1.50, :freja)",
    "uuid": "INSERT INTO people VALUES ('6ba7b810-9dad-11d1-80b4-00c04fd430c8', :freja)",
    "bytea": r"INSERT INTO people VALUES ('\x0aff', :freja)",
    "date": "INSERT INTO people VALUES ('2026-11-26', :freja)",
    "boolean": "INSERT INTO people VALUES (true, :freja)",
    "double precision": "INSERT INTO people VALUES (0.1, :freja)",
}


@pytest.mark.parametrize("kind_of", list(KEYS))
def test_key_of_any_kind_leads_back_to_its_row(kind_of):
    """
    Whatever a key is made of, the row that was found by it is changed and deleted by it.
    """
    with company("postgresql", means={("people", "mail"): "user.contact.email"}) as one:
        one.run(f"CREATE TABLE people (id {kind_of} PRIMARY KEY, mail VARCHAR(99), photo BYTEA)")
        one.run(KEYS[kind_of])

        assert "done" == one.rectify(one.target("people", email=FREJA), mail=NILS).state
        assert "done" == one.erase(one.target("people", email=NILS)).state
        assert [] == one.run("SELECT * FROM people")


def test_reference_from_another_schema_keeps_the_row():
    """
    What lies in another schema is not seen; the database refuses to delete what it refers to.
    """
    with company("postgresql", PEOPLE, means=MEANS) as one:
        one.run("INSERT INTO people VALUES (1, :freja, 'Freja')", "CREATE SCHEMA other")
        one.run(
            "CREATE TABLE other.notes (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people)"
        )
        one.run("CREATE TABLE own (id INTEGER PRIMARY KEY, note INTEGER REFERENCES other.notes)")
        one.run("INSERT INTO other.notes VALUES (1, 1)")

        assert "refused" == one.erase(one.target("people", email=FREJA)).state
        assert [(1,)] == one.run("SELECT id FROM people")


def test_other_schema_is_read_when_it_is_named():
    """
    The setting `schema` leads to tables elsewhere, with their triggers and references.
    """
    with company("postgresql", "CREATE SCHEMA crm", schema="crm") as one:
        one.run("CREATE TABLE crm.people (id INTEGER PRIMARY KEY, mail VARCHAR(99))")
        one.run(
            "CREATE TABLE crm.notes (id INTEGER PRIMARY KEY, person INTEGER REFERENCES crm.people)"
        )
        one.run("INSERT INTO crm.people VALUES (1, :freja)")

        assert FREJA == one.target("people", email=FREJA).raw["mail"]


def test_catalogue_that_cannot_be_read_is_not_covered(hosted):
    """
    Without a catalogue a search has found nobody, and says that it could not look.
    """
    if hosted.kind == "postgresql":
        hosted.company.address = hosted.company.address.replace("/fresh", "/none")
    else:
        with open(hosted.company.address.removeprefix("sqlite:///"), "wb") as file:  # noqa: PTH123
            file.write(b"no database" * 100)
    finding = hosted.company.find(email=FREJA)

    assert [] == finding.matches
    assert ["microsoft"] == [name for name, _ in finding.coverage.missed]
    with hosted.company.open(Purpose.AUDIT) as connection, pytest.raises(VendorError):
        records_of(hosted.company.vendor, connection)


def test_table_that_may_not_be_read_is_not_covered():
    """
    A table that the user may not read is named in the coverage; the rest is read.
    """
    with company("postgresql", PEOPLE, "CREATE TABLE secrets (id INTEGER PRIMARY KEY)") as one:
        one.run("CREATE ROLE reader LOGIN", "GRANT SELECT ON people TO reader")
        try:
            one.address = one.address.replace("postgres@", "reader@")
            with one.open(Purpose.AUDIT) as connection:
                coverage = Coverage()
                for record in records_of(one.vendor, connection):
                    list(read(connection, record, coverage))
        finally:
            one.run("DROP OWNED BY reader", "DROP ROLE reader")

        assert ["secrets"] == [name for name, _ in coverage.missed]
        assert "42501" in str(coverage.missed[0][1])


# Finding


@pytest.mark.parametrize("kind_of", ["email", "phone", "name", "company", "organisation_number"])
def test_lookup_finds_what_a_scan_finds(hosted, kind_of):
    """
    The database's own search finds the same records as reading everything.
    """
    for person in hosted.people:
        known = {kind_of: getattr(person, kind_of)}
        quick, thorough = (hosted.company.find(thorough=one, **known) for one in (False, True))

        assert quick.coverage.complete
        assert {(one.seen.record.name, one.seen.key) for one in thorough.matches} == {
            (one.seen.record.name, one.seen.key) for one in quick.matches
        }


@pytest.mark.parametrize("written", ["ÅSE ØRNBERG", "Åse Ørnberg", "åse  ørnberg"])
def test_name_is_found_whatever_its_case(made, written):
    """
    Danish letters have cases too, whether or not the database knows it.
    """
    with made(
        PEOPLE,
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)",
        "INSERT INTO people VALUES (1, NULL, :nils)",
        "INSERT INTO notes VALUES (1, 'Til :')",
        means=MEANS,
    ) as one:
        one.run("UPDATE people SET name = :it", it=written)
        one.run("UPDATE notes SET body = 'Til ' || :it || '!'", it=written)
        found = {match.seen.record.name for match in one.find(name="åse ørnberg").matches}

        assert {"people", "notes"} == found


def test_sign_of_a_pattern_is_a_sign(made):
    """
    A percent sign in what is looked for matches itself, not anything.
    """
    with made("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)") as one:
        one.run("INSERT INTO notes VALUES (1, '100% Rør ApS'), (2, '100 gange Rør ApS')")

        assert ["1"] == [match.seen.key for match in one.find(company="100% Rør ApS").matches]


def test_nothing_is_looked_for_without_digits(made):
    """
    A phone number without a digit finds nobody, rather than everybody.
    """
    with made(PEOPLE, "INSERT INTO people VALUES (1, :freja, 'Freja')") as one:
        assert [] == one.find(phone="ukendt").matches


# Rectifying


def test_row_that_was_changed_meanwhile_is_refused(hosted):
    """
    Only a row that still holds what was read is changed.
    """
    target = hosted.company.target("customers", email=hosted.people[3].email)
    hosted.run("UPDATE customers SET name = 'Ny' WHERE id = 4")
    outcome = hosted.company.rectify(target, name="Nyere")

    assert "refused" == outcome.state
    assert "changed meanwhile" in str(outcome.why)
    assert [("Ny",)] == hosted.run("SELECT name FROM customers WHERE id = 4")


def test_change_that_was_made_already_is_done(hosted):
    """
    After a crash the same change is made again, and that is as good; of a row that is gone, not.
    """
    target = hosted.company.target("contacts", email=hosted.people[3].email)
    changes = {"name": "Nyt Navn", "phone": None}

    assert ["done"] * 2 == [hosted.company.rectify(target, **changes).state for _ in range(2)]
    assert [(None,)] == hosted.run("SELECT phone FROM contacts WHERE name = 'Nyt Navn'")
    hosted.run("DELETE FROM contacts")
    assert "no longer there" in str(hosted.company.rectify(target, **changes).why)


def test_copies_of_old_values_are_told(hosted):
    """
    Whoever rectifies is told where the wrong value still stands.
    """
    target = hosted.company.target("customers", email=hosted.people[3].email)
    outcome = hosted.company.rectify(target, name="Nyt Navn")

    assert "customers_history keeps what a row was before" == str(outcome.residue[0][0])


def test_password_is_not_rectified(hosted):
    """
    What is not read is not written either.
    """
    target = hosted.company.target("customers", email=hosted.people[3].email)

    assert "refused" == hosted.company.rectify(target, password_hash="x").state


def test_one_of_two_twins_is_not_rectified(made):
    """
    Two rows without a key that hold the same: nobody knows which is meant, so none is changed.
    """
    with made("CREATE TABLE people (mail TEXT, name TEXT)", means=MEANS) as one:
        one.run("INSERT INTO people VALUES (:freja, 'Freja'), (:freja, 'Freja'), (:nils, NULL)")
        twin, single = one.row("people", mail=FREJA), one.row("people", mail=NILS)

        assert "more than one row" in str(one.rectify(twin, name="Ny").why)
        assert "done" == one.rectify(single, name="Nils").state
        assert "done" == one.rectify(single, name="Nils").state
        assert [(2,)] == one.run("SELECT count(*) FROM people WHERE name = 'Freja'")


# The account


def test_columns_are_the_fields(hosted):
    """
    Every column that could hold something of a person can be mapped; passwords and keys cannot.
    """
    with hosted.company.open(Purpose.AUDIT) as connection:
        fields = dict(hosted.company.vendor.fields(connection))

    assert "email" == fields["customers.email"]
    assert {"customers.id", "orders.customer_id", "customers.password_hash"}.isdisjoint(fields)


def test_reference_without_an_index_is_told(hosted):
    """
    A probe tells the version, and which references make an erasure slow.
    """
    with hosted.company.open(Purpose.AUDIT) as connection:
        known = hosted.company.vendor.probe(connection)
        found = Diagnosis("microsoft")
        _tell_of_key(found, known, connection.clock.now().date())

    assert known["plan"].startswith(hosted.kind)
    assert "warning" == found.verdict
    assert ["returns", "support_notes"] == [one.facts["table"] for one in known["advice"]]


def test_table_that_is_gone_is_told(hosted):
    """
    A table that no longer exists is an error, never an empty one.
    """
    with hosted.company.open(Purpose.AUDIT) as connection, pytest.raises(NotThere):
        tables(connection, hosted.company.vendor.own)["nowhere"]


def test_people_of_another_draw_are_not_found(hosted):
    """
    Nobody is found who is not there.
    """
    stranger = draw(40, seed=9)[-1]

    assert [] == hosted.company.find(thorough=True, email=stranger.email).matches

"""
Erasing somebody from schemas that make it hard: circles, missing keys, keys that are personal.
"""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from klarsyn.transport.connection import Purpose
from klarsyn.transport.sqltables import Catalogue
from klarsyn.vendors import jobs, rowerasure
from klarsyn.vendors.reading import read
from klarsyn.vendors.redacting import BLOCK
from klarsyn.vendors.sheet import Level
from klarsyn.vendors.tables import tables
from tests.vendors.microsoft.companies import FREJA, NILS, company

pytestmark = pytest.mark.slow

MAIL = {("people", "mail"): "user.contact.email"}


def test_row_in_a_circle_goes(kind):
    """
    A customer and their main desk refer to each other: the link is cut, then both go.
    """
    people = "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99), main INTEGER {})"
    desks = "CREATE TABLE desks (id INTEGER PRIMARY KEY, person INTEGER NOT NULL {})"
    schema = {
        "sqlite": [people.format("REFERENCES desks"), desks.format("REFERENCES people")],
        "postgresql": [
            people.format(""),
            desks.format("REFERENCES people"),
            "ALTER TABLE people ADD FOREIGN KEY (main) REFERENCES desks",
        ],
    }
    with company(kind, *schema[kind], means=MAIL) as one:
        one.run(
            "INSERT INTO people VALUES (1, :freja, NULL), (2, :nils, NULL)",
            "INSERT INTO desks VALUES (7, 1), (8, 2)",
            "UPDATE people SET main = 7",
        )

        assert "done" == one.erase(one.target("people", email=FREJA)).state
        left = "SELECT people.id, main, desks.id FROM people, desks"
        assert [(2, None, 8)] == one.run(left)


def test_somebody_who_cannot_be_left_out_is_made_anonymous(made):
    """
    Everybody needs a chief here: the chief's row stays, without the chief.
    """
    table = "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99) NOT NULL UNIQUE,"
    table += " chief INTEGER NOT NULL REFERENCES people, name TEXT)"
    rows = "INSERT INTO people VALUES (1, :freja, 1, NULL), (2, :nils, 1, NULL)"
    with made(table, rows, means={**MAIL, ("people", "name"): "user.name"}) as one:
        outcome = one.erase(one.target("people", email=FREJA))

        assert Level.REDACTED == outcome.level
        chief, other = one.run("SELECT mail, chief, name FROM people ORDER BY id")
        assert chief[0].startswith("[erased ")
        assert (NILS, 1) == other[:2]


def test_rows_without_a_key_go_too(made):
    """
    A log has no key: its rows of a customer are deleted by what stands in them, twins together.
    """
    with made(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99))",
        "CREATE TABLE visits (person INTEGER NOT NULL REFERENCES people, page TEXT, at TIMESTAMP)",
        "INSERT INTO people VALUES (1, :freja), (2, :nils)",
        "INSERT INTO visits VALUES (1, '/', NULL), (1, '/', NULL), (2, '/', NULL),"
        " (1, '/help', '2026-11-26 09:00:00')",
        means=MAIL,
    ) as one:
        assert "done" == one.erase(one.target("people", email=FREJA)).state
        assert [(2, "/")] == one.run("SELECT person, page FROM visits")


def test_key_of_two_columns_leads_to_the_row(made):
    """
    A key of two columns tells one row, and what refers to both goes with it.
    """
    with made(
        "CREATE TABLE seats (room INTEGER, seat INTEGER, mail TEXT, PRIMARY KEY (room, seat))",
        "CREATE TABLE meals (id INTEGER PRIMARY KEY, room INTEGER, seat INTEGER,"
        " FOREIGN KEY (room, seat) REFERENCES seats (room, seat))",
        "INSERT INTO seats VALUES (1, 1, :nils), (1, 2, :freja), (2, 2, :nils)",
        "INSERT INTO meals VALUES (1, 1, 1), (2, 1, 2), (3, NULL, 2)",
        means={("seats", "mail"): "user.contact.email"},
    ) as one:
        target = one.target("seats", email=FREJA)

        assert "[1, 2]" == target.key
        assert "done" == one.erase(target).state
        assert [(1, 1), (2, 2)] == one.run("SELECT room, seat FROM seats ORDER BY room")
        assert [(1,), (3,)] == one.run("SELECT id FROM meals ORDER BY id")


def test_reference_to_nothing_leads_nowhere(made):
    """
    Rows may refer to a number that a customer does not have: nothing hangs on a null.
    """
    with made(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99), card INTEGER UNIQUE)",
        "CREATE TABLE uses (id INTEGER PRIMARY KEY, card INTEGER REFERENCES people (card))",
        "INSERT INTO people VALUES (1, :freja, NULL), (2, :nils, 5)",
        "INSERT INTO uses VALUES (1, 5), (2, NULL)",
        means=MAIL,
    ) as one:
        assert "done" == one.erase(one.target("people", email=FREJA)).state
        assert [(1,), (2,)] == one.run("SELECT id FROM uses ORDER BY id")
        assert "done" == one.erase(one.target("people", email=NILS)).state
        assert [(2,)] == one.run("SELECT id FROM uses ORDER BY id")


def test_key_that_is_an_address_cannot_stay(made):
    """
    What the law keeps cannot be made anonymous where its key is the address: it is refused.
    """
    with made(
        "CREATE TABLE people (mail VARCHAR(99) NOT NULL PRIMARY KEY, note TEXT)",
        "INSERT INTO people VALUES (:freja, 'ring ' || :nils), (:nils, NULL)",
        means=MAIL,
        kept_by_law=["people"],
    ) as one:
        for target in (one.target("people", email=FREJA), one.row("people", mail=NILS)):
            outcome = one.erase(target)

            assert "refused" == outcome.state
            assert "the key itself is personal" in str(outcome.why)


def test_address_as_a_key_is_not_blacked_out(made):
    """
    Where no column is mapped a row only mentions people, and its key cannot be blacked out.
    """
    with made(
        "CREATE TABLE people (mail VARCHAR(99) NOT NULL PRIMARY KEY)",
        "INSERT INTO people VALUES (:freja)",
    ) as one:
        assert "refused" == one.erase(one.target("people", email=FREJA)).state


def test_date_of_birth_that_must_stand_is_refused(made):
    """
    A date that takes no null cannot say nothing; nothing is changed.
    """
    table = "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99), born DATE NOT NULL,"
    table += " score INTEGER NOT NULL)"
    means = {**MAIL, ("people", "born"): "user.demographic.date_of_birth"}
    means[("people", "score")] = "user.demographic.profile"
    rows = "INSERT INTO people VALUES (1, :freja, '1990-01-02', 4)"
    with made(table, rows, means=means, kept_by_law=["people"]) as one:
        outcome = one.erase(one.target("people", email=FREJA))

        assert "born cannot be emptied" in str(outcome.why)
        assert [(FREJA, 4)] == one.run("SELECT mail, score FROM people")


def test_number_that_must_stand_becomes_nought(made):
    """
    A score that takes no null is 0 afterwards, and a phone kept as a number is gone.
    """
    table = "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99), phone BIGINT,"
    table += " score INTEGER NOT NULL)"
    means = {**MAIL, ("people", "score"): "user.demographic.profile"}
    rows = "INSERT INTO people VALUES (1, :freja, 4500700900, 4), (2, :nils, 4500700900, 5)"
    with made(table, rows, means=means, kept_by_law=["people"]) as one:
        finding = one.find(email=FREJA, phone="+45 00 70 09 00")
        for match in finding.matches:
            assert "done" == one.erase(match.target).state
        left = one.run("SELECT mail, phone, score FROM people ORDER BY id")

        assert [(None, None, 0), (NILS, None, 5)] == left


def test_too_many_rows_are_a_wrong_turn(made, monkeypatch):
    """
    A plan that grows beyond what hangs on a person is given up, with nothing deleted.
    """
    monkeypatch.setattr(rowerasure, "MOST_ROWS", 3)
    with made(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99))",
        "CREATE TABLE visits (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people)",
        "INSERT INTO people VALUES (1, :freja)",
        "INSERT INTO visits VALUES (1, 1), (2, 1), (3, 1)",
        means=MAIL,
    ) as one:
        outcome = one.erase(one.target("people", email=FREJA))

        assert "3 rows hang on one" in str(outcome.why)
        assert [(3,)] == one.run("SELECT count(*) FROM visits")


def test_history_that_the_database_keeps_is_told_with_its_day(made):
    """
    Nobody can delete from a temporal table's history: refused there, told at the table itself.
    """
    with made(*WITH_HISTORY, means=MAIL) as one, kept_by_itself(one, (6, "months")) as connection:
        first, history = (one.record(name, connection) for name in ("people", "people_history"))
        told = jobs.residue(connection, first.erase)

        assert "people_history, until its HISTORY_RETENTION_PERIOD is over" == str(told[0][0])
        assert "2027-05-31" == str(told[0][1])
        assert history.rectify is None
        assert history.deliver is None
        target = next(seen.target for page in read(connection, history) for seen in page)
        refused = jobs.erase(connection, target)
        assert ("refused", Level.IMPOSSIBLE) == (refused.state, refused.level)


def test_history_without_an_end_has_no_day(made):
    """
    Where the database keeps for ever, no date is promised.
    """
    with made(*WITH_HISTORY, means=MAIL) as one, kept_by_itself(one, None) as connection:
        told = jobs.residue(connection, one.record("people", connection).erase)

        assert None is told[0][1]


WITH_HISTORY = (
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(99))",
    "CREATE TABLE people_history (number INTEGER PRIMARY KEY, id INTEGER, mail VARCHAR(99))",
    "INSERT INTO people VALUES (1, :freja)",
    "INSERT INTO people_history VALUES (1, 1, :nils)",
)


@contextmanager
def kept_by_itself(one, kept_for):
    """Open a connection whose catalogue has a history table as SQL Server would tell of it."""
    with one.open(Purpose.ERASE) as connection:
        read_ = tables(connection, one.vendor.own)
        history = replace(read_["people_history"], system_kept=True, kept_for=kept_for)
        changed = {**read_.catalogue.tables, "people_history": history}
        connection.memory["tables"] = replace(read_, catalogue=Catalogue(changed))
        yield connection


def test_copies_that_cannot_be_told_apart_are_named(made):
    """
    A table of copies that the company names, without the key of the rows: told, not searched.
    """
    with made(
        *WITH_HISTORY[:1],
        "CREATE TABLE old (number INTEGER PRIMARY KEY, mail VARCHAR(99))",
        "INSERT INTO people VALUES (1, 'a@example.org')",
        means=MAIL,
        copies=["old:people"],
    ) as one:
        outcome = one.erase(one.target("people", email="a@example.org"))

        assert "old: it cannot be told whose rows these are" in [
            str(what) for what, _ in outcome.residue
        ]


def test_mention_is_blacked_out_of_earlier_versions_too(made):
    """
    A note about Nils mentions Freja: she is blacked out there, and in what the note was before.
    """
    with made(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)",
        "CREATE TABLE notes_history (number INTEGER PRIMARY KEY, id INTEGER, body TEXT)",
        "INSERT INTO notes VALUES (1, 'Nils og ' || :freja)",
        "INSERT INTO notes_history VALUES (1, 1, 'Nils, ' || :freja || '?')",
    ) as one:
        one.erase(one.target("notes", email=FREJA))

        assert [("Nils og " + BLOCK * len(FREJA),)] == one.run("SELECT body FROM notes")
        assert [(f"Nils, {BLOCK * len(FREJA)}?",)] == one.run("SELECT body FROM notes_history")


def test_mention_in_json_is_blacked_out(kind):
    """
    What stands in a column of JSON is found and blacked out, and stays JSON.
    """
    statements = {
        "sqlite": (
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, body JSON)",
            "INSERT INTO notes VALUES (1, :body)",
        ),
        "postgresql": (
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, body JSONB)",
            "INSERT INTO notes VALUES (1, CAST(:body AS JSONB))",
        ),
    }
    with company(kind) as one:
        one.run(*statements[kind], body=json.dumps({"to": [FREJA], "n": 1}))

        assert "done" == one.erase(one.target("notes", email=FREJA)).state
        told = one.row("notes", id=1).raw["body"]
        assert FREJA not in str(told)
        assert BLOCK in str(told)

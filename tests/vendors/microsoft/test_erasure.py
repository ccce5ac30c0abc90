"""
Erasing somebody from a database: all that is theirs goes, all that is others' stays.
"""

import pytest

from klarsyn.testing import draw
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import Level

pytestmark = pytest.mark.slow

MAIL = {("people", "mail"): "user.contact.email"}


def known(person):
    """Return all that is known of somebody."""
    return {one: getattr(person, one) for one in ("email", "phone", "name")}


def customers(hosted):
    """Return what the company knows of all customers."""
    return hosted.run("SELECT * FROM customers ORDER BY id")


def test_customer_goes_with_all_that_hangs_on_them(hosted):
    """
    Contacts, consents, notes and earlier versions of a customer without orders go with them.
    """
    person = hosted.people[3]
    outcome = hosted.company.erase(hosted.company.target("customers", **known(person)))

    assert ("done", Level.PURGED) == (outcome.state, outcome.level)
    for statement in (
        "SELECT id FROM customers WHERE id = 4",
        "SELECT id FROM contacts WHERE customer_id = 4",
        "SELECT channel FROM consents WHERE customer_id = 4",
        "SELECT id FROM customers_history WHERE id = 4",
    ):
        assert [] == hosted.run(statement)


def test_erased_customer_leaves_the_others_as_they_were(hosted):
    """
    Whoever was recommended by an erased customer only loses the reference.
    """
    before = customers(hosted)
    hosted.company.erase(hosted.company.target("customers", **known(hosted.people[3])))
    after = customers(hosted)

    assert [(*row[:10], None if row[10] == 4 else row[10], row[11]) for row in before[:3]] == [
        tuple(row) for row in after[:3]
    ]
    assert [None] == [row[10] for row in after if row[0] == 5]
    assert len(before) - 1 == len(after)


def test_failed_login_lives_on_without_its_address(hosted):
    """
    What the schema lets live on (SET NULL) stays, and says nothing of the person.
    """
    person = hosted.people[3]
    logins = hosted.run("SELECT id FROM logins ORDER BY id")
    hosted.company.erase(hosted.company.target("customers", **known(person)))

    assert logins == hosted.run("SELECT id FROM logins ORDER BY id")
    assert [] == hosted.run("SELECT id FROM logins WHERE typed_email = :it", it=person.email)


def test_customer_with_orders_is_made_anonymous(hosted):
    """
    An order is kept by law and needs its customer: both stay, and neither says whose it is.
    """
    person = hosted.people[2]
    outcome = hosted.company.erase(hosted.company.target("customers", **known(person)))

    assert ("done", Level.REDACTED) == (outcome.state, outcome.level)
    ((name, email, password, company),) = hosted.run(
        "SELECT name, email, password_hash, company FROM customers WHERE id = 3"
    )
    assert ("[erased]", "[erased]", None, None) == (name, email, password, company)
    orders = hosted.run(
        "SELECT invoice_number, delivery_name, delivery_address FROM orders WHERE customer_id = 3"
    )
    assert [("F-5005", None, None), ("F-5006", None, None)] == sorted(orders)
    assert [] == hosted.run("SELECT id FROM customers_history WHERE id = 3")


def test_nothing_is_left_of_anybody_who_is_erased(hosted):
    """
    After all that is found of a person is erased, a thorough search finds nothing.
    """
    for person in hosted.people:
        for match in hosted.company.find(**known(person)).matches:
            assert "done" == hosted.company.erase(match.target).state

        assert [] == hosted.company.find(thorough=True, **known(person)).matches


def test_erased_again_is_as_good(hosted):
    """
    A stage that runs again after a crash finds nothing left to do.
    """
    for person in hosted.people[2:4]:
        target = hosted.company.target("customers", **known(person))
        hosted.company.erase(target)
        before = customers(hosted)

        assert "done" == hosted.company.erase(target).state
        assert before == customers(hosted)
        with hosted.company.open(Purpose.FIND) as connection:
            assert jobs.gone(connection, target)


def test_mention_in_anothers_note_is_blacked_out(hosted):
    """
    A note of customer 1 names customer 2: the note stays, and what it says of 2 is black.
    """
    first, second = hosted.people[:2]
    target = hosted.company.target("support_notes", **known(second))
    outcome = hosted.company.erase(target)

    assert ("done", Level.REDACTED) == (outcome.state, outcome.level)
    ((body,),) = hosted.run("SELECT body FROM support_notes WHERE customer_id = 1")
    assert first.name in body
    assert not any(one in body for one in known(second).values())
    with hosted.company.open(Purpose.FIND) as connection:
        assert jobs.gone(connection, target)


def test_backups_are_named_with_their_day(hosted):
    """
    What remains after an erasure is told: backups until a day, and triggers by name.
    """
    outcome = hosted.company.erase(hosted.company.target("customers", **known(hosted.people[3])))
    told = {str(what): until for what, until in outcome.residue}

    assert "2026-12-03" == str(told["backups for a point in time"])
    assert any("triggers on customers" in one for one in told)


def test_all_is_undone_where_a_row_will_not_go(hosted):
    """
    A database that keeps a contact although it was told to delete it: nothing is deleted at all.
    """
    if hosted.kind == "sqlite":
        keep = "CREATE TRIGGER kept BEFORE DELETE ON contacts BEGIN SELECT RAISE(IGNORE); END"
    else:
        keep = "CREATE RULE kept AS ON DELETE TO contacts DO INSTEAD NOTHING"
    hosted.run(keep)
    holder = hosted.run("SELECT customer_id FROM contacts WHERE customer_id % 2 = 0")[0][0]
    before = customers(hosted)
    target = hosted.company.target("customers", **known(hosted.people[holder - 1]))
    outcome = hosted.company.erase(target)

    assert "refused" == outcome.state
    assert "rows were changed meanwhile" in str(outcome.why)
    assert before == customers(hosted)


def test_row_that_became_anothers_is_left_alone(hosted):
    """
    Between search and erasure the row was given to somebody else: nothing happens to it.
    """
    target = hosted.company.target("customers", **known(hosted.people[3]))
    new = draw(30)[-1]
    hosted.run(
        "UPDATE customers SET name = :name, email = :email, phone = :phone WHERE id = 4",
        **known(new),
    )
    before = customers(hosted)

    assert "done" == hosted.company.erase(target).state
    assert before == customers(hosted)


def test_row_of_an_audit_is_erased_as_it_was_read(hosted):
    """
    Without a search the row itself says whose it is; one that was changed meanwhile is refused.
    """
    target = hosted.company.row("customers", id=4)
    hosted.run("UPDATE customers SET name = 'Nyt Navn' WHERE id = 4")

    assert "refused" == hosted.company.erase(target).state
    assert "done" == hosted.company.erase(hosted.company.row("customers", id=4)).state
    assert [] == hosted.run("SELECT id FROM customers WHERE id = 4")

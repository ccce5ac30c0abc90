"""
What is special about Reviso, against its stand-in; there is no contract to referee it.
"""

import pytest

from klarsyn.errors import KeyRefused, OutcomeUnknown
from klarsyn.testing.faults import Trouble
from klarsyn.transport.connection import Purpose
from klarsyn.transport.failures import failure
from klarsyn.transport.replies import Reply
from klarsyn.vendors.reading import read
from klarsyn.vendors.reviso import reviso
from tests.vendors.economic.agreements import (
    asked,
    bodies,
    erased,
    given,
    matches,
    rectified,
    row,
    targets,
)

pytestmark = pytest.mark.network


def archived(raw):
    """Return whether a paper is in the archive."""
    return raw.get("isArchived")


def test_grant_stops_after_360_days(books):
    """
    The company has to grant the app again; the refusal says so, and where it is told how long.
    """
    books.clock.move(days=361)
    with books.open(Purpose.AUDIT) as connection, pytest.raises(KeyRefused) as refused:
        list(read(connection, reviso.record("customer")))

    assert "360 days" in str(refused.value.remedy)
    assert [one for one in reviso.api.settings if one.lasts and one.name == "grant_token"]


def test_error_in_a_success_is_one(books):
    """
    Some endpoints answer 200 and have the error in the body.
    """
    target = targets(books, "order", lambda raw: not archived(raw))[0]
    outcome = rectified(books, target, name="x" * 300)

    assert 200 == books.standin.exchanges[-1].reply.status
    assert "refused" == outcome.state


def test_known_words_are_told(books):
    """
    A code that the sheet knows stands in the failure, and no other word of the vendor's.
    """
    told = [
        failure(reviso.api, Reply(200, {}, b'{"errorCode":"%b"}' % code), books.clock.now())
        for code in (b"S_V_87", b"somebody@example.org")
    ]

    assert ["S_V_87", ""] == [one.code if one else "none" for one in told]


def test_certified_address_is_found(books):
    """
    The certified address of an Italian firm is a person's as much as any other.
    """
    person = books.standin.people[0]
    books.standin.customers[1]["email"] = "office@example.org"

    assert "1" in [one.key for one in matches(books, person, "customer", "email")]
    assert "done" == rectified(books, targets(books, "customer")[0], certified_email=None).state
    assert "italianCertifiedEmail" not in books.standin.customers[1]


def test_fields_of_its_own_stay(books):
    """
    A change sends the province and the country's code, too, since what is not sent is cleared.
    """
    before = books.standin.customers[2]["province"]

    assert "done" == rectified(books, targets(books, "customer")[1], name="Nyt Navn").state
    assert before == books.standin.customers[2]["province"]


def test_archived_order_is_taken_out_first(books):
    """
    An archived paper refuses to be deleted, so it leaves the archive before.
    """
    target = targets(books, "order", archived)[0]
    outcome, gone = erased(books, target)

    assert ("done", True) == (outcome.state, gone)
    assert bodies(books)[-1]["isArchived"] is False
    assert ["PUT", "DELETE"] == [one.split()[0] for one in asked(books, "PUT", "DELETE")]


def test_archived_order_of_another_stays_archived(books):
    """
    A paper that only speaks of somebody is blacked out where it lies.
    """
    person = books.standin.people[1]
    key = targets(books, "order", archived)[0].key
    books.standin.papers["orders"][int(key)]["notes"] = {"textLine1": f"Call {person.name}"}
    target = next(one for one in matches(books, person, "order") if one.key == key)

    assert erased(books, target)[1]
    assert books.standin.papers["orders"][int(key)]["isArchived"]
    assert person.name not in books.standin.papers["orders"][int(key)]["notes"]["textLine1"]


def test_delivery_note_is_deleted_at_its_own_host(books):
    """
    The links of delivery notes lead to another host; none is followed.
    """
    target = targets(books, "delivery_note")[0]

    assert "notes.reviso.com" in target.raw["self"]
    assert erased(books, target)[1]


def test_customer_with_papers_is_made_anonymous(books):
    """
    A customer to whom papers refer keeps its number, and nothing personal.
    """
    (target,) = targets(books, "customer", lambda raw: raw["customerNumber"] == 1)
    outcome, gone = erased(books, target)

    assert ("redacted", True) == (outcome.level.value, gone)
    assert "italianCertifiedEmail" not in books.standin.customers[1]
    assert books.standin.customers[1]["barred"]


def test_contact_place_and_supplier_are_erased(books):
    """
    A contact is emptied and marked; a place of delivery and a supplier are gone.
    """
    for record in ("contact", "delivery_location", "supplier"):
        outcome, gone = erased(books, targets(books, record)[0])
        assert ("done", True) == (outcome.state, gone), record


def test_booked_invoice_is_kept(books):
    """
    What is booked is kept by law; until when, depends on the company's country.
    """
    outcome, _ = erased(books, targets(books, "invoice_booked")[0])

    assert ("retained", None) == (outcome.level.value, outcome.residue[0][1])


def test_deletion_is_not_sent_twice(books):
    """
    Without keys, a deletion whose reply is lost is unknown; looking again settles it.
    """
    (target,) = targets(books, "customer", lambda raw: raw["customerNumber"] == 20)
    books.standin.faults.add(Trouble.CUT_OFF, on="DELETE *")
    outcome, gone = erased(books, target)

    assert ("unknown", True) == (outcome.state, gone)
    assert ("done", True) == (erased(books, target)[0].state, erased(books, target)[1])
    assert 1 == len(asked(books, "DELETE"))


def test_new_customer_whose_reply_is_lost_is_unknown(books):
    """
    Nobody knows whether the customer was made; the next attempt finds and changes it.
    """
    told = row(name="Ny Kunde", email="ny.kunde@example.org")
    books.standin.faults.add(Trouble.CUT_OFF, on="POST *")
    with pytest.raises(OutcomeUnknown):
        given(books, told)

    assert ["updated"] == [one.state for one in given(books, told)]

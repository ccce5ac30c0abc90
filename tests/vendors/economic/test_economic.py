"""
What is special about e-conomic, against its stand-in; the contract referees what Klarsyn sends.
"""

from dataclasses import replace
from datetime import date

import pytest

from klarsyn.errors import KeyRefused
from klarsyn.testing import StillClock, contract
from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Window
from klarsyn.testing.trials import Trial
from klarsyn.transport.connection import Purpose
from klarsyn.transport.failures import failure
from klarsyn.transport.replies import Reply
from klarsyn.transport.words import Kind
from klarsyn.vendors import names, sheet
from klarsyn.vendors.economic import calls_left, economic
from klarsyn.vendors.economic_wire import escaped
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Limit
from tests.vendors.economic.agreements import (
    asked,
    bodies,
    erased,
    given,
    matches,
    rectified,
    refusing,
    row,
    targets,
)
from tests.vendors.trials import ECONOMIC

pytestmark = pytest.mark.network

NEW = {"name": "Ny Kunde", "email": "ny.kunde@example.org"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda check: check.__name__)
def test_suite_is_refereed(exchanges, check):
    """
    Whatever the one suite makes Klarsyn send is in e-conomic's contracts.
    """
    opened = []

    def agreement(**how):
        opened.append(ECONOMIC.standin(**how))
        return opened[-1]

    check(Trial(**{**vars(ECONOMIC), "standin": agreement}))
    exchanges.extend(one for standin in opened for one in standin.exchanges)


def test_id_is_spelt_as_the_vendor_does():
    """
    The sheet is called as the vendor is, which no module of Python can be.
    """
    assert economic is sheet("e-conomic")
    assert "economic" not in names()


# Reading


def test_lines_are_read_with_each_paper(books):
    """
    A list has no lines, so each paper is read on its own.
    """
    found = targets(books, "booked_invoice")

    assert all("lines" in one.raw for one in found)
    assert len(found) == sum("/invoices/booked/" in one for one in asked(books))


def test_paper_that_goes_meanwhile_is_no_gap(books):
    """
    A draft that is booked between the list and its own reading is in the list of booked ones.
    """
    refusing(books, "GET", "/invoices/drafts/1")

    assert [] == targets(books, "invoice_draft")


def test_lists_are_read_to_the_end(books):
    """
    A thousand a page is the most; the next page is where the vendor says.
    """
    for number in range(100, 1150):
        books.standin.customers[number] = {**books.standin.customers[1], "customerNumber": number}

    assert len(books.standin.customers) == len(targets(books, "customer"))
    assert 2 == len(asked(books))


def test_deleted_contact_is_read(books):
    """
    A deletion only flags a contact; its name is still there.
    """
    assert targets(books, "contact", lambda raw: raw.get("isDeleted"))


def test_attached_pdf_is_told_to_be_unread(books):
    """
    Only the notes of attached documents are read, and the coverage says so.
    """
    _, coverage = books.everything()

    ((record, why),) = coverage.unread
    assert ("attached_document", "the attached PDF is not read") == (record, why)


# Finding


def test_one_of_several_addresses_is_found(books):
    """
    A customer's e-mail may be several, apart by spaces.
    """
    person = books.standin.people[0]
    books.standin.customers[1]["email"] = f"first@example.org {person.email.upper()}"

    assert "1" in [one.key for one in matches(books, person, "customer", "email")]


def test_contacts_are_found_across_customers(books):
    """
    One call to the newer service finds a contact whichever customer it belongs to.
    """
    person = books.standin.people[0]

    assert matches(books, person, "contact", "email")
    assert "GET /customersapi/v3.1.0/Contacts" in asked(books)
    assert not [one for one in asked(books) if one.endswith("/contacts")]


def test_filter_is_escaped_but_for_square_brackets():
    """
    The documents would have square brackets escaped; the server refuses that.
    """
    assert "a$$b$(c$)$*$,[d]" == escaped("a$b(c)*,[d]")


# Rectifying


def test_change_sends_the_whole_customer(books):
    """
    What is not sent would be cleared, so all that may be written is, and null never.
    """
    books.standin.customers[1]["barred"] = True
    (target,) = targets(books, "customer", lambda raw: raw["customerNumber"] == 1)

    assert "done" == rectified(books, target, name="Nyt Navn", phone=None).state
    assert {"barred": True, "zip": target.raw["zip"]}.items() <= bodies(books)[-1].items()
    assert "telephoneAndFaxNumber" not in books.standin.customers[1]
    assert "self" not in bodies(books)[-1]["customerGroup"]


def test_change_of_a_draft_keeps_its_lines(books):
    """
    A draft is replaced whole, too, and goes to somebody else.
    """
    target = targets(books, "invoice_draft")[0]
    target.raw["recipient"]["cvr"] = "12345678"

    assert "done" == rectified(books, target, name="Nyt Navn", city=None).state
    assert target.raw["lines"][0]["description"] == bodies(books)[-1]["lines"][0]["description"]
    assert "city" not in bodies(books)[-1]["recipient"]


def test_change_that_was_overtaken_is_tried_again(books):
    """
    A service takes a change of the version that it has; somebody was faster.
    """
    (target, *_) = targets(books, "contact")
    stage = target.record.rectify.stages[0]
    how = stage.__self__
    with books.open(Purpose.RECTIFY) as connection:
        stale = {**how.now(connection, target.filled), "objectVersion": "old"}
        later = how.send(connection, target.filled, stale)

    assert 1 == later.after
    assert "done" == rectified(books, target, name="Nyt Navn").state


def test_refused_change_is_told_without_its_value(books):
    """
    The vendor's refusal repeats what was sent; Klarsyn's words do not.
    """
    target = targets(books, "customer")[0]
    outcome = rectified(books, target, email="x" * 300)

    assert "refused" == outcome.state
    assert "xxx" not in str(outcome)


def test_change_of_what_is_gone_changes_nothing(books):
    """
    A customer who was deleted meanwhile is not made again by the PUT.
    """
    target = targets(books, "customer")[-1]
    del books.standin.customers[int(target.key)]

    assert "done" == rectified(books, target, name="Nyt Navn").state
    assert "done" == erased(books, target)[0].state
    contact = targets(books, "contact")[0]
    del books.standin.contacts[int(contact.key)]
    assert "done" == erased(books, contact)[0].state
    assert [] == asked(books, "PUT", "DELETE")


# Erasing


def test_customer_with_papers_is_made_anonymous(books):
    """
    A customer to whom papers refer cannot be deleted: nothing personal is left, and it is barred.
    """
    (target,) = targets(books, "customer", lambda raw: raw["customerNumber"] == 1)
    outcome, gone = erased(books, target)
    left = books.standin.customers[1]

    assert ("done", "redacted", True) == (outcome.state, outcome.level.value, gone)
    assert ("-", True, None, None) == (
        *(left["name"], left["barred"]),
        *(left.get("email"), left.get("attention")),
    )


def test_booked_invoices_are_kept_for_five_years(books):
    """
    The books are kept until five years after the end of the year; nothing is sent.
    """
    outcome, _ = erased(books, targets(books, "booked_invoice")[0])
    today = books.clock.now().date()

    assert ("done", "retained") == (outcome.state, outcome.level.value)
    assert date(today.year + 5, 12, 31) == outcome.residue[0][1]
    assert [] == asked(books, "PUT", "DELETE")


def test_contact_is_emptied_before_it_is_deleted(books):
    """
    A deletion only flags a contact, so nothing is left of it before.
    """
    target = targets(books, "contact", lambda raw: not raw.get("isDeleted"))[0]
    outcome, gone = erased(books, target)
    left = books.standin.contacts[int(target.key)]

    assert ("redacted", True) == (outcome.level.value, gone)
    assert ("-", None, True) == (left["name"], left.get("email"), left["deleted"])
    assert ["PUT", "DELETE"] == [one.split()[0] for one in asked(books, "PUT", "DELETE")]


def test_contact_of_a_note_loses_the_words_only(books):
    """
    Somebody who is only spoken of in another's notes is blacked out there, and nobody is deleted.
    """
    person, other = books.standin.people[0], books.standin.people[5]
    books.standin.contacts[6]["notes"] = f"Ask {person.name} instead"
    target = next(one for one in matches(books, person, "contact") if one.key == "6")
    outcome, gone = erased(books, target)

    assert ("done", "redacted", True) == (outcome.state, outcome.level.value, gone)
    assert other.name == books.standin.contacts[6]["name"]
    assert person.name not in books.standin.contacts[6]["notes"]
    assert "Ask " in books.standin.contacts[6]["notes"]
    assert erased(books, target)[1]
    assert [] == asked(books, "DELETE")


def test_draft_that_speaks_of_somebody_keeps_its_recipient(books):
    """
    The draft of another is not emptied for a name in one of its lines.
    """
    person = books.standin.people[1]
    books.standin.drafts[1]["lines"][0]["description"] = f"Repair at {person.name}'s"
    recipient = books.standin.drafts[1]["recipient"]["name"]
    target = next(one for one in matches(books, person, "invoice_draft") if one.key == "1")

    assert erased(books, target)[1]
    assert recipient == books.standin.drafts[1]["recipient"]["name"]
    assert person.name not in books.standin.drafts[1]["lines"][0]["description"]


def test_draft_to_somebody_is_emptied(books):
    """
    Who is the recipient of a draft is nobody there afterwards.
    """
    person = books.standin.people[0]
    target = matches(books, person, "invoice_draft")[0]

    assert erased(books, target)[1]
    assert "-" == books.standin.drafts[int(target.key)]["recipient"]["name"]
    assert "address" not in books.standin.drafts[int(target.key)]["recipient"]


def test_place_of_delivery_and_supplier_are_deleted(books):
    """
    What nothing refers to is deleted for good.
    """
    for record in ("delivery_location", "supplier"):
        target = targets(books, record)[0]
        outcome, gone = erased(books, target)
        assert ("done", "purged", True) == (outcome.state, outcome.level.value, gone)


def test_supplier_changes_with_its_contact(books):
    """
    A supplier's contact is read by one name and written by another.
    """
    target = targets(books, "supplier")[0]
    how = target.record.rectify.stages[0].__self__
    body = {"attention": {"number": 7}, "name": "A"}
    how.mended(body)

    assert {"supplierContactNumber": 7} == body["attention"]
    assert "done" == rectified(books, target, name="Nyt Navn").state
    assert int(target.key) == bodies(books)[-1]["supplierNumber"]


def test_number_of_somebody_else_is_left_alone(books):
    """
    Numbers are used again: who has the number by now is not deleted.
    """
    target = targets(books, "customer", lambda raw: raw["customerNumber"] == 20)[0]
    books.standin.customers[20] = {**books.standin.customers[1], **NEW, "customerNumber": 20}
    for name in ("telephoneAndFaxNumber", "address", "zip", "city", "country"):
        books.standin.customers[20][name] = "other"
    books.standin.customers[20]["corporateIdentificationNumber"] = "1"

    assert "done" == erased(books, target)[0].state
    assert [] == asked(books, "PUT", "DELETE")


def test_erasure_that_breaks_off_goes_on(books):
    """
    A contact whose deletion failed is empty by then; the second attempt deletes it.
    """
    target = targets(books, "contact", lambda raw: not raw.get("isDeleted"))[0]
    books.standin.faults.add(Trouble.DOWN, on="DELETE *", times=50)
    outcome, _ = erased(books, target)
    assert ("unknown", 1) == (outcome.state, outcome.stage)

    books.standin.faults.clear()
    assert "done" == erased(books, target)[0].state
    assert books.standin.contacts[int(target.key)]["deleted"]


def test_contact_that_is_named_elsewhere_stays_empty(books):
    """
    Where the vendor refuses to delete a contact, it is empty all the same.
    """
    target = targets(books, "contact", lambda raw: not raw.get("isDeleted"))[0]

    refusing(books, "DELETE", "/customersapi/v3.1.0/Contacts/1", (400, "In use.", "E04300"))
    outcome, gone = erased(books, target)
    assert ("done", "redacted", True) == (outcome.state, outcome.level.value, gone)


# Delivering


def test_new_customer_gets_what_is_required(books):
    """
    Group, terms, zone and currency come from the settings; the vendor gives the number.
    """
    (outcome,) = given(books, row(**NEW))

    assert ("created", "25") == (outcome.state, outcome.known_as)
    assert {"customerGroupNumber": 1} == bodies(books, "POST")[-1]["customerGroup"]


def test_number_of_ones_own_makes_or_changes_a_customer(books):
    """
    A PUT to a number that nobody has makes a customer of that number.
    """
    told = row(number="700", **NEW)

    assert ["created", "updated"] == [given(books, told)[0].state for _ in range(2)]
    assert [] == bodies(books, "POST")


def test_known_number_of_somebody_else_is_refused(books):
    """
    A number that was used again is another customer's: nobody is overwritten.
    """
    (outcome,) = given(books, row("1", **NEW))

    assert "refused" == outcome.state
    assert [] == bodies(books)


def test_known_customer_keeps_what_is_not_delivered(books):
    """
    A customer who is barred stays barred when a name is delivered.
    """
    books.standin.customers[20]["barred"] = True
    email = books.standin.customers[20]["email"]
    (outcome,) = given(books, row("20", name="Nyt Navn", email=email, phone=None))

    assert "updated" == outcome.state
    assert books.standin.customers[20]["barred"]


def test_two_customers_of_one_address_are_not_guessed(books):
    """
    Which of two customers is meant, the company has to say.
    """
    (outcome,) = given(books, row(name="N", email=books.standin.people[0].email))

    assert "refused" == outcome.state


def test_customer_without_what_is_required_is_refused(books):
    """
    Without the settings, or without a name, the vendor refuses the row; others are delivered.
    """
    nothing = {"customer_group": "", "currency": ""}

    assert "refused" == given(books, row(**NEW), **nothing)[0].state
    assert ["refused", "created"] == [one.state for one in given(books, row(phone="1"), row(**NEW))]


def test_writes_have_a_key(books):
    """
    Everything but reading goes with a key, so that nothing is done twice.
    """
    given(books, row(**NEW))
    erased(books, targets(books, "contact")[0])
    made = [one.request for one in books.standin.exchanges if one.request.method != "GET"]

    assert {"POST", "PUT", "DELETE"} == {one.method for one in made}
    assert all(one.headers.get("idempotency-key") for one in made)


# Limits and errors


def test_limit_is_kept():
    """
    A call costs three tokens of the bucket that both surfaces share.
    """
    api = replace(economic.api, limit=Limit(100, 60, left=calls_left))

    def small(standin):
        standin.window = Window(300, 60, standin.clock)

    contract.check_limits_are_kept(
        replace(ECONOMIC, vendor=replace(economic, api=api), small=small)
    )


@pytest.mark.parametrize(
    ("told", "left"),
    [("token-limit-10000-per-60-seconds: 147/10000", 3284), ("147", None), ("", None)],
)
def test_header_tells_how_many_calls_are_left(told, left):
    """
    Of the header's two numbers the first are tokens that were used.
    """
    assert left == calls_left(Reply(200, {"X-RateLimiting": told, "X-CallCost": "3"}, b""))
    assert None is calls_left(Reply(200, {"X-RateLimiting": told}, b""))


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"errorCode":"E00500","httpStatusCode":500}', Kind.DOWN),
        (200, b'{"errorCode":"X","httpStatusCode":200}', Kind.REFUSED),
        (200, b'{"errors":["no"]}', Kind.REFUSED),
        (400, b'{"errors":["no"]}', Kind.REFUSED),
        (400, b'{"errorCode":"E04300"}', Kind.REFUSED),
        (404, b'{"errorCode":"E06000"}', Kind.ABSENT),
        (401, b'{"errorCode":"E"}', Kind.KEY),
        (500, b'{"errorCode":"E"}', Kind.DOWN),
    ],
)
def test_error_is_told_by_its_body(status, body, kind):
    """
    A code of an error, or errors, make one of any reply.
    """
    found = failure(economic.api, Reply(status, JSON, body), StillClock().now())

    assert found
    assert kind == found.kind


def test_wrong_token_is_told(books):
    """
    Both tokens are checked, and no value of theirs is printed.
    """
    with books.open(Purpose.AUDIT) as connection:
        connection.settings["grant_token"] = "wrong"
        with pytest.raises(KeyRefused) as refused:
            list(read(connection, economic.record("customer")))

    assert "wrong" not in str(refused.value).replace("the key is wrong", "")

"""
ActiveCampaign's sheet: what is special about it, against the stand-in.
"""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply, Window, route
from klarsyn.testing.standins.activecampaign import ActiveCampaignStandIn
from klarsyn.transport.connection import Purpose
from klarsyn.transport.replies import Reply as Seen
from klarsyn.transport.words import Kind
from klarsyn.vendors import jobs
from klarsyn.vendors.activecampaign import activecampaign, classify
from klarsyn.vendors.activecampaign_contacts import LIMIT
from klarsyn.vendors.connections import with_own_fields
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Level, Row
from tests.vendors.activecampaign.accounts import asked, delivered, erased, every, found, gone

pytestmark = pytest.mark.network
SOURCE = "fieldValues[field=1].value"


# Reading and finding


def test_contact_is_read_with_company_and_own_fields(office):
    """
    Whatever a company has put into a contact is read with it, though a list does not tell it.
    """
    with_source = with_own_fields(activecampaign, [("contact", SOURCE)]).record("contact")
    person = office.standin.people[1]
    with office.open(Purpose.AUDIT) as connection:
        values = [one.values() for page in read(connection, with_source) for one in page][1]

    told = {name: value.reveal() for name, value in values.items()}
    assert told | {"company": person.company, SOURCE: "partner-1"} == told


def test_contact_is_found_whole(office):
    """
    A search by e-mail leads to the same record as a reading.
    """
    person = office.standin.people[1]
    (quick,) = found(office, "contact", thorough=False, email=person.email.upper())
    read = next(one for one in every(office, "contact") if one.key == quick.key)

    assert read.raw["fieldValues"] == quick.raw["fieldValues"]
    assert read.raw["account"] == quick.raw["account"]


def test_contact_without_company_is_found(office):
    """
    Not everybody belongs to a company.
    """
    office.standin.new_contact("alone@example.org")

    (target,) = found(office, "contact", thorough=False, email="alone@example.org")
    assert target.raw["account"] is None


class Unfiltered(ActiveCampaignStandIn):
    """An account whose filters are not applied (Pipedream, issue 4612)."""

    def _wanted(self, *_):
        return True


def test_first_contact_is_not_taken_for_somebody(opened):
    """
    A filter that the vendor does not apply finds nobody else.
    """
    with opened(Unfiltered) as office:
        targets = found(office, "contact", thorough=False, email="nobody@example.org")

    assert [] == targets


def test_all_statuses_are_read(office):
    """
    Who has left every list is a contact still.
    """
    office.standin.new_contact("on.no.list@example.org")

    assert "on.no.list@example.org" in [one.raw["email"] for one in every(office, "contact")]


def test_fields_of_the_company_are_told(office):
    """
    A register names a field of the company's own by its number; its title says which it is.
    """
    with office.open(Purpose.AUDIT) as connection:
        assert activecampaign.fields
        assert (f"contact.{SOURCE}", "Source") in list(activecampaign.fields(connection))


# Correcting


def test_own_field_is_corrected(office):
    """
    A field of the company's own is set in the contact that it belongs to.
    """
    record = with_own_fields(activecampaign, [("contact", SOURCE)]).record("contact")
    (target,) = found(office, "contact", email=office.standin.people[9].email)
    target = replace(target, record=record)
    with office.open(Purpose.RECTIFY) as connection:
        assert "done" == jobs.rectify(connection, target, {SOURCE: "partner-9"}).state
        assert jobs.rectified(connection, target, {SOURCE: "partner-9"})


def test_taken_address_is_refused(office):
    """
    Two contacts never have one address.
    """
    first, other = office.standin.people[9:11]
    (target,) = found(office, "contact", email=first.email)
    with office.open(Purpose.RECTIFY) as connection:
        assert "refused" == jobs.rectify(connection, target, {"email": other.email}).state


def test_company_is_renamed(office):
    """
    A company's name is corrected where it stands, and every contact of it shows it.
    """
    person = office.standin.people[9]
    (target,) = found(office, "account", company=person.company)
    with office.open(Purpose.RECTIFY) as connection:
        assert "done" == jobs.rectify(connection, target, {"company": "New ApS"}).state

    (contact,) = found(office, "contact", email=person.email)
    assert "New ApS" == contact.raw["account"]["name"]


# Erasing


def somebody(office):
    """Return the person with a note on their contact."""
    (target,) = found(office, "contact", email=office.standin.people[4].email)
    return target


def test_notes_ties_and_values_go_first(office):
    """
    What does not go with a contact, or could be restored with it, is deleted before it.
    """
    target = somebody(office)
    outcome = erased(office, target)

    kinds = ("notes", "accountContacts", "fieldValues", "contacts")
    assert [f"DELETE {one}" for one in kinds] == asked(office, "DELETE")
    assert ("done", Level.SOFT_DELETED) == (outcome.state, outcome.level)
    assert gone(office, target)


def test_residue_ends_after_thirty_days(office):
    """
    Until that day an administrator can bring the contact back.
    """
    day = office.clock.now().date() + timedelta(days=30)

    assert [day, None] == [until for _, until in erased(office, somebody(office)).residue]


def test_second_erasure_is_done(office):
    """
    Who is gone is gone: no second deletion looks like a refused key.
    """
    target = somebody(office)
    erased(office, target)

    assert "done" == erased(office, target).state


@pytest.mark.parametrize("kind", ["notes", "accountContacts", "fieldValues", "contacts"])
def test_lost_reply_to_a_deletion(office, kind):
    """
    A deletion that is sent again meets what is gone, which ActiveCampaign says with 403.
    """
    target = somebody(office)
    office.standin.faults.add(Trouble.CUT_OFF, on=f"DELETE /api/3/{kind}/*")

    assert "done" == erased(office, target).state
    assert target.key not in office.standin.contacts


def test_erasure_resumes(office):
    """
    A fault in the middle is told; run again, the erasure ends.
    """
    target = somebody(office)
    office.standin.faults.add(Trouble.DOWN, on="DELETE /api/3/contacts/*", times=10_000)
    assert ("later", 3) == (erased(office, target).state, erased(office, target).stage)
    office.standin.faults.clear()
    assert not gone(office, target)

    assert "done" == erased(office, target).state


def test_month_without_deletions_left(opened):
    """
    A used-up month is told, and is neither a refused key nor a contact that is gone.
    """
    with opened(limits=True) as office:
        office.standin.DELETES_A_MONTH = 0
        target = somebody(office)
        outcome = erased(office, target)

        assert ("refused", LIMIT) == (outcome.state, outcome.why)
        assert not gone(office, target)


@pytest.mark.parametrize("kind", ["fieldValues", "contacts"])
def test_refused_key_is_told(office, kind):
    """
    A key that is refused in the middle is no deletion that was done.
    """
    target = somebody(office)
    office.standin.faults.add(Trouble.EXPIRED_KEY, on=f"DELETE /api/3/{kind}/*", times=10_000)
    office.standin.faults.add(Trouble.EXPIRED_KEY, on="GET /api/3/users/me", times=10_000)
    outcome = erased(office, target)

    assert ("later", "the key is wrong or has expired") == (
        outcome.state,
        str(outcome.why.facts["what"]),
    )


def test_company_of_others_stays(office):
    """
    A company is deleted when nobody belongs to it any more.
    """
    person = office.standin.people[4]
    tied = next(one for one in found(office, "account", company=person.company))
    assert "refused" == erased(office, tied).state
    erased(office, somebody(office))

    assert "done" == erased(office, tied).state
    assert gone(office, tied)
    assert "done" == erased(office, tied).state


@pytest.mark.parametrize("record", ["score", "subscription", "bounce", "mail"])
def test_what_lies_below_goes_along(office, record):
    """
    What cannot be deleted on its own is there until its contact is deleted, and then is not.
    """
    one = every(office, record)[0]
    assert "refused" == erased(office, one.target).state
    assert not gone(office, one.target)
    contact = one.raw["contact"]
    erased(office, next(seen.target for seen in every(office, "contact") if seen.key == contact))

    assert "done" == erased(office, one.target).state
    assert gone(office, one.target)


@pytest.mark.parametrize("record", ["note", "tag"])
def test_words_about_somebody_are_deleted(office, record):
    """
    A note or a tag that names somebody goes as a whole.
    """
    name = {"note": office.standin.people[0], "tag": office.standin.people[3]}[record].name
    (target,) = found(office, record, name=name)

    assert "done" == erased(office, target).state
    assert gone(office, target)


def test_deal_is_redacted(office):
    """
    An offer stays in the books, without the name in its title.
    """
    (target,) = found(office, "deal", name=office.standin.people[2].name)
    assert not gone(office, target)
    outcome = erased(office, target)

    assert ("done", Level.REDACTED) == (outcome.state, outcome.level)
    assert gone(office, target)
    assert office.standin.tables["deals"][target.key]["title"].startswith("Offer to ")
    assert "done" == erased(office, target).state


def test_deal_of_nobody_in_particular_is_left_to_a_person(office):
    """
    Without knowing whom it is about, nothing can be blacked out.
    """
    (deal,) = every(office, "deal")

    assert Level.MANUAL is erased(office, deal.target).level


# Delivering


def row(number, email=None, **more):
    """Return a row of a newcomer."""
    values = {"email": email or f"new.{number}@example.org", "name": f"New {number}", **more}
    return Row(f"customer-{number}", values)


def test_one_wrong_row_does_not_stop_the_rest(office):
    """
    The whole is refused for one; it is taken out and the rest sent again.
    """
    outcomes = delivered(office, row(1), row(2, "not an address"), row(3))

    states = {one.row.key: one.state for one in outcomes}
    assert {"customer-1": "created", "customer-2": "refused", "customer-3": "created"} == states


def test_wrong_rows_alone(office):
    """
    Where nothing is left, nothing is sent again.
    """
    assert ["refused"] == [one.state for one in delivered(office, row(1, "not an address"))]
    assert ["POST import"] == asked(office, "POST")


def test_nobody_is_subscribed(office):
    """
    Who has left a list has left it, whatever is delivered; who is new is on none.
    """
    before = {key: dict(one) for key, one in office.standin.tables["contactLists"].items()}
    delivered(office, row(1), *(row(one.number, one.email) for one in office.standin.people))
    office.clock.move(seconds=60)

    every(office, "tag")
    assert before == office.standin.tables["contactLists"]


def test_own_fields_are_delivered(office):
    """
    A field of the company's own is named by its number; a company that is no more is left out.
    """
    rows = [row(1, company=None, **{SOURCE: "partner-7"}), row(2, company="Two", **{SOURCE: None})]
    first, second = (one.known_as for one in delivered(office, *rows))
    contacts = {one.key: one.raw for one in every(office, "contact")}

    assert [{"field": "1", "value": "partner-7"}] == contacts[first]["fieldValues"]
    assert contacts[first]["account"] is None
    assert "Two" == contacts[second]["account"]["name"]


def test_known_contact_is_changed(office):
    """
    Who is there is changed, and known as before.
    """
    person = office.standin.people[1]
    known = Row("customer-1", {"email": person.email, "name": "Nyt Navn"}, known_as="2")
    (outcome,) = delivered(office, known)

    assert ("updated", "2") == (outcome.state, outcome.known_as)
    assert "Nyt" == office.standin.contacts["2"]["firstName"]


def test_first_contact_of_all(office):
    """
    An empty account takes contacts, too.
    """
    office.standin.contacts.clear()

    assert ["created"] == [one.state for one in delivered(office, row(1))]


def test_import_that_does_not_end(office):
    """
    What is not known after ten minutes is said to be unknown.
    """
    office.standin.IMPORT_SECONDS = 3600

    assert ["unknown", "unknown"] == [one.state for one in delivered(office, row(1), row(2))]


def test_imports_have_a_limit_of_their_own(opened):
    """
    A refusal for haste comes with 400 and is waited for.
    """
    with opened(limits=True) as office:
        office.standin.import_window = Window(1, 60, office.clock)
        outcomes = [*delivered(office, row(1)), *delivered(office, row(2))]

    assert ["created", "created"] == [one.state for one in outcomes]


class Picky(ActiveCampaignStandIn):
    """An account that finds fault with an address only while it imports."""

    @route("GET", "/api/3/import/info")
    def import_info(self, request):
        """Tell one address that was not imported."""
        reply = super().import_info(request)
        return Reply(reply.status, {**reply.body, "failure": ["New.1@example.org"]})


def test_row_that_fails_in_the_import(opened):
    """
    Who is refused late is refused.
    """
    with opened(Picky) as office:
        outcomes = delivered(office, row(1), row(2))

    assert ["refused", "created"] == [one.state for one in outcomes]


class Silent(ActiveCampaignStandIn):
    """An account that does not say which contact is wrong."""

    @route("POST", "/api/3/import/bulk_import")
    def queue_import(self, request):
        """Refuse all for a reason in words."""
        del request
        return Reply(400, {"success": 0, "message": "No", "failureReasons": ["It is not right"]})


def test_refusal_without_places(opened):
    """
    Where no row is named, all are refused, and nothing is sent again and again.
    """
    with opened(Silent) as office:
        outcomes = delivered(office, row(1), row(2))

    assert ["refused", "refused"] == [one.state for one in outcomes]


# Settings and failures


@pytest.mark.parametrize(
    "url",
    ["http://klarpris.api-us1.com", "https://example.org", "https://a.api-us1.com.example.org"],
)
def test_url_of_somebody_else_is_refused(url):
    """
    A key goes to no other host.
    """
    (form,) = (one.form for one in activecampaign.api.settings if one.name == "url")

    assert not re.fullmatch(form, url)
    assert re.fullmatch(form, ActiveCampaignStandIn.URL)


@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        (Kind.RIGHTS, 403, {"errors": [{"title": "Forbidden"}]}),
        (Kind.KEY, 403, {"message": "Forbidden"}),
        (Kind.ABSENT, 403, {"message": "No Result found for Note with id 1"}),
        (Kind.REFUSED, 200, {"success": 0}),
        (Kind.THROTTLED, 400, {"success": 0, "message": "Rate limit exceeded."}),
    ],
)
def test_words_tell_refusals_apart(kind, status, told):
    """
    One status stands for a wrong key, a right that is lacking and a record that is gone.
    """
    found = classify(Seen(status, {}, json.dumps(told).encode()))

    assert found
    assert kind is found.kind


@pytest.mark.parametrize(
    ("status", "told"), [(200, {"status": "completed", "success": ["1"]}), (404, {"message": ""})]
)
def test_other_replies_mean_what_their_status_says(status, told):
    """
    An import that has ended lists its contacts where others say that they failed.
    """
    assert classify(Seen(status, {}, json.dumps(told).encode())) is None

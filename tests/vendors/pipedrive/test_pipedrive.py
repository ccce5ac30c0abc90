"""
What is special about Pipedrive, against its stand-in; the contracts referee what is sent.
"""

import pytest

from klarsyn.errors import ReplyUnread, RightsMissing, Throttled
from klarsyn.testing import contract
from klarsyn.testing.faults import Trouble
from klarsyn.testing.standins.pipedrive_filling import CUSTOMER_TYPE, OTHER_EMAIL
from klarsyn.testing.trials import Trial
from klarsyn.transport.connection import Purpose
from klarsyn.transport.failures import failure
from klarsyn.transport.replies import Reply
from klarsyn.transport.words import Kind
from klarsyn.vendors.pipedrive import DAY, api, pipedrive, to_midnight
from klarsyn.vendors.pipedrive_persons import own_fields, probe
from klarsyn.vendors.reading import Seen, read
from klarsyn.vendors.sheet import Row
from tests.vendors.pipedrive.companies import asked, bodies, delivered, found, rectified, targets
from tests.vendors.trials import PIPEDRIVE

pytestmark = pytest.mark.network

NEW = "nyt.navn@example.org"


# The suite


@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda check: check.__name__)
def test_suite_is_refereed(exchanges, check):
    """
    Whatever the one suite makes Klarsyn send is in Pipedrive's contracts.
    """
    companies = []

    def opened(**how):
        companies.append(PIPEDRIVE.standin(**how))
        return companies[-1]

    check(Trial(**{**vars(PIPEDRIVE), "standin": opened}))
    exchanges.extend(one for company in companies for one in company.exchanges)


# Rectification


def second_address(company, target):
    """Give somebody a second address, beside the one that is theirs."""
    record = company.standin.records["persons"][int(target.key)]
    second = {"value": "privat@example.net", "primary": False, "label": "home"}
    record["emails"] = [*record["emails"], second]
    return record


def test_other_addresses_stay(company):
    """
    A list replaces the one that is there, so what is not changed is sent with what is.
    """
    _, target = company.somebody()
    record = second_address(company, target)
    assert "done" == rectified(company, target, email=NEW).state

    assert [NEW, "privat@example.net"] == [one["value"] for one in record["emails"]]
    assert {"emails"} == set(bodies(company, "PATCH")[-1])


def test_second_address_becomes_the_first(company):
    """
    An address is not there twice, however it is spelt.
    """
    _, target = company.somebody()
    record = second_address(company, target)
    rectified(company, target, email="Privat@Example.net")

    assert ["Privat@Example.net"] == [one["value"] for one in record["emails"]]


def test_clearing_leaves_no_address(company):
    """
    Were another left, it would be shown as the first.
    """
    _, target = company.somebody()
    record = second_address(company, target)
    assert "done" == rectified(company, target, email=None).state

    assert [] == record["emails"]


def test_one_who_is_deleted_is_not_changed(company):
    """
    A change could bring them back.
    """
    _, target = company.somebody()
    record = company.standin.records["persons"][int(target.key)]
    company.standin.remove("persons", record)
    rectified(company, target, email=NEW)

    assert [] == asked(company, "PATCH")


def test_what_colleagues_wrote_is_corrected(company):
    """
    Notes, titles of deals, and firms can be set like any element.
    """
    changes = {"note": "content", "deal": "title", "organization": "company"}
    for kind, element in changes.items():
        target = targets(company, kind)[0]
        assert "done" == rectified(company, target, **{element: "Nyt navn"}).state
        again = targets(company, kind, lambda raw, key=target.key: str(raw["id"]) == key)[0]
        assert "Nyt navn" == again.raw[target.record.element(element).paths[0]]


# Finding


def test_hit_is_read_again(company):
    """
    A search gives summaries and lags; the address is compared with the person as they are now.
    """
    person = company.standin.people[3]
    [target] = found(company, "person", email=person.email)
    assert "4" == target.key

    rectified(company, target, email=NEW)
    assert [] == found(company, "person", email=person.email)
    company.clock.move(seconds=600)
    assert [target.key] == [one.key for one in found(company, "person", email=NEW)]


def test_dear_lists_are_read_of_few(company):
    """
    Logs and mail cost a call for each person: only those of the wanted person are read.
    """
    person = company.standin.people[10]
    begun = len(company.standin.exchanges)
    assert 1 == len(found(company, "mail", name=person.name))

    logs = [one for one in asked(company, "GET", begun=begun) if one.endswith("/changelog")]
    assert 1 == len(logs)


def test_firm_leads_to_its_people(company):
    """
    Who is looked for by a firm is found in the mail of the people who work there.
    """
    person = company.standin.people[10]
    mail = next(iter(company.standin.mails.values()))
    mail["subject"] = f"Tilbud til {person.company}"

    assert [str(mail["id"])] == [one.key for one in found(company, "mail", company=person.company)]


def test_fields_of_a_lead_stand_beside_the_others(company):
    """
    The company's own fields of a lead have no folder of their own, so all of it is looked at.
    """
    person = company.standin.people[2]
    held = found(company, "lead", phone=person.phone)
    paths = [path for one in held for path, _ in seen_texts(one)]

    assert 1 == len(held)
    assert {"title"} < set(paths)
    assert "id" not in paths


def seen_texts(target):
    """Return the texts of a record and their places."""
    return list(Seen(target.record, target.raw, target.places).texts())


def test_what_is_not_read_is_told(company):
    """
    Files and bodies of mails are counted as not read.
    """
    _, coverage = company.everything()

    assert coverage.complete
    assert {("file", "what is inside a file"), ("mail", "the body of a mail")} == set(
        coverage.unread
    )


def test_empty_list_of_v1_is_null(company):
    """
    Null is an empty list where the sheet says so; a reply without the list is not.
    """
    company.standin.notes.clear()
    assert [] == targets(company, "note")

    company.standin.faults.add(Trouble.RENAMED_FIELD, on="GET */notes", field="data", times=9)
    with pytest.raises(ReplyUnread, match="data"):
        targets(company, "note")


# Delivery


def row(person, **more):
    """Return a person as a row."""
    return Row("customer-1", {"email": person.email, "name": person.name, **more})


def test_who_is_known_is_not_searched(company):
    """
    Our own key of the person at the vendor spares the dearest call.
    """
    person, target = company.somebody()
    begun = len(company.standin.exchanges)
    known = Row("customer-1", {"name": "Nyt Navn"}, target.key)

    assert ["updated"] == [one.state for one in delivered(company, known)]
    assert ["GET /persons", "GET /persons/*", "PATCH /persons/*"] == asked(
        company, "GET", "PATCH", begun=begun
    )
    assert person.email == company.standin.records["persons"][int(target.key)]["emails"][0]["value"]


def test_two_of_an_address_are_refused(company):
    """
    Neither names nor addresses are unique there; a guess could change the wrong person.
    """
    person = company.standin.people[0]
    outcome = delivered(company, row(person))[0]

    assert ("refused", "2 persons") == (outcome.state, str(outcome.why)[:9])
    assert [] == asked(company, "POST", "PATCH")


def test_nobody_is_added_twice(company):
    """
    A search does not know yet what was written a moment ago, so recent changes are read too.
    """
    new = Row("customer-9", {"email": NEW, "name": "Nyt Navn"})
    assert ["created", "updated"] == [one.state for one in delivered(company, new, new)]
    assert ["updated"] == [one.state for one in delivered(company, new)]

    assert 1 == len(asked(company, "POST"))


def test_many_new_people_are_looked_for_in_one_list(company):
    """
    A search for each takes twenty tokens, a list of all ten a page; who is there is found in it.
    """
    person = company.standin.people[3]
    rows = [
        Row(f"c-{one}", {"email": f"new.{one}@example.org", "name": f"New {one}"})
        for one in range(24)
    ]
    states = [one.state for one in delivered(company, *rows, row(person))]
    assert ["created"] * 24 + ["updated"] == states
    assert [] == [one for one in asked(company, "GET") if "search" in one]


def test_lost_addition_is_looked_for(company):
    """
    Nobody knows whether it arrived; the next delivery looks before it adds.
    """
    new = Row("customer-9", {"email": NEW, "name": "Nyt Navn"})
    company.standin.faults.add(Trouble.CUT_OFF, on="POST *")

    assert ["unknown"] == [one.state for one in delivered(company, new)]
    assert ["updated"] == [one.state for one in delivered(company, new)]


def test_erased_person_is_not_written_to(company):
    """
    Our key may be that of one who was deleted since: a new person is made.
    """
    _, target = company.somebody()
    company.standin.remove("persons", company.standin.records["persons"][int(target.key)])
    outcome = delivered(company, Row("customer-1", {"email": NEW, "name": "Nyt"}, target.key))[0]

    assert ("created", False) == (outcome.state, outcome.known_as == target.key)


def test_row_without_address_is_refused(company):
    """
    Nobody could be known again.
    """
    assert ["refused"] == [one.state for one in delivered(company, Row("1", {"name": "Nyt"}))]


def test_own_field_is_set_and_cleared(company):
    """
    A field of the company's own is null where there is nothing in it; an empty one is refused.
    """
    person = company.standin.people[7]
    field = f"custom_fields.{OTHER_EMAIL}"
    record = company.standin.records["persons"][8]
    assert person.email == record["emails"][0]["value"]

    delivered(company, row(person, **{field: NEW}))
    assert NEW == record["custom_fields"][OTHER_EMAIL]
    delivered(company, row(person, **{field: None}))
    assert record["custom_fields"][OTHER_EMAIL] is None


def test_refused_row_fails_alone(company):
    """
    A value that a field does not take refuses one row.
    """
    wrong = row(company.standin.people[7], **{f"custom_fields.{CUSTOMER_TYPE}": "Betalende"})
    right = row(company.standin.people[8])

    assert ["refused", "updated"] == [one.state for one in delivered(company, wrong, right)]


# Limits


def test_spent_day_stops(exchanges):
    """
    When the day's tokens are spent, nothing is asked again before midnight.
    """
    with PIPEDRIVE.running(limits=True) as running:
        standin = running.standin
        standin.spent[standin.clock.now().date().isoformat()] = standin.daily_tokens
        with running.open(Purpose.AUDIT) as connection:
            for _ in range(3):
                with pytest.raises(Throttled) as told:
                    list(read(connection, pipedrive.record("person")))
                assert 0 < (told.value.after or 0) <= DAY
        assert 1 == len(standin.exchanges)
        exchanges.extend(standin.exchanges)


@pytest.mark.parametrize(
    ("date_header", "seconds"), [("Thu, 26 Nov 2026 23:59:30 GMT", 30), ("", DAY), ("x", DAY)]
)
def test_midnight_is_by_the_vendors_clock(date_header, seconds):
    """
    A reply tells the vendor's time; without it a whole day is waited for.
    """
    assert seconds == to_midnight(Reply(429, {"date": date_header}, b""))


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (429, {"x-ratelimit-reset": "2"}, b"", Kind.THROTTLED),
        (403, {"content-type": "text/html"}, b"<html>", Kind.THROTTLED),
        (403, {"content-type": "application/json"}, b'{"success":false}', Kind.RIGHTS),
        (402, {}, b"", Kind.RIGHTS),
        (410, {}, b"", Kind.RIGHTS),
        (200, {}, b'{"success":false}', Kind.DOWN),
        (404, {}, b'{"success":false}', Kind.ABSENT),
    ],
)
def test_failures_are_told_apart(company, status, headers, body, kind):
    """
    A removed call is no absent record, and a page of Cloudflare's is no lack of rights.
    """
    told = failure(api, Reply(status, headers, body), company.clock.now())

    assert told
    assert kind is told.kind


def test_unpaid_account_is_told(company):
    """
    An account that is not open refuses everything, whatever the key.
    """
    company.standin.paid = False
    with company.open(Purpose.AUDIT) as connection, pytest.raises(RightsMissing) as told:
        connection.call(api.ping)

    assert "paid" in str(told.value.remedy)


# What an account is like


def test_own_fields_are_told(company):
    """
    Persons, organizations and deals have fields of the company's own, by their keys.
    """
    with company.open(Purpose.AUDIT) as connection:
        fields = dict(own_fields(connection))

    assert "Privat e-mail" == fields[f"person.custom_fields.{OTHER_EMAIL}"]
    assert {"person", "organization", "deal"} == {one.partition(".")[0] for one in fields}
    assert pipedrive.record("person").admits(f"custom_fields.{OTHER_EMAIL}")


def test_key_of_a_colleague_is_noticed(company):
    """
    Only an administrator is shown everything.
    """
    with company.open(Purpose.AUDIT) as connection:
        assert ("admin", ()) == tuple(probe(connection).values())
        company.standin.users[0]["access"][0]["admin"] = False
        assert ("user", {"admin"}) == tuple(probe(connection).values())

"""
What is special about TeamViewer, against its stand-in; the contract referees what Klarsyn sends.
"""

import json

import pytest

from klarsyn.errors import CallRefused, KeyRefused, VendorDown
from klarsyn.testing.faults import Trouble
from klarsyn.transport.connection import Purpose
from klarsyn.transport.words import DELETE, Call
from klarsyn.vendors import jobs
from klarsyn.vendors.reading import Coverage, read
from klarsyn.vendors.sheet import Level, Row
from klarsyn.vendors.teamviewer import NOBODY, teamviewer
from tests.testing.referee import refereed
from tests.vendors.trials import TEAMVIEWER

pytestmark = pytest.mark.network
ELEMENTS = frozenset({"email", "name", "description"})


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("teamviewer") as kept:
        yield kept


@pytest.fixture
def company(exchanges):
    """A company whose clock stands still, and the sheet; it still exists at the end."""
    with TEAMVIEWER.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)


def asked(company, *methods):
    """Return method and path of the requests so far."""
    made = [one.request for one in company.standin.exchanges]
    return [f"{one.method} {one.path}" for one in made if not methods or one.method in methods]


def every(company, record):
    """Return all records of a kind."""
    with company.open(Purpose.AUDIT) as connection:
        return [one for page in read(connection, teamviewer.record(record)) for one in page]


def rectified(company, target, **changes):
    """Return what became of a rectification."""
    with company.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes)


def erased(company, target):
    """Return what became of an erasure, and whether it shows."""
    with company.open(Purpose.ERASE) as connection:
        return jobs.erase(connection, target), jobs.gone(connection, target)


def delivered(company, *rows, **settings):
    """Return what became of rows."""
    with company.open(Purpose.DELIVER) as connection:
        connection.settings |= settings
        return list(jobs.deliver(connection, teamviewer.record("session"), rows, ELEMENTS))


def a_row(**values):
    """Return somebody who asks for help."""
    return Row("customer-1", {"email": "freja@example.org", "name": "Freja Holm", **values})


# The company


def test_deletion_of_the_company_cannot_be_said():
    """
    `DELETE /users` deletes a whole company: the call does not exist, with a slash or without.
    """
    for path in ("/users", "/users/", "/company"):
        with pytest.raises(ValueError, match="names no single record"):
            DELETE(path)


def test_no_deletion_goes_without_an_id(company):
    """
    Every deletion of the sheet refuses a blank id before anything is sent.
    """
    stages = [stage for one in teamviewer.records if one.erase for stage in one.erase.stages]
    calls = [one for one in stages if isinstance(one, Call) and one.method == "DELETE"]
    with company.open(Purpose.ERASE) as connection:
        for call in calls:
            for blank in ("", " ", ".", None):
                with pytest.raises(CallRefused):
                    connection.call(call, id=blank, report=blank)

    assert (7, []) == (len(calls), asked(company))
    assert all(call.path.endswith("}") for call in calls)
    assert 0 == company.standin.company_deletions


# Getting in


def test_ping_that_succeeds_may_refuse_the_key(company):
    """
    TeamViewer says of a wrong token that it is one, with status 200.
    """
    with company.open(Purpose.AUDIT) as connection:
        assert connection.call(teamviewer.api.ping).at("token_valid")
        connection.settings["token"] = "another"
        with pytest.raises(KeyRefused) as error:
            connection.call(teamviewer.api.ping)

    assert "invalid_token" == error.value.code


def test_error_in_disguise_is_an_error(company):
    """
    A word for an error counts, whatever the status.
    """
    company.standin.faults.add(Trouble.ERROR_IN_OK, times=99)
    with company.open(Purpose.AUDIT, patience=1) as connection, pytest.raises(VendorDown):
        connection.call(teamviewer.record("user").read)


# Reading


def test_closed_cases_are_read_in_detail(company):
    """
    By default TeamViewer lists open cases by their codes; an audit asks for all of all.
    """
    assert {"open", "closed"} == {one.raw["state"] for one in every(company, "session")}
    queries = [one.request.query for one in company.standin.exchanges]
    assert all(one["full_list"] == ["true"] for one in queries)


def test_hidden_texts_are_read_on_both_sides(company):
    """
    Behind each report five kinds of texts are asked for, and found however they are spelt.
    """
    for record in ("report_text", "device_report_text"):
        kinds = {one.raw["kind"]: one for one in every(company, record)}
        addresses = {kind: "@" in str(one.raw["text"]) for kind, one in kinds.items()}

        assert 5 == len(kinds)
        assert addresses["chat-transcript"]
        assert addresses["voice-transcript"]
        assert all(list(one.texts()) for one in kinds.values())


def test_pictures_are_said_to_be_unread(company):
    """
    Of screenshots only the names are read, and the coverage tells of how many.
    """
    coverage = Coverage()
    with company.open(Purpose.AUDIT) as connection:
        list(read(connection, teamviewer.record("report_text"), coverage))

    assert [6] == [count for _, count in coverage.unread.values()]
    assert coverage.complete


def test_person_is_found_where_nobody_declared_them(company):
    """
    Notes, device names, chats and transcripts hold customers: that is for an audit to tell.
    """
    person = company.standin.people[0]
    found = {one.seen.record.name for one in company.find(person, "email", "name", "phone").matches}

    assert {record.name for record in teamviewer.records} == found


def test_chat_is_read_to_its_end(company):
    """
    Messages are asked for after the last one, until there are none.
    """
    rooms = company.standin.messages
    assert sum(map(len, rooms.values())) == len(every(company, "message"))


# Rectifying


def test_other_half_of_a_customer_stays(company):
    """
    A new address of a customer in a case leaves the name beside it.
    """
    target = every(company, "session")[0].target
    outcome = rectified(company, target, email="nyt.navn@example.org")

    customer = company.standin.sessions[target.key]["end_customer"]
    name = target.raw["end_customer"]["name"]
    assert ("done", {"email": "nyt.navn@example.org", "name": name}) == (outcome.state, customer)


def test_of_a_report_only_notes_change(company):
    """
    What a report says beside its notes was written by the vendor and stays.
    """
    target = every(company, "report")[0].target

    assert "done" == rectified(company, target, notes="Hjulpet").state
    assert "refused" == rectified(company, target, name="Nyt Navn").state
    assert "Hjulpet" == company.standin.reports[target.key]["notes"]


@pytest.mark.parametrize("record", ["user", "device"])
def test_user_and_device_are_changed(company, record):
    """
    Names of users and of devices are set, and nothing else of them.
    """
    target = every(company, record)[0].target
    element = {"user": "name", "device": "alias"}[record]
    outcome = rectified(company, target, **{element: "Nyt Navn"})

    assert "done" == outcome.state
    assert {**target.raw, element: "Nyt Navn"} in [one.raw for one in every(company, record)]


# Erasing


def test_user_is_deleted_for_good(company):
    """
    Without a word more a user would only leave the company, and go on existing.
    """
    outcome, gone = erased(company, every(company, "user")[0].target)

    assert ("done", Level.PURGED, True) == (outcome.state, outcome.level, gone)
    assert {} == company.standin.left


def test_event_log_is_told_as_residue(company):
    """
    The log keeps the address of whoever was deleted, and the outcome says so.
    """
    target = every(company, "user")[0].target
    outcome, _ = erased(company, target)

    assert target.raw["email"] in [one["AffectedItem"] for one in company.standin.log]
    assert any("event log" in str(what) for what, _ in outcome.residue)


@pytest.mark.parametrize("record", ["contact", "report", "device_report"])
def test_record_goes_alone(company, record):
    """
    One record goes by its id, and all others stay.
    """
    before = every(company, record)
    outcome, gone = erased(company, before[0].target)

    assert ("done", True) == (outcome.state, gone)
    assert {one.key for one in before[1:]} == {one.key for one in every(company, record)}


def test_hidden_text_goes_with_its_report(company):
    """
    A text has no deletion of its own; with its report it goes, and a second time is no error.
    """
    texts = [one.target for one in every(company, "report_text")]
    number = texts[0].places["report"]
    same = [one for one in texts if one.places["report"] == number]

    assert [("done", True)] * 5 == [
        (one.state, gone) for one, gone in map(erased, [company] * 5, same)
    ]
    assert number not in company.standin.reports
    assert number not in company.standin.texts


def test_device_stays_without_a_name(company):
    """
    A computer stays in the list, for support, and says nothing of its owner.
    """
    target = every(company, "device")[0].target
    with company.open(Purpose.FIND) as connection:
        assert not jobs.gone(connection, target)
    outcome, gone = erased(company, target)

    left = company.standin.devices[target.key]
    assert (Level.REDACTED, True) == (outcome.level, gone)
    assert (NOBODY, "") == (left["alias"], left["description"])


# Delivering


def test_case_is_opened_once(company):
    """
    Who has an open case gets no second one, and what is not told of it stays.
    """
    first = delivered(company, a_row(description="Kan ikke logge ind"))
    again = delivered(company, a_row(email="FREJA@example.org"), a_row())

    assert ["created", "updated", "updated"] == [one.state for one in (*first, *again)]
    assert 1 == len({one.known_as for one in (*first, *again)})
    session = company.standin.sessions[first[0].known_as]
    assert ("Kan ikke logge ind", "Freja Holm") == (
        session["description"],
        session["end_customer"]["name"],
    )


def test_nobody_is_invited(company):
    """
    A delivery makes no contact: that is what TeamViewer mails invitations for.
    """
    delivered(company, a_row())

    assert {"POST /api/v1/sessions"} == set(asked(company, "POST"))
    assert [] == company.standin.mails


def test_lost_reply_is_settled_by_looking(company):
    """
    Nobody knows whether the case was opened; the next delivery looks, and opens no second one.
    """
    before = len(company.standin.sessions)
    company.standin.faults.add(Trouble.CUT_OFF, on="POST *")
    states = [delivered(company, a_row())[0].state for _ in range(2)]

    assert ["unknown", "updated"] == states
    assert before + 1 == len(company.standin.sessions)


def test_row_needs_an_address_and_a_group(company):
    """
    Without an address a case is nobody's, and without a group TeamViewer opens none.
    """
    rows = Row("customer-1", {"name": "Freja Holm"}), a_row(description="x" * 4001)
    outcomes = [*delivered(company, *rows), *delivered(company, a_row(), group="")]

    assert ["refused"] * 3 == [one.state for one in outcomes]
    assert all(one.why for one in outcomes)
    assert 1 == len(asked(company, "POST"))
    assert "Freja Holm" not in json.dumps([str(one.why) for one in outcomes])

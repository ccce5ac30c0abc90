"""
What is special about Plecto, against its stand-in; it publishes no contract to referee by.
"""

import json

import pytest

from klarsyn.errors import KeyRefused, RightsMissing, VendorDown
from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from klarsyn.transport.connection import Purpose
from klarsyn.transport.words import DELETE
from klarsyn.vendors import jobs
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.plecto import NOBODY, own_fields, plecto
from klarsyn.vendors.plecto_rows import ADD
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Level, Row
from tests.vendors.trials import PLECTO

pytestmark = pytest.mark.network
ELEMENTS = frozenset({"member", "name", "reference", "date", "Company", "User rating"})


@pytest.fixture
def board():
    """A board whose clock stands still, and the sheet."""
    with PLECTO.running() as running:
        yield running


def asked(board, method, path="/registrations/"):
    """Return the requests of a kind so far."""
    made = [one.request for one in board.standin.exchanges]
    return [one for one in made if one.method == method and one.path.endswith(path)]


def first(board, record, suits=lambda _seen: True):
    """Return the first record of a kind that suits, as a job wants it."""
    with board.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, plecto.record(record)))
    return next(seen.target for page in pages for seen in page if suits(seen))


def delivered(board, *rows, places=None, **settings):
    """Return what became of rows; by default on the board of ratings."""
    where = {"source": board.standin.ratings} if places is None else places
    with board.open(Purpose.DELIVER) as connection:
        connection.settings |= settings
        record = plecto.record("registration")
        return list(jobs.deliver(connection, record, rows, ELEMENTS, where))


def a_row(key="customer-1", **values):
    """Return a rating by somebody who is a member under the number 1."""
    return Row(key, {"member": "1", "Company": "Polarlys ApS", **values})


def is_ours(registration):
    """Return whether a registration is what `a_row` makes of it."""
    return registration["external_id"] == "customer-1"


# Getting in


def test_wrong_password_is_explained(board):
    """
    Plecto has no keys, so whoever is refused is told to check a login.
    """
    with board.open(Purpose.AUDIT) as connection:
        connection.settings["password"] = "another"
        with pytest.raises(KeyRefused) as error:
            connection.call(plecto.api.ping)

    assert "login" in str(error.value.remedy)


def test_error_in_disguise_is_an_error(board):
    """
    A list of teams that is nothing but a `detail` is no list, and no empty one.
    """
    board.standin.faults.add(Trouble.ERROR_IN_OK, times=99)

    with board.open(Purpose.AUDIT, patience=1) as connection, pytest.raises(VendorDown):
        connection.call(plecto.api.ping)


def test_slash_at_the_end_frees_no_deletion():
    """
    A deletion ends in a place, whether a slash follows it or not.
    """
    with pytest.raises(ValueError, match="names no single record"):
        DELETE("/registrations/")


# Reading and finding


def test_only_the_named_data_sources_are_read(board):
    """
    Where the settings name data sources, no other is asked for.
    """
    with board.open(Purpose.AUDIT) as connection:
        connection.settings["data_sources"] = [board.standin.deals]
        pages = list(read(connection, plecto.record("registration")))

    assert {board.standin.deals} == {one.places["source"] for page in pages for one in page}


def test_reference_is_asked_for(board):
    """
    By its reference a registration is found without a reading, once for each data source.
    """
    with board.open(Purpose.FIND) as connection:
        known = Identity(reference=(Personal("kp-2"),))
        finding = jobs.find(connection, plecto, known)

    assert ["registration"] == [one.seen.record.name for one in finding.matches]
    assert {"kp-2"} == {one.param("reference") for one in asked(board, "GET")}


def test_own_fields_are_those_of_the_data_sources(board):
    """
    Each field of the data sources in use is offered for a data element.
    """
    with board.open(Purpose.AUDIT) as connection:
        every = dict(own_fields(connection))
        connection.settings["data_sources"] = [board.standin.deals]
        used = dict(own_fields(connection))

    assert "Ratings: Company rating" == every["registration.Company rating"]
    assert {"registration.Contact": "Deals: Contact"} == used


# Rectifying


def test_rest_of_a_registration_stays(board):
    """
    A PUT is whole: what is not rectified is sent as it was.
    """
    target = first(board, "registration")
    changed = {"date": "2026-10-01T00:00:00+00:00"}

    with board.open(Purpose.RECTIFY) as connection:
        jobs.rectify(connection, target, changed)

    now = first(board, "registration", lambda one: one.key == target.key)
    assert {**target.raw, **changed} == now.raw


def test_registration_that_is_gone_needs_no_change(board):
    """
    What was deleted meanwhile is not made again.
    """
    target = first(board, "registration")
    del board.standin.registrations[target.key]

    with board.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, target, {"date": "2026-10-01T00:00:00+00:00"})

    assert "done" == outcome.state
    assert [] == asked(board, "PUT", "/")


def test_member_is_renamed_everywhere(board):
    """
    The name of a member stands on all registrations, and changes there too.
    """
    target = first(board, "member")
    with board.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, target, {"name": "Nyt Navn"})

    rating = first(board, "registration", lambda one: one.raw["member"] == target.key)
    assert ("done", "Nyt Navn") == (outcome.state, rating.raw["member_name"])


def test_address_cannot_be_rectified(board):
    """
    Plecto overwrites no address that it was sent once, so nothing is sent at all.
    """
    target = first(board, "member", lambda one: one.raw["updating_api_provider_email"])
    with board.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, target, {"email": "nyt.navn@example.org"})

    assert ("refused", Level.IMPOSSIBLE) == (outcome.state, outcome.level)
    assert [] == asked(board, "POST", "/members/")


def test_member_made_by_hand_is_left_to_a_person(board):
    """
    Who has no number of a provider's cannot be overwritten, and a person is told.
    """
    board.standin.members[first(board, "member").key]["updating_api_provider_id"] = ""
    with board.open(Purpose.ERASE) as connection:
        outcome = jobs.erase(connection, first(board, "member"))

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)


# Erasing


def test_what_an_integration_fills_is_refused(board):
    """
    The registrations of another integration cannot be deleted, and are said not to be.
    """
    deal = first(board, "registration", lambda one: "Contact" in one.raw)
    with board.open(Purpose.ERASE) as connection:
        outcome = jobs.erase(connection, deal)

    assert "refused" == outcome.state
    assert deal.key in board.standin.registrations


def test_member_loses_name_and_waits_for_a_person(board):
    """
    A member is deactivated without a name; the address stays, which is told.
    """
    target = first(board, "member", lambda one: one.raw["updating_api_provider_email"])
    with board.open(Purpose.ERASE) as connection:
        assert not jobs.gone(connection, target)
        outcome = jobs.erase(connection, target)
        assert jobs.gone(connection, target)

    left = board.standin.members[target.key]
    assert (NOBODY, False) == (left["name"], left["is_active"])
    assert (Level.MANUAL, 1) == (outcome.level, len(outcome.residue))


# Delivering


def test_unknown_member_is_refused(board):
    """
    Plecto makes a member of whomever it does not know, so such a row is never sent.
    """
    unknown = a_row("customer-2", member="404"), Row("customer-3", {"Company": "Polarlys ApS"})
    outcomes = delivered(board, *unknown)

    assert ["refused", "refused"] == [one.state for one in outcomes]
    assert [] == board.standin.created_silently
    assert [] == asked(board, "POST")


def test_known_member_is_named_by_uuid_only(board):
    """
    A call that names a member by uuid can make none, even if the member goes meanwhile.
    """
    delivered(board, a_row(date="2026-11-01T00:00:00+00:00"))

    sent = json.loads(asked(board, "POST")[0].body)[0]
    assert {"data_source", "date", "member", "external_id", "Company"} == sent.keys()
    assert sent["member"] in board.standin.members


def test_namesakes_are_not_guessed(board):
    """
    Where two members have a name, a row that tells only the name is refused.
    """
    one, other = list(board.standin.members.values())[:2]
    other["name"] = one["name"]

    outcome = delivered(board, Row("customer-1", {"name": one["name"]}))[0]
    assert ("refused", True) == (outcome.state, "several" in str(outcome.why))


def test_hundred_registrations_go_in_one_call(board):
    """
    Two hundred and one rows are three calls, as many as Plecto allows.
    """
    delivered(board, *(a_row(f"customer-{number}") for number in range(201)))

    assert [100, 100, 1] == [len(json.loads(one.body)) for one in asked(board, "POST")]


def test_row_that_is_sent_again_keeps_the_rest(board):
    """
    Fields and date that a later row does not tell stay as they are.
    """
    delivered(board, a_row(**{"User rating": "5"}))
    board.clock.move(seconds=86_400)
    before = board.standin.registrations.values()
    number, date = next((one["uuid"], one["date"]) for one in before if is_ours(one))
    outcome = delivered(board, a_row(Company="Nordlys ApS"))[0]

    kept = board.standin.registrations[number]
    assert ("updated", "5", "Nordlys ApS", date) == (
        outcome.state,
        kept["User rating"],
        kept["Company"],
        kept["date"],
    )


def test_wrong_row_fails_alone(board):
    """
    Where Plecto refuses a call for one row, the others are sent by themselves.
    """
    rows = a_row("customer-1"), a_row("customer-2", date="yesterday"), a_row("customer-3")

    assert ["created", "refused", "created"] == [one.state for one in delivered(board, *rows)]


def test_data_source_is_never_guessed(board):
    """
    A row goes to the source that is named, or to the only one that is in use.
    """
    ratings, deals = board.standin.ratings, board.standin.deals

    assert "refused" == delivered(board, a_row(), places={})[0].state
    both = delivered(board, a_row(), places={}, data_sources=[ratings, deals])
    assert "refused" == both[0].state
    assert "created" == delivered(board, a_row(), places={}, data_sources=[ratings])[0].state


def test_source_of_an_integration_takes_no_rows(board):
    """
    Plecto lets no other program write there, which is told.
    """
    with pytest.raises(RightsMissing) as error:
        delivered(board, a_row(), places={"source": board.standin.deals})

    assert "integration" in str(error.value.remedy)


def test_reference_makes_repeating_safe(board):
    """
    A call whose reply is lost is sent again and makes nothing twice.
    """
    before = len(board.standin.registrations)
    board.standin.faults.add(Trouble.CUT_OFF, on="POST *")
    outcomes = delivered(board, a_row())

    assert (["created"], before + 1) == (
        [one.state for one in outcomes],
        len(board.standin.registrations),
    )
    assert ADD.harmless

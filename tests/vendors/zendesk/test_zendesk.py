"""
What is special about Zendesk's users, against its stand-in; the contract referees what is sent.
"""

from datetime import date

import pytest

from klarsyn.errors import KeyRefused, ReplyUnread, RightsMissing
from klarsyn.testing.clock import StillClock
from klarsyn.testing.faults import Trouble
from klarsyn.transport.connection import Purpose
from klarsyn.transport.failures import failure
from klarsyn.transport.replies import Reply
from klarsyn.transport.words import Kind
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Row, Target
from klarsyn.vendors.zendesk import zendesk
from klarsyn.vendors.zendesk_users import is_purged, outcome, own_fields, probe
from tests.vendors.zendesk.desks import asked, bodies, delivered, found, rectified, targets

pytestmark = pytest.mark.network

NEW = "nyt.navn@example.org"


def one_with(desk, name):
    """Return the first active user who has a value, and is no agent."""
    wanted = targets(desk, "user", lambda raw: raw["active"] and raw["role"] == "end-user")
    return next(one for one in wanted if one.raw[name])


def with_token(desk, scopes=("read", "write")):
    """Return the trial's settings for a token of OAuth in place of the API token."""
    desk.standin.oauth["zd-oauth-invented-2"] = set(scopes)
    return {"api_token": "", "token": "zd-oauth-invented-2"}


# Rectification


def test_address_takes_four_calls(desk):
    """
    Writing an address only adds one, and mails it; so it is added quietly, and the old one goes.
    """
    target = one_with(desk, "email")
    assert "done" == rectified(desk, target, email=NEW, name="Nyt Navn").state

    identities = "/users/*/identities"
    assert [
        f"POST {identities}",
        f"PUT {identities}/*/make_primary",
        f"DELETE {identities}/*",
        "PUT /users/*",
    ] == asked(desk, "POST", "PUT", "DELETE")
    assert [] == desk.standin.mails
    assert NEW == desk.standin.users[int(target.key)]["email"]
    assert {"user": {"name": "Nyt Navn", "skip_verify_email": True}} == bodies(desk, "PUT")[-1]


def test_stages_of_an_address_may_run_again(desk):
    """
    A stage that was through before a crash finds nothing to do.
    """
    target = one_with(desk, "email")
    rectified(desk, target, email=NEW)
    before = asked(desk, "POST", "PUT", "DELETE")

    assert "done" == rectified(desk, target, email=NEW).state
    assert before == asked(desk, "POST", "PUT", "DELETE")


def test_second_address_stays(desk):
    """
    Only what was replaced goes; a further address of the same person is theirs still.
    """
    target = next(one for one in targets(desk, "user") if one.raw["user_fields"].get("customer_no"))
    rectified(desk, target, email=NEW)

    held = desk.standin.identities.values()
    mine = [one["value"] for one in held if one["user_id"] == int(target.key)]
    assert [f"home.{target.raw['email']}", NEW] == mine


def test_number_is_cleared_everywhere(desk):
    """
    A number is a field and an identity, and leaves both.
    """
    target = one_with(desk, "phone")
    assert "done" == rectified(desk, target, phone=None).state

    held = desk.standin.identities.values()
    kinds = [one["type"] for one in held if one["user_id"] == int(target.key)]
    assert ("", ["email"]) == (desk.standin.users[int(target.key)]["phone"], kinds)


def test_lost_stage_is_gone_on_with(desk):
    """
    Where nobody knows whether the address was added, a second run looks before it adds.
    """
    target = one_with(desk, "email")
    desk.standin.faults.add(Trouble.CUT_OFF, on="POST *")
    lost = rectified(desk, target, email=NEW)

    assert ("unknown", 0) == (lost.state, lost.stage)
    assert "done" == rectified(desk, target, email=NEW).state
    assert 1 == len(asked(desk, "POST"))


# Finding


def test_reference_finds_a_user(desk):
    """
    The company's own key finds a user, in whatever case Zendesk keeps it.
    """
    target = one_with(desk, "email")
    rectified(desk, target, reference="Customer-7")
    desk.clock.move(seconds=600)

    assert [target.key] == [one.key for one in found(desk, "user", reference="customer-7")]


def test_organization_is_read_with_the_user(desk):
    """
    A user tells the organization by its id; the name is read beside.
    """
    people = desk.standin.people
    target = one_with(desk, "email")

    firms = {one.email: one.company for one in people}
    assert firms[target.raw["email"]] == target.raw["organization"]["name"]


def test_export_without_organizations_is_not_read(desk):
    """
    An export that leaves out what it was asked for is no export with nobody in an organization.
    """
    on = "GET /api/v2/incremental/users/*"
    desk.standin.faults.add(Trouble.RENAMED_FIELD, on=on, field="organizations")
    with desk.open(Purpose.AUDIT) as connection, pytest.raises(ReplyUnread):
        list(read(connection, zendesk.record("user")))


def test_search_that_is_out_of_order_is_told(desk):
    """
    A search that answers 200 and an error has found nobody yet: that is no answer.
    """
    person = desk.standin.people[0]
    desk.standin.faults.add(Trouble.ERROR_IN_OK, on="GET /api/v2/users/search", times=10_000)
    finding = desk.find(person, "email")

    assert ["user"] == [name for name, _ in finding.coverage.missed]


# Delivery


def rows(count, **more):
    """Return rows of invented customers."""
    return [
        Row(f"c{n}", {"email": f"new.{n}@example.com", "name": f"New {n}", **more})
        for n in range(count)
    ]


def test_hundred_go_in_one_call(desk):
    """
    A job takes a hundred users; each is kept from being mailed.
    """
    outcomes = delivered(desk, *rows(101))

    assert ["created"] * 101 == [one.state for one in outcomes]
    assert [100, 1] == [len(one["users"]) for one in bodies(desk, "POST")]
    assert all(one["skip_verify_email"] for each in bodies(desk, "POST") for one in each["users"])
    assert [] == desk.standin.mails


def test_refused_row_fails_alone(desk):
    """
    What is refused is told at its place, without the vendor's words, which quote it.
    """
    bad = Row("bad", {"email": "no address", "name": "Nobody"})
    first, second, third = delivered(desk, rows(1)[0], bad, rows(2)[1])

    assert ["created", "refused", "created"] == [first.state, second.state, third.state]
    assert "no address" not in str(second.why)
    assert str(desk.standin.user_of("new.0@example.com")["id"]) == first.known_as


def test_slow_job_leaves_its_rows_unknown(desk):
    """
    What a job has not told after two minutes, nobody knows.
    """
    desk.standin.job_seconds = (2.0, 1000.0)

    assert ["unknown"] == [one.state for one in delivered(desk, *rows(1))]
    assert 120 <= sum(desk.clock.slept) < 130


def test_job_that_failed_refuses_its_rows():
    """
    A job that is over and says nothing of a row has not written it.
    """
    (row,) = rows(1)

    assert "refused" == outcome(row, None, over=True).state
    assert "refused" == outcome(row, {"success": False, "id": 1}, over=True).state
    # As the contract has it, a result of something new holds no more than this.
    assert "created" == outcome(row, {"id": 1, "index": 0}, over=True).state


def test_bulk_import_is_enabled_by_support(desk):
    """
    An account that may not write many users gets a hint whom to ask.
    """
    desk.standin.bulk_import = False
    with pytest.raises(RightsMissing) as error:
        delivered(desk, *rows(1))

    assert "Zendesk Support" in str(error.value.remedy)


# Keys and limits


def probed(desk, **settings):
    """Return what the sheet says of a key."""
    with desk.open(Purpose.AUDIT) as connection:
        connection.settings.update(settings)
        return probe(connection)


def test_probe_of_an_administrator(desk):
    """
    An API token may all that its user may.
    """
    assert {"role": "admin", "lacking": ()} == probed(desk)


def test_probe_of_an_agent(desk):
    """
    An agent may read much, but export nothing.
    """
    told = probed(desk, email="support@klarpris.example")

    assert {"role": "agent", "lacking": {"admin"}} == told


def test_probe_of_a_token(desk):
    """
    A token of OAuth tells its scopes, and the day on which it ends, where it does.
    """
    settings = with_token(desk, ["read"])
    token = settings["token"]
    del desk.standin.oauth["zd-oauth-invented"]
    told = probed(desk, **settings)
    assert (["read"], None) == (told["scopes"], told["until"])

    desk.standin.oauth_ends[token] = "2027-01-31T00:00:00Z"
    assert date(2027, 1, 31) == probed(desk, **settings)["until"]


def test_wrong_key_is_explained(desk):
    """
    A wrong key is told with the page on which one is made.
    """
    with desk.open(Purpose.AUDIT) as connection:
        connection.settings["api_token"] = "wrong"
        with pytest.raises(KeyRefused) as error:
            connection.call(zendesk.api.ping)

    assert "api" in str(error.value.remedy)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (429, b"<html>Too many</html>", Kind.THROTTLED),
        (403, b'{"error": {"title": "Forbidden", "message": "No"}}', Kind.RIGHTS),
        (422, b'{"error": "RecordInvalid", "description": "No"}', Kind.REFUSED),
        (200, b'{"error": "unavailable"}', Kind.DOWN),
        (404, b"", Kind.ABSENT),
    ],
)
def test_every_shape_of_an_error_is_understood(status, content, kind):
    """
    Errors are a word, an object or a page of HTML.
    """
    found = failure(zendesk.api, Reply(status, {}, content), StillClock().now())

    assert found
    assert kind is found.kind


def test_account_has_fields_of_its_own(desk):
    """
    Users and organizations name their fields by key, tickets by id.
    """
    with desk.open(Purpose.AUDIT) as connection:
        own = dict(own_fields(connection))

    assert "Customer no." == own["user.user_fields.customer_no"]
    assert "VAT no." == own["organization.organization_fields.vat_no"]
    assert zendesk.record("ticket").admits(list(own)[-1].partition(".")[2])


def test_user_that_is_not_in_the_account_is_purged(desk):
    """
    Zendesk answers 404 for a user that it does not know; one whom nobody deleted is not purged.
    """
    (target, *_) = targets(desk, "user")
    with desk.open(Purpose.FIND) as connection:
        assert not is_purged(connection, target)
        assert is_purged(connection, Target(target.record, "999999", {}, {}))

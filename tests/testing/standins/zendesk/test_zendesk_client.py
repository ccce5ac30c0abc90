"""
zenpy, a client by others, drives the stand-in: neither knows of the other.
"""

from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Identity, Organization, Ticket, User
from zenpy.lib.exception import APIException, RatelimitBudgetExceeded, RecordNotFoundException

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.zendesk import ZendeskStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network


class Detour(HTTPAdapter):
    """Sends to loopback what is meant for Zendesk, and lets the client believe it arrived."""

    def __init__(self, url):
        self._to = urlsplit(url)
        super().__init__()

    def send(self, request, *arguments, **named):
        """Swap the address and swap it back."""
        meant = request.url
        request.headers["Host"] = urlsplit(meant).netloc
        request.url = urlunsplit(self._to[:2] + tuple(urlsplit(meant)[2:]))
        reply = super().send(request, *arguments, **named)
        reply.url = request.url = meant
        return reply


def unsuffixed(exchange):
    """Return an exchange without the .json that zenpy, not the contract, puts after paths."""
    request = exchange.request
    return replace(exchange, request=replace(request, path=request.path.removesuffix(".json")))


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("zendesk") as exchanges:
        yield exchanges


@pytest.fixture
def desk(judged):
    """A running stand-in whose clock stands still."""
    with ZendeskStandIn(clock=StillClock()) as standin:
        yield standin
    judged += map(unsuffixed, standin.exchanges)


@pytest.fixture
def session(desk):
    """A session that ends up at the stand-in."""
    with requests.Session() as one:
        one.mount("https://", Detour(desk.url))
        yield one


@pytest.fixture
def client(desk, session):
    """A zenpy client with the stand-in's secrets."""
    names = {"subdomain": "subdomain", "email": "email", "api_token": "token"}
    known = {names[name]: value for name, value in desk.secrets.items()}
    return Zenpy(**known, session=session, ratelimit_budget=1, disable_cache=True)


@pytest.fixture
def somebody(desk):
    """The first of the people."""
    return desk.people[0]


def found(client, query):
    """Return the ids that a search of users finds."""
    return [one.id for one in client.users.search(query=query)]


def test_key_opens(client):
    """
    The administrator whose token it is is told who she is.
    """
    assert ("Desk Admin", "admin") == (client.users.me().name, client.users.me().role)


def test_wrong_key_is_refused(desk, session):
    """
    A token that is not the account's, and a person who is no agent, stay outside.
    """
    for email, token in ((desk.people[0].email, desk.secrets["api_token"]), ("a@example.com", "x")):
        stranger = Zenpy(subdomain="klarpris", email=email, token=token, session=session)
        with pytest.raises(APIException) as refusal:
            stranger.users.me()
        assert 401 == refusal.value.response.status_code


def test_lists_end(desk, client):
    """
    Cursors lead to every user, organization, ticket and deleted record, some pages long.
    """
    assert {*range(12)} - {10, 11} == {
        person.number
        for person in desk.people
        for user in client.users()
        if user.email == person.email
    }
    assert 11 == len(list(client.organizations()))
    assert 11 == len(list(client.organization_memberships()))
    assert 10 == len(list(client.tickets()))
    assert [desk.people[10].email] == [one.email for one in client.users.deleted()]
    assert 1 == len(list(client.tickets.deleted()))
    assert [desk.people[11].name] == [one.author["name"] for one in client.suspended_tickets()]


def test_incremental_exports_hold_the_deleted(desk, client):
    """
    By time everything comes, the deleted user and the trashed ticket last.
    """
    users, tickets = (
        list(client.users.incremental(start_time=1)),
        list(client.tickets.incremental(start_time=1)),
    )

    assert (13, 11) == (len(users), len(tickets))
    assert (desk.people[10].email, False) == (users[-1].email, users[-1].active)
    assert ["deleted"] == [one.status for one in tickets if one.id not in desk.tickets]


def test_search_finds_by_mail_phone_name_and_external_id(desk, client, somebody):
    """
    The directory is searched in the ways that its documentation names.
    """
    user = desk.user_of(somebody.email)
    client.users.update(User(id=user["id"], external_id="K-1"))
    desk.clock.move(seconds=desk.search_lag)

    for query in (
        somebody.email,
        f"email:{somebody.email}",
        f"phone:{somebody.phone}".replace(" ", ""),
    ):
        assert [user["id"]] == found(client, query)
    assert user["id"] in found(client, somebody.name.lower())
    assert [user["id"]] == [one.id for one in client.users.search(external_id="k-1")]
    assert [] == found(client, f"home.{desk.people[1].email}")


def test_search_lags_and_records_do_not(desk, client):
    """
    A new user can be read at once, found only later, and is still found just after deletion.
    """
    made = client.users.create_or_update(User(name="Ny Person", email="ny@example.com"))
    assert "Ny Person" == client.users(id=made.id).name
    assert [] == found(client, "ny@example.com")
    desk.clock.move(seconds=desk.search_lag)
    assert [made.id] == found(client, "ny@example.com")
    client.users.delete(made)
    assert [made.id] == found(client, "ny@example.com")
    desk.clock.move(seconds=desk.search_lag)
    assert [] == found(client, "ny@example.com")


def test_create_or_update_goes_by_address(desk, client, somebody):
    """
    The same address is the same user; a mail goes out unless it is asked not to.
    """
    first = client.users.create_or_update(User(name="A", email="a@example.com"))
    again = client.users.create_or_update(User(name="B", email="A@example.com"))
    client.users.create_or_update(User(name="C", email="c@example.com", skip_verify_email=True))

    assert (first.id, "B") == (again.id, again.name)
    assert [("a@example.com", "verify your address")] == desk.mails
    assert (
        somebody.email
        == client.users.create_or_update(User(name=somebody.name, email=somebody.email)).email
    )


def test_address_is_rectified_in_three_steps(desk, client, somebody):
    """
    Writing an address only adds one; it is made primary, then the old one is deleted.
    """
    user = client.users(id=desk.user_of(somebody.email)["id"])
    written = client.users.update(User(id=user.id, email="new@example.com"))
    assert somebody.email == written.email
    old, *_, new = client.users.identities(id=user.id)
    with pytest.raises(APIException):
        client.users.identities.delete(user, old)
    client.users.identities.make_primary(user, new)
    client.users.identities.delete(user, old)

    assert "new@example.com" == client.users(id=user.id).email
    assert somebody.email not in [one.value for one in client.users.identities(id=user.id)]


def test_identities_are_added_and_changed(desk, client, somebody):
    """
    A second address can be added, seen and corrected by itself.
    """
    user = client.users(id=desk.user_of(somebody.email)["id"])
    made = client.users.identities.create(user, Identity(type="email", value="x@example.com"))
    made.value = "y@example.com"
    client.users.identities.update(user, made)

    assert "y@example.com" == client.users.identities.show(user, made).value


def test_erasure_takes_tickets_then_the_user_twice(desk, client, somebody):
    """
    Tickets go to the trash and out of it by a job; the user is deleted, then deleted for good.
    """
    user = client.users(id=desk.user_of(somebody.email)["id"])
    (ticket,) = client.users.requested(user)
    client.tickets.delete(ticket)
    job = client.tickets.permanently_delete(ticket)
    assert "queued" == job.status
    desk.clock.move(seconds=desk.job_seconds[1])
    assert "completed" == client.job_status(id=job.id).status
    client.users.delete(user)
    client.users.permanently_delete(user)
    desk.clock.move(seconds=desk.erasure_seconds[1])

    assert "Permanently Deleted User" == {u.id: u.name for u in client.users.deleted()}[user.id]
    with pytest.raises(RecordNotFoundException):
        client.tickets(id=ticket.id)


def test_comments_are_read_and_redacted(desk, client, somebody):
    """
    Internal notes come with the rest, and a string can be blacked out of one.
    """
    ticket = next(iter(client.users.requested(desk.user_of(somebody.email)["id"])))
    public, note = client.tickets.comments(ticket)
    assert (True, False) == (public.public, note.public)
    client.tickets.comment_redact(ticket, note, somebody.name)

    said = str([one["html_body"] for one in desk.comments[ticket.id]])
    assert somebody.name not in said
    assert "▇" * len(somebody.name) in said
    assert somebody.email == desk.comments[ticket.id][1]["via"]["source"]["from"]["address"]
    assert 2 == len(list(client.tickets.audits(ticket)))


def test_tickets_are_written(client, desk, somebody):
    """
    A ticket is created for a user and updated with a comment.
    """
    user = desk.user_of(somebody.email)
    made = client.tickets.create(
        Ticket(subject="Hi", comment=Comment(body="Hello"), requester_id=user["id"])
    )
    made.comment = Comment(body="Only for us", public=False)
    client.tickets.update(made)

    assert 2 == len(list(client.tickets.comments(made)))
    assert 2 == client.users.related(user["id"]).requested_tickets


def test_organizations_go_by_external_id(client):
    """
    The same external id is the same organization.
    """
    made = client.organizations.create_or_update(Organization(name="Nu", external_id="nu"))
    again = client.organizations.create_or_update(Organization(name="Nye", external_id="nu"))

    assert (made.id, "Nye") == (again.id, again.name)


def test_bulk_writes_are_jobs(desk, client):
    """
    A hundred at once are queued, work, and tell what became of each.
    """
    people = [User(name=f"N{n}", email=f"n{n}@example.com") for n in range(3)]
    people.append(User(name="Bad", email="bad"))
    job = client.users.create_or_update(people)
    desk.clock.move(seconds=desk.job_seconds[0])
    assert "working" == client.job_status(id=job.id).status
    desk.clock.move(seconds=desk.job_seconds[1])
    results = client.job_status(id=job.id).results

    assert [True, True, True, False] == [one.success for one in results]
    assert [0, 1, 2, 3] == [one.index for one in results]


def test_search_of_everything(desk, client, somebody):
    """
    General search finds tickets by their requester; export goes through all pages.
    """
    (ticket,) = client.search(type="ticket", requester=somebody.email)

    assert f"Offer for {somebody.first_name}" == ticket.subject
    assert 10 == len(list(client.search_export("offer", type="ticket")))
    assert 8 <= len(list(client.search(query="offer type:ticket")))


def test_client_waits_when_throttled(desk, client):
    """
    The client obeys Retry-After: it would wait longer than it is allowed to here.
    """
    desk.faults.add(Trouble.THROTTLED, retry_after=9)
    with pytest.raises(RatelimitBudgetExceeded):
        client.users.me()

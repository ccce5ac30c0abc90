"""
Recurly's own client drives the stand-in; the contract referees both.
"""

import base64
import http.client
import json
from contextlib import closing

import pytest
import recurly

from klarsyn.testing import StillClock, Trouble
from klarsyn.testing.standins.recurly import RecurlyStandIn
from tests.testing.referee import refereed

pytestmark = pytest.mark.network

ACCOUNT = ("id", "code", "email", "state", "hosted_login_token", "address", "custom_fields")
ALWAYS = {
    "GET /accounts": [f"data.{name}" for name in ACCOUNT],
    "GET /accounts/{account_id}": ACCOUNT,
    "PUT /accounts/{account_id}/redact": ["id", "state"],
    "GET /accounts/{account_id}/notes": ["has_more", "next", "data.message"],
    "GET /invoices": ["data.address.phone", "data.account.id"],
}
ACCEPT = "application/vnd.recurly.v2021-02-25"


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("recurly", ALWAYS) as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """A site of twelve, whose clock stands still."""
    with RecurlyStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def client(standin):
    """Recurly's own client, sent to loopback."""
    client = recurly.Client(standin.secrets["api_key"], region=standin.secrets["region"])
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        client._BaseClient__conn = connection
        yield client


def ask(standin, method, path, body=None, **headers):
    """Return status, headers and body of one exchange by the standard library's client."""
    login = base64.b64encode(f"{standin.API_KEY}:".encode()).decode()
    usual = {"Authorization": f"Basic {login}", "Accept": ACCEPT, "Host": "v3.eu.recurly.com"}
    if body is not None:
        usual["Content-Type"] = "application/json"
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body) if isinstance(body, dict) else body
    with closing(http.client.HTTPConnection(standin.url.removeprefix("http://"))) as connection:
        connection.request(method, path, content, given)
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, dict(reply.getheaders()), json.loads(text) if text else None


def code(number):
    """Return the key of the account of a person."""
    return f"code-kp-{1001 + number}"


def told(error):
    """Return type and first parameter of an error of the client's."""
    params = error.value.error.params
    return error.value.error.type, params[0]["param"] if params else None


# Reading


def test_every_person_has_an_account(standin, client):
    """
    The client pages to the end and meets everybody, and two closed accounts besides.
    """
    found = list(client.list_accounts(params={"limit": 5}).items())

    assert 14 == len(found) == len({one.id for one in found})
    assert {one.email for one in standin.people} == {one.email for one in found}
    assert 14 == client.list_accounts().count()
    assert all(len(one.hosted_login_token) == 32 for one in found)


def test_mail_address_is_exact_and_shared(standin, client):
    """
    `email` finds all accounts of an address and no other; blank finds those without.
    """
    person = standin.people[4]
    client.create_account({"code": "mute"})

    shared = [one.code for one in client.list_accounts(params={"email": person.email}).items()]
    assert {"kp-1005", "kp-old-4"} == set(shared)
    assert [] == list(client.list_accounts(params={"email": person.email[1:]}).items())
    mute = client.list_accounts(params={"email": ""}).items()
    assert ["mute"] == [one.code for one in mute]


def test_account_holds_all_that_is_declared(standin, client):
    """
    Name, address, phone, company and its number lie where the vendor has them.
    """
    person = standin.people[2]
    account = client.get_account(code(2))

    assert person.name == f"{account.first_name} {account.last_name}"
    assert (person.company, person.organisation_number) == (account.company, account.vat_number)
    assert person.phone == account.address.phone == account.billing_info.address.phone
    assert person.email == account.shipping_addresses[0].email
    assert account.has_active_subscription


def test_what_hangs_on_an_account(standin, client):
    """
    Billing data, addresses, books, balance and origin are read account by account.
    """
    person = standin.people[0]
    (info,) = client.list_billing_infos(code(0)).items()
    (address,) = client.list_shipping_addresses(code(0)).items()
    (invoice,) = client.list_account_invoices(code(0)).items()
    (transaction,) = client.list_account_transactions(code(0)).items()
    (subscription,) = client.list_account_subscriptions(code(0)).items()

    assert person.last_name == info.last_name == address.last_name
    assert person.street == invoice.address.street1 == transaction.billing_address.street1
    assert "411111" == client.get_billing_info(code(0)).payment_method.first_six
    assert info.id == client.get_a_billing_info(code(0), info.id).id
    assert address.id == client.get_shipping_address(code(0), address.id).id
    assert invoice.id == client.get_invoice(f"number-{invoice.number}").id
    assert transaction.id == client.get_transaction(transaction.id).id
    assert subscription.id == client.get_subscription(subscription.id).id
    assert "referral" == client.get_account_acquisition(code(0)).channel
    assert 0 == client.get_account_balance(code(0)).balances[0].amount
    assert [] == list(client.list_account_external_account(code(0)).items())


def test_books_of_the_site(standin, client):
    """
    Invoices, transactions, subscriptions and charges can be read across accounts.
    """
    standin.charge(client.get_account(code(3)).id, 10.0)
    paid = client.list_invoices(params={"state": "paid"})
    active = client.list_subscriptions(params={"state": "active"})

    assert 12 == paid.count() == client.list_transactions().count()
    assert 6 == active.count() < client.list_subscriptions().count()
    assert ["kp-1004"] == [one.account.code for one in client.list_line_items().items()]
    assert 1 == client.list_account_line_items(code(3)).count()
    fields = client.list_custom_field_definitions(params={"related_type": "account"}).items()
    assert {"partner", "remark"} == {one.name for one in fields}


def test_strangers_lie_in_free_text(standin, client):
    """
    What is planted where nobody expects it is really there.
    """
    strangers = {one.place: one.person for one in standin.planted if not one.expected}
    invoice_notes = [one.customer_notes for one in client.list_invoices().items()]
    accounts = list(client.list_accounts().items())
    fields = [one.value for account in accounts for one in account.custom_fields]
    note = next(client.list_account_notes(code(1)).items())

    assert standin.people[0].email in note.message
    assert note.message == client.get_account_note(code(1), note.id).message
    assert any(strangers["invoice.customer_notes"].name in str(one) for one in invoice_notes)
    assert strangers["account.cc_emails"].email in {one.cc_emails for one in accounts}
    assert any(strangers["account.custom_fields"].name in one for one in fields)


def test_lists_are_filtered_and_sorted(standin, client):
    """
    By ids, by a span of time, in either order; oldest change first does not lose a record.
    """
    oldest = [one.code for one in client.list_accounts(params={"order": "asc"}).items()]
    newest = [one.code for one in client.list_accounts().items()]
    one = client.get_account(code(5))
    client.update_account(code(0), {"first_name": "Ny"})
    changed = {"sort": "updated_at", "order": "asc", "limit": 4}

    assert oldest == newest[::-1]
    assert [one.id] == [each.id for each in client.list_accounts(params={"ids": [one.id]}).items()]
    pages = client.list_accounts(params=changed)
    assert "kp-1001" == list(pages.items())[-1].code
    since = {"begin_time": standin.clock.now(), "sort": "updated_at"}
    assert ["kp-1001"] == [each.code for each in client.list_accounts(params=since).items()]
    naive = {"end_time": "2001-01-01T00:00:00"}
    assert [] == list(client.list_accounts(params=naive).items())


# Writing


def test_account_is_put_or_made(client):
    """
    A PUT to an unknown code is 404; then a POST with that code makes the account.
    """
    with pytest.raises(recurly.errors.NotFoundError):
        client.update_account("code-new", {"first_name": "Åse"})
    address = {"street1": "Vej 1", "city": "By", "postal_code": "1", "country": "DK"}
    shipping = address | {"first_name": "Åse", "last_name": "Ny"}
    billing = {"first_name": "Åse", "address": address}
    made = client.create_account(
        {"code": "new", "email": "aase@example.com", "billing_info": billing}
        | {"address": address, "shipping_addresses": [shipping]}
    )

    assert "Vej 1" == made.address.street1 == made.billing_info.address.street1
    assert "Åse" == made.shipping_addresses[0].first_name
    assert made.id == client.get_account("code-new").id == client.get_account(made.id).id


def test_put_changes_only_what_is_given(standin, client):
    """
    Fields that are not sent stay, inside an address and among custom fields too.
    """
    before = client.get_account(code(6))
    fields = [{"name": "remark", "value": "vip"}, {"name": "partner", "value": ""}]
    change = {"first_name": "Ny", "address": {"phone": "+44 7700 900999"}, "custom_fields": fields}
    after = client.update_account(code(6), change)

    assert ("Ny", before.last_name) == (after.first_name, after.last_name)
    assert before.address.street1 == after.address.street1
    assert "+44 7700 900999" == after.address.phone
    assert [("remark", "vip")] == [(one.name, one.value) for one in after.custom_fields]
    assert after.updated_at > before.updated_at


def test_billing_and_shipping_are_rectified_and_removed(client):
    """
    What hangs on an account is changed in part, and deleted for ever.
    """
    (info,) = client.list_billing_infos(code(0)).items()
    (old,) = client.list_shipping_addresses(code(0)).items()
    new = {"first_name": "A", "last_name": "B", "street1": "C", "city": "D", "country": "DK"}

    assert "Ny" == client.update_billing_info(code(0), {"first_name": "Ny"}).first_name
    changed = client.update_a_billing_info(code(0), info.id, {"company": "Ny ApS"})
    assert ("Ny", "Ny ApS") == (changed.first_name, changed.company)
    assert "1" == client.update_shipping_address(code(0), old.id, {"phone": "1"}).phone
    made = client.create_shipping_address(code(0), new | {"postal_code": "9999"})
    client.remove_shipping_address(code(0), made.id)
    client.remove_a_billing_info(code(0), info.id)
    assert [old.id] == [one.id for one in client.list_shipping_addresses(code(0)).items()]
    client.remove_billing_info(code(2))
    for account in (code(0), code(2)):
        with pytest.raises(recurly.errors.NotFoundError):
            client.get_billing_info(account)


def test_notes_are_written_and_removed(standin, client):
    """
    A note can be deleted but not changed.
    """
    note = client.create_account_note(code(2), {"message": "called"})
    client.remove_account_note(code(2), note.id)

    with pytest.raises(recurly.errors.NotFoundError):
        client.get_account_note(code(2), note.id)
    with pytest.raises(recurly.errors.NotFoundError):
        client.remove_account_note(code(2), next(iter(standin.notes)))


# Closing and redacting


def test_account_is_closed_and_opened_again(client):
    """
    DELETE deactivates: the cards are gone, the person is not, and a reactivation brings no card.
    """
    closed = client.deactivate_account(code(0))
    (subscription,) = client.list_account_subscriptions(code(0)).items()

    assert ("inactive", None) == (closed.state, closed.billing_info)
    assert "canceled" == subscription.state
    assert closed.deleted_at
    assert closed.email
    with pytest.raises(recurly.errors.ValidationError):
        client.deactivate_account(code(0))
    opened = client.reactivate_account(code(0))
    assert ("active", None, None) == (opened.state, opened.deleted_at, opened.billing_info)
    with pytest.raises(recurly.errors.ValidationError):
        client.reactivate_account(code(0))


def test_redaction_comes_later_and_keeps_the_books(standin, client):
    """
    Accepted is not done: fields are cleared in time; invoices and notes keep what they had.
    """
    person = standin.people[1]
    accepted = client.redact_account(code(1))
    again = client.redact_account(code(1))
    standin.clock.move(seconds=standin.REDACTION_SECONDS)
    account = client.get_account(code(1))

    assert person.email == accepted.email == again.email
    assert (None, None, None) == (account.email, account.last_name, account.company)
    assert account.address.phone is None
    assert ([], None) == (account.shipping_addresses, account.billing_info)
    (transaction,) = client.list_account_transactions(code(1)).items()
    assert (None, None) == (transaction.billing_address.phone, transaction.payment_method.last_four)
    (invoice,) = client.list_account_invoices(code(1)).items()
    assert person.street == invoice.address.street1
    assert 1 == client.list_account_notes(code(1)).count()


def test_redaction_needs_settled_accounts(standin, client):
    """
    Active subscriptions, open charges and invoices paid in part stand in its way.
    """
    with pytest.raises(recurly.errors.ValidationError, match="active subscriptions"):
        client.redact_account(code(0))
    (subscription,) = client.list_account_subscriptions(code(0)).items()
    client.cancel_subscription(subscription.id)
    charge = standin.charge(subscription.account.id, 10.0)
    with pytest.raises(recurly.errors.ValidationError, match="uninvoiced"):
        client.redact_account(code(0))
    client.remove_line_item(charge["id"])
    (invoice,) = client.list_account_invoices(code(0)).items()
    standin.invoices[invoice.id] |= {"paid": 40.0, "balance": 60.0, "state": "past_due"}
    assert client.get_account_balance(code(0)).past_due
    with pytest.raises(recurly.errors.ValidationError, match="partially"):
        client.deactivate_account(code(0), params={"redact": True})
    standin.invoices[invoice.id] |= {"paid": 100.0, "balance": 0.0, "state": "paid"}
    client.terminate_subscription(subscription.id, params={"refund": "none"})
    assert client.redact_account(code(0)).email


def test_deactivation_can_redact(standin, client):
    """
    One call closes the account, ends its subscriptions and begins the redaction.
    """
    client.deactivate_account(code(3), params={"redact": True})
    standin.clock.move(seconds=standin.REDACTION_SECONDS + 1)

    account = client.get_account(code(3))
    assert ("inactive", None) == (account.state, account.email)
    assert "kp-1004" == account.code


def test_origin_can_be_forgotten(client):
    """
    The acquisition is a record of its own.
    """
    client.remove_account_acquisition(code(0))

    with pytest.raises(recurly.errors.NotFoundError):
        client.get_account_acquisition(code(0))


# Refusals


@pytest.mark.parametrize(
    ("body", "kind", "param"),
    [
        ({}, "validation", "code"),
        ({"code": "kp-1001"}, "validation", "code"),
        ({"code": "x", "email": "no address"}, "validation", "email"),
        ({"code": "x", "vat_number": "1" * 21}, "validation", "vat_number"),
        ({"code": "x", "first_name": 1}, "validation", "first_name"),
        ({"code": "x", "frist_name": "y"}, "bad_request", "frist_name"),
        ({"code": "x", "address": {"street1": "y" * 51}}, "validation", "street1"),
        ({"code": "x", "address": "y"}, "bad_request", None),
        ({"code": "x", "custom_fields": [{"name": "y"}]}, "validation", "name"),
        ({"code": "x", "shipping_addresses": [{"city": "y"}]}, "validation", "first_name"),
    ],
)
def test_wrong_account_is_refused_whole(standin, client, body, kind, param):
    """
    An error names the field, and nothing was made.
    """
    before = len(standin.accounts)
    with pytest.raises((recurly.ApiError, recurly.errors.ClientError)) as error:
        client.create_account(body)

    assert (kind, param) == told(error)
    assert before == len(standin.accounts)


def test_code_never_changes(client):
    """
    The key is no field of an update.
    """
    with pytest.raises(recurly.errors.BadRequestError):
        client.update_account(code(0), {"code": "other"})
    with pytest.raises(recurly.errors.ValidationError):
        client.create_account_note(code(0), {"message": ""})


@pytest.mark.parametrize(
    "query",
    [
        "limit=201",
        "limit=all",
        "sort=email",
        "order=up",
        "begin_time=soon",
        "last_name=x",
        "ids=a&limit=1",
        "ids=" + ",".join("x" * 201),
    ],
)
def test_query_is_checked(standin, query):
    """
    Out of bounds, unknown or contradictory parameters are 400.
    """
    status, _, body = ask(standin, "GET", f"/accounts?{query}")

    assert (400, "bad_request") == (status, body["error"]["type"])


def test_unknown_records_are_404(standin, client):
    """
    Wrong ids of every kind are refused alike, an unknown path too.
    """
    for call in (client.get_invoice, client.get_transaction, client.get_subscription):
        with pytest.raises(recurly.errors.NotFoundError):
            call("none")
    (subscription,) = client.list_account_subscriptions(code(1)).items()
    with pytest.raises(recurly.errors.ValidationError):
        client.cancel_subscription(subscription.id)
    done = standin.charge(subscription.account.id, 1.0)
    done["state"] = "invoiced"
    with pytest.raises(recurly.errors.ValidationError):
        client.remove_line_item(done["id"])
    standin.recording = False
    assert 404 == ask(standin, "GET", "/nothing")[0]


def test_key_region_and_version_are_checked(standin):
    """
    Without the key, at the other region or without the version nothing is served.
    """
    refused = [
        {"Authorization": "Basic bm9ib2R5Og=="},
        {"Authorization": "Basic ?"},
        {"Authorization": "Bearer x"},
        {"Host": "v3.recurly.com"},
    ]

    for headers in refused:
        status, _, body = ask(standin, "GET", "/accounts", **headers)
        assert (401, "unauthorized") == (status, body["error"]["type"])
    status, headers, body = ask(standin, "GET", "/accounts", Accept="application/json")
    assert (406, "invalid_api_version") == (status, body["error"]["type"])
    assert "recurly.v2021-02-25" == headers["Recurly-Version"]
    assert 200 == ask(standin, "GET", "/accounts", Accept="application/vnd.recurly.latest")[0]


def test_bodies_must_be_json(standin):
    """
    Another type or broken JSON is 400 in the vendor's words.
    """
    form = ask(standin, "POST", "/accounts", "code=x", Content_Type="text/plain")
    broken = ask(standin, "POST", "/accounts", "{")

    assert (400, "invalid_content_type") == (form[0], form[2]["error"]["type"])
    assert (400, "bad_request") == (broken[0], broken[2]["error"]["type"])


# Repeating


def test_repeated_write_is_answered_from_memory(standin):
    """
    For an hour the same key gives the same reply, marked, and the deed is done once.
    """
    first = ask(standin, "POST", "/accounts", {"code": "once"}, Idempotency_Key="k")
    second = ask(standin, "POST", "/accounts", {"code": "once"}, Idempotency_Key="k")

    assert (201, first[2]) == (second[0], second[2])
    assert ("true", None) == (
        second[1].get("Idempotency-Prior"),
        first[1].get("Idempotency-Prior"),
    )
    standin.clock.move(seconds=3600)
    assert 422 == ask(standin, "POST", "/accounts", {"code": "once"}, Idempotency_Key="k")[0]
    long = ask(standin, "POST", "/accounts", {"code": "long"}, Idempotency_Key="k" * 256)
    assert 400 == long[0]


def test_repeated_write_may_come_too_early(standin, monkeypatch):
    """
    While the first is at work the second is told to come back.
    """
    monkeypatch.setattr(RecurlyStandIn, "PROCESSING_SECONDS", 5)
    key = {"Idempotency_Key": "k"}
    ask(standin, "DELETE", f"/accounts/{code(0)}", **key)
    status, headers, _ = ask(standin, "DELETE", f"/accounts/{code(0)}", **key)

    assert (409, "true", "5") == (status, headers["Recurly-Should-Retry"], headers["Retry-After"])
    standin.clock.move(seconds=5)
    assert 200 == ask(standin, "DELETE", f"/accounts/{code(0)}", **key)[0]


def test_write_whose_reply_was_lost_is_known(standin):
    """
    The connection broke, the deed was done, and the key finds its reply.
    """
    standin.faults.add(Trouble.CUT_OFF)
    with pytest.raises(http.client.IncompleteRead):
        ask(standin, "POST", "/accounts", {"code": "once"}, Idempotency_Key="k")

    status, headers, _ = ask(standin, "POST", "/accounts", {"code": "once"}, Idempotency_Key="k")
    assert (201, "true") == (status, headers["Idempotency-Prior"])


# Limits and faults


def test_reads_are_limited_and_writes_are_not(standin, client):
    """
    The window slides by the clock; headers say how many are left and when it ends.
    """
    standin.window.limit = 2
    client.get_account(code(0))
    headers = client.get_account(code(0)).get_response()

    assert 0 == headers.rate_limit_remaining
    with pytest.raises((recurly.errors.TooManyRequestsError, recurly.ApiError)) as error:
        client.get_account(code(0))
    assert "rate_limited" == error.value.error.type
    assert client.update_account(code(0), {"first_name": "Ny"})
    standin.clock.move(seconds=standin.WINDOW_SECONDS)
    assert client.get_account(code(0))


def test_sandbox_counts_every_verb(standin, monkeypatch):
    """
    A sandbox limits writes too, and without `limits` nothing is limited.
    """
    monkeypatch.setattr(RecurlyStandIn, "SANDBOX", True)
    standin.window.limit = 0
    assert 429 == ask(standin, "PUT", f"/accounts/{code(0)}", {"first_name": "x"})[0]

    standin.limits = False
    assert 200 == ask(standin, "PUT", f"/accounts/{code(0)}", {"first_name": "x"})[0]


@pytest.mark.parametrize(
    ("trouble", "status", "kind"),
    [
        (Trouble.THROTTLED, 429, "rate_limited"),
        (Trouble.THROTTLED_SILENTLY, 429, "rate_limited"),
        (Trouble.EXPIRED_KEY, 401, "unauthorized"),
        (Trouble.ERROR_IN_OK, 200, "internal_server_error"),
    ],
)
def test_troubles_have_the_vendors_shape(standin, trouble, status, kind):
    """
    Every fault comes in the outer `error`, with the id of the request.
    """
    standin.faults.add(trouble, retry_after=7)
    got, headers, body = ask(standin, "GET", "/accounts")

    assert (status, kind) == (got, body["error"]["type"])
    assert "X-Request-Id" in headers
    reset = int(standin.clock.now().timestamp()) + 7
    assert (trouble is Trouble.THROTTLED) == (headers.get("X-RateLimit-Reset") == str(reset))


def test_same_seed_same_site():
    """
    Two sites of one seed hold the same, another holds others.
    """
    first, second = (RecurlyStandIn(seed=3, clock=StillClock()) for _ in range(2))

    assert first.accounts == second.accounts
    assert first.invoices == second.invoices
    assert first.accounts != RecurlyStandIn(seed=4, clock=StillClock()).accounts

"""
What is special about Recurly, against its stand-in; the contract referees what Klarsyn sends.
"""

import json
from dataclasses import replace

import pytest
from msgspec import structs

from klarsyn.errors import CallRefused, KeyRefused, Throttled, VendorDown
from klarsyn.personal import Personal
from klarsyn.testing.faults import Trouble
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.connections import with_own_fields
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.reading import read
from klarsyn.vendors.recurly import own_fields, recurly
from klarsyn.vendors.sheet import Level, Row
from tests.testing.referee import refereed
from tests.vendors.trials import RECURLY

pytestmark = pytest.mark.network

PARTNER = "custom_fields[name=partner].value"


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with refereed("recurly") as kept:
        yield kept


@pytest.fixture
def site(exchanges):
    """A site whose clock stands still, and the sheet."""
    with RECURLY.running() as running:
        yield running
    exchanges.extend(running.standin.exchanges)


def asked(site, *methods):
    """Return method and path of the requests so far, with the last one's ids as they were."""
    made = [one.request for one in site.standin.exchanges]
    return [f"{one.method} {one.path}" for one in made if not methods or one.method in methods]


def body(site, number=-1):
    """Return the body of a request that wrote something, by default of the last."""
    written = [one.request for one in site.standin.exchanges if one.request.body]
    return json.loads(written[number].body)


def first(site, record, suits=lambda _seen: True):
    """Return the first record of a kind that suits, as a job wants it."""
    with site.open(Purpose.AUDIT) as connection:
        pages = list(read(connection, recurly.record(record)))
    return next(seen.target for page in pages for seen in page if suits(seen))


def busy(seen):
    """Return whether an account has a subscription that runs."""
    return seen.raw["has_active_subscription"]


def settled(seen):
    """Return whether an account is open, and its subscription over."""
    return seen.raw["state"] == "active" and not busy(seen)


def erased(site, target, **how):
    """Return what became of an erasure."""
    with site.open(Purpose.ERASE) as connection:
        job = target.record.erase
        return jobs.carry_out(connection, job, target, **how)


def rectified(site, target, **changes):
    """Return what became of a rectification."""
    with site.open(Purpose.RECTIFY) as connection:
        return jobs.rectify(connection, target, changes)


def delivered(site, *rows):
    """Return what became of rows."""
    with site.open(Purpose.DELIVER) as connection:
        declared = frozenset(name for row in rows for name in row.values)
        return list(jobs.deliver(connection, recurly.record("account"), rows, declared))


def ping(connection):
    """Return what Recurly says of a key."""
    return connection.call(recurly.api.ping)


# Getting in


def test_every_request_names_the_version(site):
    """
    Without the version in Accept, Recurly answers nothing.
    """
    site.everything()

    versions = {one.request.headers["accept"] for one in site.standin.exchanges}
    assert {"application/vnd.recurly.v2021-02-25"} == versions


def test_key_of_another_region_is_explained(exchanges):
    """
    A European key is unknown in the United States, and the error says what to look at.
    """
    abroad = replace(RECURLY, settings={"region": "us"})
    with (
        abroad.running() as running,
        running.open(Purpose.AUDIT) as connection,
        pytest.raises(KeyRefused) as error,
    ):
        ping(connection)
    exchanges.extend(running.standin.exchanges)

    assert "region" in str(error.value.remedy)


def test_ping_brings_nobody_along(site):
    """
    Whether a key is valid is seen from headers alone.
    """
    with site.open(Purpose.AUDIT) as connection:
        reply = ping(connection)

    assert (b"", "14") == (reply.content, reply.header("recurly-total-records"))


# Reading


def test_login_token_is_never_read(site):
    """
    The token that opens an account's pages is in the reply, and in nothing that is made of it.
    """
    found, _ = site.everything()
    tokens = {one["hosted_login_token"] for one in site.standin.accounts.values()}
    values = {text.reveal() for one in found for _, text in one.texts()}
    values |= {text.reveal() for one in found for text in one.values().values()}

    assert set() == tokens & values


def test_all_that_hangs_on_accounts_is_read(site):
    """
    Nine kinds of records; what the books hold is read for the whole site at once.
    """
    site.standin.accounts[first(site, "account").key]["address"]["street2"] = "2. sal"
    _, coverage = site.everything()
    paths = [one.request.path for one in site.standin.exchanges]

    assert {one.name for one in recurly.records} == set(coverage.read)
    assert 12 == coverage.read["invoice"] == coverage.read["acquisition"]
    assert 14 == sum(path.endswith("/billing_infos") for path in paths)


def test_own_field_is_read_by_its_name(site):
    """
    A field that the company has mapped is an element; the others stay open.
    """
    own = with_own_fields(recurly, [("account", PARTNER)]).record("account")
    with site.open(Purpose.AUDIT) as connection:
        seen = [one for page in read(connection, own) for one in page]

    assert 12 == sum(one.values().get(PARTNER) == Personal("Nordlys Partner") for one in seen)
    open_paths = {path for one in seen for path, _ in one.texts()}
    assert PARTNER not in open_paths
    assert "custom_fields[name=remark].value" in open_paths


def test_own_fields_are_listed_with_their_labels(site):
    """
    What a company may map is told by the site.
    """
    site.standin.definitions[1]["deleted_at"] = "2026-01-01T00:00:00Z"
    with site.open(Purpose.AUDIT) as connection:
        assert [(f"account.{PARTNER}", "partner")] == list(own_fields(connection))
    assert recurly.record("account").admits(PARTNER)


def test_what_the_plan_lacks_is_not_covered(site):
    """
    A refusal of one kind of record is told; the rest is read.
    """
    site.standin.faults.add(Trouble.ERROR_IN_OK, on="GET /acquisitions", times=99)
    _, coverage = site.everything()

    assert ["acquisition"] == [name for name, _ in coverage.missed]


# Finding


def test_one_address_finds_two_accounts(site):
    """
    Recurly lets several accounts have the same address, closed ones too.
    """
    found = site.find(site.standin.people[4], "email").matches

    codes = {one.seen.raw["code"] for one in found if one.seen.record.name == "account"}
    assert {"kp-1005", "kp-old-4"} == codes


def test_account_is_found_by_the_customer_number(site):
    """
    The code is the company's own number: one call, however it is written here.
    """
    with site.open(Purpose.FIND) as connection:
        known = Identity(reference=(Personal("kp-1003"),))
        found = jobs.find(connection, replace(recurly, records=recurly.records[:1]), known)

    assert ["kp-1003"] == [one.seen.raw["code"] for one in found.matches]
    assert ["GET /accounts/code-kp-1003"] == asked(site)


def test_blank_address_is_not_looked_for(site):
    """
    A blank address would find every account that has none.
    """
    lookup = recurly.record("account").find[0]
    with site.open(Purpose.FIND) as connection, pytest.raises(CallRefused):
        list(connection.pages(lookup.call, value=""))
    assert [] == asked(site)


# Rectifying


def test_address_goes_whole(site):
    """
    Whoever gets another phone number keeps their street, whatever Recurly does with a part.
    """
    target = first(site, "account", settled)
    outcome = rectified(site, target, phone="+44 7700 900999")

    assert "done" == outcome.state
    street = target.raw["address"]["street1"]
    assert (street, "+44 7700 900999") == tuple(
        body(site)["address"][one] for one in ("street1", "phone")
    )
    assert ["address"] == list(body(site))


def test_issued_invoice_keeps_the_old_name(site):
    """
    Rectifying an account says what it cannot reach.
    """
    outcome = rectified(site, first(site, "account"), name="Nyt Navn")

    assert ["invoices already issued keep the name and address that they were sent to"] == [
        str(what) for what, _ in outcome.residue
    ]
    assert {"first_name": "Nyt", "last_name": "Navn"} == body(site)


def test_card_and_shipping_address_are_rectified(site):
    """
    The name stands in three places; each can be set.
    """
    card, shipping = first(site, "billing_info"), first(site, "shipping_address")

    assert "done" == rectified(site, card, name="Nyt Navn").state
    assert "done" == rectified(site, shipping, name="Nyt Navn", street="Nygade 1").state
    assert "Nyt" == site.standin.billing_infos[card.key]["first_name"]
    assert "Nygade 1" == site.standin.shipping_addresses[shipping.key]["street1"]


def test_card_that_is_gone_changes_nothing(site):
    """
    Between reading and setting, a card may go; that is no failure.
    """
    card = first(site, "billing_info")
    del site.standin.billing_infos[card.key]

    assert "done" == rectified(site, card, name="Nyt Navn").state


def test_write_in_flight_is_waited_for(site):
    """
    A second attempt that meets the first one at work comes back when Recurly says, and once.
    """
    target = first(site, "account")
    site.standin.PROCESSING_SECONDS = 7
    site.standin.faults.add(Trouble.CUT_OFF, on="PUT *")
    outcome = rectified(site, target, name="Nyt Navn")
    puts = [one for one in site.standin.exchanges if one.request.method == "PUT"]

    assert "done" == outcome.state
    assert [200, 409, 200] == [puts[one].reply.status for one in (0, 1, -1)]
    assert 1 == len({one.request.headers["idempotency-key"] for one in puts})
    assert "true" == puts[-1].reply.headers["Idempotency-Prior"]


# Erasing


def test_notes_and_own_fields_go_before_the_redaction(site):
    """
    A redaction leaves both, and asks for an account that is settled.
    """
    noted = {one["account_id"] for one in site.standin.notes.values()}
    target = first(site, "account", lambda seen: seen.key in noted and settled(seen))
    outcome = erased(site, target, patience=660)

    path = f"/accounts/{target.key}"
    assert ("done", Level.REDACTED, 3) == (outcome.state, outcome.level, len(outcome.residue))
    deeds = asked(site, "PUT", "DELETE")
    assert [f"PUT {path}", f"PUT {path}/redact"] == deeds[-2:]
    assert {f"DELETE {path}/notes"} == {one.rpartition("/")[0] for one in deeds[:-2]}
    assert target.key not in {one["account_id"] for one in site.standin.notes.values()}


def test_redaction_is_awaited_to_the_end(site):
    """
    Recurly accepts at once and clears later: only empty fields are the end of it.
    """
    target = first(site, "account", settled)
    outcome = erased(site, target)

    assert ("later", 4, 60) == (outcome.state, outcome.stage, outcome.after)
    with site.open(Purpose.FIND) as connection:
        assert not jobs.gone(connection, target)
        site.clock.move(seconds=600)
        assert jobs.gone(connection, target)
    assert "done" == erased(site, target, stage=outcome.stage).state


def test_closed_account_is_redacted_too(site):
    """
    An account without notes or fields of the company's own is only redacted.
    """
    target = first(site, "account", lambda seen: seen.raw["state"] == "inactive")

    assert "done" == erased(site, target, patience=660).state
    assert [f"PUT /accounts/{target.key}/redact"] == asked(site, "PUT", "DELETE")


def test_running_subscription_stops_an_erasure_before_it_begins(site):
    """
    Nothing is deleted of an account that Recurly would not redact.
    """
    outcome = erased(site, first(site, "account", busy))

    assert ("refused", Level.IMPOSSIBLE, 0) == (outcome.state, outcome.level, outcome.stage)
    assert "subscription" in str(outcome.why)
    assert [] == asked(site, "PUT", "DELETE")


@pytest.mark.parametrize("reason", ["charges", "part"])
def test_open_business_stops_an_erasure_before_it_begins(site, reason):
    """
    The same holds for charges without an invoice, and invoices that are paid in part.
    """
    target = first(site, "account", settled)
    if reason == "charges":
        charge = site.standin.made("li", object="line_item", account_id=target.key, state="pending")
        site.standin.line_items[charge["id"]] = charge
    else:
        next(site.standin.of(site.standin.invoices, target.key))["paid"] = 1.0
    outcome = erased(site, target)

    assert ("refused", 0) == (outcome.state, outcome.stage)
    assert reason in str(outcome.why)
    assert [] == asked(site, "PUT", "DELETE")


def test_refusal_that_nobody_foresaw_is_told(site):
    """
    A subscription that has yet to begin is no active one, and Recurly refuses all the same.
    """
    target = first(site, "account", settled)
    next(site.standin.of(site.standin.subscriptions, target.key))["state"] = "future"
    outcome = erased(site, target)

    assert ("refused", 3) == (outcome.state, outcome.stage)
    assert "validation" in str(outcome.why)


def test_erasure_resumes_where_a_fault_stopped_it(site):
    """
    When Recurly fails in the middle, the stage is told and done again; nothing before it is.
    """
    target = first(site, "account", settled)
    site.standin.faults.add(Trouble.DOWN, on="PUT */redact", times=99)
    outcome = erased(site, target)
    assert ("later", 3) == (outcome.state, outcome.stage)

    site.standin.faults.clear()
    begun = len(site.standin.exchanges)
    assert "done" == erased(site, target, stage=outcome.stage, patience=660).state
    assert [f"PUT /accounts/{target.key}/redact"] == asked(site, "PUT", "DELETE")[-1:]
    assert not any("notes" in one for one in asked(site)[begun:])


def test_lost_reply_to_a_redaction_is_asked_for_again(site):
    """
    The second attempt carries the key of the first, so it is one redaction.
    """
    target = first(site, "account", settled)
    site.standin.faults.add(Trouble.CUT_OFF, on="PUT */redact")

    assert "done" == erased(site, target, patience=660).state
    puts = [one.request for one in site.standin.exchanges if one.request.path.endswith("redact")]
    assert (2, 1) == (len(puts), len({one.headers["idempotency-key"] for one in puts}))


def test_books_tell_what_they_keep(site):
    """
    A redaction reaches transactions; the address on an invoice stays, and is not called erased.
    """
    account = first(site, "account", settled)
    invoice, transaction, acquisition = (
        first(site, one, lambda seen: seen.raw["account"]["id"] == account.key)
        for one in ("invoice", "transaction", "acquisition")
    )
    assert "refused" == erased(site, transaction).state
    erased(site, account, patience=660)

    assert "done" == erased(site, transaction).state
    kept = erased(site, invoice)
    assert ("refused", True) == (kept.state, "kept for the books" in str(kept.why))
    assert "refused" == erased(site, acquisition).state
    del site.standin.acquisitions[account.key]
    assert "done" == erased(site, acquisition).state


def test_card_is_deleted_unless_a_subscription_needs_it(site):
    """
    Without its card, a running subscription would turn into reminders to somebody else.
    """
    running = first(site, "account", busy).key
    card = first(site, "billing_info", lambda seen: seen.places["account_id"] == running)
    assert "refused" == erased(site, card).state

    other = first(site, "billing_info", lambda seen: seen.places["account_id"] != running)
    next(site.standin.of(site.standin.subscriptions, other.places["account_id"]))["state"] = (
        "expired"
    )
    assert "done" == erased(site, other).state
    assert other.key not in site.standin.billing_infos


# Delivering


def test_customer_number_is_the_code(site):
    """
    Changed where it is known, added where it is not; the code is only sent when it is new.
    """
    row = Row("kp-9001", {"email": "ny@example.org", "name": "Ny Kunde"})
    (made,) = delivered(site, row)
    assert ["POST /accounts"] == asked(site, "PUT", "POST")
    fields = {"email": "ny@example.org", "first_name": "Ny", "last_name": "Kunde"}
    assert {"code": "kp-9001"} | fields == body(site)

    (again,) = delivered(site, structs.replace(row, known_as=made.known_as))
    assert ("created", "updated") == (made.state, again.state)
    assert f"PUT /accounts/{made.known_as}" == asked(site)[-1]
    assert fields == body(site)


def test_mapped_own_field_is_delivered_by_its_name(site):
    """
    A field of the company's own goes in the list that Recurly keeps such fields in.
    """
    delivered(site, Row("kp-1001", {PARTNER: "Sydlys"}))

    assert {"custom_fields": [{"name": "partner", "value": "Sydlys"}]} == body(site)


def test_row_fails_alone(site):
    """
    What Recurly refuses in one row does not stop the next.
    """
    long = Row("kp-1001", {"organisation_number": "1" * 21})
    outcomes = delivered(site, long, Row("kp-1002", {"organisation_number": "12345678"}))

    assert ["refused", "updated"] == [one.state for one in outcomes]
    assert "validation" in str(outcomes[0].why)


def test_closed_account_stays_closed(site):
    """
    A delivery changes fields and reopens nothing.
    """
    delivered(site, Row("kp-old-4", {"name": "Nyt Navn"}))

    assert "inactive" == site.standin.find_account("code-kp-old-4")["state"]


# Limits


def test_limit_is_waited_for_until_it_is_reset(site):
    """
    A refusal for haste tells an instant, not a number of seconds.
    """
    site.standin.faults.add(Trouble.THROTTLED, on="GET /accounts", retry_after=42)
    first(site, "account")

    assert 42 == pytest.approx(sum(site.clock.slept), abs=0.1)


def test_reset_beyond_our_patience_is_told(site):
    """
    The window of five minutes may be longer than anybody waits; the error says how long.
    """
    site.standin.faults.add(Trouble.THROTTLED, on="GET /accounts", retry_after=290, times=99)
    with pytest.raises(Throttled) as error:
        first(site, "account")

    assert 290 == pytest.approx(error.value.after, abs=1)


def test_error_behind_a_success_is_one(site):
    """
    An error is known by its body.
    """
    site.standin.faults.add(Trouble.ERROR_IN_OK, on="GET /accounts", times=99)
    with pytest.raises(VendorDown):
        first(site, "account")


def test_change_of_a_card_is_marked(site):
    """
    Its holder may be told by mail, so no audit may make such a call, not even by mistake.
    """
    card = first(site, "billing_info")
    with site.open(Purpose.AUDIT) as connection, pytest.raises(CallRefused):
        jobs.rectify(connection, card, {"name": "Nyt Navn"})

"""
What is special about Zapier: a store that one call could empty, and a hook that tells nothing.
"""

from datetime import UTC, date, datetime, time

import pytest

from klarsyn.errors import CallRefused, NotThere, ReplyUnread, VendorError
from klarsyn.testing.faults import Trouble
from klarsyn.testing.serving import Reply
from klarsyn.testing.standins.zapier_account import first_monday as purges
from klarsyn.testing.trials import identity_of
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.transport.words import DELETE
from klarsyn.vendors import jobs
from klarsyn.vendors.connections import Bound
from klarsyn.vendors.doctor import diagnose
from klarsyn.vendors.reading import read
from klarsyn.vendors.sheet import Level, Row
from klarsyn.vendors.zapier import probe, purge, zapier
from klarsyn.vendors.zapier_storage import FORGET, months_later
from tests.testing.referee import refereed
from tests.vendors.trials import ZAPIER
from tests.vendors.zapier_accounts import judged

pytestmark = pytest.mark.network
VALUES = {"name": "Liv Holmvik", "email": "liv@example.org", "data_in.status": "registered"}


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module with the host that has a contract, judged when it ends."""
    with refereed("zapier") as kept:
        yield kept


@pytest.fixture
def account(exchanges):
    """An account whose clock stands still, and the sheet; no store was emptied in the end."""
    with ZAPIER.running() as running:
        yield running
    assert 0 == running.standin.wipes
    exchanges.extend(judged(running.standin.exchanges))


def opened(account, purpose, **settings):
    """Return a connection with some settings changed."""
    connection = account.open(purpose)
    connection.settings |= settings
    return connection


def delivered(account, values=VALUES, **settings):
    """Return what became of one row, and what the hook was sent."""
    declared = frozenset(values)
    with opened(account, Purpose.DELIVER, **settings) as connection:
        rows = [Row("customer-1", values)]
        (outcome,) = jobs.deliver(connection, zapier.record("run"), rows, declared)
    sent = [one.request for one in account.standin.exchanges]
    return outcome, [one.json() for one in sent if one.path.startswith("/hooks/")]


# Storage


def test_deletion_without_a_key_cannot_be_written(account):
    """
    DELETE without `key` empties a store: no such call can be made, not even by a blank key.
    """
    with pytest.raises(ValueError, match="no single record"):
        DELETE("/records", host="store", query={"secret": "x"})
    with account.open(Purpose.ERASE) as connection:
        for blank in ("", " ", None):
            with pytest.raises(CallRefused):
                connection.call(FORGET, id=blank)
        with pytest.raises(CallRefused):
            connection.call(FORGET)

    assert 0 == account.standin.wipes


def test_one_key_is_forgotten_and_backups_are_dated(account):
    """
    A value goes at once, its copies in backups within four months.
    """
    store = account.standin.stores[account.standin.STORE]
    before = dict(store)
    _, target = account.somebody()
    with account.open(Purpose.ERASE) as connection:
        outcome = jobs.erase(connection, target)

    assert {target.key} == before.keys() - store.keys()
    assert [date(2027, 3, 26)] == [until for _, until in outcome.residue]


def test_fields_that_are_not_changed_stay(account):
    """
    A store replaces values whole, so what else is in one is sent along.
    """
    person, target = account.somebody()
    store = account.standin.stores[account.standin.STORE]
    store[target.key]["since"] = 2019
    with account.open(Purpose.RECTIFY) as connection:
        jobs.rectify(connection, target, {"name": "Nyt Navn"})

    changed = store[target.key]
    assert ("Nyt Navn", person.email, 2019) == (
        changed["name"],
        changed["email"],
        changed["since"],
    )


def test_plain_value_is_changed_by_hand(account):
    """
    What has no fields, or is gone meanwhile, is not overwritten.
    """
    _, target = account.somebody()
    account.standin.stores[account.standin.STORE][target.key] = "Liv Holmvik"
    with account.open(Purpose.RECTIFY) as connection:
        outcome = jobs.rectify(connection, target, {"name": "Nyt Navn"})

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)


def test_store_that_is_no_object_is_not_read(account, monkeypatch):
    """
    Another form is a change of the vendor's, not an empty store.
    """
    monkeypatch.setattr(account.standin, "error_in_ok", lambda _: Reply(200, []))
    account.standin.faults.add(Trouble.ERROR_IN_OK, on="GET /api/records")
    with account.open(Purpose.AUDIT) as connection, pytest.raises(ReplyUnread):
        list(read(connection, zapier.record("storage")))


# Runs


@pytest.mark.parametrize(("record", "path"), [("run", "/v2/zap-runs"), ("zap", "/v2/zaps")])
@pytest.mark.parametrize("trouble", [Trouble.RENAMED_FIELD, Trouble.ERROR_IN_OK, Trouble.BOMB])
def test_list_that_is_not_there_is_told(account, record, path, trouble):
    """
    A store has no field that could be missed; lists of runs and Zaps have, and miss it.
    """
    account.standin.faults.add(trouble, on=f"GET {path}", times=10_000, field="data")
    with account.open(Purpose.AUDIT) as connection, pytest.raises(VendorError):
        list(read(connection, zapier.record(record)))


def test_shared_zaps_are_asked_for(account):
    """
    Without being asked for them, the vendor lists only the Zaps that a user owns.
    """
    with account.open(Purpose.AUDIT) as connection:
        list(read(connection, zapier.record("zap")))

    (asked,) = [one.request for one in account.standin.exchanges]
    assert "true" == asked.param("include_shared")


def test_runs_older_than_thirty_days_are_read(account):
    """
    The vendor lists thirty days unless it is told since when.
    """
    found, coverage = account.everything()

    assert coverage.complete
    assert len(account.standin.runs) == sum(one.record.name == "run" for one in found)


def test_search_looks_through_the_data(account):
    """
    An address is looked up; only what agrees is kept.
    """
    person = account.standin.people[0]
    finding = account.find(person, "email")
    asked = [one.request.param("search") for one in account.standin.exchanges]

    assert person.email in asked
    assert {"run", "storage"} <= {one.seen.record.name for one in finding.matches}


def test_erasure_of_a_run_is_dated(account):
    """
    Nobody can delete a run by the API: it is kept until the purge, and by then in backups.
    """
    match = next(
        one
        for one in account.find(account.standin.people[0], "email").matches
        if one.seen.record.name == "run"
    )
    with account.open(Purpose.ERASE) as connection:
        outcome = jobs.erase(connection, match.target)
        assert not jobs.gone(connection, match.target)

    assert ("done", Level.RETAINED) == (outcome.state, outcome.level)
    assert [date(2027, 1, 4), date(2027, 5, 4)] == [until for _, until in outcome.residue]
    assert match.seen.record.erase.by_hand


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 11, 1), date(2027, 1, 4)),
        (date(2026, 11, 30), date(2027, 1, 4)),
        (date(2027, 1, 31), date(2027, 4, 5)),
    ],
)
def test_purge_is_told_never_too_early(on, until):
    """
    Content is purged on a first Monday, if it is older than 29 days then.
    """
    assert until == purge(on, {})
    assert until == purges(datetime.combine(until, time(12), UTC)).date()


def test_month_that_is_shorter():
    """
    Four months after the last of October is the last of February.
    """
    assert date(2027, 2, 28) == months_later(date(2026, 10, 31), 4)


@pytest.mark.parametrize(
    ("setting", "missed"),
    [("access_token", {"run", "zap"}), ("storage_secret", {"storage"})],
)
def test_part_without_its_key_is_not_covered(account, setting, missed):
    """
    Most companies get no token; what is then not read is named, when finding, too.
    """
    person = account.standin.people[0]
    with opened(account, Purpose.FIND, **{setting: ""}) as connection:
        finding = jobs.find(connection, zapier, identity_of(person, "email"))
        advice = probe(connection)["advice"]

    assert missed == {name for name, _ in finding.coverage.missed}
    assert [f"'{setting}' is not set: a part is not read"] == [str(one) for one in advice]


def test_doctor_does_not_start_the_zap(account):
    """
    The keys are tried by calls that read; the hook is left alone.
    """
    with account.open(Purpose.AUDIT) as connection:
        assert {"advice": [], "asked": True} == probe(connection)
    assert not any("/hooks/" in one.request.path for one in account.standin.exchanges)


def test_doctor_does_not_say_that_anybody_answered():
    """
    Without a key nobody is asked, and nothing is sound but the settings.
    """
    found = diagnose(Bound("zapier", zapier, {}, {}), Surroundings())
    told = [str(one.what) for one in found.checks]

    assert "warning" == found.verdict
    assert "nobody was asked: whether it works shows when it is used" == told[0]
    assert "'hook_url' is not set: nothing is delivered" == told[-1]


# The hook


def test_hook_is_given_exactly_the_row(account):
    """
    What is declared and nothing beside it; the hook's success is `queued`, and says no more.
    """
    outcome, sent = delivered(account)

    assert [{"name": "Liv Holmvik", "email": "liv@example.org", "status": "registered"}] == sent
    assert "queued" == outcome.state
    assert 1 == len(account.standin.queue)


def test_lost_reply_is_never_sent_again(account):
    """
    There is no idempotency: a second POST is a second run, so a person settles it.
    """
    account.standin.faults.add(Trouble.CUT_OFF, on="POST /hooks/*")
    outcome, sent = delivered(account)

    assert "unknown" == outcome.state
    assert 1 == len(sent)


def test_hook_that_denies_is_unknown(account):
    """
    A 200 that speaks of an error is no success.
    """
    account.standin.faults.add(Trouble.ERROR_IN_OK, on="POST /hooks/*")

    assert "unknown" == delivered(account)[0].state


def test_row_that_is_too_large_is_refused(account):
    """
    A hook takes ten million bytes.
    """
    outcome, _ = delivered(account, {"name": "x" * 10_000_001})

    assert "refused" == outcome.state


def test_field_outside_the_item_is_refused(account):
    """
    A hook has no field but those of the item.
    """
    outcome, sent = delivered(account, {"zap_title": "Hej"})

    assert ("refused", []) == (outcome.state, sent)


def test_unknown_hook_is_told(account):
    """
    A Zap that was deleted takes nothing.
    """
    with pytest.raises(NotThere):
        delivered(account, hook_url="https://hooks.zapier.com/hooks/catch/1234567/gone/")


@pytest.mark.parametrize(
    "address", ["", "https://store.zapier.com/api/records", "http://x.example"]
)
def test_other_address_is_no_hook(account, address):
    """
    What is meant for the hook goes to a Catch Hook or nowhere; the address is never printed.
    """
    with pytest.raises(CallRefused) as caught:
        delivered(account, hook_url=address)

    assert not address or address not in str(caught.value)
    assert [] == account.standin.exchanges


def test_hook_address_is_never_printed(account):
    """
    The path is the key: no error, no repr has it.
    """
    secret = account.standin.secrets["hook_url"]
    account.standin.faults.add(Trouble.DOWN, on="POST /hooks/*")
    outcome, _ = delivered(account)
    connection = Connection("zapier", zapier.api, account.standin.secrets)

    assert secret not in f"{outcome} {outcome.why} {connection!r}"
    assert secret.rstrip("/").rpartition("/")[2] not in f"{outcome} {outcome.why}"

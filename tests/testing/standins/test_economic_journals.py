import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.economic import EconomicStandIn
from tests.testing.standins.test_economic import Caller, judging

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with judging() as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An agreement with twelve people, whose clock stands still."""
    with EconomicStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def call(standin):
    """A caller of the legacy surface."""
    return Caller(standin)


def test_journal_texts_name_people(standin, call):
    """
    Entries lie open in their journal, and by voucher.
    """
    assert "Daglig" == call.get("/journals")["collection"][0]["name"]
    assert call.get("/journals/1")["entries"].endswith("/journals/1/entries")
    texts = [one["text"] for one in call.all("/journals/1/entries", size=2)]
    (voucher, *_) = call.get("/journals/1/vouchers")["collection"]

    assert [f"Paid by {one.name}" for one in standin.people[::4]] == texts
    assert texts[0] == call.get("/journals/1/entries/1")["text"]
    assert texts[0] == voucher["entries"]["customerPayments"][0]["text"]
    assert 404 == call.status("GET", "/journals/2/entries")


def test_entry_is_written_by_voucher_and_deleted_for_itself(standin, call):
    """
    The reply to a new voucher is an array; an entry is deleted though no document says so.
    """
    entry = {"date": "2026-11-01", "amount": 5.0, "text": "Cash", "currency": {"code": "DKK"}}
    given = {"accountingYear": {"year": "2026"}, "entries": {"financeVouchers": [entry]}}
    status, _, (made,) = call("POST", "/journals/1/vouchers", given)

    assert (201, 4) == (status, made["voucherNumber"])
    assert "Cash" == call.get("/journals/1/entries/4")["text"]
    assert 204 == call.status("DELETE", "/journals/1/entries/4")
    assert 404 == call.status("DELETE", "/journals/1/entries/4")
    assert 400 == call.status("POST", "/journals/1/vouchers", given | {"entries": {}})

"""Everything that can go wrong during a delivery, at every vendor that is delivered to."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from klarsyn.clock import SystemClock
from klarsyn.disclosure.delivering import deliver, resume
from klarsyn.disclosure.sending.courier import DOUBTS
from klarsyn.durable import Run
from klarsyn.testing.faults import Trouble
from klarsyn.vendors import jobs
from tests.disclosure.served import (
    SERVED,
    company_of,
    holds,
    is_held,
    people,
    resumed,
    told_as_held,
    writes,
)
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from klarsyn.disclosure.around import Around
    from klarsyn.people.ledger import Change, State
    from klarsyn.transport.connection import Connection
    from klarsyn.vendors.connections import Bound
    from klarsyn.vendors.sheet import (
        Delivery,
        Job,
        Places,
        Progress,
        Record,
        Row,
        RowOutcome,
        Target,
    )
    from tests.disclosure.world import World

pytestmark = [pytest.mark.network, pytest.mark.slow]

OVER_HTTP = [one for one in SERVED if one != "datalager"]
ARRIVED = {"created", "updated", "queued"}
STATES: tuple[State, ...] = ("waiting", "sending", "unknown", "dead")
WRITES, ANYTHING = "P* *", "* *"
#: ActiveCampaign says of an import in its own words that it is refused, if with status 200.
REFUSALS = {("activecampaign", Trouble.ERROR_IN_OK)}
#: The columns of a customer that are nobody else's.
THEIRS = ("name", "email", "phone", "company", "username", "address")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Callable[[str], World]]:
    """Return what makes a company that delivers to a vendor."""
    with ExitStack() as stack:
        yield lambda vendor: stack.enter_context(company_of(tmp_path / "company", vendor))


@pytest.fixture(autouse=True)
def silence(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """See that no log, and nothing that a test puts into the list, has anybody's value."""
    told: list[str] = []
    with caplog.at_level(logging.DEBUG):
        yield told
    said = f"{caplog.text} {told}"
    for one in people(12):
        assert [] == [name for name in THEIRS if one[name] in said]


def open_changes(found: World, vendor: str) -> list[Change]:
    """Return the changes that are not through."""
    ledger = found.around.ledger
    return [one for state in STATES for one in ledger.all(vendor, state)]


def states(found: World, vendor: str) -> dict[str, int]:
    """Return how many changes are in which state."""
    return dict(Counter(one.state for one in open_changes(found, vendor)))


def is_true(found: World, vendor: str) -> bool:
    """Return whether all who are told as held are really there, once."""
    found.clock.move(seconds=700)
    there = {one["customer_no"]: is_held(found, vendor, one) for one in found.customers}
    return all(there[number] == 1 for number in told_as_held(found, vendor))


def settled(found: World, vendor: str) -> None:
    """Let what waits be tried again until it is through; who is in doubt for good stays."""
    for seconds in (700, 90_000, 90_000):
        resumed(found, vendor, seconds)


# Between the vendor and us


@pytest.mark.parametrize("trouble", Trouble, ids=lambda one: one.value)
@pytest.mark.parametrize("vendor", OVER_HTTP)
def test_fault_ends_truthfully(
    company: Callable[[str], World], silence: list[str], vendor: str, trouble: Trouble
) -> None:
    """
    Once, for long, at every call: who is told as there is there, once, and all arrive in the end.

    Only what a hook was given without an answer is left to a person, and never sent again.
    """
    found = company(vendor)
    faults, customers = found.standins[vendor].faults, people(6)
    told = {"retry_after": 900, "seconds": 5, "field": SERVED[vendor].tells_by}
    for count, on, times in ((2, WRITES, 1), (4, WRITES, 10_000), (6, ANYTHING, 10_000)):
        found.write(*customers[:count])
        faults.add(trouble, on=on, times=times, **told)
        ended = found.deliver(vendor)
        faults.clear()
        silence += [f"{ended}", *(f"{one!r} {one.why}" for one in open_changes(found, vendor))]
        assert "refused" not in ended["ends"] or (vendor, trouble) in REFUSALS
        assert is_true(found, vendor)
        settled(found, vendor)
    assert is_true(found, vendor)
    doubted = states(found, vendor).get("unknown", 0)
    assert not doubted or SERVED[vendor].keeps_runs
    assert {} == {state: n for state, n in states(found, vendor).items() if state != "unknown"}
    assert len(customers) == len(told_as_held(found, vendor)) + doubted
    assert len(holds_of(found, vendor)) <= len(customers)


def holds_of(found: World, vendor: str) -> list[dict[str, str]]:
    """Return the records that say something of customers; the vendor has staff and stubs, too."""
    theirs = {one[name] for one in people(12) for name in THEIRS}
    return [one for one in holds(found, vendor) if theirs & set(one.values())]


@pytest.mark.parametrize("vendor", ["pipedrive", "recurly", "reviso", "teamviewer", "zapier"])
def test_vendor_that_leaves_everything_open_is_left_alone(
    company: Callable[[str], World], vendor: str
) -> None:
    """After a few calls in a row without an outcome, nobody else is put in doubt."""
    found = company(vendor)
    found.write(*people(DOUBTS + 4))
    found.standins[vendor].faults.add(Trouble.MALFORMED, on=WRITES, times=10_000)
    ended = found.deliver(vendor)
    assert (DOUBTS, True) == (ended["ends"]["unknown"], ended["later"] > 0)
    assert DOUBTS == len(writes(found, vendor))
    found.standins[vendor].faults.clear()
    found.clock.move(seconds=ended["later"] + 1)
    assert 4 <= sum(
        count for end, count in resumed(found, vendor)["ends"].items() if end in ARRIVED
    )


@pytest.mark.parametrize("vendor", OVER_HTTP)
def test_being_put_off_is_no_attempt(company: Callable[[str], World], vendor: str) -> None:
    """However often a vendor is down or takes no more, nobody's row comes nearer to its end."""
    found = company(vendor)
    found.standins[vendor].faults.add(Trouble.THROTTLED, times=10_000, retry_after=900)
    found.deliver(vendor)
    for _ in range(5):
        resumed(found, vendor, 1000)
    assert {0} == {one.attempts for one in open_changes(found, vendor)}
    assert {"waiting": 2} == states(found, vendor)


class Held(SystemClock):
    """A clock by which whoever sleeps sleeps until everything is over."""

    def __init__(self) -> None:
        """Nothing is over yet."""
        self.over = Event()

    def sleep(self, seconds: float) -> None:
        """Wait for it, and so many seconds at most."""
        self.over.wait(seconds)


def test_hook_that_answers_too_late_is_not_called_again(company: Callable[[str], World]) -> None:
    """The reply is on its way still: that is in doubt, not refused."""
    found = company("zapier")
    standin = found.standins["zapier"]
    standin.clock = clock = Held()
    standin.faults.add(Trouble.SLOW, on=WRITES, seconds=60)
    hurried = replace(
        found.around,
        # Enough for the second row, whose reply comes at once, on a busy machine too.
        surroundings=lambda name: replace(found.surroundings(name), seconds=3),
    )
    ended: Any = deliver.do(Run("hurried", hurried), vendor="zapier", digest="")
    clock.over.set()
    assert {"queued": 1, "unknown": 1} == ended["ends"]
    assert 2 == len(writes(found, "zapier"))


# Rows


@pytest.mark.parametrize("vendor", [one for one in SERVED if SERVED[one].refuses])
def test_refused_row_fails_alone_and_arrives_once_it_is_mended(
    company: Callable[[str], World], silence: list[str], vendor: str
) -> None:
    """The others of its call are there; it waits with the reason, and goes when the source says."""
    found = company(vendor)
    found.write(customer(1), customer(2, **SERVED[vendor].refuses), customer(3))
    ended = found.deliver(vendor)
    assert {"created": 2, "refused": 1} == ended["ends"]
    (refused,) = open_changes(found, vendor)
    assert ("waiting", 1) == (refused.state, refused.attempts)
    silence.append(f"{ended} {refused} {refused.why}")
    assert is_true(found, vendor)
    found.write(customer(1), customer(2), customer(3))
    assert {"created": 1} == found.deliver(vendor)["ends"]
    assert is_true(found, vendor)
    assert {"1", "2", "3"} == told_as_held(found, vendor).keys()


def with_record(bound: Bound, change: Callable[[Record], Record]) -> Bound:
    """Return a connection whose sheet is changed where rows are delivered."""
    vendor = bound.vendor
    if vendor.receives:
        made = vendor.receives(vendor.own)
        sheet = replace(vendor, receives=lambda _own: tuple(change(one) for one in made))
    else:
        records = (change(one) if one.deliver else one for one in vendor.records)
        sheet = replace(vendor, records=tuple(records))
    return replace(bound, vendor=sheet)


def stumbling(how: Delivery, number: int) -> Delivery:
    """Return a delivery that breaks over one customer, and shows them in its error."""
    theirs = {customer(number)[one] for one in ("email", "name", "company")}

    def send(connection: Connection, rows: Sequence[Row], places: Places) -> Iterator[RowOutcome]:
        for row in rows:
            if not theirs.isdisjoint(row.values.values()):
                raise KeyError(row.values)
        yield from how.send(connection, rows, places)

    return replace(how, send=send)


def broken(around: Around, number: int) -> Around:
    """Return an installation whose sheets break over one customer."""

    def change(record: Record) -> Record:
        assert record.deliver
        return replace(record, deliver=stumbling(record.deliver, number))

    return with_sheets(around, change)


@pytest.mark.parametrize("vendor", SERVED)
def test_row_that_breaks_a_sheet_stops_nobody_else(
    company: Callable[[str], World], silence: list[str], vendor: str
) -> None:
    """It waits, told as in doubt with the kind of error alone, comes back, and arrives."""
    found = company(vendor)
    found.write(*people(7))
    ended: Any = deliver.do(Run("broken", broken(found.around, 4)), vendor=vendor, digest="")
    assert {"1", "2", "3", "5", "6", "7"} == told_as_held(found, vendor).keys()
    assert 1 == ended["ends"]["unknown"]
    (left,) = open_changes(found, vendor)
    assert "KeyError" in str(left.reason)
    silence.append(f"{ended} {left!r} {left.why}")
    assert is_true(found, vendor)
    if not SERVED[vendor].keeps_runs:
        assert 1 == sum(resumed(found, vendor, 700)["ends"].values())
        assert is_true(found, vendor)
        assert "4" in told_as_held(found, vendor)


def test_row_that_a_sheet_says_nothing_of_is_in_doubt(company: Callable[[str], World]) -> None:
    """It is not taken for arrived, and is asked about again."""

    def change(record: Record) -> Record:
        how = record.deliver
        assert how
        return replace(record, deliver=replace(how, send=lambda *sent: list(how.send(*sent))[1:]))

    found = company("mailchimp")
    ended: Any = deliver.do(
        Run("silent", with_sheets(found.around, change)), vendor="mailchimp", digest=""
    )
    assert {"created": 1, "unknown": 1} == ended["ends"]
    assert {"updated": 1} == resumed(found, "mailchimp", 700)["ends"]


def test_vendor_that_closes_between_two_halves_is_left_alone(
    company: Callable[[str], World],
) -> None:
    """The first half is put off by the vendor, the second is not even tried."""
    found = company("mailchimp")
    found.write(*people(8))
    found.standins["mailchimp"].faults.add(Trouble.THROTTLED_SILENTLY, on=WRITES, times=100)
    ended: Any = deliver.do(Run("closed", broken(found.around, 8)), vendor="mailchimp", digest="")
    assert {"waiting": 8} == ended["ends"]
    assert {0} == {one.attempts for one in open_changes(found, "mailchimp")}


def test_broken_row_costs_few_calls(company: Callable[[str], World]) -> None:
    """Halves are sent until it is alone: of 200 rows, no more than twice the halvings."""
    found = company("mailchimp")
    found.write(*people(200))
    deliver.do(Run("broken", broken(found.around, 77)), vendor="mailchimp", digest="")
    assert 199 == len(told_as_held(found, "mailchimp"))
    assert len(writes(found, "mailchimp")) <= 8


# Corrections and removals


def breaking(job: Job | None, key: str) -> Job:
    """Return a job that breaks over the record of one key, and shows it in its error."""
    assert job

    def stage(connection: Connection, target: Target) -> Progress:
        if target.key == key:
            raise KeyError(target.raw)
        return jobs.step(connection, job, target, 0)

    return replace(job, stages=(stage, *job.stages[1:]))


def with_sheets(around: Around, change: Callable[[Record], Record]) -> Around:
    """Return an installation whose sheets are changed where rows are delivered."""
    return replace(around, bind=lambda vendor: with_record(around.bind(vendor), change))


REMOVABLE = [one for one in SERVED if not SERVED[one].keeps_runs]


@pytest.mark.parametrize("vendor", REMOVABLE)
def test_record_that_breaks_an_erasure_stops_no_other(
    company: Callable[[str], World], silence: list[str], vendor: str
) -> None:
    """It waits, is told by the kind of error, and is erased when the sheet is mended."""
    found = company(vendor)
    found.write(*people(3))
    found.deliver(vendor)
    found.clock.move(seconds=700)
    key = told_as_held(found, vendor)["2"]
    found.write()
    around = with_sheets(found.around, lambda one: replace(one, erase=breaking(one.erase, key)))
    deliver.do(Run("erasing", around), vendor=vendor, digest="")
    for number in range(3):
        found.clock.move(seconds=90_000)
        resume.do(Run(f"erasing-{number}", around), vendor=vendor)
    (left,) = open_changes(found, vendor)
    silence.append(f"{left!r} {left.why}")
    assert ("remove", "waiting", True) == (left.kind, left.state, "KeyError" in str(left.reason))
    found.clock.move(seconds=200_000)
    for _ in range(3):
        resumed(found, vendor, 90_000)
    assert [] == holds_of(found, vendor)


@pytest.mark.parametrize("vendor", ["activecampaign", "mailchimp", "teamviewer", "zendesk"])
def test_record_that_breaks_a_correction_stops_no_other(
    company: Callable[[str], World], silence: list[str], vendor: str
) -> None:
    """Two addresses change, one record breaks the sheet: the other is corrected at once."""
    found = company(vendor)
    found.deliver(vendor)
    found.clock.move(seconds=700)
    key = told_as_held(found, vendor)["1"]
    around = with_sheets(found.around, lambda one: replace(one, rectify=breaking(one.rectify, key)))
    moved = [customer(one, email=f"ny.{one}@example.org") for one in (1, 2)]
    found.write(*moved)
    ended: Any = deliver.do(Run("moving", around), vendor=vendor, digest="")
    assert {"updated": 1, "unknown": 1} == ended["ends"]
    (left,) = open_changes(found, vendor)
    silence.append(f"{ended} {left!r} {left.why}")
    settled(found, vendor)
    assert is_true(found, vendor)
    assert [1, 1] == [is_held(found, vendor, one) for one in moved]
    assert 2 == len(holds_of(found, vendor))

"""Ten thousand customers, and a vendor that takes so many a day."""

from __future__ import annotations

import csv
import time
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.plans.planning import make
from klarsyn.testing.standins.pipedrive import PipedriveStandIn
from klarsyn.vendors.connections import variable
from tests.disclosure.served import referee, resumed, writes
from tests.disclosure.world import FIELDS, World, customer, world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.slow]

CUSTOMERS = 10_000
SECONDS = 400
"""
For the vendor and for us together: some 30, twice that while coverage is measured.

Of the processor's, since others may use the machine; they slow that, too.
"""
A_PERSON = 5
"""Tokens for one who is new, by the vendor's prices."""
A_LIST = 10
"""Tokens for a page of a list: of who is there, and of who was written since."""


class Shared(PipedriveStandIn):
    """An account whose tokens are used by other software of the company's, too."""

    TOKENS_A_SEAT = 10_000


@pytest.fixture
def found(tmp_path: Path) -> Iterator[World]:
    """Return a company with ten thousand customers."""
    with world(tmp_path / "company", "pipedrive", "mailchimp") as made:
        write(made, CUSTOMERS)
        yield made


def write(found: World, count: int) -> None:
    """Let the source have so many customers; they are not kept in memory here."""
    with (found.folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(numbered(one) for one in range(count))


def numbered(number: int) -> dict[str, str]:
    """Return a customer; only a thousand numbers are nobody's, so some share one."""
    return customer(number, phone=f"+44 7700 900{number % 1000:03}")


def test_vendor_that_has_tokens_for_a_day_is_gone_on_with_on_the_next(found: World) -> None:
    """
    Pipedrive stops at its tokens each day, says until when, and is left alone until then.

    In the end all are there, once, with a call each and a few lists.
    """
    begun = time.process_time()
    with Shared(count=0, clock=found.clock) as standin:
        found.standins = {**found.standins, "pipedrive": standin}
        found.environ[variable("standin", "pipedrive")] = standin.url
        days, ends = [found.clock.now().date()], [found.deliver("pipedrive")]
        while due := next(iter(found.around.due.waiting()), None):
            assert len(days) < 9, "it does not come to an end"
            if due.what != "disclosure.resume":
                found.around.due.cancel(due.what, due.subject)
                continue
            calls = len(standin.exchanges)
            found.clock.move(seconds=(due.at - found.clock.now()).total_seconds() + 1)
            found.around.due.cancel(due.what, due.subject)
            assert calls == len(standin.exchanges)
            days.append(found.clock.now().date())
            ends.append(resumed(found, "pipedrive"))
        created = [one["ends"].get("created", 0) for one in ends]
        assert CUSTOMERS == sum(created) == len(standin.records["persons"])
        assert CUSTOMERS == found.around.ledger.count("pipedrive")
        a_day = standin.daily_tokens / (A_PERSON + 2 * A_LIST / 100)
        assert all(0.95 * a_day < one < 1.05 * a_day for one in created[:-1])
        assert [days[0] + timedelta(days=one) for one in range(len(days))] == days
        assert len(standin.exchanges) < CUSTOMERS + 3 * CUSTOMERS // 100 + 30 * len(days)
        assert len(writes(found, "pipedrive")) <= CUSTOMERS + 2 * len(days)
        assert {} == dict(found.plan("pipedrive").kinds)
        referee(found, "pipedrive")
    assert time.process_time() - begun < SECONDS


def test_ten_thousand_arrive_in_twenty_calls(found: World) -> None:
    """Mailchimp takes 500 a call; the second run has nothing to say."""
    assert {"created": CUSTOMERS} == found.deliver("mailchimp")["ends"]
    assert 20 == len(writes(found, "mailchimp"))
    assert {} == found.deliver("mailchimp")["ends"]
    assert 20 == len(writes(found, "mailchimp"))


def test_plan_takes_memory_for_a_page_and_not_for_all(found: World) -> None:
    """People are looked at batch by batch: twenty thousand for two vendors, in twelve megabytes."""
    write(found, 2 * CUSTOMERS)
    around = found.around
    tracemalloc.start()
    plan = make(around, ["pipedrive", "mailchimp"])
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [2 * CUSTOMERS] * 2 == [one.kinds["create"] for one in plan.vendors]
    assert used < 12_000_000

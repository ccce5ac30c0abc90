import io
import threading
from dataclasses import asdict, replace

import msgspec
import pytest

from klarsyn.errors import UnknownName
from klarsyn.testing import together
from klarsyn.testing.clock import CommonClock
from klarsyn.testing.distantclock import ServedClock
from klarsyn.testing.standins.mailchimp import MailchimpStandIn
from klarsyn.testing.together import Errand, check_limits_are_kept_together, vendor_at
from klarsyn.vendors.recurly import recurly
from tests.vendors.trials import MAILCHIMP, RECURLY, ZAPIER

pytestmark = pytest.mark.network


@pytest.fixture
def databases(tmp_path):
    """Two databases that nobody has used."""
    return [f"sqlite:///{tmp_path / name}.db" for name in ("first", "second")]


class Hosts(MailchimpStandIn):
    """Mailchimp that lets nobody go before one too many has come."""

    def fill(self):
        """Nobody has come."""
        super().fill()
        self.crowd = threading.Event()

    def before(self, request):
        """Keep whoever comes; where one too many never does, it is waited for once."""
        self.crowd.wait(60)
        self.crowd.set()
        return super().before(request)

    def throttled(self, request, retry_after):
        """One too many has come."""
        self.crowd.set()
        return super().throttled(request, retry_after)


CROWDED = replace(MAILCHIMP, standin=Hosts)


@pytest.mark.parametrize("trial", [CROWDED, RECURLY], ids=["at once", "in a window"])
def test_apart_they_are_too_many(trial, databases):
    """
    Without a database in common two processes pass the limit, so the check would notice.
    """
    outcome = together.together(trial, *databases)

    assert (24, 24) == outcome.pages
    assert 0 < outcome.refused < outcome.asked


def test_check_says_what_it_lacks():
    """
    A trial has to meet a limit, or to say why there is none.
    """
    with pytest.raises(AssertionError, match="say by `crowded`"):
        check_limits_are_kept_together(replace(ZAPIER, unlimited=""))
    check_limits_are_kept_together(ZAPIER)


def test_limit_that_is_not_met_shows_nothing():
    """
    Where nobody had to wait, nothing was shown.
    """
    wide = replace(RECURLY, crowded=lambda _site: replace(recurly.api.limit, requests=100_000))
    with pytest.raises(AssertionError, match="not met"):
        check_limits_are_kept_together(wide)


def test_other_process_that_fails(databases):
    """
    What it said is told, and nobody waits for it.
    """
    with pytest.raises(AssertionError, match="no_such_sheet"):
        together.together(replace(RECURLY, sheet="no_such_sheet:mine"), *databases)


def test_sheet_by_its_place():
    """
    A sheet is found by its id or by module and name.
    """
    assert recurly is vendor_at("recurly") is vendor_at("klarsyn.vendors.recurly:recurly")
    with pytest.raises(UnknownName):
        vendor_at("nobody")


def test_second_process_as_it_is_called(databases):
    """
    It takes its errand from standard input and prints how many pages it read.
    """
    clock = CommonClock(together.THREADS)
    with RECURLY.running(limits=True, clock=clock) as running, ServedClock(clock) as served:
        site = running.standin
        told = Errand("recurly", dict(site.secrets), 9, 60, 0, site.url, databases[0], served.port)
        out = io.StringIO()
        together.main(io.StringIO(msgspec.json.encode(asdict(told)).decode()), out)

    assert "24\n" == out.getvalue()
    assert clock.slept

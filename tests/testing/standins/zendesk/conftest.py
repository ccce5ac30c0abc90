"""
A desk that listens, and who calls it; every exchange is judged when its module ends.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.zendesk import ZendeskStandIn
from tests.testing.referee import refereed
from tests.testing.standins.zendesk.calling import ALWAYS, Caller


@pytest.fixture(scope="module")
def judged():
    """Collects exchanges, which the referee judges at the end."""
    with refereed("zendesk", ALWAYS) as exchanges:
        yield exchanges


@pytest.fixture
def desk(judged):
    """A running stand-in whose clock stands still."""
    with ZendeskStandIn(clock=StillClock()) as standin:
        yield standin
    judged += [one for one in standin.exchanges if "nonsense" not in one.request.path]


@pytest.fixture
def call(desk):
    """A caller with the administrator's token."""
    return Caller(desk)


@pytest.fixture
def user(desk):
    """The first person's user."""
    return desk.user_of(desk.people[0].email)


@pytest.fixture
def ticket(desk, user):
    """The first person's ticket."""
    return desk.tickets_of(user["id"], "requested")[0]

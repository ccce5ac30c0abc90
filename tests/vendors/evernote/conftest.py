"""
A running account, whose exchanges the vendor's own IDL judges.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.trials import Running
from tests.testing import thrift_referee
from tests.vendors.evernote.accounts import Evernote
from tests.vendors.trials import EVERNOTE


@pytest.fixture
def running():
    """The stand-in and the sheet."""
    clock = StillClock()
    with Evernote(clock=clock, limits=True) as standin:
        yield Running(EVERNOTE, standin, clock)
    if thrift_referee.available():
        assert [] == [told for one in standin.exchanges for told in thrift_referee.judge(one)]

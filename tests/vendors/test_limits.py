"""
Limits that one reading of a stand-in would never meet, made so small that it does.

The one suite looks that nobody is throttled; where a vendor allows thousands of calls, that alone
shows nothing. Here the sheet and the stand-in have the same small limit, and somebody has to wait.
"""

from dataclasses import replace

import pytest

from klarsyn.testing import contract
from klarsyn.testing.serving import Window
from tests.vendors.trials import HOTJAR, MICROSOFT_BLOB, PLECTO, RECURLY, TEAMVIEWER

pytestmark = pytest.mark.network

FEW = 4
#: How vendors say that it is too much: Azure by the second.
REFUSED = (429, 503)
TRIALS = (RECURLY, HOTJAR, MICROSOFT_BLOB, PLECTO, TEAMVIEWER)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.vendor.id)
def test_limit_is_waited_for(trial):
    """
    Eight at once wait for each other, and the vendor never has to refuse one.
    """
    opened = []

    def kept(**how):
        opened.append((trial.standin(**how), how["clock"], how["clock"].now()))
        return opened[-1][0]

    api = trial.vendor.api
    few = replace(api, limit=replace(api.limit, requests=FEW))

    def small(standin):
        standin.window = Window(FEW, api.limit.per, standin.clock)

    vendor = replace(trial.vendor, api=few)
    contract.check_limits_are_kept(replace(trial, vendor=vendor, standin=kept, small=small))

    ((standin, clock, begun),) = opened
    assert [] == [one for one in standin.exchanges if one.reply.status in REFUSED]
    assert (clock.now() - begun).total_seconds() >= api.limit.per / 2

"""
Every sheet keeps what it promises: the one suite, against each vendor's stand-in, refereed.
"""

import re
from collections import Counter
from dataclasses import replace

import pytest

from klarsyn.testing import contract
from klarsyn.testing.serving import StandIn
from tests.testing.contracts import FILES
from tests.testing.referee import refereed
from tests.vendors.trials import TRIALS

pytestmark = pytest.mark.network
#: Promised in docs/guarantees.md, and so run for every vendor in tests/guarantees.
PROMISED = (
    contract.check_reading_changes_nothing,
    contract.check_blank_id_is_refused,
    contract.check_lasting_fault_is_told,
    contract.check_lasting_fault_is_not_covered,
    contract.check_nobody_is_printed,
)
CHECKS = [one for one in contract.CHECKS if one not in PROMISED]
#: Vendor -> whose contract judges it, where that is another name.
CONTRACTS = {"microsoft-blob": "microsoft"}
OF_A_KIND = 4
#: Bodies of files, of which Slack's contract says nothing; Zapier's Storage and hooks, which have
#: none.
WITHOUT_CONTRACT = ("/files-pri", "/api/records", "/hooks/")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("trial", TRIALS.values(), ids=list(TRIALS))
def test_contract(trial, check):
    """
    A check raises where a sheet does not keep its promise, a referee where a contract is broken.
    """
    running = []

    def kept(**how):
        running.append(trial.standin(**how))
        return running[-1]

    check(replace(trial, standin=kept))
    vendor = CONTRACTS.get(trial.vendor.id, trial.vendor.id)
    if vendor in FILES:
        with refereed(vendor) as exchanges:
            exchanges.extend(different(running))


def different(running):
    """Return at most a few exchanges of each kind: thousands of the same tell nothing more."""
    kinds: Counter[tuple[object, ...]] = Counter()
    for one in running:
        for exchange in one.exchanges if isinstance(one, StandIn) else ():
            request = exchange.request
            path = re.sub(r"[^/]*\d[^/]*", "{}", request.path)
            kind = (request.method, path, *sorted(request.query), exchange.reply.status)
            kinds[kind] += 1
            if kinds[kind] <= OF_A_KIND and not path.startswith(WITHOUT_CONTRACT):
                yield exchange

"""Plans as Markdown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.plans.markdown import as_markdown
from klarsyn.disclosure.plans.plan import Limits, Plan, VendorPlan
from klarsyn.disclosure.plans.planning import make
from klarsyn.errors import said
from klarsyn.people.rejected import Rejected
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies

WHOLE = """\
# Plan of deliveries

People in the source: 9.

| vendor | create | update | clear | remove | held now | calls | approval |
|---|---|---|---|---|---|---|---|
| mailchimp | 2 | 0 | 0 | 99 | 120 | 1 | needed |
| slack | 0 | 0 | 0 | 0 | 0 | 0 |  |

## mailchimp

| element | set | cleared |
|---|---|---|
| `person.email` | 2 | 0 |

- somebody has to approve it: 99 people would be removed; 25 at most without an approval

SHA-256 `d1`

## slack

Nothing to do.

## Rows that are wrong

Rows that are wrong, so nobody in them is sent or removed: 1

- c.csv:7: email: a \\| b &lt;i>
"""


def test_whole_plan() -> None:
    """A table of vendors, elements and reasons of each, wrong rows at the end."""
    mailchimp = VendorPlan(
        "mailchimp",
        "d1",
        kinds=Counter(create=2, remove=99),
        sets=Counter({"person.email": 2}),
        held=120,
        most=500,
    )
    wrong = (Rejected(7, "email", said("a | b <i>"), source="c.csv"),)
    plan = Plan((mailchimp, VendorPlan("slack")), 9, 1, 0, wrong)
    assert WHOLE == as_markdown(plan, Limits(), str)


@pytest.mark.network
def test_no_value_stands_in_it(company: Companies) -> None:
    """It is kept with a pull request, for everybody to see."""
    found = company("mailchimp")
    found.write(customer(1), customer(2, email="no address at all"))
    text = as_markdown(make(found.around, ["mailchimp"]), Limits(), str)
    for one in found.customers:
        assert not [name for name in ("name", "email", "phone") if one[name] in text]
    assert "email: this is no e-mail address" in text

"""A vendor ends: everybody is removed, shown by a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klarsyn.disclosure.telling.offboarding import off_boarding
from klarsyn.errors import ApprovalMissing
from klarsyn.personal import Secret
from tests.disclosure.world import customer

if TYPE_CHECKING:
    from tests.disclosure.conftest import Companies
    from tests.disclosure.world import World

pytestmark = pytest.mark.network


def ended(found: World, vendor: str) -> None:
    """Let the register say that a vendor is no longer used."""
    file = found.folder / "register" / "vendors" / f"{vendor}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("status:"))
    lines[at] = "status: {value: ended, source: page}\nend: {value: 2026-11-01, source: page}\n"
    file.write_text("".join(lines), encoding="utf-8")
    found.reload()


def approved(found: World, request: str) -> None:
    """Let an approver put their name to what a schedule asked for, and another one agree."""
    users, approvals = found.around.users, found.around.approvals
    passphrase = Secret("correct horse battery staple")
    users.add("anna", passphrase, "administrator", None)
    anna = users.sign_in("anna", passphrase)
    users.add("bo", passphrase, "approver", anna)
    with pytest.raises(ApprovalMissing):
        approvals.approve(approvals.get(request), anna)
    approvals.approve(approvals.get(request), users.sign_in("bo", passphrase))


def test_everybody_is_removed_once_somebody_has_agreed(company: Companies) -> None:
    """Also those who are in the source still; nobody is sent anything."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    ended(found, "mailchimp")
    plan = found.plan("mailchimp")
    assert ({"remove": 2}, True) == (dict(plan.kinds), plan.ends)
    stopped = found.deliver("mailchimp")
    assert "approval" == stopped["stopped"]
    approved(found, str(stopped["request"]))
    assert {"removed": 2} == found.deliver("mailchimp")["ends"]
    assert {} == dict(found.plan("mailchimp").kinds)


def test_report_says_what_was_removed_and_how_it_was_proved(company: Companies) -> None:
    """R62: by level and proof, with what stays, and where the evidence is."""
    found = company("mailchimp")
    found.deliver("mailchimp")
    ended(found, "mailchimp")
    approved(found, str(found.deliver("mailchimp")["request"]))
    found.deliver("mailchimp")
    report = off_boarding(found.around, "mailchimp")
    assert ({("purged", "verified"): 2}, 2, 0) == (report.removed, report.received, report.held)
    assert report.is_over
    text = "\n".join(map(str, report.sentences()))
    assert "2 people were removed (purged), and read again: they are gone." in text
    assert "freja" not in text.casefold()


def test_report_says_what_a_person_has_yet_to_do(company: Companies) -> None:
    """Zapier's runs are deleted by hand; until then it is not finished."""
    found = company("zapier")
    found.deliver("zapier")
    ended(found, "zapier")
    approved(found, str(found.deliver("zapier")["request"]))
    found.deliver("zapier")
    report = off_boarding(found.around, "zapier")
    assert (2, 2) == (report.held, len(report.tasks))
    assert "It is not finished." == str(list(report.sentences())[-1])


def test_vendor_that_was_never_sent_anything_has_nothing_to_remove(company: Companies) -> None:
    """What it may hold from elsewhere is asked for by hand."""
    found = company("mailchimp")
    ended(found, "mailchimp")
    found.write(customer(1))
    assert "Klarsyn never sent anything there" in str(found.plan("mailchimp").closed)

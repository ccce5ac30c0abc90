"""Plans in words."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from klarsyn import register as registers
from klarsyn import settings
from klarsyn.disclosure.plans import words
from klarsyn.disclosure.plans.plan import Limits, Plan, VendorPlan
from klarsyn.errors import said
from klarsyn.people.rejected import Rejected
from klarsyn.people.scored import ScoresOfDay
from klarsyn.people.source import Source
from tests.acceptance.processes import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path


def told(one: VendorPlan) -> list[str]:
    """Return the sentences on a vendor."""
    return [str(message) for message in words.sentences(one, Limits())]


def test_vendor_in_order_says_nothing() -> None:
    """Counts stand in the table; nothing else is to be said."""
    assert [] == told(VendorPlan("mailchimp", kinds=Counter(create=3)))


def test_closed_vendor_tells_why_and_what_to_do() -> None:
    """Both in one line."""
    one = VendorPlan("slack", closed=said("it is shut"), remedy=said("open it"))
    assert ["nothing is sent there: it is shut (open it)"] == told(one)


def test_every_reason_is_told_with_its_count() -> None:
    """Withheld for all, passed over as people, left out for some; in this order."""
    one = VendorPlan(
        "recurly",
        withheld={"customer.rating": said("the source has no column for it")},
        skipped=Counter({"opted-out": 2, "erased": 1}),
        left_out=Counter({"company.org_number": 12}),
        fixed=Counter({"person.email": 1}),
    )
    assert [
        "customer.rating is not sent: the source has no column for it",
        "people passed over: 1 (they were erased, and have not come back by themselves)",
        "people passed over: 2 (they have opted out)",
        "company.org_number is left out for 12: it is, or may be, a national id (R90)",
        "person.email differs for 1, and only a person can change it there",
    ] == told(one)


def test_stuck_people_name_the_command_that_helps() -> None:
    """Unknown ones are settled, dead ones retried; what is being sent needs nobody."""
    one = VendorPlan("zapier", stuck=Counter(unknown=1, dead=2, sending=3))
    assert [
        "refused to the end: 2 (`klarsyn deliver retry zapier`)",
        "being sent at this moment: 3",
        "nobody knows whether it arrived: 1 (`klarsyn deliver settle zapier`)",
    ] == told(one)


def test_residue_is_told_where_somebody_is_removed() -> None:
    """And that an approval is needed, where there are too many."""
    residue = (said("hashes of the address"),)
    few = VendorPlan("mailchimp", "d1", kinds=Counter(remove=1), residue=residue)
    many = VendorPlan("mailchimp", "d1", kinds=Counter(remove=99))
    assert ["a removal leaves: hashes of the address"] == told(few)
    assert "somebody has to approve it: 99 people would be removed" in told(many)[0]


def test_wrong_rows_are_told_by_line_and_reason() -> None:
    """With the column where one is meant, and what follows where nobody knows whose they are."""
    why = said("this is no e-mail address")
    wrong = (Rejected(7, "email", why, source="c.csv"), Rejected(8, "", why, source="c.csv"))
    first, second, *lines = map(str, words.rejected(Plan((), 9, 2, 1, wrong)))
    assert first.endswith(": 2")
    assert "nobody is removed for being absent" in second
    assert [f"c.csv:7: email: {why}", f"c.csv:8: {why}"] == lines


def test_right_rows_are_not_spoken_of() -> None:
    """The heading counts the people, and that is all."""
    assert [] == list(words.rejected(Plan((), 9)))
    assert "People in the source: 9." == str(words.heading(Plan((), 9)))


def test_rows_that_no_score_counts_are_told(tmp_path: Path) -> None:
    """They stand in another table than the people; nothing is said where none is wrong."""
    shutil.copytree(EXAMPLES / "klarpris", tmp_path, dirs_exist_ok=True)
    with (tmp_path / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("10001;no day;12,50\n")
    installation = settings.load(tmp_path)
    source = Source.of(installation, registers.load(installation.register))
    scores = ScoresOfDay(source, date(2026, 11, 26))
    assert [] == [*words.tables(scores), *words.tables({})]
    assert scores["customer.rating"]
    (told,) = words.tables(scores)
    assert "Rows that are wrong and that no score counts: 1." in str(told)

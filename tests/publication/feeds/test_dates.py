from datetime import date

import pytest

from klarsyn.publication.feeds.dates import Dated, dates
from tests.register.builders import COMPANY, HOST, VENDOR, add, line, register, swap, without

ALONE = without(HOST)


def due(*edits):
    """Return what is due at the one vendor that is left, by key, without what is always there."""
    always = {("postdesk", "review"), ("postdesk", "supervision")}
    return {
        one.key: one.day.isoformat()
        for one in dates(register(ALONE, *edits))
        if one.key not in always
    }


def test_review_and_supervision_are_due():
    """
    Each vendor has its next ones.
    """
    assert [
        Dated(("postdesk", "review"), date(2027, 5, 1), "review is due", "postdesk"),
        Dated(("postdesk", "supervision"), date(2027, 5, 1), "supervision is due", "postdesk"),
    ] == list(dates(register(ALONE)))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], {}),
        (
            [swap(VENDOR, "    same_duties_below", "    until: 2027-08-01\n    same_duties_below")],
            {("postdesk", "agreement"): "2027-08-01"},
        ),
        (
            [add(VENDOR, "end: {value: 2027-03-03, source: own}\n")],
            {("postdesk", "end"): "2027-03-03"},
        ),
        (
            [add(VENDOR, "end: {not_yet_known_until: 2027-03-03}\n")],
            {("postdesk", "gaps", "2027-03-03"): "2027-03-03"},
        ),
        (
            [
                add(
                    VENDOR,
                    "transfers: [{to: US, mechanism: dpf, source: own, until: 2027-09-01}, "
                    "{to: US, mechanism: scc, source: own, until: 2027-09-02, assessment: "
                    "{file: a, on: 2026-01-01, by: A. Jensen, next: 2028-01-01}}, "
                    "{to: US, mechanism: scc, source: own, until: 2027-09-03}]\n",
                )
            ],
            {
                ("postdesk", "ground", "US", "dpf", "1"): "2027-09-01",
                ("postdesk", "ground", "US", "scc", "1"): "2027-09-02",
                ("postdesk", "ground", "US", "scc", "2"): "2027-09-03",
                ("postdesk", "assessment", "US", "scc", "1"): "2028-01-01",
            },
        ),
        (
            [
                swap(
                    VENDOR,
                    "    elements:\n",
                    "    evidence:\n"
                    "      - {kind: probe, what: {en: x}, on: 2026-01-01, until: 2027-01-01}\n"
                    "      - {kind: probe, what: {en: y}, on: 2026-01-01, until: 2027-02-01}\n"
                    "      - {kind: audit, what: {en: z}, on: 2026-01-01, until: 2027-03-01}\n"
                    "    elements:\n",
                )
            ],
            {
                ("postdesk", "evidence", "support", "probe", "2026-01-01"): "2027-01-01",
                ("postdesk", "evidence", "support", "probe", "2026-01-01", "2"): "2027-02-01",
                ("postdesk", "evidence", "support", "audit", "2026-01-01"): "2027-03-01",
            },
        ),
    ],
    ids=["none", "agreement", "end", "end not known", "grounds", "evidence"],
)
def test_each_date_of_a_vendors_file_is_told_once(edits, expected):
    """
    Under a key of its own, also where two things are alike.
    """
    assert expected == due(*edits)


def test_facts_not_yet_known_are_due_once_a_day():
    """
    However many of a vendor's facts are to be known by then; the company has its own.
    """
    gaps = [
        line(VENDOR, "risk: ", "risk: {not_yet_known_until: 2027-06-30}"),
        line(VENDOR, "own_list: ", "own_list: {not_yet_known_until: 2027-06-30}"),
        line(VENDOR, "plan_used: ", "plan_used: {not_yet_known_until: 2027-07-31}"),
        line(COMPANY, "notice_period: ", "notice_period: {not_yet_known_until: 2027-01-31}"),
    ]

    assert {
        ("", "gaps", "2027-01-31"): "2027-01-31",
        ("postdesk", "gaps", "2027-06-30"): "2027-06-30",
        ("postdesk", "gaps", "2027-07-31"): "2027-07-31",
    } == due(*gaps)


def test_keys_are_each_ones_own():
    """
    In an example with everything.
    """
    from tests.publication.sites import example

    for name in ("klarpris", "nordlys"):
        keys = [one.key for one in dates(example(name))]
        assert len(set(keys)) == len(keys) > 10


def test_vendor_that_was_looked_at_is_not_looked_at_again():
    """
    In a long history most vendors are the same object from day to day.
    """
    whole = register()
    known: dict[int, list[Dated]] = {}
    first = list(dates(whole, known))
    marked: dict[int, list[Dated]] = {one: [] for one in known}

    assert list(dates(whole)) == first
    assert [] == list(dates(whole, marked))

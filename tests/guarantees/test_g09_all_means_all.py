"""G9. "All" is said only when it is all."""

import re

import pytest

from tests.publication.sites import read, small
from tests.register.builders import GAP, HOST, OWN, VENDOR, swap, unknown


def no_agreement(file):
    """Make the whole agreement one that is not yet known."""

    def edit(files):
        told, times = re.subn(r"(?m)^agreement:\n(?: .*\n)+", f"agreement: {GAP}\n", files[file])
        assert 1 == times
        return {**files, file: told}

    return edit


LACKS = {
    "not on record": no_agreement(VENDOR),
    "ended": swap(
        VENDOR, "    signed: 2025-01-15", "    signed: 2025-01-15\n    until: 2026-01-31"
    ),
    "not signed yet": swap(VENDOR, "    signed: 2025-01-15", "    signed: 2027-01-15"),
    "another plan": swap(VENDOR, "plan_covered: Team", "plan_covered: Enterprise"),
    "plan not known": unknown(VENDOR, "plan_used"),
    "from memory": swap(VENDOR, OWN, OWN.replace("basis: own", "basis: memory")),
}


def counted(*edits):
    """Return what the overview says of agreements: "all", or how many of how many."""
    found = read(small(*edits)["en/index.html"]).root.every("p")
    (told,) = [one.text for one in found if "data processing agreement" in one.text]
    if "with all" in told:
        return "all"
    return tuple(map(int, re.findall(r"\d+", told)))


def test_all_is_said_when_it_is_all():
    """
    Two vendors, two agreements: valid, and for the plan in use.
    """
    assert "all" == counted()


@pytest.mark.parametrize("edit", LACKS.values(), ids=LACKS)
def test_one_lack_takes_the_word_away(edit):
    """
    One agreement that cannot be shown, for whatever reason: the page counts.
    """
    assert (1, 2) == counted(edit)


def test_none_is_said_as_none():
    """
    No agreement with anybody is 0 of 2.
    """
    assert (0, 2) == counted(no_agreement(VENDOR), no_agreement(HOST))

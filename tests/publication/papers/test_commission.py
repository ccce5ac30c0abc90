import pytest

from tests.publication.papers.desk import PROCESSOR, SUB_PROCESSOR, named, of_example, order, words
from tests.register.builders import COMPANY, VENDOR, line, swap, unknown


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((), "controller"),
        ((PROCESSOR,), "controller"),
        ((PROCESSOR, SUB_PROCESSOR), "processor"),
        ((unknown(COMPANY, "acts_as"),), "controller"),
        ((unknown(VENDOR, "role"),), "controller"),
        ((PROCESSOR, line(VENDOR, "role:", "role: {not_yet_known_until: 2027-01-01}")), None),
        ((unknown(COMPANY, "acts_as"), unknown(VENDOR, "role")), None),
        ((swap(COMPANY, "[controller]", "[processor]"),), "processor"),
    ],
)
def test_hat_follows_from_the_roles(edits, expected):
    """
    R1, R2: a processor where it has a sub-processor; unknown while a role could be either.
    """
    assert expected == order(*edits).hat("support")


def test_rows_are_of_vendors_in_use():
    """
    A vendor whose end has passed stands on no paper about what is done today.
    """
    ended = (
        line(VENDOR, "status:", "status: {value: ended, source: own}"),
        line(
            VENDOR,
            "start:",
            "start: {value: 2025-02-01, source: own}\nend: {value: 2026-03-01, source: own}",
        ),
    )

    assert ["postdesk", "vault"] == [one.vendor_id for one in order().rows()]
    assert ["vault"] == [one.vendor_id for one in order(*ended).rows()]


def test_rows_can_be_asked_for_by_hat():
    """
    What is done on customers' behalf, and what on the company's own.
    """
    ordered = order(PROCESSOR, SUB_PROCESSOR)

    assert ["postdesk"] == [one.vendor_id for one in ordered.rows("processor")]
    assert ["vault"] == [one.vendor_id for one in ordered.rows("controller")]


def test_head_tells_whose_paper_it_is_and_of_which_day():
    """
    A complete paper has nothing else to say of itself in a language that was reviewed.
    """
    told = {one.label: words(one.lines) for one in named("nordlys", "en", "recipients").edition}

    assert {"Company": ["Nordlys Fakturering A/S"], "As of": ["22 November 2026"]} == told


def test_head_counts_gaps_and_what_is_not_verified():
    """
    R12: whoever reads the first lines knows how much is open.
    """
    told = {one.label: words(one.lines) for one in named("klarpris", "en", "recipients").edition}
    gaps, unverified = told["Open points"]

    assert int(gaps.split()[0]) > 10
    assert int(unverified.split()[0]) > 5


def test_head_says_that_nobody_has_reviewed_the_language():
    """
    German and Finnish have not been read by a native speaker.
    """
    paper = named("nordlys", "de", "recipients")

    assert ["Unternehmen", "Stand", "Sprache"] == [one.label for one in paper.edition]


def test_each_file_speaks_with_its_own_sources():
    """
    An id of a source means what it means in the file where it stands.
    """
    ordered = of_example("nordlys", "en")

    assert "statutes" in ordered.own.sources
    assert "statutes" not in ordered.of_vendor("puffinpost").sources
    assert "record" in ordered.of_purposes.sources
    assert "record" in ordered.of_elements.sources
    assert "card" in ordered.of_score("activity-score").sources

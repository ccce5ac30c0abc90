from datetime import date

from klarsyn.publication.papers import Choice
from tests.publication.papers.desk import named, rows, small
from tests.publication.sites import DAY
from tests.register.builders import HOST, VENDOR, line

PAPER = Choice("supervision")


def plan(file, text):
    """Write another plan for a vendor."""
    return line(file, "supervision:", f"supervision: {text}".rstrip())


def test_processors_are_sorted_by_their_next_date():
    """
    R68: what comes first stands first.
    """
    told = rows(named("nordlys", "en", "supervision"))

    assert ["Bogholm", "Snakkebord", "Puffinpost"] == [one[0] for one in told[:3]]
    assert ["Vaktuggla", "1", "1–6", "1", "9 November 2026, by Mikkel Havrevang"] == told[-1][:5]
    assert 9 == len(told)


def test_concept_that_is_too_little_is_told():
    """
    R68: 3-4 points ask for 2-6.
    """
    low = plan(VENDOR, "{points: 3, concept: 1, next: 2027-02-01}")

    assert ["3", "2–6", "1; too little: at least 2"] == rows(small(PAPER, low))[0][1:4]


def test_overdue_is_told():
    """
    R68: on the day itself it is due, a day later overdue.
    """
    today = plan(VENDOR, f"{{points: 2, concept: 1, next: {DAY}}}")

    assert "22 November 2026" == rows(small(PAPER, today))[0][5]
    assert "22 November 2026; overdue" == rows(small(PAPER, today, on=date(2026, 11, 23)))[0][5]


def test_report_is_named():
    """
    R68: where it lies.
    """
    told = plan(HOST, "{points: 2, concept: 1, next: 2027-01-01, report: papers/vault.pdf}")

    assert ["papers/vault.pdf", "none yet"] == [one[6] for one in rows(small(PAPER, told))]


def test_processor_without_a_plan_stands_last_with_gaps():
    """
    R68: nobody is passed over.
    """
    told = rows(small(PAPER, line(VENDOR, "supervision:"), line(VENDOR, "review:")))

    assert ["Vault", "Postdesk"] == [one[0] for one in told]
    assert ["not yet known"] * 6 == told[1][1:]


def test_controller_of_its_own_is_not_supervised():
    """
    R1: Art. 28 is about processors.
    """
    other = line(VENDOR, "role:", "role: {value: controller, source: own}")

    assert ["Vault"] == [one[0] for one in rows(small(PAPER, other, line(VENDOR, "supervision:")))]

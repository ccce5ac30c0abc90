from datetime import date, timedelta

import pytest

from klarsyn.language import COUNTRIES
from klarsyn.rules.transfers import ADEQUACY, EEA, adequacy, in_eea, needs_ground

TODAY = date(2026, 11, 22)
NONE = "none"


@pytest.mark.parametrize(
    ("country", "on", "expected"),
    [
        # Privacy Shield, from 1 August 2016 until C-311/18 of 16 July 2020; then nothing until
        # decision (EU) 2023/1795 of 10 July 2023.
        ("US", date(2016, 7, 31), NONE),
        ("US", date(2016, 8, 1), "privacy-shield-certified"),
        ("US", date(2020, 7, 16), "privacy-shield-certified"),
        ("US", date(2020, 7, 17), NONE),
        ("US", date(2022, 1, 25), NONE),
        ("US", date(2023, 7, 9), NONE),
        ("US", date(2023, 7, 10), "dpf-certified"),
        ("US", date(2024, 6, 1), "dpf-certified"),
        ("US", TODAY, "dpf-certified"),
        # Decision (EU) 2021/1772, renewed until 27 December 2031.
        ("GB", date(2021, 6, 27), NONE),
        ("GB", date(2021, 6, 28), None),
        ("GB", TODAY, None),
        ("GB", date(2031, 12, 27), None),
        ("GB", date(2031, 12, 28), NONE),
        ("CH", date(2022, 1, 25), None),
        ("CH", TODAY, None),
        ("JP", date(2019, 1, 22), NONE),
        ("JP", date(2019, 1, 23), None),
        ("KR", TODAY, None),
        ("CA", TODAY, "commercial"),
        ("IN", TODAY, NONE),
        ("AU", TODAY, NONE),
    ],
)
def test_adequacy_by_the_day(country, on, expected):
    """
    R83, R94: which decision is in force, and for whom, depends on the day.
    """
    decision = adequacy(country, on)

    assert expected == (decision.only if decision else NONE)


@pytest.mark.parametrize(
    ("country", "on", "expected"),
    [
        ("NO", TODAY, False),
        ("IS", TODAY, False),
        ("LI", TODAY, False),
        ("DK", TODAY, False),
        ("HR", TODAY, False),
        ("CH", TODAY, False),
        ("GB", TODAY, False),
        ("GB", date(2020, 12, 31), False),
        ("US", TODAY, True),  # certified firms only: which firm is a ground of its own
        ("CA", TODAY, True),  # commercial organisations only
        ("US", date(2022, 1, 25), True),
        ("IN", TODAY, True),
    ],
)
def test_ground_is_needed_outside_the_eea_without_a_full_decision(country, on, expected):
    """
    R82, R91: the EEA and countries with a decision for all need no ground; others do.
    """
    assert expected == needs_ground(country, on)


def test_united_kingdom_in_its_bridge_period():
    """
    R83: the table knows nothing of the bridge from 1 January to 27 June 2021.

    Article FINPROV.10A of the Trade and Cooperation Agreement treated transfers to the United
    Kingdom as transfers inside the Union. The table errs to the safe side: it asks for a ground.
    """
    assert needs_ground("GB", date(2021, 3, 1))
    assert adequacy("GB", date(2021, 3, 1)) is None


def test_norway_is_in_the_eea():
    """
    R91: Norway, Iceland and Liechtenstein apply the regulation through the EEA agreement.
    """
    assert {"NO", "IS", "LI"} <= EEA
    assert in_eea("NO", TODAY)
    assert 30 == len(EEA)


def test_united_kingdom_left():
    """
    R83: a member state's protection until the end of the transition period.
    """
    assert in_eea("GB", date(2020, 12, 31))
    assert not in_eea("GB", date(2021, 1, 1))


@pytest.mark.parametrize("row", ADEQUACY, ids=lambda row: f"{row.country}-{row.since}")
def test_row_has_source_and_grade(row):
    """
    R94: every decision has a beginning, a source, and how it was checked.
    """
    assert row.source.startswith("Decision ")
    assert row.grade in {"S", "OJ", "M"}
    assert row.country in COUNTRIES
    assert row.country not in EEA
    assert row.until is None or row.since < row.until


def test_decisions_on_one_country_never_overlap():
    """
    R94: on one day one answer.
    """
    for row in ADEQUACY:
        others = [one for one in ADEQUACY if one.country == row.country and one is not row]
        for other in others:
            first, second = sorted((row, other), key=lambda one: one.since)
            assert first.until is not None
            assert first.until < second.since


@pytest.mark.parametrize("row", ADEQUACY, ids=lambda row: f"{row.country}-{row.since}")
def test_decision_holds_from_its_first_to_its_last_day(row):
    """
    R94: the day of the beginning counts, and so does the last.
    """
    day = timedelta(days=1)

    assert row == adequacy(row.country, row.since)
    assert row != adequacy(row.country, row.since - day)
    if row.until:
        assert row == adequacy(row.country, row.until)
        assert row != adequacy(row.country, row.until + day)


def test_every_country_of_the_eea_is_a_country():
    """
    R82: the codes are ISO 3166.
    """
    assert EEA <= set(COUNTRIES)

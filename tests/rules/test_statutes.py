import pytest

from klarsyn.rules.statutes import STATUTES


@pytest.mark.parametrize(
    ("name", "country", "years", "counted_from"),
    [
        ("se-bookkeeping", "SE", 7, "end-of-calendar-year-of-financial-year"),
        ("dk-bookkeeping", "DK", 5, "end-of-financial-year"),
        ("no-bookkeeping", "NO", 5, "end-of-financial-year"),
    ],
)
def test_accounts_are_kept_for_years(name, country, years, counted_from):
    """
    R36: Sweden through the seventh year after, Denmark and Norway five years.
    """
    statute = STATUTES[name]

    assert (country, years, counted_from) == (statute.country, statute.years, statute.counted_from)


@pytest.mark.parametrize("name", STATUTES)
def test_statute_has_source_and_grade(name):
    """
    R94: every statute names its paragraph, and how it was checked.
    """
    statute = STATUTES[name]

    assert name == statute.id
    assert "§" in statute.source
    assert statute.grade in {"S", "OJ", "M"}

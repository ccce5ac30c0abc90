from datetime import UTC, datetime

import pytest

from klarsyn.settings import OwnRetention
from klarsyn.storage.queries import known
from klarsyn.upkeep.kept import TABLE
from klarsyn.upkeep.tables import EVERY

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def test_every_table_has_a_row():
    """
    Nothing is kept of which nobody has said for how long.
    """
    assert {one.name for one in EVERY} == {table for one in TABLE for table in one.tables}


@pytest.mark.parametrize("kept", TABLE, ids=lambda one: one.id)
def test_a_row_says_what_when_and_why(kept):
    """
    And by which queries it is counted and erased, where time alone ends it.
    """
    assert all(map(str, (kept.what, kept.ends, kept.why, kept.decided)))
    assert {kept.count, *kept.drop} - {""} <= known().keys()
    assert bool(kept.drop) == (kept.how in {"query", "recipients"})


def test_ids_stand_once():
    """
    They are public: programs and the journal name them.
    """
    assert len(TABLE) == len({one.id for one in TABLE})


def test_a_company_chooses_some_periods():
    """
    Each key of `retention:` is a row's, and every other period is the row's own.
    """
    chosen = {one.period: one for one in TABLE if one.period in OwnRetention.__struct_fields__}

    assert set(OwnRetention.__struct_fields__) == set(chosen)
    assert "P5Y" == chosen["past_recipients"].stated(OwnRetention(past_recipients="P5Y"))
    assert "P1D" == next(one for one in TABLE if one.id == "leases").stated(OwnRetention())


def test_a_period_ends_on_its_day_at_the_same_hour():
    """
    What has an end of its own is due when it is over.
    """
    limits = {one.id: one.limit(OwnRetention(), NOW) for one in TABLE}

    assert NOW.replace(year=2023) == limits["past-recipients"]
    assert NOW.replace(day=25) == limits["leases"]
    assert NOW == limits["dead-letters"]

"""
Whom the account holds, and where.
"""

from klarsyn.testing import StillClock
from klarsyn.testing.standins.pipedrive import PipedriveStandIn


def test_people_are_planted_where_nobody_looks():
    """
    Everybody is a person with a firm; notes, titles, own fields and logs hold more.
    """
    standin = PipedriveStandIn(clock=StillClock())
    careless = {one.place for one in standin.planted if not one.expected}
    named = {one.person for one in standin.planted if one.place == "person.emails"}

    assert set(standin.people) == named
    assert {"note.content", "deal.title", "activity.note", "file.name"} < careless
    assert {"person.custom_fields", "person.changelog", "mail.subject"} < careless
    assert {"api_token", "company"} == set(standin.secrets)


def test_same_seed_same_company():
    """
    Two accounts of one seed hold the same, another holds others; none is possible too.
    """
    first, second = (PipedriveStandIn(seed=3, clock=StillClock()) for _ in range(2))

    assert first.records == second.records
    assert first.leads == second.leads
    assert first.records != PipedriveStandIn(seed=4, clock=StillClock()).records
    assert [] == PipedriveStandIn(count=0, clock=StillClock()).planted

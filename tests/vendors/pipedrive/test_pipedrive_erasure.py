"""
How Pipedrive forgets: blank first, then deleted, for good after thirty days.
"""

from datetime import date

import pytest

from klarsyn.testing.faults import Trouble
from klarsyn.vendors.sheet import Level
from tests.vendors.pipedrive.companies import asked, bodies, erased, found, gone, targets

pytestmark = pytest.mark.network


def held(company, target):
    """Return a person as the vendor keeps them."""
    return company.standin.records["persons"][int(target.key)]


def hang_all_on(company, person_id):
    """Hang something of every kind on a person."""
    standin = company.standin
    standin.new_note("Ring i morgen", person_id=person_id)
    standin.new("activities", {"subject": "Opkald", "person_id": person_id})
    standin.new_lead(title="Interesse", person_id=person_id)
    standin.new_lead(title="Kold", person_id=person_id, is_archived=True)
    next(iter(standin.files.values()))["person_id"] = person_id


def test_person_is_blank_before_it_is_deleted(company):
    """
    What is deleted can be brought back for thirty days: there is nothing in it.
    """
    _, target = company.somebody()
    outcome = erased(company, target)
    record = held(company, target)

    assert ("done", Level.SOFT_DELETED) == (outcome.state, outcome.level)
    assert ("-", [], [], True) == tuple(
        record[name] for name in ("name", "emails", "phones", "is_deleted")
    )
    assert set() == {one for one in record["custom_fields"].values() if one is not None}
    assert ["PATCH /persons/*", "DELETE /persons/*"] == asked(company, "PATCH", "DELETE")[-2:]


def test_what_hangs_on_a_person_goes_first(company):
    """
    Notes, activities, leads, archived ones too, and files are deleted with the person.
    """
    _, target = company.somebody()
    hang_all_on(company, int(target.key))
    before = asked(company, "DELETE")
    erased(company, target)

    assert {
        *("DELETE /notes/*", "DELETE /activities/*", "DELETE /leads/*", "DELETE /files/*"),
        "DELETE /persons/*",
    } == set(asked(company, "DELETE")[len(before) :])
    assert 2 == asked(company, "DELETE").count("DELETE /leads/*")


def test_synced_fields_are_blanked_where_there_are_some(company):
    """
    Only a company that syncs contacts has birthdays and the like, and may send them.
    """
    company.standin.contact_sync = True
    _, target = company.somebody()
    held(company, target).update(birthday="1980-01-01", im=[{"value": "x", "primary": True}])
    erased(company, target)

    assert (None, []) == (held(company, target)["birthday"], held(company, target)["im"])
    assert "job_title" not in bodies(company, "PATCH")[-1]


def test_proof_knows_deleted_from_gone(company):
    """
    One who is deleted is read by id for thirty days, and is gone all the same.
    """
    _, target = company.somebody()
    assert not gone(company, target)
    erased(company, target)
    assert gone(company, target)

    company.clock.move(days=30)
    assert gone(company, target)


def test_residue_ends_after_thirty_days(company):
    """
    A person deleted on 26 November is deleted for good on 26 December; names in titles stay.
    """
    _, target = company.somebody()
    until = [day for _, day in erased(company, target).residue]

    assert [date(2026, 12, 26), date(2026, 12, 26), None] == until


def test_broken_erasure_is_gone_on_with(company):
    """
    A vendor that is down in the middle leaves the job before that stage, and it ends later.
    """
    _, target = company.somebody()
    company.standin.faults.add(Trouble.DOWN, on="DELETE */persons/*", times=10_000)
    broken = erased(company, target)
    assert ("later", 6, "-") == (broken.state, broken.stage, held(company, target)["name"])

    company.standin.faults.clear()
    company.clock.move(seconds=60)
    assert "done" == erased(company, target, stage=broken.stage).state
    assert gone(company, target)


def test_empty_fields_are_not_sent(company):
    """
    Who has nothing in the company's own fields is blanked without them.
    """
    _, target = company.somebody()
    own = held(company, target)["custom_fields"]
    own.update(dict.fromkeys(own))
    erased(company, target)

    assert {"name", "emails", "phones"} == set(bodies(company, "PATCH")[-1])


def test_erasure_may_run_again(company):
    """
    One who is deleted is neither changed nor brought back by a second run.
    """
    _, target = company.somebody()
    erased(company, target)
    patched = asked(company, "PATCH")

    assert "done" == erased(company, target).state
    assert patched == asked(company, "PATCH")
    company.clock.move(days=31)
    assert "refused" == erased(company, target).state


@pytest.mark.parametrize(
    ("kind", "number", "by"),
    [
        *(("note", 1, "name"), ("note_comment", 3, "name"), ("activity", 5, "name")),
        *(("lead", 11, "name"), ("file", 9, "name"), ("mail", 10, "name")),
    ],
)
def test_what_colleagues_wrote_is_deleted(company, kind, number, by):
    """
    What is found about somebody is deleted, and proved to be.
    """
    person = company.standin.people[number]
    target = found(company, kind, thorough=True, **{by: getattr(person, by)})[0]
    assert not gone(company, target)

    assert "done" == erased(company, target).state
    assert gone(company, target)
    assert "done" == erased(company, target).state


@pytest.mark.parametrize(("kind", "number"), [("deal", 3), ("deal", 4), ("organization", 3)])
def test_books_are_blacked_out(company, kind, number):
    """
    Deals and firms stay, archived ones too; what they say of somebody does not.
    """
    person = company.standin.people[number]
    by = {"name": person.name} if kind == "deal" else {"company": person.company}
    target = found(company, kind, **by)[0]
    assert not gone(company, target)
    outcome = erased(company, target)

    assert ("done", Level.REDACTED) == (outcome.state, outcome.level)
    assert gone(company, target)
    assert [] == found(company, kind, **by)
    assert "done" == erased(company, target).state


def test_nothing_is_blacked_out_for_nobody(company):
    """
    A deal that was not found by looking for somebody is a person's to open.
    """
    outcome = erased(company, targets(company, "deal")[0])

    assert ("refused", Level.MANUAL) == (outcome.state, outcome.level)


def test_deleted_deal_is_left(company):
    """
    A deal that was deleted goes for good by itself; it is read, and not changed.
    """
    person = company.standin.people[3]
    deal = next(iter(company.standin.records["deals"].values()))
    company.standin.remove("deals", deal)
    target = found(company, "deal", name=person.name)[0]

    assert Level.SOFT_DELETED is erased(company, target).level
    assert [] == asked(company, "PATCH")


def test_log_goes_with_its_person(company):
    """
    Old values cannot be deleted: they go with the person, and not before.
    """
    person = company.standin.people[8]
    target = found(company, "person_change", name=person.name)[0]
    assert "refused" == erased(company, target).state

    erased(company, found(company, "person", email=person.email)[0])
    assert ("done", Level.RETAINED) == (
        (outcome := erased(company, target)).state,
        outcome.level,
    )
    assert gone(company, target)

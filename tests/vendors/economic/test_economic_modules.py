"""
What e-conomic's modules hold, against the stand-in; the contract referees what Klarsyn sends.
"""

import pytest

from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from tests.vendors.economic.agreements import asked, erased, matches, refusing, targets

pytestmark = pytest.mark.network

WORDS = ("project", "mileage", "subscription", "subscription_line", "subscriber")
PROJECTS = {"project", "project_employee", "time_entry", "mileage"}


def about(books, record, place=3):
    """Return the record of a kind that is about the person at a place."""
    return matches(books, books.standin.people[place], record)[0]


def missed(books):
    """Return the kinds of records that could not be read."""
    _, coverage = books.everything()
    return {name for name, _ in coverage.missed}


@pytest.mark.parametrize("record", WORDS)
def test_words_about_somebody_are_blacked_out(books, record):
    """
    A project, a drive or a subscription stays, and names the person no more.
    """
    target = about(books, record)
    outcome, gone = erased(books, target)

    assert ("done", "redacted", True) == (outcome.state, outcome.level.value, gone)
    assert [] == matches(books, books.standin.people[3], record)
    assert [] == asked(books, "DELETE")


def test_project_without_a_known_person_is_emptied(books):
    """
    Where nobody says whom it is about, all the words of a project go.
    """
    (target, *_) = targets(books, "project")
    erased(books, target)

    left = books.standin.projects[int(target.key)]
    assert ("-", None) == (left["name"], left.get("description"))


def test_hours_are_blacked_out_until_they_are_approved(books):
    """
    Hours that were approved take no change: the vendor's refusal is told.
    """
    assert erased(books, about(books, "time_entry"))[1]
    outcome, gone = erased(books, about(books, "time_entry", place=0))

    assert ("refused", False) == (outcome.state, gone)


def test_employee_with_hours_is_made_anonymous(books):
    """
    Somebody on whom hours hang cannot be deleted; their home and name go, and they are barred.
    """
    target = next(one for one in targets(books, "project_employee") if one.key == "2")
    outcome, gone = erased(books, target)

    left = books.standin.project_employees[2]
    assert ("redacted", True) == (outcome.level.value, gone)
    assert ("-", True, None) == (left["name"], left["isBarred"], left.get("address"))


def test_employee_without_hours_is_deleted(books):
    """
    Nothing refers to who never worked on a project.
    """
    target = next(one for one in targets(books, "project_employee") if one.key == "1")
    outcome, gone = erased(books, target)

    assert ("purged", True) == (outcome.level.value, gone)
    assert 1 not in books.standin.project_employees


def test_employee_moves(books):
    """
    The address of an employee is corrected, and what the vendor sets itself is not sent.
    """
    target = next(one for one in targets(books, "project_employee") if one.key == "2")
    with books.open(Purpose.RECTIFY) as connection:
        assert "done" == jobs.rectify(connection, target, {"street": "Vej 9"}).state

    left = books.standin.project_employees[2]
    assert ("Vej 9", "owner") == (left["address"], left["userId"])


def test_company_without_projects_has_none(books):
    """
    Who has no module for projects is refused them, and lacks nothing.
    """
    books.standin.modules.remove("Project")

    assert set() == missed(books)
    assert [] == targets(books, "project")


@pytest.mark.parametrize("name", ["Projekt", "PROSJEKT", "Project management"])
def test_module_is_known_by_its_name(books, name):
    """
    A module that is there and refused is a gap, whatever the language it is named in.
    """
    books.standin.modules = [name]
    books.standin.refuses_modules = True

    assert missed(books) == PROJECTS


def test_lacking_role_is_a_gap(books):
    """
    Where the agreement has the modules, a refusal means that the app may not read them.
    """
    books.standin.refuses_modules = True

    assert {*PROJECTS, "subscription", "subscriber"} <= missed(books)


def test_agreement_that_tells_no_modules_proves_nothing(books):
    """
    Without a list of modules, a refusal may always be that of a role.
    """
    books.standin.modules = []

    assert missed(books) >= PROJECTS


def test_refused_agreement_is_a_gap(books):
    """
    An app that may not even look at the agreement has read nothing of its modules.
    """
    books.standin.refuses_modules = True
    refusing(books, "GET", "/self", (403, "Forbidden.", ""))

    assert missed(books) >= PROJECTS

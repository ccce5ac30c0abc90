"""
Plain HTTP drives the modules of the stand-in; the contract referees it.
"""

import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.economic import EconomicStandIn
from klarsyn.testing.standins.economic_work_views import PROJECTS, SUBSCRIPTIONS
from tests.testing.standins.test_economic import SERVICES, Caller, judging

pytestmark = pytest.mark.network

HOURS = f"{PROJECTS}/TimeEntries"
STAFF = f"{PROJECTS}/project-employees"
LINES = f"{SUBSCRIPTIONS}/subscriptions/2/lines"


@pytest.fixture(scope="module")
def exchanges():
    """All exchanges of this module, judged when it ends."""
    with judging() as kept:
        yield kept


@pytest.fixture
def standin(exchanges):
    """An agreement with twelve people, whose clock stands still."""
    with EconomicStandIn(clock=StillClock()) as standin:
        yield standin
    exchanges.extend(standin.exchanges)


@pytest.fixture
def call(standin):
    """A caller of the services."""
    return Caller(standin, SERVICES)


def test_words_name_people(standin, call):
    """
    Projects, hours, drives and what is sold again and again name every third person.
    """
    person = standin.people[3]
    told = {path: call.get(f"{PROJECTS}/{path}/2") for path in ("Projects", "Mileages")}

    assert f"Bathroom for {person.name}" == told["Projects"]["name"]
    assert told["Mileages"]["to"].startswith(person.name)
    assert f"Met {person.name}" == call.get(f"{HOURS}/2")["text"]
    assert (
        f"Agreed with {person.name}" == call.get(f"{SUBSCRIPTIONS}/Subscriptions/2")["description"]
    )


def test_lines_lie_below_their_subscription(standin, call):
    """
    Lines come in a bare array, and one is replaced by a body that names it.
    """
    (line,) = call.get(LINES)
    given = {**line, "description": "Yearly look"}

    assert standin.people[3].name in line["description"]
    assert 204 == call.status("PUT", LINES, given)
    assert "Yearly look" == call.get(f"{LINES}/{line['number']}")["description"]
    assert 409 == call.status("PUT", LINES, given)
    assert 404 == call.status("GET", f"{SUBSCRIPTIONS}/subscriptions/99/lines")


def test_approved_hours_cannot_be_changed(call):
    """
    What was approved stays as it is; other hours are replaced.
    """
    approved, other = (call.get(f"{HOURS}/{number}") for number in (1, 2))

    assert approved["isApproved"]
    del approved["isApproved"]
    assert 400 == call.status("PUT", HOURS, approved)
    assert 204 == call.status("PUT", HOURS, other)


def test_employee_with_hours_stays(call):
    """
    Who has hours or drives cannot be deleted.
    """
    assert 400 == call.status("DELETE", f"{STAFF}/2")
    assert 204 == call.status("DELETE", f"{STAFF}/1")
    assert 400 == call.status("DELETE", f"{PROJECTS}/Projects/1")


def test_module_that_is_not_there_is_refused(standin, call):
    """
    A lacking module and a lacking role are told in the same words; employees are everybody's.
    """
    legacy = Caller(standin)
    assert ["Project", "Subscription"] == [one["name"] for one in legacy.get("/self")["modules"]]
    standin.modules.remove("Project")

    assert 403 == call.status("GET", f"{PROJECTS}/Projects")
    assert 200 == call.status("GET", f"{SUBSCRIPTIONS}/Subscriptions")
    assert 200 == call.status("GET", f"{PROJECTS}/Employees")
    standin.refuses_modules = True
    assert 403 == call.status("GET", f"{SUBSCRIPTIONS}/Subscriptions")
    assert ["Subscription"] == [one["name"] for one in legacy.get("/self")["modules"]]

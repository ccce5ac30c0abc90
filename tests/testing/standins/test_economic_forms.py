import pytest

from klarsyn.testing import StillClock
from klarsyn.testing.standins.economic import EconomicStandIn
from tests.testing.standins.test_economic import NEEDED, Caller, judging

pytestmark = pytest.mark.network


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
    """A caller of the legacy surface."""
    return Caller(standin)


def test_reference_may_be_a_link(call):
    """
    `self` stands for the number of what is meant.
    """
    link = {"self": "https://restapi.e-conomic.com/vat-zones/2"}
    made = call("POST", "/customers", NEEDED | {"vatZone": link})[2]

    assert 2 == made["vatZone"]["vatZoneNumber"]


@pytest.mark.parametrize(
    ("change", "name", "text"),
    [
        ({"address": None}, "address", "Expected String but got Null"),
        ({"customerNumber": 0}, "customerNumber", "Integer 0 is less than minimum value of 1"),
        ({"customerNumber": "1"}, "customerNumber", "Expected Integer but got String"),
        ({"name": "x" * 256}, "name", "The maximum length is 255"),
        ({"barred": "yes"}, "barred", "Expected Boolean but got String"),
        ({"creditLimit": True}, "creditLimit", "Expected Number but got Boolean"),
        ({"vatZone": 1}, "vatZone", "Expected Object but got Integer"),
        ({"vatZone": {}}, "vatZone.vatZoneNumber", "Expected Integer but got Null"),
    ],
)
def test_wrong_field_is_named(call, change, name, text):
    """
    Null, 0 and the wrong type are refused field by field; what was sent is echoed.
    """
    status, _, said = call("POST", "/customers", NEEDED | change)
    (error,) = said["errors"]

    assert (400, "E04300") == (status, said["errorCode"])
    assert (name, text) == (error["propertyName"], error["errorMessage"])


def test_missing_fields_are_named(call):
    """
    Five fields are required; a body must be an object.
    """
    said = call("POST", "/customers", {})[2]

    assert set(NEEDED) == {one["propertyName"] for one in said["errors"]}
    assert 400 == call.status("POST", "/customers", "[]")
    assert 400 == call.status("POST", "/customers", "{")


def test_unknown_fields_are_ignored_without_a_word(standin, call):
    """
    A misspelt field is lost, and what the server counts is not believed.
    """
    standin.recording = False
    status, _, made = call("POST", "/customers", NEEDED | {"emial": "x", "balance": 9.5})

    assert (201, 0.0) == (status, made["balance"])
    assert "emial" not in made

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from klarsyn.testing import StillClock
from klarsyn.transport.azureblob import held, is_past, kept_until, plain_name, which


@pytest.mark.parametrize(
    ("state", "named", "past"),
    [
        ({}, {}, False),
        ({"VersionId": "v1", "IsCurrentVersion": "true"}, {}, False),
        ({"VersionId": "v1"}, {"versionid": "v1"}, True),
        ({"Snapshot": "s1", "VersionId": ""}, {"snapshot": "s1"}, True),
        ({"Snapshot": "s1", "Deleted": "true"}, {"snapshot": "s1"}, True),
        ({"Deleted": "true"}, {}, True),
    ],
)
def test_which_state_it_is(state, named, past):
    """
    A current blob has no name beside its own; nor has one that was deleted without versions.
    """
    assert (named, past) == (which(state), is_past(state))


def test_name_that_xml_cannot_hold():
    """
    It comes percent-encoded and says so; a percent sign elsewhere is one.
    """
    assert "a\ufffe" == plain_name({"Name": {"Encoded": "true", "content": "a%EF%BF%BE"}})
    assert "100%25" == plain_name({"Name": "100%25"})


def test_what_protects_a_state():
    """
    A legal hold does, and a policy whose day has not come.
    """
    clock = StillClock()
    here: Any = SimpleNamespace(clock=clock)
    policy = {"ImmutabilityPolicyUntilDate": f"{clock.now() + timedelta(1):%d %b %Y %H:%M:%S} GMT"}

    assert not held(here, [{"Properties": {"LegalHold": "false"}}])
    assert held(here, [{"Properties": {}}, {"Properties": {"LegalHold": "true"}}])
    assert held(here, [{"Properties": policy}])
    clock.move(seconds=2 * 86400)
    assert not held(here, [{"Properties": policy}])


def test_until_when_it_can_be_brought_back():
    """
    That is known once the account was asked.
    """
    day = date(2026, 11, 26)

    assert None is kept_until(day, {})
    assert date(2026, 12, 3) == kept_until(day, {"kept_days": 7, "at_once": False})
    assert day == kept_until(day, {"kept_days": 7, "at_once": True})

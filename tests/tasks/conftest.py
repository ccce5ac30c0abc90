"""
An office of four, on each database in turn: who signs in at a lower cost than in earnest.
"""

import pytest
from argon2.profiles import CHEAPEST

from klarsyn import keys as klarsyn_keys
from klarsyn.journal import Journal
from klarsyn.personal import Secret
from klarsyn.tasks import Approvals, Tasks, Uploads, Users
from klarsyn.tasks.passphrases import Passphrases

PHRASES = {
    "freja": Secret("granite lantern swims at noon"),
    "nils": Secret("seven kettles under the birch"),
    "tove": Secret("a ladder of quiet oranges"),
    "jens": Secret("winter maps fold themselves"),
}
ROLES = {"freja": "administrator", "nils": "approver", "tove": "editor", "jens": "viewer"}


@pytest.fixture(scope="session")
def keys():
    """One key of this installation; by some keys two of the four share a bucket of attempts."""
    return klarsyn_keys.load({"KLARSYN_KEYS": f"2026:{'k' * 43}"})


@pytest.fixture
def journal(storage, clock, keys):
    """The real journal."""
    return Journal(storage, clock, keys)


@pytest.fixture
def users(storage, clock, keys, journal):
    """No accounts yet."""
    return Users(storage, clock, keys, journal, Passphrases(CHEAPEST))


@pytest.fixture
def office(users):
    """An administrator, an approver, an editor and a viewer, each with a way to sign in."""

    def sign_in(name):
        return users.sign_in(name, PHRASES[name])

    users.add("freja", PHRASES["freja"], "viewer", None)
    for name in ("nils", "tove", "jens"):
        users.add(name, PHRASES[name], ROLES[name], sign_in("freja"))
    return sign_in


@pytest.fixture
def approvals(storage, clock, keys, users, journal):
    """Approvals that want four eyes."""
    return Approvals(storage, clock, keys, users, journal)


@pytest.fixture
def uploads(storage, keys):
    """Files that are kept for two years."""
    return Uploads(storage, keys)


@pytest.fixture
def tasks(storage, clock, users, uploads, journal):
    """No tasks yet."""
    return Tasks(storage, clock, users, uploads, journal)


@pytest.fixture
def recorded(journal):
    """What the journal says, as kind and facts."""
    return lambda: [(one.kind, one.by, one.facts) for one in journal.entries()]

"""
A journal in each database, and one that has seen something.
"""

import pytest

from klarsyn import keys as klarsyn_keys
from klarsyn.journal import Journal, Selection, export, public_keys
from klarsyn.testing import StillClock
from klarsyn.testing.storage import memory
from tests.journal.recording import PEOPLE, SOME, record


@pytest.fixture(scope="session")
def keys():
    """One key of this installation."""
    return klarsyn_keys.load({"KLARSYN_KEYS": klarsyn_keys.made("k1")})


@pytest.fixture
def trusted(keys):
    """What anybody verifies by."""
    return public_keys(keys)


@pytest.fixture
def journal(storage, clock, keys):
    """A journal without an entry, in each database in turn."""
    return Journal(storage, clock, keys)


@pytest.fixture
def told(journal):
    """A journal of eleven entries, of which the first seven are signed."""
    record(journal, 7)
    journal.checkpoint()
    record(journal, SOME, first=7)
    return journal


@pytest.fixture(scope="session")
def filed(tmp_path_factory, keys):
    """
    Files of evidence by name: of all entries, of one vendor, of one subject, of a later day.

    And the journal itself, with the checkpoint of its first seven entries.
    """
    folder, clock = tmp_path_factory.mktemp("evidence"), StillClock()
    with memory(clock) as storage:
        journal = Journal(storage, clock, keys)
        record(journal, 7)
        early = journal.checkpoint()
        clock.move(days=1)
        record(journal, SOME, first=7)
        choices = {
            "all": Selection(),
            "slack": Selection(vendor="slack"),
            "bo": Selection(subject=journal.subject(PEOPLE[1])),
            "later": Selection(since="2026-11-27"),
            "nobody": Selection(vendor="nobody"),
        }
        for name, wanted in choices.items():
            export(journal, folder / name, wanted, early)
        export(journal, folder / "alone", Selection())
        yield {"journal": journal, "early": early, "folder": folder}

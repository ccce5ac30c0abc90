"""
A furnished installation, on each database in turn; and an empty one to restore into.
"""

import pytest

from klarsyn import storage as storages
from tests.upkeep.house import House


@pytest.fixture
def house(storage, clock):
    """Something in every table."""
    return House(storage, clock).furnish()


@pytest.fixture
def empty(tmp_path, clock):
    """Another installation, in which nothing was ever done."""
    with storages.open(f"sqlite:///{tmp_path / 'empty.db'}", clock) as opened:
        yield House(opened, clock)


@pytest.fixture
def backup(tmp_path):
    """Where a backup is written."""
    return tmp_path / "klarsyn.backup"

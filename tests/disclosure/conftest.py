"""
Companies with a vendor or two that listen on this machine.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.disclosure.newsletters import BOTH
from tests.disclosure.world import World, world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Companies(Protocol):
    """Makes a company that these vendors serve."""

    def __call__(self, *vendors: str, people: int = 0) -> World:
        """Return it, with two customers."""
        ...


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Companies]:
    """Return what makes a company; it is gone after the test."""
    with ExitStack() as stack:

        def made(*vendors: str, people: int = 0) -> World:
            return stack.enter_context(world(tmp_path / "company", *vendors, people=people))

        yield made


@pytest.fixture
def readers(company: Companies) -> World:
    """Return a company with two customers who get both newsletters."""
    made = company(*BOTH)
    for vendor in BOTH:
        made.deliver(vendor)
    return made

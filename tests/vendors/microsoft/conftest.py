"""
The stand-in's database and small ones, on every kind of database that can run here.
"""

from types import SimpleNamespace

import pytest

from tests.vendors.hosted_databases import MAPPED, SETTINGS
from tests.vendors.microsoft.companies import HOSTED, PLACES, Company, company


@pytest.fixture(params=list(PLACES))
def kind(request):
    """The name of each kind of database that can run here."""
    return request.param


@pytest.fixture
def made(kind):
    """Make a small database by statements, of each kind."""

    def make(*statements, **more):
        return company(kind, *statements, **more)

    return make


@pytest.fixture
def hosted(kind):
    """The stand-in's database, its people, and the company that owns it."""
    with HOSTED[kind]() as standin:
        one = Company(standin.address, MAPPED, SETTINGS)
        yield SimpleNamespace(
            company=one, people=standin.people, planted=standin.planted, run=one.run, kind=kind
        )
        one.engine.dispose()

"""
What every test may rely on: a clean environment, and no way out of this machine.
"""

import os
import socket

import pytest
from hypothesis import settings

pytest_plugins = ("tests.databases",)

LOOPBACK = ("127.", "::1", "localhost")
#: Where documents lie that are not ours to ship; the machine says so, not the user.
FOLDERS = ("KLARSYN_CONTRACTS", "KLARSYN_CORPORA", "KLARSYN_STANDARDS")

SLOW = (
    *("tests/vendors/", "tests/testing/standins/", "tests/guarantees/test_g11"),
    *(f"tests/guarantees/test_g1{number}" for number in (2, 3, 4)),
    *(f"tests/disclosure/test_{one}" for one in ("vendors", "faults", "declared", "opt", "stop")),
    "tests/upkeep/",
)
QUICK = "mailchimp"
#: What a database answers does not depend on Python: other versions try SQLite only.
SERVER = "postgresql"

# A busy machine must not fail a property for being slow. CI tries the same cases each time, so
# that a run says something of the change it was run for; everybody else draws new ones.
settings.register_profile("klarsyn", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("klarsyn")


def pytest_addoption(parser):
    """`--rewrite` writes golden files anew instead of comparing with them (`just golden`)."""
    parser.addoption("--rewrite", action="store_true", help="write golden files anew")


def pytest_collection_modifyitems(items):
    """Vendors and their stand-ins take their time; `just pythons` tries one of them only."""
    for item in items:
        takes_time = item.nodeid.startswith(SLOW) and QUICK not in item.nodeid
        if takes_time or SERVER in item.nodeid:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def rewrite(request):
    """Whether golden files are to be written anew."""
    return request.config.getoption("--rewrite")


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    """A home without settings, caches or keys of whoever runs the tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, empty_home):
    """
    Nothing of this machine's settings reaches a test.

    The folders of others' documents stay: vendors' contracts, standards, texts.
    """
    for name in os.environ:
        ours = name.startswith("KLARSYN_") and name not in FOLDERS
        if ours or name.startswith(("XDG_", "LC_", "GIT_")) or name == "LANGUAGE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(empty_home))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture(autouse=True)
def refused_network(monkeypatch, request):
    """
    A connection is refused, unless the test is marked `network` and stays on this machine.
    """
    loopback_allowed = request.node.get_closest_marker("network") is not None

    def guarded(connect):
        def guard(self, address):
            local = self.family not in {socket.AF_INET, socket.AF_INET6}
            if local or (loopback_allowed and str(address[0]).startswith(LOOPBACK)):
                return connect(self, address)
            text = f"this test may not connect to {address!r}; is the mark `network` missing?"
            raise ConnectionRefusedError(text)

        return guard

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))

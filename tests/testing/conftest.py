"""
The closing line on refereed exchanges, and the failure of a whole run that refereed too few.
"""

import pytest

from tests.testing.referee import REFEREED, Referee, minimum, misses

#: Options that leave tests out: too few exchanges then say nothing.
SELECTIONS = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly")


def is_whole(config):
    """Return whether all tests were asked for."""
    everything = config.args in (config.getini("testpaths"), [str(config.rootpath / "tests")])
    return everything and not any(config.getoption(name, None) for name in SELECTIONS)


def too_few():
    """Return the lines on vendors whose contract is here and whose exchanges are too few."""
    return misses(REFEREED, {v: n for v, n in minimum().items() if Referee.available(v)})


def pytest_sessionfinish(session):
    """A worker hands its counts over; the run as a whole fails by them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["refereed"] = dict(REFEREED)
    elif is_whole(session.config) and too_few():
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Add what a worker counted."""
    REFEREED.update(getattr(node, "workeroutput", {}).get("refereed", {}))


def pytest_terminal_summary(terminalreporter, config):
    """Say how many exchanges were refereed, of how many there must be."""
    figures = minimum()
    done, all_ = sum(min(REFEREED[one], figures[one]) for one in figures), sum(figures.values())
    if is_whole(config):
        terminalreporter.write_line(f"{done} of {all_} exchanges refereed")
        for line in too_few():
            terminalreporter.write_line(f"too few: {line}", red=True)
    elif not any(map(Referee.available, figures)):
        terminalreporter.write_line(f"0 of {all_} exchanges refereed: KLARSYN_CONTRACTS is not set")

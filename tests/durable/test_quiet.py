import logging

import pytest

from klarsyn.durable.quiet import LOGGER, quieten, silent
from klarsyn.errors import WorkFailed, said

VALUE = "astrid@example.org"


@pytest.fixture
def told():
    """What was told; the engine's logger is as it was, afterwards."""
    logger, events = logging.getLogger(LOGGER), []
    before = logger.handlers, logger.propagate, logger.level
    quieten(lambda event, /, **facts: events.append((event, facts)))
    yield events
    logger.handlers, logger.propagate = before[0], before[1]
    logger.setLevel(before[2])


def test_warning_is_told_without_its_words(told, capfd):
    """
    A message of the engine's may hold arguments of work (trap 1d.5).
    """
    logging.getLogger(LOGGER).warning("input was %s", VALUE)
    ((event, facts),) = told

    assert ("engine-warned", "") == (event, facts["error"])
    assert str(facts["place"]).startswith("test_quiet:")
    assert ("", "") == capfd.readouterr()


def test_error_is_told_by_its_class(told):
    """
    Class and place are enough to look for it.
    """
    logging.getLogger(LOGGER).error(VALUE, exc_info=ValueError(VALUE))

    assert "ValueError" == told[0][1]["error"]
    assert "astrid" not in str(told)


def test_failure_of_work_is_not_told_twice(told):
    """
    Whoever carried it has told it.
    """
    logging.getLogger(LOGGER).error("failed", exc_info=WorkFailed(said("Enough.")))
    logging.getLogger(LOGGER).info("not worth a line")

    assert [] == told


def test_who_does_not_listen_is_told_nothing():
    """
    An engine needs nobody to tell.
    """
    assert silent("work-done", id="x") is None  # type: ignore[func-returns-value]

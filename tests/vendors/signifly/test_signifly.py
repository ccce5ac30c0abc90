"""
What is special about Signifly: there is nobody to ask by machine, and nothing pretends otherwise.
"""

import pytest

from klarsyn.cli.connected import state
from klarsyn.errors import CallRefused
from klarsyn.testing.clock import START, StillClock
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.transport.words import GET
from klarsyn.vendors import jobs
from klarsyn.vendors.connections import Bound, bind, problems_of
from klarsyn.vendors.doctor import diagnose
from klarsyn.vendors.matching import Identity
from klarsyn.vendors.reading import Coverage, records_of
from klarsyn.vendors.signifly import signifly
from tests.register.builders import VENDOR, add, register

CONNECTION = """\
connection:
  sheet: signifly
  settings: {attested: "2026-06-01"}
"""
DUE = ("warning", "an attestation is due")
NOTHING = ("sound", "there is nothing to connect: what it holds is attested")


def opened(purpose=Purpose.AUDIT):
    """Return a connection that leads nowhere."""
    return Connection("signifly", signifly.api, {}, purpose=purpose)


@pytest.mark.parametrize(
    ("attested", "told"),
    [
        ("", DUE),
        ("last spring", DUE),
        ("2025-11-26", DUE),
        ("2025-11-27", ("warning", "the attestation is valid until 2026-11-27")),
        ("2026-06-01", ("sound", "the attestation is valid until 2027-06-01")),
        ("2026-11-27", ("warning", "the attestation is of a day to come")),
    ],
)
def test_doctor_tells_of_the_attestation(attested, told):
    """
    There is nothing to connect; a signed word of the last year is due.
    """
    bound = Bound("signifly", signifly, {"attested": attested} if attested else {}, {})
    found = diagnose(bound, Surroundings(clock=StillClock(START)))

    assert [NOTHING, told] == [(one.verdict, str(one.what)) for one in found.checks]


def test_reading_nothing_is_not_having_read():
    """
    No records are no clean audit: what has to be attested counts as not read.
    """
    coverage = Coverage()
    with opened() as connection:
        assert () == records_of(signifly, connection, coverage)
        finding = jobs.find(connection, signifly, Identity())

    assert not coverage.complete
    assert not finding.coverage.complete


def test_every_call_is_refused():
    """
    There is no host to which anything could go.
    """
    with opened(Purpose.DELIVER) as connection, pytest.raises(CallRefused):
        connection.call(GET("/people"))


def test_each_manual_job_tells_what_to_do():
    """
    A person is told what to ask for, what to keep, and that silence is no answer.
    """
    asked = {str(signifly.jobs[job].note) for job in ("find", "rectify", "erase")}

    assert 1 == len(asked)
    assert "no answer is a finding" in asked.pop()
    assert "attestation" in str(signifly.read.note)


def test_register_needs_a_day_and_no_key():
    """
    The connection is in order as it is: no key is missing, and the list says by attestation.
    """
    company = register(add(VENDOR, CONNECTION))
    bound = bind(company, "postdesk", {})

    assert ((), {"attested": "2026-06-01"}) == (bound.missing, bound.settings)
    assert [] == list(problems_of(company, "postdesk"))


def test_day_that_is_none_is_refused():
    """
    What cannot be a day is a mistake in the register, with its line.
    """
    company = register(add(VENDOR, CONNECTION.replace("2026-06-01", "in June")))

    assert ["'attested' cannot be 'in June'"] == [
        str(one.what) for one in problems_of(company, "postdesk")
    ]


def test_list_says_by_attestation():
    """
    A vendor without elements and without an API is neither read-only nor without a key.
    """
    company = register(add(VENDOR, CONNECTION))

    assert "incomplete" == state(company, "postdesk", None)[0]
    company.vendors["postdesk"].processing.clear()
    assert ("attested", "by attestation") == tuple(map(str, state(company, "postdesk", None)))

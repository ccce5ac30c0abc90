"""The check notices a sheet that does not stop, or stops too much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from klarsyn.errors import said
from klarsyn.testing.stopping import check_stopping
from klarsyn.transport.connection import Purpose
from klarsyn.vendors import jobs
from klarsyn.vendors.sheet import DELETE, PATCH, POST, Done, Job, Left
from tests.vendors.trials import MAILCHIMP, RECURLY

if TYPE_CHECKING:
    from klarsyn.testing.trials import Trial

pytestmark = pytest.mark.network

ONE = "/lists/{list_id}/members/{id}"


MEMBER, NOTE = MAILCHIMP.vendor.records


def trial(stop: Job | None, left: Left | None = MEMBER.left) -> Trial:
    """Return Mailchimp's trial, whose members are stopped by another job."""
    member = replace(MEMBER, stop=stop, left=left)
    return replace(MAILCHIMP, vendor=replace(MAILCHIMP.vendor, records=(member, NOTE)))


@pytest.mark.parametrize(
    "stop",
    [
        Job(stages=(lambda _c, _t: Done(0),)),
        Job(stages=(PATCH(ONE, body={"status": "unsubscribed"}, notifies="the member"),)),
        Job(stages=(DELETE(ONE),)),
        Job(stages=(POST(f"{ONE}/actions/delete-permanent"),)),
    ],
    ids=["does nothing", "mails", "archives", "erases"],
)
def test_job_that_does_something_else_is_noticed(stop: Job) -> None:
    """Whatever it is: stopping is to end mail, and nothing else."""
    with pytest.raises(AssertionError):
        check_stopping(trial(stop))


def test_sheet_without_a_stop_is_left_alone() -> None:
    """Most vendors mail nobody in the company's name."""
    check_stopping(RECURLY)


def test_stop_that_nobody_can_read_back_is_refused() -> None:
    """It could never be proved."""
    with pytest.raises(AssertionError, match="nothing tells"):
        check_stopping(trial(MEMBER.stop, left=None))


def test_job_without_a_proof_is_proved_by_the_list() -> None:
    """The list of those who have left is read again."""
    stop = Job(stages=(PATCH(ONE, body={"status": "unsubscribed"}),))
    check_stopping(trial(stop))


def test_record_that_cannot_be_stopped_is_for_a_person() -> None:
    """Nothing is called, and nothing counts as proved."""
    with MAILCHIMP.running() as running, running.open(Purpose.RECTIFY) as connection:
        _, target = running.somebody()
        nothing = replace(target, record=replace(MEMBER, stop=None, left=None))
        outcome = jobs.stop(connection, nothing)
        assert "refused" == outcome.state
        assert str(said("a person has to do this at the vendor")) == str(outcome.why)
        assert not jobs.stopped(connection, nothing)

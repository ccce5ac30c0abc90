import pytest

from klarsyn.cli.deliver_ends import End, nothing, refused
from klarsyn.cli.deliver_told import close, told
from klarsyn.durable import State
from klarsyn.errors import ApprovalMissing, DeliveryIncomplete, WorkFailed, said
from klarsyn.stored import to_json

WHY = said("the key is wrong")


def ended(result, stage="done", failure=None):
    """Return how a run ended at Mailchimp."""
    return End.of("mailchimp", State("run-1", "deliver/1", "mailchimp", stage, result, failure))


def lines(end):
    """Return what is printed."""
    return list(told(end, str))


def test_people_are_counted_by_what_became_of_them():
    """
    In one line a vendor.
    """
    end = ended({"ends": {"created": 2, "refused": 1}, "later": 0, "stopped": ""})

    assert ["mailchimp: 2 created, 1 refused"] == lines(end)
    assert (True, "done") == (end.complete, end.plain(str)["outcome"])


def test_vendor_that_stops_in_the_middle_tells_why():
    """
    What was sent until then counts.
    """
    end = ended({"ends": {"created": 2}, "later": 0, "stopped": to_json(WHY)})

    assert ["mailchimp: 2 created, stopped: the key is wrong"] == lines(end)
    assert not end.complete


def test_run_that_was_not_begun_tells_why():
    """
    Paused, shut, changed, or waiting for an approval meanwhile.
    """
    end = ended({"stopped": "approval", "why": to_json(WHY), "request": "a1"})

    assert ["mailchimp: waits for an approval: the key is wrong"] == lines(end)[:1]
    assert "klarsyn approve a1" in lines(end)[1]


def test_run_that_failed_tells_the_error():
    """
    Cancelled ones have none.
    """
    assert ["mailchimp: the run failed: the key is wrong"] == lines(
        ended(None, "failed", WorkFailed(WHY))
    )
    assert ["mailchimp: the run failed"] == lines(ended(None, "cancelled"))


def test_nothing_was_sent_is_said():
    """
    Where all that is left waits for its time.
    """
    assert ["mailchimp: nothing was sent"] == lines(ended({"ends": {}, "later": 0, "stopped": ""}))
    assert ["mailchimp: nothing to do"] == lines(nothing("mailchimp"))


def test_missing_approval_comes_before_all_else():
    """
    A person has to do something; the rest goes on by itself.
    """
    approval, closed = refused("a", "approval", WHY, "a1"), refused("b", "closed", WHY)
    with pytest.raises(ApprovalMissing, match="an approval: a"):
        close([approval, closed])
    with pytest.raises(DeliveryIncomplete, match="at: b"):
        close([closed, nothing("c")])
    close([nothing("c")])

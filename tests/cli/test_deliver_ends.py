from klarsyn.cli.deliver_ends import End, nothing, refused
from klarsyn.durable import State
from klarsyn.errors import said
from klarsyn.stored import to_json

WHY = said("the key is wrong")


def test_outcome_for_programs_is_a_word():
    """
    Done where nothing is open; else why not, in the reader's language beside it.
    """
    result = {"ends": {"created": 2}, "later": 0, "stopped": ""}
    done = End.of("mailchimp", State("run-1", "deliver/1", "mailchimp", "done", result))
    stopped = {**result, "stopped": to_json(WHY)}
    broken = End.of("mailchimp", State("run-1", "deliver/1", "mailchimp", "done", stopped))

    assert {
        "vendor": "mailchimp",
        "run": "run-1",
        "outcome": "done",
        "why": "",
        "request": "",
        "people": {"created": 2},
        "status": None,
    } == done.plain(str)
    assert ("stopped", "the key is wrong") == (broken.plain(str)["outcome"], str(broken.why))


def test_vendor_that_was_not_begun_with():
    """
    It has what it should have, or it waits for somebody.
    """
    waiting = refused("mailchimp", "approval", WHY, "a1")

    assert (True, False) == (nothing("mailchimp").complete, waiting.complete)
    assert ("approval", "a1") == (waiting.plain(str)["outcome"], waiting.plain(str)["request"])

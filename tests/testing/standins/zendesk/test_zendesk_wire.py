import pytest

from klarsyn.testing.clock import START
from klarsyn.testing.standins.zendesk_wire import (
    RefusedError,
    held,
    invalid,
    number,
    opaque,
    wire_time,
)


def test_cursor_gives_back_what_it_holds():
    """
    A cursor is opaque to others only; one from elsewhere is refused.
    """
    assert "17|æ" == held(opaque("17|æ"))
    with pytest.raises(RefusedError):
        held("a")


def test_only_digits_are_ids():
    """
    Letters, signs and nothing are no ids.
    """
    assert 17 == number("17")
    for text in ("", "-1", "a"):
        with pytest.raises(RefusedError, match="must be an integer"):
            number(text)


def test_refusal_names_the_field():
    """
    A record that does not hold is told field by field.
    """
    body = invalid("email", "is taken", "DuplicateValue").reply.body

    assert {"email": [{"description": "is taken", "error": "DuplicateValue"}]} == body["details"]
    assert "2026-11-26T09:00:00Z" == wire_time(START)

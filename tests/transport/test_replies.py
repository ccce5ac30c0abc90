import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.transport.bodies import Xml
from klarsyn.transport.replies import Reply
from tests.transport.desk import shown


def test_reply_shows_its_status_only():
    """
    A body is somebody's data.
    """
    assert "<Reply 200>" == repr(Reply(200, {"X": "maja@example.org"}, b'"maja@example.org"'))


def test_body_at_a_path():
    """
    A path into the body; None where the body is empty, no JSON, or has nothing there.
    """
    assert 5 == Reply(200, {}, b'{"a": {"b": 5}}').at("a.b")
    assert None is Reply(200, {}, b'{"a": {"b": 5}}').at("a.c")
    assert None is Reply(204, {}, b"").json
    assert None is Reply(200, {}, b"<html>").at("a")


@given(st.binary(min_size=1) | st.text("maja@", min_size=1).map(lambda text: f'["{text}'.encode()))
def test_broken_body_is_not_quoted(content):
    """
    What is no JSON raises ValueError, with nothing of it in the error or behind it.
    """
    reply = Reply(200, {}, content)
    try:
        msgspec.json.decode(content)
    except (ValueError, UnicodeDecodeError):
        with pytest.raises(ValueError, match="of its form") as caught:
            _ = reply.json
        assert 1 == len(shown(caught.value).split("ValueError(")) - 1
        assert not reply.readable


def test_deep_body_is_no_crash():
    """
    A body that nests too deep to be read is not read.
    """
    assert not Reply(200, {}, b"[" * 100_000).readable


def test_body_of_another_form():
    """
    Where a call has a codec, it reads the body.
    """
    reply = Reply(200, {}, b"<a><b>5</b></a>")
    reply.codec = Xml()

    assert "5" == reply.at("b")


def test_headers():
    """
    A header that is missing is nothing; one that is no number is None.
    """
    reply = Reply(200, {"left": "5", "word": "five"}, b"")

    assert 5 == reply.number("left")
    assert None is reply.number("word")
    assert None is reply.number("missing")
    assert "" == reply.header("missing")

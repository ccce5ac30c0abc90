from datetime import UTC, datetime, timedelta

import pytest

from klarsyn.errors import KeyRefused, RecordRefused, VendorError, said
from klarsyn.transport import failures
from klarsyn.transport.bodies import Xml
from klarsyn.transport.replies import Reply
from klarsyn.transport.words import GET, Failure, Kind
from tests.transport.desk import api

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
CALL = GET("/people/{id}")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, None),
        (204, None),
        (301, Kind.REFUSED),
        (400, Kind.REFUSED),
        (401, Kind.KEY),
        (403, Kind.RIGHTS),
        (404, Kind.ABSENT),
        (408, Kind.DOWN),
        (409, Kind.REFUSED),
        (410, Kind.ABSENT),
        (422, Kind.REFUSED),
        (429, Kind.THROTTLED),
        (500, Kind.DOWN),
        (503, Kind.DOWN),
    ],
)
def test_status(status, kind):
    """
    A status means what RFC 9110 says, where the sheet says nothing else.
    """
    found = failures.failure(api(), Reply(status, {}, b""), NOW)

    assert kind == (found.kind if found else None)


def test_sheet_judges_first():
    """
    A 200 can be an error; a word that the sheet does not know is never repeated.
    """
    busy = api(classify=lambda reply: Failure(Kind.REFUSED, reply.at("error"), reply.at("in")))

    assert Failure(Kind.THROTTLED, "busy", 5) == failures.failure(
        busy, Reply(200, {}, b'{"error": "busy", "in": 5}'), NOW
    )
    assert Failure(Kind.REFUSED, "", 7) == failures.failure(
        busy, Reply(200, {"retry-after": "7"}, b'{"error": "maja@example.org"}'), NOW
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        ("0.5", 0.5),
        ("-5", 0),
        ("Thu, 26 Nov 2026 09:00:30 GMT", 30),
        ("Thu, 26 Nov 2026 09:00:30 -0000", 30),
        ("Thu, 26 Nov 2026 08:00:00 GMT", 0),
        ("1e12", 86_400),
        ("Thu, 26 Nov 2099 08:00:00 GMT", 86_400),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(value, seconds):
    """
    Seconds or a date, in the clock of whoever asks; a day at most; else nothing is known.
    """
    assert seconds == failures.retry_after(Reply(429, {"retry-after": value}, b""), NOW)


def test_retry_after_counts_by_the_vendors_clock():
    """
    Where the reply has a date, ours does not matter.
    """
    headers = {
        "retry-after": "Thu, 26 Nov 2026 12:00:30 GMT",
        "date": "Thu, 26 Nov 2026 12:00:00 GMT",
    }

    assert 30 == failures.retry_after(Reply(429, headers, b""), NOW)
    headers["date"] = "today"
    assert 3630 == failures.retry_after(Reply(429, headers, b""), NOW + timedelta(hours=2))


def test_error_has_status_code_and_time():
    """
    The error tells the call with its places unfilled, the status or the code, and when to retry.
    """
    error = failures.error(
        "desk", api(), CALL, Failure(Kind.REFUSED, "odd", 5), Reply(400, {}, b"")
    )

    assert isinstance(error, RecordRefused)
    assert (400, "odd", 5) == (error.status, error.code, error.after)
    expected = "desk: GET /people/{id}: the vendor refuses this record or value (odd)"
    assert expected == str(error.message)


def test_error_without_a_reply():
    """
    Nobody answered, and that is said.
    """
    assert "(no reply)" in str(failures.error("desk", api(), CALL, failures.LOST, None))


def test_hints():
    """
    The sheet's hint by code, then by status; for a refused key, where a key is made.
    """
    hinted = api(hints={"odd": said("look"), 403: said("ask")})

    def remedy(found, status, of=hinted):
        return str(failures.error("desk", of, CALL, found, Reply(status, {}, b"")).remedy)

    assert "look" == remedy(Failure(Kind.REFUSED, "odd"), 403)
    assert "ask" == remedy(Failure(Kind.RIGHTS), 403)
    made = "make a key on https://desk.example/keys with these rights: to read people"
    assert made == remedy(Failure(Kind.KEY), 401)
    assert "None" == remedy(Failure(Kind.KEY), 401, api(settings=()))


def test_every_kind_has_an_error():
    """
    A failure of any kind but done becomes an error of the tree.
    """
    for kind in set(Kind) - {Kind.DONE}:
        error = failures.error("desk", api(), CALL, Failure(kind), None)
        assert isinstance(error, VendorError)
        assert VendorError is not type(error)
    assert issubclass(KeyRefused, VendorError)


def test_what_is_not_read():
    """
    A reply that lacks something, is no JSON, is damaged or goes round says so.
    """
    assert "the reply has no data" in str(failures.unexpected("desk", CALL, "data"))
    assert "is not JSON" in str(failures.not_json("desk", CALL))
    assert "is damaged" in str(failures.not_json("desk", CALL.but(codec=Xml())))
    assert "leads in a circle" in str(failures.endless("desk", CALL))

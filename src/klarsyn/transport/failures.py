"""
From a reply to what it means, and from that to an error without a person's data in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from klarsyn.errors import (
    KeyRefused,
    Message,
    NotThere,
    OutcomeUnknown,
    RecordRefused,
    ReplyUnread,
    RightsMissing,
    Throttled,
    VendorDown,
    VendorError,
    said,
)
from klarsyn.transport.words import Failure, Kind

if TYPE_CHECKING:
    from klarsyn.transport.replies import Reply
    from klarsyn.transport.words import Api, Call

LOST = Failure(Kind.DOWN)
"""The connection broke before there was a reply; what was asked for may have been done."""
UNSENT = Failure(Kind.DOWN)
"""There was no connection: nothing can have been done."""

MOST_SECONDS = 86_400.0
"""Whoever says to come back later than in a day is asked again in a day."""

_BY_STATUS = {
    401: Kind.KEY,
    403: Kind.RIGHTS,
    404: Kind.ABSENT,
    408: Kind.DOWN,
    410: Kind.ABSENT,
    429: Kind.THROTTLED,
}
_ERRORS: dict[Kind, type[VendorError]] = {
    Kind.KEY: KeyRefused,
    Kind.RIGHTS: RightsMissing,
    Kind.ABSENT: NotThere,
    Kind.REFUSED: RecordRefused,
    Kind.THROTTLED: Throttled,
    Kind.DOWN: VendorDown,
}
_SUCCESS, _FAULT = range(200, 300), 500


def failure(api: Api, reply: Reply, now: datetime) -> Failure | None:
    """Return what a reply says went wrong, or None; the sheet's own judgement comes first."""
    if api.classify and (found := api.classify(reply)):
        kind = api.codes.get(found.code, found.kind)
        after = found.after if found.after is not None else retry_after(reply, now)
        return Failure(kind, found.code if found.code in api.codes else "", after)
    if reply.status in _SUCCESS:
        return None
    kind = _BY_STATUS.get(reply.status, Kind.DOWN if reply.status >= _FAULT else Kind.REFUSED)
    return Failure(kind, after=retry_after(reply, now))


def retry_after(reply: Reply, now: datetime) -> float | None:
    """
    Return the seconds of Retry-After (RFC 9110, 10.2.3), which may be a date.

    A date counts from the vendor's own Date where there is one: clocks differ.
    """
    seconds = reply.number("retry-after")
    if seconds is None and (then := _date(reply.header("retry-after"))):
        seconds = (then - (_date(reply.header("date")) or now)).total_seconds()
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(0.0, seconds), MOST_SECONDS)


def _date(text: str) -> datetime | None:
    """Return a date as HTTP and mail write it; one without a zone is in UTC."""
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def error(
    name: str,
    api: Api,
    call: Call,
    found: Failure,
    reply: Reply | None,
    filled: Callable[[str], str] = str,
) -> VendorError:
    """Return the error of a failure, with the sheet's hint; `filled` fills in {settings}."""
    status = reply.status if reply else 0
    kind = _ERRORS.get(found.kind, VendorError)
    what = _WHAT[found.kind]
    message = said(
        "{vendor}: {call}: {what} ({status})",
        vendor=name,
        call=call.template,
        what=what,
        status=found.code or status or said("no reply"),
    )
    hint = api.hints.get(found.code) or api.hints.get(status)
    remedy = hint or (_key_hint(api, filled) if found.kind is Kind.KEY else None)
    return kind(message, remedy, status=status, code=found.code, after=found.after)


def _key_hint(api: Api, filled: Callable[[str], str]) -> Message | None:
    """Return where the key is made and what it needs."""
    for setting in api.settings:
        if setting.secret and setting.made_at:
            return said(
                "make a key on {page} with these rights: {rights}",
                page=filled(setting.made_at),
                rights=setting.rights or said("to read"),
            )
    return None


_WHAT = {
    Kind.KEY: said("the key is wrong or has expired"),
    Kind.RIGHTS: said("the key lacks a right, or the plan lacks this"),
    Kind.ABSENT: said("there is no such record"),
    Kind.REFUSED: said("the vendor refuses this record or value"),
    Kind.THROTTLED: said("the vendor takes no more for the moment"),
    Kind.DOWN: said("the vendor is at fault or cannot be reached"),
}


def unexpected(name: str, call: Call, path: str) -> ReplyUnread:
    """Return the error of a reply in which something that has to be there is not."""
    return ReplyUnread(
        said(
            "{vendor}: {call}: the reply has no {path}", vendor=name, call=call.template, path=path
        ),
        said("the vendor may have changed it; this part counts as not read"),
    )


def endless(name: str, call: Call) -> ReplyUnread:
    """Return the error of a list that leads back to a page that was read."""
    return ReplyUnread(
        said("{vendor}: {call}: the list leads in a circle", vendor=name, call=call.template),
        said("the vendor may have changed it; this part counts as not read"),
    )


def not_json(name: str, call: Call) -> ReplyUnread:
    """Return the error of a reply that is not what its type says."""
    text = said("{vendor}: {call}: the reply is not JSON", vendor=name, call=call.template)
    other = said("{vendor}: {call}: the reply is damaged", vendor=name, call=call.template)
    message = other if call.codec else text
    return ReplyUnread(message, said("it was cut off, or somebody else answered"))


def unknown(name: str, call: Call) -> OutcomeUnknown:
    """Return the error of a call that may have been carried out, or not."""
    message = said(
        "{vendor}: nobody knows whether {call} was carried out", vendor=name, call=call.template
    )
    return OutcomeUnknown(message, said("look before it is repeated"))

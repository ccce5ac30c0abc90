"""
What e-conomic and Reviso, which was split from it, have in common: tokens, errors, filters, lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from klarsyn.errors import Message, said
from klarsyn.transport.auth import Outgoing, Signed
from klarsyn.transport.connection import Connection
from klarsyn.transport.replies import Reply
from klarsyn.transport.words import (
    DELETE,
    GET,
    Call,
    Cursor,
    Failure,
    Filled,
    IdempotencyKey,
    Kind,
    Link,
    Repeat,
    Setting,
)
from klarsyn.vendors.sheet import Lookup, Places, Reader

PAGES = Link("pagination.nextPage", size="pagesize", most=1000)
BY_CURSOR = Cursor("cursor", "cursor")

# The API


def _sign(outgoing: Outgoing, connection: Connection) -> None:
    outgoing.headers["X-AppSecretToken"] = connection.filled("{app_secret}")
    outgoing.headers["X-AgreementGrantToken"] = connection.filled("{grant_token}")


TOKENS = Signed(_sign)
"""The token of the app, and that by which an agreement has let it in."""


def settings(
    made_at: str, granted_at: str, rights: Message, lasts: Message | None = None
) -> tuple[Setting, ...]:
    """Return the two tokens, and what every new customer needs."""
    secret = said("the secret token of the company's app")
    grant = said("the token by which an agreement lets the app in")
    group = said("the number of the group that new customers are put into")
    terms = said("the number of the terms of payment of new customers")
    zone = said("the number of the VAT zone of new customers")
    currency = said("the currency of new customers")
    return (
        Setting("app_secret", secret, secret=True, made_at=made_at, rights=rights),
        Setting("grant_token", grant, secret=True, made_at=granted_at, rights=rights, lasts=lasts),
        Setting("customer_group", group, required=False, form=r"\d+"),
        Setting("payment_terms", terms, required=False, form=r"\d+"),
        Setting("vat_zone", zone, required=False, form=r"\d+"),
        Setting("currency", currency, required=False, form=r"[A-Z]{3}"),
    )


_KINDS = {401: Kind.KEY, 403: Kind.RIGHTS, 404: Kind.ABSENT, 429: Kind.THROTTLED}
_REFUSED, _FAULT = 400, 500


def classify(reply: Reply) -> Failure | None:
    """A reply with a code of an error, or with errors, is one, whatever its status says."""
    code, errors = reply.at("errorCode"), reply.at("errors[]")
    if not code and (errors is None or reply.status >= _REFUSED):
        return None
    told = reply.at("httpStatusCode") or reply.at("status")
    status = reply.status if reply.status >= _REFUSED else told
    status = status if isinstance(status, int) and status >= _REFUSED else _REFUSED
    kind = _KINDS.get(status, Kind.DOWN if status >= _FAULT else Kind.REFUSED)
    return Failure(kind, str(code or ""))


def escaped(value: str) -> str:
    """Return a value as a filter takes it; square brackets are not escaped, despite the docs."""
    return re.sub(r"[$()*,]", r"$\g<0>", value)


def by_email(call: Call, place: str = "email") -> Lookup:
    """Return a lookup by address, which may be one of several in the field."""
    asked = call.but(query={"filter": Filled(f"{place}$like:*{{asked}}*")})
    return Lookup(by="email", call=asked, compute={"asked": escaped})


def listed(path: str, **more: Any) -> Call:
    """Return the listing of a path."""
    return GET(path, items="collection", pages=PAGES, **more)


def away(path: str, key: IdempotencyKey | None = None, host: str = "") -> Call:
    """
    Return a deletion, which is not sent twice unless the vendor knows it again by a key.

    Numbers are used again: a second deletion could be of another's record.
    """
    repeat = Repeat.KEYED if key else Repeat.LOOK_FIRST
    return DELETE(f"{path}/{{id}}", key=key, host=host, repeat=repeat)


def each_whole(path: str, key: str) -> Reader:
    """Return a reader that reads each record on its own: a listing has no lines."""
    listing, one = listed(path), GET(f"{path}/{{id}}")

    def reader(connection: Connection, places: Places) -> Iterator[list[Any]]:
        for page in connection.pages(listing, **places):
            found = (connection.look(one, **places, id=brief[key]) for brief in page)
            yield [reply.json for reply in found if reply is not None]

    return reader


def the_agreement(connection: Connection, _: Places) -> Iterator[list[Any]]:
    """Yield the one agreement that the tokens open."""
    yield [connection.call(GET("/self")).json]

"""
Signatures of Azure Storage: Shared Key, shared access signatures, and Entra's tokens.

From Microsoft's "Authorize with Shared Key", read on 2026-11-22. How the headers are sorted is not
in it: the order is that of Microsoft's own client, in which hyphens weigh nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import date
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlsplit

from klarsyn.errors import KeyRefused, said

if TYPE_CHECKING:
    from klarsyn.transport.auth import Outgoing
    from klarsyn.transport.connection import Connection

#: Headers that are signed by their place, without their names, after the method.
_PLACES = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)
_ORDER = "_0123456789abcdefghijklmnopqrstuvwxyz"


def by_key(outgoing: Outgoing, connection: Connection) -> None:
    """Sign a request by the key of the account, at this instant; the settings are two."""
    account, key = (str(connection.settings.get(one, "")) for one in ("account", "account_key"))
    _date(outgoing, connection)
    try:
        secret = base64.b64decode(key, validate=True)
    except binascii.Error:
        raise KeyRefused(said("{vendor}: the key is not whole", vendor=connection.name)) from None
    text = text_to_sign(outgoing, account).encode()
    signature = base64.b64encode(hmac.digest(secret, text, hashlib.sha256)).decode()
    outgoing.headers["Authorization"] = f"SharedKey {account}:{signature}"


def text_to_sign(outgoing: Outgoing, account: str) -> str:
    """Return what Shared Key signs of a request."""
    headers = {name.lower(): value.strip() for name, value in outgoing.headers.items()}
    headers["content-length"] = str(len(outgoing.content) or "")
    url = urlsplit(outgoing.url)
    own = sorted((name for name in headers if name.startswith("x-ms-")), key=_collated)
    query = sorted(
        (name.lower(), value) for name, value in parse_qsl(url.query, keep_blank_values=True)
    )
    return "\n".join(
        [
            outgoing.method,
            *(headers.get(name, "") for name in _PLACES),
            *(f"{name}:{headers[name]}" for name in own),
            f"/{account}{url.path}",
            *(f"{name}:{value}" for name, value in query),
        ]
    )


def _collated(name: str) -> list[int]:
    return [_ORDER.find(sign) for sign in name if sign != "-"]


def by_sas(outgoing: Outgoing, connection: Connection) -> None:
    """Add a shared access signature, which is a query, to the address."""
    _date(outgoing, connection)
    sign = "&" if "?" in outgoing.url else "?"
    outgoing.url += sign + str(connection.settings["sas"]).strip().lstrip("?")
    outgoing.secret_url = True


def told_by_sas(sas: str) -> tuple[set[str], date | None]:
    """Return the rights that a shared access signature gives, and its last day; it tells both."""
    told = parse_qs(sas.strip().lstrip("?"))
    until = told.get("se", [""])[0][:10]
    return set("".join(told.get("sp", ()))), date.fromisoformat(until) if until else None


def by_token(outgoing: Outgoing, connection: Connection) -> None:
    """Add a token of Microsoft Entra."""
    _date(outgoing, connection)
    outgoing.headers["Authorization"] = connection.filled("Bearer {token}")


def _date(outgoing: Outgoing, connection: Connection) -> None:
    """Tell when a request was made: the service takes none that is older than 15 minutes."""
    outgoing.headers["x-ms-date"] = format_datetime(connection.clock.now(), usegmt=True)

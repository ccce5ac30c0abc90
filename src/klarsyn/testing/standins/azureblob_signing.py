"""
Signatures of Azure Storage, computed anew and compared: Shared Key, and account SAS.

The order of the x-ms- headers is the service's own: hyphens weigh nothing and an underscore comes
before the digits. Microsoft's documents say only "lexicographically"; its client sorts like this.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from klarsyn.testing.serving import Request
from klarsyn.testing.standins.azureblob_keeping import Refused

#: Headers that are signed by their place, without a name.
PLACES = (
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
#: Which letter of a SAS allows a call; other calls go by their method.
_LETTERS = {"list": "l", "blobs": "f", "tags": "t", "undelete": "w", "snapshot": "c"}
_METHOD_LETTERS = {"GET": "r", "HEAD": "r", "PUT": "wc", "DELETE": "d", "POST": "d"}
_SAS_FIELDS = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses")


def signature(text: str, key: str) -> str:
    """Return the HMAC-SHA256 of a text by a key in base64, itself in base64."""
    digest = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def shared_key_text(method: str, raw_path: str, headers: Mapping[str, str], account: str) -> str:
    """Return what a Shared Key signature signs; names of headers come in lower case."""
    places = [headers.get(name, "") for name in PLACES]
    if places[2] == "0":  # since version 2015-02-21 an empty body has an empty length
        places[2] = ""
    vendor = sorted((name for name in headers if name.startswith("x-ms-")), key=_collated)
    url = urlsplit(raw_path)
    lines = [method, *places, *(f"{name}:{headers[name].strip()}" for name in vendor)]
    lines.append(f"/{account}{url.path}")
    query = parse_qs(url.query, keep_blank_values=True)
    lines += [f"{name.lower()}:{','.join(sorted(query[name]))}" for name in sorted(query)]
    return "\n".join(lines)


def _collated(name: str) -> list[int]:
    return [_ORDER.find(character) for character in name if character != "-"]


def shared_key(
    method: str, raw_path: str, headers: Mapping[str, str], account: tuple[str, str]
) -> str:
    """Return the Authorization header of a request; `account` is name and key."""
    name, key = account
    return f"SharedKey {name}:{signature(shared_key_text(method, raw_path, headers, name), key)}"


def sas_signature(query: Mapping[str, str], account: str, key: str) -> str:
    """Return the signature that an account SAS of these parameters has (2020-12-06 and later)."""
    fields = [account, *(query.get(name, "") for name in _SAS_FIELDS), ""]
    return signature("\n".join(fields), key)


def check_sas(
    request: Request, place: tuple[str, str], secrets: Mapping[str, str], now: datetime
) -> None:
    """Refuse an account SAS that is forged, expired, or not for this container and blob."""
    query = {name: values[-1] for name, values in request.query.items()}
    expected = sas_signature(query, secrets["account"], secrets["account_key"])
    expired = query.get("se", "") <= f"{now:%Y-%m-%dT%H:%M:%SZ}"
    if expired or not hmac.compare_digest(expected.encode(), query["sig"].encode()):
        raise Refused("AuthenticationFailed")
    container, blob = place
    kind = "o" if blob else "c" if container else "s"
    if kind not in query.get("srt", ""):
        raise Refused("AuthorizationResourceTypeMismatch")
    letters = _LETTERS.get(query.get("comp", ""), _METHOD_LETTERS.get(request.method, ""))
    if request.method == "DELETE" and "versionid" in query:
        letters = "x"
    if not set(letters) & set(query.get("sp", "")):
        raise Refused("AuthorizationPermissionMismatch")

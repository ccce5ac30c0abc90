"""
E-mail addresses and IP addresses.
"""

from __future__ import annotations

import re
from typing import Final

from klarsyn.recognition import checks, context
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.scan import Trigger

# RFC 5322 without quoted local parts and comments; RFC 6531 lets letters of any language in.
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*\Z")
_DOMAIN: Final = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
)
_LONGEST_LOCAL: Final = 64
_IPV4: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_IPV6: Final = re.compile(r"[0-9A-Fa-f:]{2,39}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3})?")
_STEP: Final = 40  # characters that are looked at at once
_SMALL: Final = 7  # characters: four numbers of one digit are more often a chapter or a version
_GROUPS: Final = 3  # colons, at least, in an IPv6 address without "::"


def read_email(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge what stands around the "@" after a place."""
    place += 1
    domain = _DOMAIN.match(text, place + 1)
    if domain is None:
        return
    before = text[max(0, place - _LONGEST_LOCAL) : place]
    space = max(before.rfind(" "), before.rfind("\n"), before.rfind("\0"), before.rfind(":"))
    local = _LOCAL.search(before, space + 1)
    if local is None:
        return
    bare = local[0].lstrip("'`*{|/=")
    if bare:
        hits.append(as_hit((place - len(bare), domain.end(), "EMAIL", "email", 0.97, UNKNOWN)))


def read_ipv4(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge four numbers with dots between them."""
    place = _back(text, place, "0123456789")
    found = _IPV4.match(text, place)
    sign = text[place - 1]
    if found is None or sign.isalnum() or sign in "._-" or not checks.ipv4(found[0]):
        return
    told = context.before(text, place)
    if told == context.OTHER:
        return
    if len(found[0]) > _SMALL or told == "IP":
        hits.append(
            as_hit((place, found.end(), "IP", "ipv4", 0.95 if told == "IP" else 0.85, UNKNOWN))
        )


def read_ipv6(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge groups of hexadecimal digits with colons between them."""
    place = _back(text, place, "0123456789abcdefABCDEF:")
    if text[place - 1].isalnum() or text[place - 1] in "_-":
        return
    found = _IPV6.match(text, place)
    if found is None:
        return
    raw = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
    following = text[place + len(raw)]
    if following.isalnum() or (raw.count(":") < _GROUPS and "::" not in raw):
        return
    if raw.strip(":") and len(raw) > _GROUPS and checks.ipv6(raw):
        hits.append(as_hit((place, place + len(raw), "IP", "ipv6", 0.9, UNKNOWN)))


TRIGGERS: Final[tuple[Trigger, ...]] = (
    Trigger(rb"[^ \n\x00]@", read_email),
    Trigger(
        rb"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
        read_ipv4,
    ),
    Trigger(rb":[0-9a-f]{0,4}:", read_ipv6, caseless=True),  # what follows costs more to ask
)


def _back(text: str, place: int, signs: str) -> int:
    """Return where the signs of one kind begin that stand right before a place."""
    step = _STEP
    while step == _STEP:
        before = text[max(0, place - _STEP) : place]
        step = len(before) - len(before.rstrip(signs))
        place -= step
    return place

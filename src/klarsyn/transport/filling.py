"""
Filling the {places} of a call: nothing blank, nothing that would make it another call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from klarsyn.errors import CallRefused, said
from klarsyn.transport.words import PLACE, Call, Filled, Place

MISSING = object()
_PLAIN = re.compile(r"[\w.~-]*", re.ASCII)
"""What RFC 3986 leaves unencoded (2.3)."""


def path(call: Call, places: Mapping[str, Any], name: str) -> str:
    """Return the path of a call with every place filled and encoded."""
    if "{" not in call.path:
        return call.path

    def fill(match: Any) -> str:
        return quote(solid(call, places, match[1], name), safe="")

    return PLACE.sub(fill, call.path)


def solid(call: Call, places: Mapping[str, Any], place: str, name: str) -> str:
    """
    Return what fills a place of a path or query; raise CallRefused where it is blank.

    Only words and numbers fill one: a truth, a list or a value that is shown as `***` does not.
    """
    value = places.get(place)
    fits = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    text = str(value) if fits else ""
    if not text.strip() or text in {".", ".."} or "\x00" in text or not _writable(text):
        message = said(
            "{vendor}: {call} would be called without {place}",
            vendor=name,
            call=call.template,
            place=place,
        )
        raise CallRefused(message, said("a blank id can hit every record there is"))
    return text


def _writable(text: str) -> bool:
    """Return whether a text has bytes: half of a surrogate pair has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def query(
    call: Call, places: Mapping[str, Any], name: str, asked: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """
    Return the query of a call, places filled, booleans in words, nothing for None.

    `asked` is asked for instead of what the call says: another page of the same list.
    """
    found: list[tuple[str, str]] = []
    for key, value in (call.query if asked is None else asked).items():
        if isinstance(value, Place):
            found.append((key, solid(call, places, value.name, name)))
        elif isinstance(value, bool):
            found.append((key, "true" if value else "false"))
        elif isinstance(value, Filled):
            text = PLACE.sub(lambda match: solid(call, places, match[1], name), value.text)
            found.append((key, text))
        elif value is not None:
            found.append((key, str(value)))
    return found


def written(pairs: Sequence[tuple[str, str]]) -> str:
    """Return a query as it stands in an address; most words and numbers stand as they are."""
    if all(_PLAIN.fullmatch(key) and _PLAIN.fullmatch(value) for key, value in pairs):
        return "&".join([f"{key}={value}" for key, value in pairs])
    return urlencode(pairs)


def body(value: Any, places: Mapping[str, Any]) -> Any:
    """Return a body with its places filled; a place that is not given leaves its field out."""
    if isinstance(value, Place):
        return places.get(value.name, MISSING)
    if isinstance(value, dict):
        filled = {key: body(inside, places) for key, inside in value.items()}
        return {key: inside for key, inside in filled.items() if inside is not MISSING}
    if isinstance(value, (list, tuple)):
        filled_items = [body(inside, places) for inside in value]
        return [inside for inside in filled_items if inside is not MISSING]
    return value


def content(call: Call, places: Mapping[str, Any], name: str) -> tuple[bytes, str]:
    """
    Return the bytes of a call's body and what type they are.

    Raises CallRefused where a body cannot be written; the encoder's own words may quote it.
    """
    if call.body is None:
        return b"", ""
    for place in call.solid:
        solid(call, places, place, name)
    filled = body(call.body, places)
    try:
        if call.codec:
            return call.codec.encode(filled), call.codec.content_type
        if isinstance(filled, bytes):
            return filled, ""
        if call.form:
            return urlencode(_fields(filled)).encode(), "application/x-www-form-urlencoded"
        return msgspec.json.encode(filled), "application/json"
    except (TypeError, ValueError, AttributeError):
        pass
    message = said("{vendor}: {call}: the body cannot be written", vendor=name, call=call.template)
    raise CallRefused(message)


def _fields(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a body as form fields; what is not a word goes as JSON, as vendors expect it."""
    return [
        (key, value if isinstance(value, str) else msgspec.json.encode(value).decode())
        for key, value in fields.items()
        if value is not None
    ]

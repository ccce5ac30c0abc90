"""
From what a file or a driver gives to clean texts: NFC, nothing around them, no signs of control.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from klarsyn.errors import Message, said

#: Controls but tab and line ends; halves of characters, which stand for bytes that are no letter;
#: and the sign that decoders put for what was lost.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_FORBIDDEN_ASCII: Final = bytes(one for one in range(128) if _FORBIDDEN.match(chr(one)))
_NO_TEXT: Final = "\0"

DAMAGED: Final = said("the value holds signs that are no text in the declared encoding")

Faults = dict[int, Message]
"""What is wrong, by the number of the row in its batch."""


def cleaned(values: Sequence[object]) -> tuple[list[str], Faults]:
    """Return a column as texts, empty where there is no value, and which rows hold no text."""
    try:
        # Tried, since a CSV file has only texts; `join` refuses anything else.
        texts = list(cast("Sequence[str]", values))
        joined = "".join(texts)
    except TypeError:
        texts = [_text(one) for one in values]
        joined = "".join(texts)
    is_ascii, faults = joined.isascii(), Faults()
    if _is_damaged(joined, is_ascii=is_ascii):
        faults = {at: DAMAGED for at, one in enumerate(texts) if _FORBIDDEN.search(one)}
    if is_ascii:
        return [one.strip() for one in texts], faults
    nfc = unicodedata.normalize
    return [one.strip() if one.isascii() else nfc("NFC", one).strip() for one in texts], faults


def _is_damaged(text: str, *, is_ascii: bool) -> bool:
    if not is_ascii:
        return bool(_FORBIDDEN.search(text))
    # A seventh of the time.
    encoded = text.encode()
    return len(encoded.translate(None, _FORBIDDEN_ASCII)) < len(encoded)


def folded(text: str) -> str:
    """Return a key as keys are compared: NFC, nothing around it, without case."""
    if text.isascii():
        return text.strip().casefold()
    # Casefolding can undo NFC, so it is asked for twice (Unicode, 3.13, D145).
    nfc = unicodedata.normalize
    return nfc("NFC", nfc("NFC", text).strip().casefold())


def _text(value: object) -> str:
    """Return a value of a database as text; what can be none is refused like a broken one."""
    write = _WRITTEN.get(type(value))
    return write(value) if write else _NO_TEXT


def _float(value: float) -> str:
    if not math.isfinite(value):
        return ""
    # A whole number that a table holds as a float is a key more often than a measurement.
    return str(int(value)) if value.is_integer() else repr(value)


_WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: "",
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _float,
    Decimal: lambda value: format(value, "f") if value.is_finite() else "",
    date: date.isoformat,
    datetime: datetime.isoformat,
    UUID: str,
}

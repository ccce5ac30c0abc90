"""
Messages as they are stored: text and facts, so that they can still be said in any language.

Facts are those of `Message`; what is none of them (a value of a person above all) is refused.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from klarsyn.errors import Message, Quote


def to_json(message: Message) -> str:
    """Return a message as JSON."""
    return msgspec.json.encode(_plain(message)).decode()


def from_json(text: str) -> Message:
    """Return the message that `to_json` wrote."""
    message = _fact(msgspec.json.decode(text))
    assert isinstance(message, Message)  # noqa: S101  (nothing else was written)
    return message


def _plain(fact: object) -> Any:
    match fact:
        case Message(text, facts):
            return {"say": text, "facts": {name: _plain(one) for name, one in facts.items()}}
        case Quote(text, language):
            return {"quote": text, "language": language}
        case date():
            return {"day": fact.isoformat()}
        case list() | tuple():
            return [_plain(one) for one in fact]
        case dict():
            return {"texts": {str(language): str(text) for language, text in fact.items()}}
        case str() | int() | float():
            return fact
    raise TypeError(f"a message that is stored holds no {type(fact).__name__}")


def _fact(plain: Any) -> object:
    match plain:
        case {"say": text, "facts": facts}:
            return Message(text, {name: _fact(one) for name, one in facts.items()})
        case {"quote": text, "language": language}:
            return Quote(text, language)
        case {"day": day}:
            return date.fromisoformat(day)
        case {"texts": texts}:
            return texts
        case list():
            return [_fact(one) for one in plain]
    return plain

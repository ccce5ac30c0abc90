"""
Sentences that can still be said in any language, and mistakes in a user's files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Message:
    """
    A sentence that can still be said in any language.

    `text` is the English sentence with named {places}; `facts` fill them. A fact may be a string,
    a number, a date, a quotation, another message, a list of facts, or a text in several
    languages (a mapping from language to string).
    """

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text.format_map({name: _english(fact) for name, fact in self.facts.items()})


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else's, in their own language, as a fact of a message."""

    text: str
    language: str

    def __str__(self) -> str:
        """Return the words in plain quotation marks."""
        return f'"{self.text}"'


def said(text: str, /, **facts: object) -> Message:
    """Return a message; the catalogue's extractor collects the text where this is called."""
    return Message(text, facts)


def _english(fact: object) -> str:
    if isinstance(fact, dict):
        return str(fact.get("en") or next(iter(fact.values()), ""))
    if isinstance(fact, (list, tuple)):
        return ", ".join(map(_english, fact))
    return str(fact)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a user's file: where it stands, what is wrong, and what to do about it."""

    file: str
    line: int
    what: Message = field(compare=False)
    remedy: Message = field(compare=False)

    def __str__(self) -> str:
        """Return `file:line: what: remedy`, in English."""
        return f"{self.file}:{self.line}: {self.what}: {self.remedy}"

"""
Companies: by their legal form, by owner and trade, by the organisation number after the name.

Forms and trades are data (data/companies.toml).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from klarsyn.recognition.context import table
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.scan import Trigger, any_of

_COMPANIES: Final = table("companies.toml")
_FORMS: Final = sorted(_COMPANIES["forms"].split(), key=len, reverse=True)
_UNSURE: Final = frozenset(_COMPANIES["unsure"].split())
_TRADES: Final = sorted(
    {word.capitalize() for word in _COMPANIES["trades"].split()}, key=len, reverse=True
)
_BEFORE: Final = frozenset(_COMPANIES["before"].split())
_FORM: Final = re.compile(rf"(?:{'|'.join(map(re.escape, _FORMS))})(?: \(publ\))?(?![^\W_])")
_ENDINGS: Final = sorted(_COMPANIES["trade_endings"].split(), key=len, reverse=True)
_TRADE: Final = re.compile(
    rf"(?:{'|'.join([*_TRADES, 'VVS'])}|[A-ZÅÄÖÆØ][^\W\d_]+(?:{'|'.join(_ENDINGS)}))(?![^\W_])"
)
_ANNOUNCED: Final = re.compile(
    r"[^\W_]+:? (?P<name>[A-ZÅÄÖÆØ][\w&'’-]*(?: (?:& |og |och |and )?[A-ZÅÄÖÆØ][\w&'’-]*){0,3})"
)
_SHORTEST_OWNER: Final = 4  # letters of the name before a trade
_REACH: Final = 70  # characters to the left of a form that may be the name
_WORDS: Final = 6  # words of a name, at most
_SHORTEST_NUMBERED, _LONGEST_BESIDE = 2, 60  # characters of a name before a number in brackets
_LONGEST_NUMBERED: Final = 62  # characters of that name, with comma and space
_COMMA: Final = ", "
_STOPS, _CLOSED, _OPENS, _JOINS = 1, 2, 4, 8  # bits: what a word is to a firm's name
_IN_BRACKET: Final = re.compile(r"\((?:[^\W_][\w.: -]{1,24})?\Z")  # "(org.nr. " before the number
_IN_BRACKET_REACH: Final = 26  # characters of that
_JOINERS: Final = frozenset({"&", "og", "och", "and", "+", "of"})
_SENTENCE: Final = _BEFORE - _JOINERS
_OPENING: Final = "\"'(«”“-"


def read_form(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge a legal form after a space."""
    form = _FORM.match(text, place + 1)
    if form is None:
        return
    name = _name(_before(text, place))
    unsure = form[0] in _UNSURE
    if name and not (unsure and " " not in name):
        start = place - len(name)
        hits.append(
            as_hit((start, form.end(), "ORG", "company-form", 0.7 if unsure else 0.92, UNKNOWN))
        )


def read_trade(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge a trade after a name: "Hanssons Åkeri", "Nordsjö Elteknik"."""
    while text[place].isalpha():
        place -= 1  # the trigger may be the end of a word
    trade = _TRADE.match(text, place + 1)
    name = _name(_before(text, place))
    owner = name.rpartition(" ")[2]
    if trade and text[place] == " " and owner[:1].isupper() and len(owner) >= _SHORTEST_OWNER:
        hits.append(as_hit((place - len(owner), trade.end(), "ORG", "company-trade", 0.7, UNKNOWN)))


def read_announced(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge a name after a word for a firm: "kunden Nordlys"."""
    found = _ANNOUNCED.match(text, place)
    if found and not text[place - 1].isalnum():
        hits.append(Hit(*found.span("name"), "ORG", "company-announced", 0.5))


def before_number(text: str, number: Hit) -> Hit | None:
    """Return the company named before its number in brackets: "Factset (org.nr. ...)"."""
    start = number[0]
    if text.rfind("(", max(0, start - _IN_BRACKET_REACH), start) < 0:
        return None
    before = _before(text, start)
    bracket = before.rfind("(")
    if bracket < 0 or not _IN_BRACKET.match(before, bracket):
        return None
    name = _name(_beside(before, bracket), whole=True)
    if not name:
        return None
    start = text.rfind(name, 0, start)
    return Hit(start, start + len(name), "ORG", "company-numbered", 0.75)


def _beside(before: str, bracket: int) -> str:
    """Return what stands before a bracket and may be a name: up to another one, no comma last."""
    near = before[max(0, bracket - _LONGEST_NUMBERED) : bracket]
    near = near[max(near.rfind("("), near.rfind(")")) + 1 :]
    end = len(near)
    cuts = (2, 1, 0) if near.endswith(", ") else (1, 0) if near[-1:] in _COMMA else (0,)
    for cut in cuts:
        if end - cut >= _SHORTEST_NUMBERED:
            return near[: end - cut][-_LONGEST_BESIDE:].rstrip()
    return ""


def _before(text: str, place: int) -> str:
    window = text[place - _REACH if place > _REACH else 0 : place]
    if "\n" in window or "\0" in window:
        return window[max(window.rfind("\0"), window.rfind("\n")) + 1 :]
    return window


def _name(window: str, *, whole: bool = False) -> str:
    """
    Return the end of a line that reads as a firm's name, "" if none does.

    Its words are capitalised, or joiners, or lower case between capitalised ones ("Lund transport
    AS"); a word that belongs to the sentence ("kunden", "hos") ends it.
    """
    words = window.rsplit(" ", _WORDS)[-_WORDS:]
    small = 2 if whole else 1  # words in lower case that may follow each other
    taken = 0
    for n, word in enumerate(reversed(words), 1):
        kind = _kind(word)
        if kind & _STOPS or (kind & _CLOSED and n > 1):
            break
        if kind & _OPENS:
            taken = n
        elif n - taken > small and not kind & _JOINS:
            break
    if not taken:
        return ""
    name = " ".join(words[-taken:]).lstrip(_OPENING)
    return name if name[:1].isalnum() and not name.isdigit() else ""


@lru_cache(maxsize=1 << 14)
def _kind(word: str) -> int:
    """Return what a word may be in a firm's name, as bits."""
    if not word or word.lower() in _SENTENCE:
        return _STOPS
    kind = _CLOSED if word[-1] in ",;:.!?()" else 0
    if word[0].isupper() or word[0].isdigit():
        return kind | _OPENS
    return kind | _JOINS if word in _JOINERS else kind


_CAPITAL: Final = rb"[A-Z\xc5\xc4\xd6\xc6\xd8]"
TRIGGERS: Final[tuple[Trigger, ...]] = (
    Trigger(rb" " + any_of(_FORMS) + rb"[^A-Za-z]", read_form),
    Trigger(rb" " + any_of([*_TRADES, "VVS"]) + rb"[^A-Za-z]", read_trade),
    Trigger(any_of(_ENDINGS) + rb"[^A-Za-z\xe0-\xff]", read_trade),
    Trigger(
        any_of(_COMPANIES["announce"].split()) + rb":? " + _CAPITAL, read_announced, caseless=True
    ),
)

"""
Postal addresses: streets with a house number, boxes, postal code and town where they follow.

How streets end and what may stand between is data (data/streets.toml).
"""

from __future__ import annotations

import re
from typing import Final

from klarsyn.recognition.context import table
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.scan import Trigger, any_of

_STREETS: Final = table("streets.toml")
_ENDINGS: Final = frozenset(_STREETS["endings"].split())
_PREFIXES: Final = frozenset(_STREETS["prefixes"].split())
_REACH: Final = 48  # characters to the left of a street's end that may be its name

_CAPITAL: Final = "[A-ZÀ-ÖØ-Þ]"
_FLOOR: Final = "|".join(sorted(_STREETS["floors"].split(), key=len, reverse=True))
_HOUSE: Final = re.compile(
    r"[0-9]{1,4}(?:[ ]?-[ ]?[0-9]{1,4})?(?:[ ]?[A-Za-zÅÄÖÆØåäöæø](?![\w]))?(?![\w%])(?![.,:][0-9])"
    rf"(?:,? (?:[0-9]{{1,2}}\.? ?)?(?:{_FLOOR})\b\.?(?: ?[0-9]{{1,4}}(?![\w]))?)*",
    re.IGNORECASE,
)
_TOWN: Final = re.compile(
    rf",?[ \n](?:[A-Z]{{1,2}}-)?(?:[0-9]{{3}} [0-9]{{2}}|[0-9]{{4,5}}) {{1,2}}"
    rf"{_CAPITAL}[^\W\d_]+(?:(?:-| i | ){_CAPITAL}[^\W\d_]*(?![\w@:]))?"
)
_BRITISH: Final = re.compile(
    rf"(?:, ?{_CAPITAL}[a-z]+(?: {_CAPITAL}[a-z]+)?)?"
    r"(?:,? [A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|,? [A-Z]{2},? [0-9]{5}(?:-[0-9]{4})?)(?!\w)"
)
_LAST: Final = re.compile(r"[\w'’-]+\Z")
_NAMED: Final = re.compile(rf"{_CAPITAL}[\w.'’:-]*\Z")
_WORDS_BEFORE: Final = 3  # capitalised words that may belong to a street's name, at most
_TO_HOUSE: Final = re.compile(r"[^\W\d_]+\.?[ ](?=[0-9])")
_NUMBERED: Final = re.compile(
    r"(?:(?:Flat|Apt\.?|Unit|Suite) [0-9]+[A-Za-z]?, ?)?"
    rf"[0-9]{{1,5}}[A-Za-z]? (?:{_CAPITAL}[\w.'’-]* ){{1,3}}\Z"
)
_WORD: Final = re.compile(r"[^\W\d_]+\.?")
_BOX: Final = re.compile(
    rf"(?:{'|'.join(_STREETS['boxes'].split())})\.? (?P<number>[0-9]{{1,5}})(?![\w]|[.,:][0-9])"
)
_BEFORE_TOWN: Final = re.compile(
    rf"(?P<street>{_CAPITAL}[\w'’.-]+(?: [\w'’-]+){{0,2}}) "
    r"(?P<house>[0-9]{1,3}(?: ?[A-Za-z])?)(?=,?[ \n])"
)
_PAST: Final = 8  # characters after the first digit of a house number that must be seen
_TWO: Final = 2  # digits of a box that is surely at the post office


def read_street(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge a word that ends as streets do, before a number."""
    reached = _TO_HOUSE.match(text, place)
    if reached is None:
        return
    name_end = reached.end() - 1
    name = _name(text[max(0, name_end - _REACH) : name_end].rstrip("."))
    house = _HOUSE.match(text, reached.end()) if name else None
    if house is None:
        return
    words = _street(name)
    town = _TOWN.match(text, house.end())
    if words and (words[0][0].isupper() or town):
        start = text.rfind(" ".join(words), 0, name_end)
        end = town.end() if town else house.end()
        hits.append(as_hit((start, end, "ADDRESS", "street", 0.9 if town else 0.8, UNKNOWN)))


def _name(before: str) -> list[str]:
    """Return the last word, and up to three capitalised ones before it, one space apart."""
    pieces, pattern = before.rsplit(" ", _WORDS_BEFORE), _LAST
    words: list[str] = []
    while pieces and (found := pattern.search(pieces.pop())):
        words.insert(0, found[0])
        if found.start():
            break
        pattern = _NAMED
    return words


def _street(words: list[str]) -> list[str]:
    """Return the words that are the street's name: the last, and those before that belong to it."""
    last = words[-1]
    if last.lower() in _ENDINGS:
        return words if len(words) > 1 else []
    begin = len(words) - 1
    while begin and words[begin - 1] in _PREFIXES:
        begin -= 1
    return words[begin:]


def read_english(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge "Street" and its like: a number and a name stand before it."""
    before = text[max(0, place + 1 - _REACH) : place + 1]
    before = before[before.rfind("\0") + 1 :]
    found = _NUMBERED.search(before)
    word = _WORD.match(text, place + 1)
    if found is None or word is None:
        return
    end = word.end() - word[0].endswith(".")
    tail = _BRITISH.match(text, end)
    start = place + 1 - len(found[0])
    hits.append(Hit(start, tail.end() if tail else end, "ADDRESS", "street-english", 0.85))


def read_box(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge a box at the post office."""
    found = _BOX.match(text, place)
    if found is None or text[place - 1].isalnum():
        return
    town = _TOWN.match(text, found.end())
    if town or len(found["number"]) > _TWO or not found[0].startswith("Box"):
        end = town.end() if town else found.end()
        hits.append(Hit(place, end, "ADDRESS", "box", 0.9 if town else 0.7))


def read_town(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge a house number before postal code and town, whatever the street is called."""
    while text[place - 1].isdigit():
        place -= 1
    begin = max(text.rfind("\0", 0, place), text.rfind("\n", 0, place), place - _REACH) + 1
    for found in _BEFORE_TOWN.finditer(text, begin, place + _PAST):
        if found.start("house") == place and (town := _TOWN.match(text, found.end())):
            hits.append(Hit(found.start(), town.end(), "ADDRESS", "house-and-town", 0.6))
            return


_UPPER: Final = rb"[A-Z\xc5\xc4\xd6\xc6\xd8]"
TRIGGERS: Final[tuple[Trigger, ...]] = (
    Trigger(any_of(list(_ENDINGS)) + rb"\.? [0-9]", read_street, caseless=True),
    Trigger(rb" " + any_of(_STREETS["english"].split()) + rb"[^A-Za-z]", read_english),
    Trigger(any_of(_STREETS["boxes"].split()) + rb"\.? [0-9]", read_box),
    Trigger(
        rb"[0-9] ?[A-Za-z]?,?[ \n](?:[A-Z]-)?[0-9]{3} ?[0-9]{1,2} " + _UPPER + rb"[a-z\xe0-\xff]",
        read_town,
    ),
)

"""
Secrets: tokens of well-known shapes, private keys, and what a word such as "password" announces.

Words and shapes are data (data/secrets.toml).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import compress
from typing import Final, NamedTuple

from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.scan import Trigger, any_of
from klarsyn.recognition.secretvalues import BESIDE, LOOSE, SAID, Said, token, value
from klarsyn.recognition.secretwords import (
    EXPRESSIONS,
    PLACE,
    SECRETS,
    TO,
    announced,
    any_word,
    spelled,
)

_CERTAIN, _SURE = 0.99, 0.97
_LEFT, _RIGHT = 90, 40  # characters that are looked at
_BEFORE_BRACKET: Final = 30  # characters before "(code 1047)" that may tell of a door
_QUOTES: Final = "\"'”“»’"
_WORDY: Final = frozenset({"password", "phrase", "key", "weak", "short"})  # no digit is needed
_DIGIT: Final = re.compile("[0-9]")
_REST: Final = re.compile(rf"[^\n\0]{{1,{_LEFT}}}")
_PAIR_STARTS: Final = frozenset(word[:3].rstrip("-") for word in spelled("pairs"))
_BULLET: Final = r"(?:\n[ \t]*)?(?:[-*•>–][ \t]+)?"
_LINE: Final = r"\n[ \t]*(?:[-*•>–][ \t]+)?"
_SIGN: Final = rf"[ \t]*(?:->|=>|[:=]{{1,2}}|[→⇒|>]|\t)(?:\*\*)?[ \t]*{_BULLET}"
_STILL: Final = rf"(?:[ ]+(?:{any_word('fillers')})){{0,2}}"
_IS: Final = rf"[ ]+(?:{any_word('links')}){_STILL}[ ]*:?[ ]*{_BULLET}(?<=\s)"
_SAYS: Final = rf"(?:{_SIGN}|{_IS})"
_GAP: Final = r"(?:[ ][^\W_](?:[\w./'-]|:(?=\w))*){1,6}?"
_BRACKETS: Final = r"[ ]?\([^()\n\0]{1,30}\)"


class _Reading(NamedTuple):
    """One way in which a value may follow the word that announces it."""

    match: Callable[[str, int], re.Match[str] | None]
    how: int  #: SAID, LOOSE, BESIDE
    near: bool = False  #: nothing but a link stands between
    made: dict[str, str] | None = None  #: where it is a guess: what the value is made of, by kind


def _reading(
    rest: str, how: int = LOOSE, *, near: bool = False, made: dict[str, str] | None = None
) -> _Reading:
    return _Reading(re.compile(rest, re.IGNORECASE).match, how, near, made)


_CLOSE: Final = (
    _reading(r"(?:[ ]?(?=[(\[\"'«»“”„`])|[ ]+|(?=[0-9]))", BESIDE, near=True),
    _reading(rf"(?:[ ]?[0-9](?=[ ]?[:=]))?(?:{_BRACKETS})?{_SAYS}", SAID, near=True),
    _reading(
        rf"(?:[ ]?[-–—][ ]+|[ ]*{_LINE}|,[ ]|{_BRACKETS}[ ]|[ ](?:{any_word('fillers')})[ ])",
        near=True,
    ),
)
_REMOTE: Final = _reading(rf"[ ]{TO}(?:[ ][^\W\d_]+){{1,3}}[ ](?=[^\s\0]*[0-9])")
_FAR: Final = (
    _reading(rf"(?P<to>[ ]{TO}(?![^\W_]))?{_GAP}(?:{_BRACKETS})?{_SAYS}", SAID),
    _reading(rf"(?:{_GAP})?[ ](?:{any_word('after')})[ ]"),
    _reading(rf"(?:[ ]{TO}(?:[ ][^\W\d_]+){{0,3}}?)?[ ][^\W\d_]*{PLACE},?[ ](?=[0-9#*])"),
    _REMOTE,
    _reading(
        rf"[^\n\0]{{1,60}}?(?<![^\W_])(?:{any_word('renewed')})(?:{_SIGN}|{_IS})", SAID, near=True
    ),
    _reading(
        rf"[^\n\0]{{1,60}}?(?<![^\W_])(?:{any_word('pronouns')})[ ]+",
        made={"code": "own", "own": "own"} | dict.fromkeys(("password", "phrase", "key"), "other"),
    ),
    _reading(
        rf"(?:{_GAP})?[ ](?:{any_word('changed')})(?:[,:]|[ ][-–—])[ ]",
        made={kind: kind for kind in ("password", "key", "code", "lock", "own")},
    ),
    _reading(
        rf"[^\n\0]{{1,80}}?\((?:(?:{any_word('recalled')})[ ])?(?=[^\s()]{{4,64}}\))",
        made=dict.fromkeys(("password", "phrase", "key", "code", "own"), "bracket"),
    ),
    _reading(
        rf"(?:{_GAP})?,[ ](?=[0-9]{{4,8}}(?:[,;.\n\0]|$))", made={"code": "code", "own": "own"}
    ),
)
_PLAIN: Final = frozenset({"password", "phrase"})  # a plain word may be one
_TOLD_BEFORE: Final = frozenset({"password", "code", "bare", "key"})  # "4711 is the code"
_LISTED: Final = frozenset({"code", "bare"})  # there may be several
_TOKENED: Final = frozenset({"password", "phrase", "key", "code", "weak"})
_SIGNS: Final = re.compile(r"[:=>|→⇒\t]")
_STARTS_NUMBER: Final = re.compile("[ ][0-9#*]")
_LINKING: Final = frozenset(word.partition(" ")[0] for word in spelled("links"))
_MEANING: Final = frozenset(word.partition(" ")[0] for word in spelled("pronouns"))
_CHANGED: Final = frozenset(word + sign for word in spelled("changed") for sign in ("", ",", ":"))
_LEADING: Final = frozenset((*spelled("prepositions"), *spelled("after")))
_WORDS: Final = 16  # words to the right that are looked at
_WORDS_DO: Final = frozenset({"password", "phrase", "key"})  # a value further off needs no digit
_NONE: Final = (False,) * len(_FAR)
_PAIR: Final = re.compile(
    rf"(?P<word>{any_word('pairs')})(?:[ ]{TO}[ ][^\W\d_]+(?=:))?"
    r"(?:[ ](?:med|with|som|as|is|är|er))?[ :=]+[\w.@+-]+"
    r"(?: ?/ ?| ?[|,] ?| - |:)(?=[^\s/]{4})(?![\w-]+[:=])",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    rf"(?<![^\s\0(\"'])(?=[^\s\0]*[0-9])(?P<value>[^\s\0\"']{{4,64}})[\"']?[ ]+"
    rf"(?:{any_word('links')}|{any_word('before')})[ ]+(?:[^\W\d_]+[- ]){{0,3}}$",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(r"(?:,|;| og| och| and)?[ \n](?:[-*•][ ])?(?=[^\s\0]*[0-9])")
_ELSEWHERE: Final = re.compile(
    rf"(?<![^\W_])(?:{any_word('elsewhere')})(?![^\W_])".replace(r"\*", r"[^\W\d_]*"), re.IGNORECASE
)
_DOOR: Final = re.compile(rf"(?<![^\W_])[^\W\d_]*{PLACE}(?![^\W_])|[0-9]#", re.IGNORECASE)
_NEARBY: Final = {"bare": _ELSEWHERE, "weak": _ELSEWHERE, "press": _DOOR}
_CREDENTIALS: Final = re.compile(r"://[^\s/@:\0]{0,64}:(?P<value>[^\s@/\0]{2,128})@")
_SHAPES: Final = tuple(
    (tuple(entry["starts"]), entry["rule"], re.compile(entry["shape"]))
    for entry in SECRETS["shape"]
)


def read_shape(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge what begins as a known kind of token does."""
    if text[place - 1].isalnum() or text[place - 1] in "_.":
        return
    for starts, rule, shape in _SHAPES:
        if text.startswith(starts, place) and (found := shape.match(text, place)):
            end = found.end()
            while text[end - 1] in "-." and not text.endswith("-----", place, end):
                end -= 1
            hits.append(as_hit((place, end, "SECRET", rule, _SURE, UNKNOWN)))
            return


def read_credentials(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge an address that carries a password: scheme://user:password@host."""
    found = _CREDENTIALS.match(text, place)
    if found:
        hits.append(Hit(*found.span("value"), "SECRET", "secret-in-address", _CERTAIN))


def read_keyword(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge what follows a word that announces a secret, or stands before it: "4711 är koden"."""
    if hit := _paired(text, place) if text[place : place + 3].lower() in _PAIR_STARTS else None:
        hits.append(hit)
        return
    keyword = announced(text, place)
    if keyword is None:
        return
    kind, end = keyword.kind, keyword.end
    after = kind in _WORDY or _DIGIT.search(text, place, place + _LEFT)
    hit = _told_after(text, end, kind) if after else None
    if hit is None and kind in _TOLD_BEFORE:
        hit = _told_before(text, place, kind)
    if kind in _TOKENED and (
        other := _token(text, place, hit.end if hit else end, before=hit is None)
    ):
        hits.append(other)
    if hit and not _is_explained(text, place, hit, kind):
        hits.append(hit)
        if kind in _LISTED:
            hits += _more(text, hit, kind)


def _is_explained(text: str, place: int, hit: Hit, kind: str) -> bool:
    """Whether the line says that a value is something else: an error's code, a discount's."""
    if kind in _NEARBY and bool(_near(text, place, hit, kind)) != (kind == "press"):
        return True
    if kind != "bare" or text[place - 1] != "(" or not text[hit.start : hit.end].isdecimal():
        return False
    quoted = text[hit.end] == ")" and text[hit.end + 1] in _QUOTES
    return quoted or not _DOOR.search(text, max(0, place - _BEFORE_BRACKET), place)


def _token(text: str, place: int, end: int, *, before: bool) -> Hit | None:
    """Return what in the line looks like nothing but a secret: after the word, or before it."""
    rest = _REST.match(text, end)
    if rest and _DIGIT.search(rest[0]) and (found := token(text, end, rest.end())):
        return found
    if not before:
        return None
    first = max(text.rfind("\n", 0, place), text.rfind("\0", 0, place), place - _LEFT - 1) + 1
    return token(text, first, place)


def _told_after(text: str, place: int, kind: str) -> Hit | None:
    """Return the value that stands after the keyword, beside it or after a link."""
    for reading in _CLOSE:
        found = reading.match(text, place)
        if found and (hit := value(text, found.end(), _said_near(reading.how, kind))):
            return hit
    for reading in compress(_FAR, _likely(text, place, kind)):
        made = reading.made.get(kind) if reading.made else kind
        found = reading.match(text, place) if made else None
        if found and made and (hit := value(text, found.end(), _said(reading, found, made, place))):
            return hit
    return None


def _likely(text: str, place: int, kind: str) -> tuple[bool, ...]:
    """
    Return which of the later readings the line may hold, by its words and signs alone.

    Most lines hold none, and the readings themselves cost thirty times as much.
    """
    line = text[place : place + _LEFT].lower().partition("\n")[0]
    words = line.split(" ", _WORDS)
    within = line if len(words) <= _WORDS else line[: -len(words.pop())]
    if kind not in _WORDS_DO and not _DIGIT.search(within):
        return _NONE
    linked = bool(_SIGNS.search(within)) or not _LINKING.isdisjoint(words)
    leads = not _LEADING.isdisjoint(words)
    numbered = bool(_STARTS_NUMBER.search(within))
    means = not _MEANING.isdisjoint(words)
    changed = not _CHANGED.isdisjoint(words)
    apart = numbered and "," in within
    return linked, leads, numbered, leads, linked, means, changed, "(" in within, apart


def _said(reading: _Reading, found: re.Match[str], kind: str, place: int) -> Said:
    if reading.near:
        return _said_near(reading.how, kind)
    if reading is _REMOTE and kind in {"password", "bare", "weak"}:
        kind = "remote"
    plain = kind in _PLAIN and found.re.groups > 0 and found["to"] is not None
    return Said(kind, reading.how, near=False, plain=plain, since=place)


@cache
def _said_near(how: int, kind: str) -> Said:
    return Said(kind, how, near=True, plain=kind in _PLAIN)


def _near(text: str, place: int, hit: Hit, kind: str) -> bool:
    """Whether the line tells of discounts, errors or source code; of a door, for "press 4711"."""
    first, last = min(place, hit.start), max(place, hit.end)
    first = max(text.rfind("\n", 0, first), text.rfind("\0", 0, first), first - _LEFT, 0)
    ends = (text.find("\n", last), text.find("\0", last), last + _RIGHT)
    end = min(end for end in ends if end >= 0)
    return _NEARBY[kind].search(text, first, end) is not None


def _paired(text: str, place: int) -> Hit | None:
    """Return the password of "login: anna / ..."."""
    if text[place - 1].isalnum() or not (pair := _PAIR.match(text, place)):
        return None
    return value(text, pair.end(), Said("pair", BESIDE, near=True, plain=False))


def _told_before(text: str, place: int, kind: str) -> Hit | None:
    """Return the value in "4711 är koden till porten", "use ... as the password"."""
    first = max(0, place - _LEFT)
    likely = text[place - 1] in " -" and _DIGIT.search(text, first, place)
    found = _BEFORE.search(text, first, place) if likely else None
    if found is None:
        return None
    hit = value(text, found.start("value"), Said(kind, LOOSE, near=False, plain=False, since=first))
    return hit if hit and hit.end <= found.end("value") else None


def _more(text: str, hit: Hit, kind: str) -> Iterator[Hit]:
    """Yield the other codes of a list: "recovery codes: 4821-3391, 5520-1187"."""
    length = hit.end - hit.start
    said = Said(kind, SAID, near=True, plain=False)
    while found := _NEXT.match(text, hit.end):
        following = value(text, found.end(), said)
        if following is None or following.end - following.start != length:
            return
        hit = following
        yield hit


TRIGGERS: Final[tuple[Trigger, ...]] = (
    Trigger(any_of([start for entry in SECRETS["shape"] for start in entry["starts"]]), read_shape),
    Trigger(rb"://[^ \n/@\x00]{1,190}@", read_credentials),
    Trigger(b"", read_keyword, caseless=True, begins=EXPRESSIONS),
)

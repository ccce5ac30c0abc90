"""
Secrets: tokens of well-known shapes, private keys, and what a word such as "password" announces.

Words and shapes are data (data/secrets.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from klarsyn.recognition.context import table, words
from klarsyn.recognition.findings import Hit
from klarsyn.recognition.scan import Trigger, any_of

_SECRETS = table("secrets.toml")
_KEYWORDS = words(_SECRETS["keywords"])
_CERTAIN, _SURE, _ANNOUNCED, _QUOTED = 0.99, 0.97, 0.85, 0.7
_WEAKEST = 4  # characters of a password, at least
_VALUE = re.compile(r"(?P<quote>[\"'«»“”„`(])?(?P<value>[^\s\0\"«»“”„`]{2,512})")
_CREDENTIALS = re.compile(r"://[^\s/@:\0]{0,64}:(?P<value>[^\s@/\0]{2,128})@")
_LONG_TOKEN = 12  # characters of a value that need no "is" or ":" before them
_CODE = re.compile(r"[0-9]{3,8}(?![\w-])")
_PLACEHOLDER = re.compile(r"[*x.•_<\[{-]+|<.*>|\{.*\}|\[.*\]|\$\{.*|%.*%", re.IGNORECASE)
_END = ".,;:!?)]}>'"


def _keyword_pattern(keywords: list[str]) -> str:
    alternatives = sorted({*keywords}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\-", "[-_ ]?") for word in alternatives)


def _any(name: str) -> str:
    return "|".join(sorted(_SECRETS[name].split(), key=len, reverse=True))


_KEYWORD = rf"(?P<word>{_keyword_pattern(_KEYWORDS)})(?P<suffix>[^\W\d_]{{0,3}})(?![^\W\d_])[\"']?"
_IS = rf"[ ]+(?:{_any('links')})(?:[ ]+(?:{_any('fillers')}))?[ ]*:?[ ]+"
_DIRECT = re.compile(
    rf"{_KEYWORD}(?P<link>[ ]?(?:[:=]{{1,2}}|->|=>)[ ]?|,[ ]|{_IS}|"
    rf"[ ]+(?:(?:{_any('fillers')})[ ]+)?)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"{_KEYWORD}(?:[ ][^\W_][\w.-]*){{1,4}}?"
    rf"(?P<link>[ ]?[:=][ ]?|[ ](?=\()|{_IS}|[ ](?:{_any('after')})[ ])",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"(?P<word>{_any('pairs')})(?P<link>[ :]+)[\w.@-]+ ?/ ?(?=[^\s/]{{4}})", re.IGNORECASE
)
_LONG = re.compile(
    r"l(?:ö|ø)sen|pass(?:ord|word)|kodeord|adgangskod|nyckel|n(?:ø|ö)gle|nøkkel|token|secret",
    re.IGNORECASE,
)
_WEAK = re.compile(_keyword_pattern(_SECRETS["weak"].split()), re.IGNORECASE)
_BARE = re.compile(_keyword_pattern(_SECRETS["bare"].split()), re.IGNORECASE)
_CODE_WORDS = re.compile(_keyword_pattern(_SECRETS["codes"].split()), re.IGNORECASE)


@cache
def _shapes() -> tuple[tuple[tuple[str, ...], str, re.Pattern[str]], ...]:
    return tuple(
        (tuple(entry["starts"]), entry["rule"], re.compile(entry["shape"]))
        for entry in _SECRETS["shape"]
    )


def read_shape(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge what begins as a known kind of token does."""
    if text[place - 1].isalnum() or text[place - 1] in "_.":
        return
    for starts, rule, shape in _shapes():
        if text.startswith(starts, place) and (found := shape.match(text, place)):
            end = found.end()
            while text[end - 1] in "-.":
                end -= 1
            hits.append(Hit(place, end, "SECRET", rule, _SURE))
            return


def read_credentials(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge an address that carries a password: scheme://user:password@host."""
    found = _CREDENTIALS.match(text, place)
    if found:
        hits.append(Hit(*found.span("value"), "SECRET", "secret-in-address", _CERTAIN))


def read_keyword(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """
    Judge what follows a word that announces a secret.

    The value stands right after the word, or after a link: "lösenordet till portalen är ...".
    """
    if text[place - 1].isalpha() and not _ends_compound(text, place):
        return
    for announced in _announcements(text, place):
        found = _VALUE.match(text, announced.end())
        if found and (hit := _value(text, place, announced, found)):
            hits.append(hit)
            return


def _ends_compound(text: str, place: int) -> bool:
    """Whether the word ends a longer one that announces too: "wifilösenord", "dbPassword"."""
    hump = text[place].isupper() and text[place - 1].islower()
    return hump or _LONG.match(text, place) is not None


def _announcements(text: str, place: int) -> Iterator[re.Match[str]]:
    """Yield the ways to read what stands between keyword and value: nothing first, then a link."""
    for pattern in (_DIRECT, _AFTER, _PAIR):
        if announced := pattern.match(text, place):
            yield announced


def _value(text: str, place: int, announced: re.Match[str], found: re.Match[str]) -> Hit | None:
    start, end = found.span("value")
    linked = any(sign in announced["link"] for sign in ":=>")
    if linked and (stop := text.find(";", start, end)) > start:
        end = stop  # Server=...;Password=...;
    while end > start and text[end - 1] in _END and not _closes(text, start, end):
        end -= 1
    if _PLACEHOLDER.fullmatch(found["value"].rstrip(".,;")):
        return None
    value = text[start:end]
    word, told = announced["word"], announced["link"].strip() != ""
    if _CODE.fullmatch(value.strip("#*")):
        is_code = word.lower() == "code" and announced["link"].strip().isalpha()
        sure = is_code or _CODE_WORDS.match(text, place) or _BARE.fullmatch(word)
        confidence = _ANNOUNCED if sure else 0.0
    elif not told and len(value) < _LONG_TOKEN and _WEAK.fullmatch(word):
        return None
    else:
        confidence = _plausible(value, linked=linked, quoted=bool(found["quote"]))
    return Hit(start, end, "SECRET", "secret-told", confidence) if confidence else None


def _closes(text: str, start: int, end: int) -> bool:
    """Whether a last "!" is part of the password, as people end theirs."""
    return text[end - 1] == "!" and any(sign.isdigit() for sign in text[start:end])


def _plausible(value: str, *, linked: bool, quoted: bool) -> float:
    """
    Return how likely a word after a keyword is the secret and not the rest of the sentence.

    What mixes letters with digits or signs is; a plain word only in quotation marks or after ":".
    """
    if len(value) < _WEAKEST or _PLACEHOLDER.fullmatch(value):
        return 0.0
    letters = any(sign.isalpha() for sign in value)
    digits = any(sign.isdigit() for sign in value)
    inside = value.strip("-_.!?*#")
    signs = not inside.isalnum() and not inside.replace("-", "", 1).replace("'", "").isalpha()
    if (letters and (digits or signs)) or _mixed(value):
        return 0.0 if "://" in value or ("@" in value and not linked) else _ANNOUNCED
    if quoted or (linked and (letters or digits)):
        return _QUOTED
    return 0.0


def _mixed(value: str) -> bool:
    """Whether capitals stand inside a word: "hUndar", not "Hundar" or "HUNDAR"."""
    return value.isalpha() and not (value.islower() or value.isupper() or value.istitle())


_STARTS = [word.partition("-")[0] for word in (*_KEYWORDS, *_SECRETS["pairs"].split())]
TRIGGERS: Final = (
    Trigger(
        any_of([start for entry in _SECRETS["shape"] for start in entry["starts"]]), read_shape
    ),
    Trigger(rb"://[^ \n/@\x00]{1,190}@", read_credentials),
    Trigger(any_of(_STARTS), read_keyword, caseless=True),
)

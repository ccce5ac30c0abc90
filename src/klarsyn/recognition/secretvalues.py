"""
Whether what stands after "the password is" is a secret, and where it ends.

What it must be made of depends on the word that announces it; both are data (data/secrets.toml).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from klarsyn.recognition.context import before
from klarsyn.recognition.findings import UNKNOWN, Hit, as_hit
from klarsyn.recognition.secretwords import SECRETS, TO, any_word

SAID: Final = 0
"""The value stands after ":" or "is"."""

LOOSE: Final = 1
"""It stands after a dash, or on the next line."""

BESIDE: Final = 2
"""It stands just beside the word."""

_ANNOUNCED, _QUOTED = 0.85, 0.7
_WEAKEST: Final = 4  # letters of a password, at least
_QUOTATION: Final = re.compile(r"[\"'«»“”„`‘]([^\n\0\"'«»“”„`‘’]{3,64})[\"'«»“”„`’](?![^\W_])")
_QUOTES: Final = frozenset("\"'«»“”„`‘")
_VALUE: Final = re.compile(r"[\"'«»“”„`(\[{*‘]{0,2}(?P<value>[^\s\0\"«»“”„`]{2,512})")
_GROUPED: Final = re.compile(
    r"[0-9]{3}[ -][0-9]{3}(?![ ]?[0-9])|[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}-[0-9]{4}"
    r"|[0-9]{2}(?: [0-9]{2}){1,2}(?![ ]?[0-9:.,])|[0-9](?: [0-9]){3,5}(?![ ]?[0-9:.,])"
    r"|[0-9]{2}-[0-9]{2}|[0-9]{4,6}(?:-[0-9]{4,6}){2,7}"
)
_GOES_ON: Final = re.compile(r"[-/]?[^\W_]")
_NUMBER: Final = re.compile(r"[0-9]{3,8}")
_SEVERAL: Final = re.compile(r"[^\W\d_]{3,}(?: [^\W\d_]{2,}){3,23}(?![^\W_])")
_UNITS: Final = re.compile(rf"[ ]?(?:{any_word('units')})(?![^\W_])", re.IGNORECASE)
_HALTS: Final = re.compile(
    rf"[.!?,;)\]\"'”]*(?:$|[\n\0/|(]|[ ](?:[(/|–-]|{TO}[ ]|(?:og|och|and|men|but)[ ]|[\w-]+[:=])"
    r"|(?<=[.!?,;])[ ])",
    re.IGNORECASE,
)
_PARTICIPLE: Final = re.compile(rf"[\w-]{{2,}}(?:{any_word('participles')})", re.IGNORECASE)
_ADJECTIVE: Final = re.compile(rf"[\w-]+(?:{any_word('adjectives')})", re.IGNORECASE)
_NO_SECRET: Final = frozenset(SECRETS["no_secret"].split())
_PRODUCTS: Final = frozenset(SECRETS["products"].split())
_FIELD_ENDS: Final = re.compile(r";|[&,](?=[\w-]+[=:])")
_PLACEHOLDER: Final = re.compile(
    r"[*x.•●…?_<\[{#-]+|<.*|\{.*|\[.*|\$\{.*|%.*%|[^\s\]]*\]|[*•]{2,}.*", re.IGNORECASE
)
_NO_VALUE: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:\w+:)?//.*|www\..*|[0-9]{1,3}-[^\W\d_]+"
    r"|[0-9]{1,4}[-./:][0-9]{1,2}(?:[-./:][0-9]{1,4})?(?:T[0-9:.Z+]*)?|[@+/].*|(?:19|20)[0-9]{2}-tal.*"
    r"|[0-9]+:[^\W\d_]{1,3}",
    re.IGNORECASE,
)
_ABBREVIATED: Final = re.compile(r"[A-ZÅÄÖÆØ]{1,3}[0-9]{1,2}[A-Z]?-[^\W\d_]{3,}")  # "A4-skuffen"
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9.,;)!\n\0]|$)")
_END: Final = ".,;:!?)]}>'*’"
_STRONG: Final = frozenset("!#$%&@?+=^~*")
_TOKEN: Final = re.compile(
    r"[\"'(„“”«»`#]*(?P<bare>(?=[\w!#$%&@?+=^~*-]*[0-9])\w[\w!#$%&@?+=^~*-]{6,62}\w)"
    r"[.,;:!?)\"'”“«»`*]*"
)
_PART: Final = re.compile(r"[^\W_]+")
_IRREGULAR: Final = 4  # letters and digits of a part that is neither word nor number: "b7Kq"
_WORD_AND_NUMBER: Final = re.compile(r"[^\W\d_]+[0-9]+|[0-9]+[^\W\d_]+")
_NEAR: Final = 0.6
_NO_YEARS: Final = frozenset({"code", "own", "press"})  # a number beside them is no year
_SHORTEST_TOKEN: Final = 8
_COMPOUND: Final = 2  # parts of a word with a hyphen
_DIGIT, _ANY_DIGIT = re.compile("[0-9]"), re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")


class Said(NamedTuple):
    """How a value is announced."""

    kind: str
    how: int  #: SAID, LOOSE, BESIDE
    near: bool  #: nothing but a link stands between
    plain: bool  #: a plain word may be the secret
    since: int = 0  #: where the words begin that stand between, if not near


def value(text: str, place: int, said: Said) -> Hit | None:
    """Return the value that begins here, if it is likely one."""
    if whole := _whole(text, place, said):
        return as_hit((place, whole.end(), "SECRET", "secret-told", _ANNOUNCED, UNKNOWN))
    quotation = _QUOTATION.match(text, place) if text[place] in _QUOTES else None
    if quotation:
        start, end = quotation.span(1)
    elif found := _VALUE.match(text, place):
        start, end = found.start("value"), _cut(text, found, said)
    else:
        return None
    confidence = _confidence(text, start, end, said, quoted=bool(quotation))
    if not confidence:
        return None
    return as_hit((start, end, "SECRET", "secret-told", confidence, UNKNOWN))


def _whole(text: str, place: int, said: Said) -> re.Match[str] | None:
    """Return what has spaces inside: a code in groups, a phrase of several words."""
    if said.kind in {"code", "lock", "key"} or (said.kind in {"bare", "device"} and not said.how):
        found = _GROUPED.match(text, place)
        return found if found and not _GOES_ON.match(text, found.end()) else None
    if said.kind == "phrase" and said.how == SAID:
        return _SEVERAL.match(text, place)
    return None


def _cut(text: str, found: re.Match[str], said: Said) -> int:
    """Return where the value ends: before what closes the sentence or begins the next field."""
    start, end = found.span("value")
    if said.how == SAID:
        stop = _FIELD_ENDS.search(text, start + 1, end)  # Server=...;Password=...;
        end = stop.start() if stop else end
    while end > start and text[end - 1] in _END and not _closes(text, start, end):
        end -= 1
    return end


def _closes(text: str, start: int, end: int) -> bool:
    """Whether a last "!" is part of the password, as people end theirs; "*" that of a code."""
    inside = text[start:end]
    if inside[-1] == "*":
        return inside[:-1].isdecimal()
    return inside[-1] == "!" and any(sign.isdigit() for sign in inside)


def _confidence(text: str, start: int, end: int, said: Said, *, quoted: bool) -> float:
    """Return how likely this is the secret and not the rest of the sentence, 0 for not at all."""
    value = text[start:end]
    if _is_nothing(value):
        return 0.0
    if (
        (said.how and _ABBREVIATED.fullmatch(value))
        or value.lower() in _PRODUCTS
        or (value.lower() in _NO_SECRET and not (quoted and not said.how))
    ):
        return 0.0
    made = _made_of(value)
    if made == "number" and _is_counted(text, end, said):
        return 0.0
    how = SAID if value[-1] == "#" else said.how
    fewest = SECRETS["fewest"][said.kind].get(made, (0, 0, 0))[how]
    if fewest and len(value) >= fewest:
        other = not said.near and _tells_other(text[said.since : start])
        return 0.0 if other or _advertised(value, said) else _ANNOUNCED
    if made == "plain" or quoted:
        return _plain(text, value, end, said, quoted=quoted)
    return 0.0


def _tells_other(between: str) -> bool:
    """Whether the words before a value say that it is something else: an order, a number."""
    return bool(between) and before(between, len(between)) in {"OTHER", "ORGNR", "VAT", "ADDRESS"}


def _is_counted(text: str, end: int, said: Said) -> bool:
    """Whether a number counts what follows it, "12 characters", or is a year."""
    if _UNITS.match(text, end):
        return True
    dated = said.how and said.kind not in _NO_YEARS
    return bool(dated and _YEAR.match(text, end - 4))


def _is_nothing(value: str) -> bool:
    """Whether it stands for a value or is one of another kind: "xxx", "<password>", a date."""
    if value.isalnum():
        return not value.strip("xX")
    return (
        not value
        or _PLACEHOLDER.fullmatch(value) is not None
        or _NO_VALUE.fullmatch(value) is not None
    )


def _advertised(value: str, said: Said) -> bool:
    """Whether it looks like a campaign, "kod SOMMAR20", or a number of any kind."""
    if said.kind == "remote":
        return value == value.lower() or value == value.upper()
    return said.kind in {"bare", "own"} and value[:3].isalpha() and value.isupper()


def _made_of(value: str) -> str:
    """Return what a value is made of: a number, letters and digits, with signs, a plain word."""
    if _NUMBER.fullmatch(value.strip("#*")):
        return "number"
    letters = _LETTER.search(value) is not None
    digits = _ANY_DIGIT.search(value) is not None
    if digits and (letters or not _STRONG.isdisjoint(value)):
        return "mixed"
    if not letters or not _STRONG.isdisjoint(value[:-1]):
        return "signed" if letters else "other"
    if value.isalpha() and not (value.islower() or value.isupper() or value.istitle()):
        return "humped"
    return "plain"


def _plain(text: str, value: str, end: int, said: Said, *, quoted: bool) -> float:
    """Judge a plain word: in quotation marks, or at the end of what "is" or ":" announces."""
    if not said.plain or len(value) < _WEAKEST:
        return 0.0
    if quoted:
        return _QUOTED
    lead = text[max(0, end - len(value) - 6) : end - len(value)]
    said_is = lead.rstrip(" \t\n*-•–")[-1:].isalpha()
    named = said_is and said.near and value.istitle()  # "is Sunshine on all of them"
    if lead[-1] in "([{<" or said.how != SAID or not (named or _HALTS.match(text, end)):
        return 0.0
    if _PARTICIPLE.fullmatch(value) or (said_is and _ADJECTIVE.fullmatch(value)):
        return 0.0
    return _QUOTED


def token(text: str, start: int, end: int) -> Hit | None:
    """
    Return what stands here and looks like nothing but a secret: "pk_51fA0cQe77", "Rugbrød!1864".

    Letters and digits with a sign people put into passwords, or capitals, small letters and
    digits; no word with a number after it, no address, nothing an order or a version announces.
    """
    for word in text[start:end].split():
        if len(word) < _SHORTEST_TOKEN or word.isalpha() or not (found := _TOKEN.fullmatch(word)):
            continue
        bare = found["bare"]
        begin = text.index(word, start, end) + found.start("bare")
        whole = not text[begin - 1].isalnum()
        if whole and _is_random(bare) and before(text, begin) not in {"OTHER", "ORGNR", "VAT"}:
            return Hit(begin, begin + len(bare), "SECRET", "secret-near", _NEAR)
    return None


def _is_random(word: str) -> bool:
    """Whether a token is no word, no number, and no reference made of both ("CO2-utslipp")."""
    letters = {sign.isupper() for sign in word if sign.isalpha()}
    if len(word) < _SHORTEST_TOKEN or not letters or "@" in word or not _DIGIT.search(word):
        return False
    if not _STRONG.isdisjoint(word):
        return True
    parts = _PART.findall(word)
    mixed = [part for part in parts if _DIGIT.search(part) and not part.isdecimal()]
    if letters != {False, True} or not mixed:
        return False
    numbered = [part for part in parts if _DIGIT.search(part)]
    return any(map(_is_irregular, mixed)) or (len(parts) > _COMPOUND and len(numbered) > 1)


def _is_irregular(part: str) -> bool:
    cases = {sign.isupper() for sign in part if sign.isalpha()}
    return len(cases) > 1 and len(part) >= _IRREGULAR and not _WORD_AND_NUMBER.fullmatch(part)

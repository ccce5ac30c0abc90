"""
Secrets: tokens of well-known shapes, private keys, and what a word such as "password" announces.

Words and shapes are data (data/secrets.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from klarsyn.recognition.context import before, table, words
from klarsyn.recognition.findings import Hit
from klarsyn.recognition.scan import Trigger, any_of

_SECRETS = table("secrets.toml")
_KIND = {
    re.sub("[-_ ]", "", word): kind
    for kind, entry in reversed(_SECRETS["keywords"].items())
    for word in words(entry)
}
_KEYWORDS = [word for entry in _SECRETS["keywords"].values() for word in words(entry)]
_CERTAIN, _SURE, _ANNOUNCED, _QUOTED = 0.99, 0.97, 0.85, 0.7
_WEAKEST = 4  # letters of a password, at least
_LEFT, _RIGHT, _STEM_REACH = 90, 40, 30  # characters that are looked at
_SAID, _LOOSE, _BESIDE = range(3)  # after ":" or "is"; after a dash, on the next line; just beside


_FIRST = frozenset(
    part + ending
    for word in (*_KEYWORDS, *_SECRETS["pairs"].split())
    for part in (word, word.partition("-")[0], word.replace("-", ""), word.partition("_")[0])
    for ending in ("", *_SECRETS["endings"].split())
)
_WORDY = frozenset({"password", "phrase", "key", "weak", "short"})  # no digit is needed
_DIGIT = re.compile("[0-9]")
_PAIR_STARTS = frozenset(word[:3].rstrip("-") for word in _SECRETS["pairs"].split())
_RUN = re.compile(r"[^\W\d_]+")


def _spelled(name: str) -> list[str]:
    every = _SECRETS[name].split()
    return [word.replace("_", " ") for word in sorted({*every}, key=lambda one: (-len(one), one))]


def _any(name: str) -> str:
    return "|".join(map(re.escape, _spelled(name)))


def _keyword_pattern(keywords: list[str]) -> str:
    alternatives = sorted({*keywords}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\-", "[-_ ]?") for word in alternatives)


_KEYWORD = re.compile(
    rf"(?P<word>{_keyword_pattern(_KEYWORDS)})(?:{_any('endings')})?(?![^\W\d_]|[_-][^\W\d_])"
    r"(?:\*\*|[\"'”`*])?",
    re.IGNORECASE,
)
_BULLET = r"(?:\n[ \t]*)?(?:[-*•>–][ \t]+)?"
_LINE = r"\n[ \t]*(?:[-*•>–][ \t]+)?"
_SIGN = rf"[ \t]*(?:->|=>|[:=]{{1,2}}|[→⇒|>]|\t)(?:\*\*)?[ \t]*{_BULLET}"
_IS = rf"[ ]+(?:{_any('links')})(?:[ ]+(?:{_any('fillers')})){{0,2}}[ ]*:?[ ]*{_BULLET}(?<=\s)"
_SAYS = rf"(?P<said>{_SIGN}|{_IS})"
_GAP = r"(?:[ ][^\W_](?:[\w./'-]|:(?=\w))*){1,6}?"
_BRACKETS = r"[ ]?\([^()\n\0]{1,30}\)"
_TO = rf"(?:{_any('prepositions')})"
_PLACE = rf"(?:{_any('places')})(?:{_any('endings')})?"
_READINGS = tuple(
    re.compile(rest, re.IGNORECASE)
    for rest in (
        rf"(?:[ ]?[0-9](?=[ ]?[:=]))?(?:{_BRACKETS})?{_SAYS}",
        rf"(?:[ ]?[-–—][ ]+|[ ]*{_LINE}|,[ ]|{_BRACKETS}[ ]|[ ](?:{_any('fillers')})[ ])",
        r"(?:[ ]?(?=[(\[\"'«»“”„`])|[ ]+|(?=[0-9]))",
        rf"(?P<to>[ ]{_TO}(?![^\W_]))?{_GAP}(?:{_BRACKETS})?{_SAYS}",
        rf"(?:{_GAP})?[ ](?:{_any('after')})[ ]",
        rf"(?:[ ]{_TO}(?:[ ][^\W\d_]+){{0,3}}?)?[ ][^\W\d_]*{_PLACE},?[ ](?=[0-9#*])",
        rf"[ ]{_TO}(?:[ ][^\W\d_]+){{1,3}}[ ](?=[^\s\0]*[0-9])",
        rf"[^\n\0]{{1,60}}?(?<![^\W_])(?:{_any('renewed')})(?P<said>{_SIGN}|{_IS})",
    )
)
_ADJOINING = _READINGS[2]
_LATER, _REMOTE = _READINGS[3:7], _READINGS[6]
_PAIR = re.compile(
    rf"(?P<word>{_any('pairs')})(?:[ ](?:med|with|som|as))?[ :=]+[\w.@+-]+"
    r"(?: ?/ ?| ?[|,] ?| - |:)(?=[^\s/]{4})(?![\w-]+[:=])",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<![^\s\0(\"'])(?=[^\s\0]*[0-9])(?P<value>[^\s\0\"']{{4,64}})[\"']?[ ]+"
    rf"(?:{_any('links')}|{_any('before')})[ ]+(?:[^\W\d_]+[- ]){{0,3}}$",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"'«»“”„`‘]([^\n\0\"'«»“”„`‘’]{3,64})[\"'«»“”„`’](?![^\W_])")
_VALUE = re.compile(r"[\"'«»“”„`(\[{*‘]{0,2}(?P<value>[^\s\0\"«»“”„`]{2,512})")
_GROUPED = re.compile(
    r"[0-9]{3}[ -][0-9]{3}(?![ ]?[0-9])|[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}-[0-9]{4}"
    r"|[0-9]{2}(?: [0-9]{2}){1,2}(?![ ]?[0-9:.,])|[0-9](?: [0-9]){3,5}(?![ ]?[0-9:.,])"
    r"|[0-9]{2}-[0-9]{2}|[0-9]{4,6}(?:-[0-9]{4,6}){2,7}"
)
_GOES_ON = re.compile(r"[-/]?[^\W_]")
_NUMBER = re.compile(r"[0-9]{3,8}")
_SEVERAL = re.compile(r"[^\W\d_]{3,}(?: [^\W\d_]{2,}){3,23}(?![^\W_])")
_NEXT = re.compile(r"(?:,|;| og| och| and)?[ \n](?:[-*•][ ])?(?=[^\s\0]*[0-9])")
_STEM = re.compile(r"(?P<between>[-_ ]?)(?P<stem>[^\W_]+)")  # read backwards
_STEMS = re.compile(
    rf"(?:{_any('stems')})|[^\W\d_]*(?:{_any('places')})(?:{_any('endings')})?", re.IGNORECASE
)
_OTHERS = re.compile(rf"(?:{_any('others')})(?:{_any('endings')})?", re.IGNORECASE)
_ELSEWHERE = re.compile(
    rf"(?<![^\W_])(?:{_any('elsewhere')})(?![^\W_])".replace(r"\*", r"[^\W\d_]*"), re.IGNORECASE
)
_NEARBY = {
    "bare": _ELSEWHERE,
    "weak": _ELSEWHERE,
    "press": re.compile(rf"(?<![^\W_])[^\W\d_]*{_PLACE}(?![^\W_])|[0-9]#", re.IGNORECASE),
}
_UNITS = re.compile(rf"[ ]?(?:{_any('units')})(?![^\W_])", re.IGNORECASE)
_HALTS = re.compile(
    rf"[.!?,;)\]\"'”]*(?:$|[\n\0/|(]|[ ](?:[(/|–-]|{_TO}[ ]|(?:og|och|and|men|but)[ ]|[\w-]+[:=])"
    r"|(?<=[.!?,;])[ ])",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(rf"[\w-]{{2,}}(?:{_any('participles')})", re.IGNORECASE)
_ADJECTIVE = re.compile(rf"[\w-]+(?:{_any('adjectives')})", re.IGNORECASE)
_NO_SECRET = frozenset(_SECRETS["no_secret"].split())
_PRODUCTS = frozenset(_SECRETS["products"].split())
_FIELD_ENDS = re.compile(r";|[&,](?=[\w-]+[=:])")
_CREDENTIALS = re.compile(r"://[^\s/@:\0]{0,64}:(?P<value>[^\s@/\0]{2,128})@")
_PLACEHOLDER = re.compile(
    r"[*x.•●…?_<\[{#-]+|<.*|\{.*|\[.*|\$\{.*|%.*%|[^\s\]]*\]|[*•]{2,}.*", re.IGNORECASE
)
_NO_VALUE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:\w+:)?//.*|www\..*|[0-9]{1,3}-[^\W\d_]+"
    r"|[0-9]{1,4}[-./:][0-9]{1,2}(?:[-./:][0-9]{1,4})?(?:T[0-9:.Z+]*)?|[@+/].*|(?:19|20)[0-9]{2}-tal.*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9.,;)!\n\0]|$)")
_END = ".,;:!?)]}>'*’"
_LONG = re.compile(
    r"l(?:ö|ø)sen|pass(?:ord|word)|kodeord|adgangskod|nyckel|n(?:ø|ö)gle|nøkkel|token|secret|phrase|"
    r"fras|setning|lockbox|key(?=[ :=])|pwd?(?=[ :=])",
    re.IGNORECASE,
)
_STRONG = frozenset("!#$%&@?+=^~*")


class _Said(NamedTuple):
    """How a value is announced."""

    kind: str
    how: int  # _SAID, _LOOSE, _BESIDE
    near: bool  # nothing but a link stands between
    plain: bool  # a plain word may be the secret


_SHAPES = tuple(
    (tuple(entry["starts"]), entry["rule"], re.compile(entry["shape"]))
    for entry in _SECRETS["shape"]
)


def read_shape(text: str, place: int, _end: int, hits: list[Hit]) -> None:
    """Judge what begins as a known kind of token does."""
    if text[place - 1].isalnum() or text[place - 1] in "_.":
        return
    for starts, rule, shape in _SHAPES:
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
    """Judge what follows a word that announces a secret, or stands before it: "4711 är koden"."""
    run = _RUN.match(text, place)
    if run is None or run[0].lower() not in _FIRST:
        return
    keyword = _KEYWORD.match(text, place)
    if hit := _paired(text, place) if run[0][:3].lower() in _PAIR_STARTS else None:
        kind = "password"
    elif keyword and (kind := _kind(text, place, keyword["word"])):
        after = kind in _WORDY or _DIGIT.search(text, place, place + _LEFT)
        hit = (_told_after(text, keyword.end(), kind) if after else None) or _told_before(
            text, place, kind
        )
        if hit and kind in _NEARBY and bool(_near(text, place, hit, kind)) != (kind == "press"):
            return
    else:
        return
    if hit:
        hits.append(hit)
        hits += _more(text, hit, kind)


def _told_after(text: str, place: int, kind: str) -> Hit | None:
    """Return the value that stands after the keyword, beside it or after a link."""
    for pattern in (_ADJOINING, *_READINGS):
        found = pattern.match(text, place)
        if found and (hit := _value(text, found.end(), _said(pattern, found, kind))):
            return hit
    return None


def _said(pattern: re.Pattern[str], found: re.Match[str], kind: str) -> _Said:
    groups = found.groupdict()
    how = _SAID if groups.get("said") else _BESIDE if pattern is _ADJOINING else _LOOSE
    near = pattern not in _LATER
    if pattern is _REMOTE and kind in {"password", "bare", "weak"}:
        kind = "remote"
    plain = kind in {"password", "phrase"} and (near or bool(groups.get("to")))
    return _Said(kind, how, near=near, plain=plain)


def _kind(text: str, place: int, word: str) -> str:
    """Return which kind of secret is announced, "" for none: what stands before decides."""
    kind = _KIND[re.sub("[-_ ]", "", word.lower())]
    found = _STEM.match(text[max(0, place - _STEM_REACH) : place][::-1])
    if found is None or kind in {"password", "phrase"}:
        glued = text[place - 1].isalpha()
        return kind if not glued or _ends_compound(text, place) else ""
    stem, glued = found["stem"][::-1], found["between"] == ""
    if kind == "bare":
        if _STEMS.fullmatch(stem) and not _OTHERS.fullmatch(stem):
            return "code"
        unknown = glued and stem[-1].isalpha() and not _ends_compound(text, place)
        return "" if unknown or _OTHERS.fullmatch(stem) else kind
    return kind if not glued or _ends_compound(text, place) else ""


def _ends_compound(text: str, place: int) -> bool:
    """Whether the word ends a longer one that announces too: "wifilösenord", "dbPassword"."""
    hump = text[place].isupper() and text[place - 1].islower()
    return hump or _LONG.match(text, place) is not None


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
    return _value(text, pair.end(), _Said("pair", _BESIDE, near=True, plain=False))


def _told_before(text: str, place: int, kind: str) -> Hit | None:
    """Return the value in "4711 är koden till porten", "use ... as the password"."""
    first = max(0, place - _LEFT)
    likely = text[place - 1] in " -" and _DIGIT.search(text, first, place)
    found = _BEFORE.search(text, first, place) if likely else None
    if found is None or kind not in {"password", "code", "bare", "key"}:
        return None
    hit = _value(text, found.start("value"), _Said(kind, _LOOSE, near=False, plain=False))
    return hit if hit and hit.end <= found.end("value") else None


def _more(text: str, hit: Hit, kind: str) -> Iterator[Hit]:
    """Yield the other codes of a list: "recovery codes: 4821-3391, 5520-1187"."""
    length = hit.end - hit.start
    said = _Said(kind, _SAID, near=True, plain=False)
    while kind in {"code", "bare"} and (found := _NEXT.match(text, hit.end)):
        following = _value(text, found.end(), said)
        if following is None or following.end - following.start != length:
            return
        hit = following
        yield hit


def _value(text: str, place: int, said: _Said) -> Hit | None:
    """Return the value that begins here, if it is likely one."""
    if whole := _whole(text, place, said):
        return Hit(place, whole.end(), "SECRET", "secret-told", _ANNOUNCED)
    quotation = _QUOTATION.match(text, place)
    if quotation:
        start, end = quotation.span(1)
    elif found := _VALUE.match(text, place):
        start, end = found.start("value"), _cut(text, found, said)
    else:
        return None
    confidence = _confidence(text, start, end, said, quoted=bool(quotation))
    return Hit(start, end, "SECRET", "secret-told", confidence) if confidence else None


def _whole(text: str, place: int, said: _Said) -> re.Match[str] | None:
    """Return what has spaces inside: a code in groups, a phrase of several words."""
    if said.kind in {"code", "lock", "key"} or (said.kind in {"bare", "device"} and not said.how):
        found = _GROUPED.match(text, place)
        return found if found and not _GOES_ON.match(text, found.end()) else None
    if said.kind == "phrase" and said.how == _SAID:
        return _SEVERAL.match(text, place)
    return None


def _cut(text: str, found: re.Match[str], said: _Said) -> int:
    """Return where the value ends: before what closes the sentence or begins the next field."""
    start, end = found.span("value")
    if said.how == _SAID:
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


def _confidence(text: str, start: int, end: int, said: _Said, *, quoted: bool) -> float:
    """Return how likely this is the secret and not the rest of the sentence, 0 for not at all."""
    value = text[start:end]
    if not value or _PLACEHOLDER.fullmatch(value) or _NO_VALUE.fullmatch(value):
        return 0.0
    if value.lower() in _PRODUCTS or (
        value.lower() in _NO_SECRET and not (quoted and not said.how)
    ):
        return 0.0
    made = _made_of(value)
    if made == "number" and (
        _UNITS.match(text, end) or (said.how and said.kind != "code" and _YEAR.match(text, end - 4))
    ):
        return 0.0
    how = _SAID if value[-1] == "#" else said.how
    fewest = _SECRETS["fewest"][said.kind].get(made, (0, 0, 0))[how]
    if fewest and len(value) >= fewest:
        other = not said.near and before(text, start) in {"OTHER", "ORGNR", "VAT", "ADDRESS"}
        return 0.0 if other or _advertised(value, said) else _ANNOUNCED
    if made == "plain" or quoted:
        return _plain(text, value, end, said, quoted=quoted)
    return 0.0


def _advertised(value: str, said: _Said) -> bool:
    """Whether it looks like a campaign, "kod SOMMAR20", or a number of any kind."""
    if said.kind == "remote":
        return value == value.lower() or value == value.upper()
    return said.kind == "bare" and value[:3].isalpha() and value.isupper()


def _made_of(value: str) -> str:
    """Return what a value is made of: a number, letters and digits, with signs, a plain word."""
    if _NUMBER.fullmatch(value.strip("#*")):
        return "number"
    letters = any(sign.isalpha() for sign in value)
    digits = any(sign.isdigit() for sign in value)
    if digits and (letters or not _STRONG.isdisjoint(value)):
        return "mixed"
    if not letters or not _STRONG.isdisjoint(value[:-1]):
        return "signed" if letters else "other"
    if value.isalpha() and not (value.islower() or value.isupper() or value.istitle()):
        return "humped"
    return "plain"


def _plain(text: str, value: str, end: int, said: _Said, *, quoted: bool) -> float:
    """Judge a plain word: in quotation marks, or at the end of what "is" or ":" announces."""
    if not said.plain or len(value) < _WEAKEST:
        return 0.0
    if quoted:
        return _QUOTED
    lead = text[max(0, end - len(value) - 6) : end - len(value)]
    said_is = lead.rstrip(" \t\n*-•–")[-1:].isalpha()
    named = said_is and said.near and value.istitle()  # "is Sunshine on all of them"
    if lead[-1] in "([{<" or said.how != _SAID or not (named or _HALTS.match(text, end)):
        return 0.0
    if _PARTICIPLE.fullmatch(value) or (said_is and _ADJECTIVE.fullmatch(value)):
        return 0.0
    return _QUOTED


_STARTS = [word.partition("-")[0] for word in (*_KEYWORDS, *_SECRETS["pairs"].split())]
TRIGGERS: Final = (
    Trigger(
        any_of([start for entry in _SECRETS["shape"] for start in entry["starts"]]), read_shape
    ),
    Trigger(rb"://[^ \n/@\x00]{1,190}@", read_credentials),
    Trigger(any_of(_STARTS), read_keyword, caseless=True),
)

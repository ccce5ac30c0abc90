"""
Evernote's search grammar: terms that must all match a note, or with any: one of them.

Written from the vendor's page "Search Grammar": words are compared whole, whatever their case and
the punctuation between them, and a word that ends in * is the beginning of one. The fact sheet says
that every word is; `Moment.prefixes` chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

_TERM = re.compile(r'(?P<no>-)?(?:(?P<label>\w+):)?(?:"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<bare>\S*))')
_RELATIVE = re.compile(r"(?P<unit>day|week|month|year)(?:-(?P<back>\d{1,5}))?")
_ABSOLUTE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")


def words(text: str) -> list[str]:
    """Return the words of a text as search knows them: letters, digits and underscores."""
    return re.findall(r"\w+", text.casefold())


@dataclass(frozen=True, slots=True)
class Indexed:
    """What search knows of a note."""

    title: list[str]
    texts: tuple[list[str], ...]
    """The words of title, content, each tag's name, and what was recognised in pictures."""
    notebook: str
    tags: tuple[str, ...]
    attributes: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    """Values of the note's and its resources' attributes by name; created and updated too."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody searches, and what a word without * means to the service."""

    now: datetime
    zone: tzinfo = UTC
    prefixes: bool = True
    """Whether a word finds longer ones that begin with it."""


@dataclass(frozen=True, slots=True)
class _Term:
    label: str
    value: str
    quoted: bool


Match = Callable[[Indexed], bool]


def query(text: str, moment: Moment) -> Match:
    """Return what tells whether a note is found."""
    scopes: list[Match] = []
    matches: list[Match] = []
    either = False
    for found in _TERM.finditer(text):
        value = found["quoted"] if found["quoted"] is not None else found["bare"]
        term = _Term(found["label"] or "", re.sub(r"\\(.)", r"\1", value), found["bare"] is None)
        if term.label == "any" and not value:
            either = True
        elif term.label or value:
            match = _match(term, moment)
            if found["no"]:
                match = _unlike(match)
            (scopes if term.label == "notebook" else matches).append(match)
    some = any if either and matches else all

    def found_by(note: Indexed) -> bool:
        return all(scope(note) for scope in scopes) and some(match(note) for match in matches)

    return found_by


def searched_words(text: str) -> list[str]:
    """Return the words and phrases that a query looks for in texts."""
    terms = [found for found in _TERM.finditer(text) if not found["label"]]
    return [value for found in terms if (value := found["quoted"] or found["bare"] or "").strip()]


def _unlike(match: Match) -> Match:
    return lambda note: not match(note)


def _match(term: _Term, moment: Moment) -> Match:
    name = " ".join(term.value.casefold().split())
    begins = term.value.endswith("*")
    prefix = begins or (moment.prefixes and not term.quoted)
    if term.label == "":
        return lambda note: any(_phrase(term, text, prefix=prefix) for text in note.texts)
    if term.label == "intitle":
        return lambda note: _phrase(term, note.title, prefix=prefix)
    if term.label == "notebook":
        return lambda note: note.notebook.casefold() == name
    if term.label == "tag":
        return lambda note: _named(name, note.tags)
    return lambda note: _attribute(name, note.attributes.get(term.label, ()), moment)


def _phrase(term: _Term, among: list[str], *, prefix: bool) -> bool:
    """Return whether the words of a term stand side by side; the last may be cut short."""
    wanted = words(term.value)
    last = len(wanted) - 1
    return bool(wanted) and any(
        among[at : at + last] == wanted[:last]
        and (among[at + last].startswith(wanted[-1]) if prefix else among[at + last] == wanted[-1])
        for at in range(len(among) - last)
    )


def _named(name: str, among: Iterable[str]) -> bool:
    """Return whether a name, or the beginning of one before a *, is among others."""
    if name.endswith("*"):
        return any(one.casefold().startswith(name[:-1]) for one in among)
    return any(one.casefold() == name for one in among)


def _attribute(name: str, values: tuple[object, ...], moment: Moment) -> bool:
    """Return whether an attribute has the value, or an instant is not before it."""
    if name == "*":
        return bool(values)
    if any(isinstance(value, str) for value in values):
        return _named(name, map(str, values))
    since = _instant(name.upper(), moment)
    return since is not None and any(
        value >= since.timestamp() * 1000 for value in values if isinstance(value, int)
    )


def _instant(value: str, moment: Moment) -> datetime | None:
    """Return the instant of `20261126`, `20261126T090000Z` or `day-7`; None where it is none."""
    if found := _RELATIVE.fullmatch(value.lower()):
        return _back(found["unit"], int(found["back"] or 0), moment)
    found = _ABSOLUTE.fullmatch(value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(one or 0) for one in found.groups()[:6])
    zone = UTC if found[7] else moment.zone
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _back(unit: str, count: int, moment: Moment) -> datetime:
    """Return the start of this day, week, month or year, or of one before it."""
    day = moment.now.astimezone(moment.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "day":
        return day - timedelta(days=count)
    if unit == "week":
        # That a week begins on Sunday is not verified.
        return day - timedelta(days=(day.weekday() + 1) % 7 + 7 * count)
    months = day.year * 12 + (day.month - 1 if unit == "month" else 0)
    months -= count * (1 if unit == "month" else 12)
    return day.replace(year=max(1, months // 12), month=months % 12 + 1, day=1)

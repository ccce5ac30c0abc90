"""
Which printed words are one thing: the data elements and purposes of a draft, with their labels.

A known word gets its standard id and its label in six languages; an unknown one becomes an entry
of its own that keeps the printed word. One word with two clearly different explanations is two
entries, and a question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klarsyn.errors import Message, said
from klarsyn.language import foreign
from klarsyn.register.drafts import vocabulary
from klarsyn.register.drafts.pagerows import PrintedElement
from klarsyn.register.facts import Language

UNSTATED_DATA = "unstated.data"
UNSTATED_PURPOSE = "unstated"
_ABBREVIATION = 4  # letters in capitals, at most, that stay as they are
_TELLING = 4  # letters, at least, of a word by which two explanations are compared
# Kinds of data that are looked for inside a sentence; other words may stand there by chance.
_IN_SENTENCES = ("person.name", "person.contact_details", "person.email", "person.phone")


@dataclass(frozen=True, slots=True)
class Mention:
    """A data element where a vendor's row prints it."""

    vendor: str  #: its id
    vendor_name: str
    printed: PrintedElement


@dataclass(slots=True)
class Entry:
    """An element or purpose of the draft: its labels, and what the tables know of it."""

    label: dict[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    explanation: str | None = None

    @property
    def standard(self) -> bool:
        """Whether it is one of the common ones."""
        return bool(self.facts)


@dataclass(slots=True)
class Words:
    """The elements and purposes of a draft by id, and what is open about them."""

    language: Language
    elements: dict[str, Entry] = field(default_factory=dict)
    purposes: dict[str, Entry] = field(default_factory=dict)
    by_mention: dict[tuple[str, PrintedElement], str] = field(default_factory=dict)
    open_points: list[Message] = field(default_factory=list)

    @property
    def only_printed(self) -> list[str]:
        """The labels that exist only as the page prints them, in its own language."""
        entries = (*self.elements.values(), *self.purposes.values())
        return [next(iter(one.label.values())) for one in entries if not one.standard]

    def element(self, one: str) -> str:
        """Take a standard element in, and return its id."""
        facts = vocabulary.elements()[one]
        self.elements.setdefault(one, Entry(facts["label"], facts))
        return one

    def purpose(self, printed: str | None) -> str:
        """Return the id of a purpose, by the words that the page has for it."""
        one = vocabulary.purpose(printed) if printed else UNSTATED_PURPOSE
        if one:
            facts = vocabulary.purposes()[one]
            self.purposes.setdefault(one, Entry(facts["label"], facts))
            return one
        label = in_sentence_case(printed or "")
        for known, entry in self.purposes.items():
            if not entry.standard and vocabulary.normal(
                entry.label[self.language]
            ) == vocabulary.normal(label):
                return known
        one = unique(vocabulary.slug(label, "purpose"), {*self.purposes, *vocabulary.purposes()})
        self.purposes[one] = Entry({self.language: label})
        return one

    def in_sentence(self, sentence: str) -> list[str]:
        """Return the kinds of data that a sentence speaks of; a gap with a question if none is."""
        words = vocabulary.normal(sentence).split()
        spans = {" ".join(words[n : n + length]) for n in range(len(words)) for length in (1, 2, 3)}
        known = (vocabulary.element(span) for span in sorted(spans) if len(span) >= _TELLING)
        named = set(known)
        found = [one for one in _IN_SENTENCES if one in named]
        return [self.element(one) for one in found or [UNSTATED_DATA]]


def unique(one: str, taken: Iterable[str]) -> str:
    """Return the id, with a number where another has it already."""
    ids = set(taken)
    number = 2
    made = one
    while made in ids:
        made = f"{one}-{number}"
        number += 1
    return made


def in_sentence_case(text: str) -> str:
    """Return a printed word as a label begins: one capital, and no heading all in capitals."""
    one_line = " ".join(text.split())
    if one_line.isupper() and len(one_line) > _ABBREVIATION:
        return one_line.capitalize()
    return one_line[:1].upper() + one_line[1:] if one_line.islower() else one_line


def name_elements(words: Words, mentions: Sequence[Mention]) -> None:
    """Give every mention the id of its element."""
    by_word: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        label = mention.printed.label
        known = vocabulary.element(label)
        by_word[known or f" {vocabulary.normal(label) or label}"].append(mention)
    common = _common_words(by_word)
    for word, same in by_word.items():
        groups = _by_meaning(same, common)
        if not word.startswith(" "):
            one = words.element(word)
            words.by_mention.update({(m.vendor, m.printed): one for m in same})
        else:
            _name_own(words, groups)
        _ask(words, word, same, groups)


def _name_own(words: Words, groups: Sequence[Sequence[Mention]]) -> None:
    for group in groups:
        first = group[0]
        label = in_sentence_case(first.printed.label)
        made = vocabulary.slug(label, "element")
        if len(groups) > 1:
            made = f"{made}.{first.vendor}"
            label = f"{label} ({first.vendor_name})"
        one = unique(made, {*words.elements, *vocabulary.elements()})
        explanation = next((m.printed.explanation for m in group if m.printed.explanation), None)
        label = _label_of_its_own(words, label)
        words.elements[one] = Entry({words.language: label}, explanation=_unbracketed(explanation))
        words.by_mention.update({(m.vendor, m.printed): one for m in group})


def _label_of_its_own(words: Words, label: str) -> str:
    taken = {entry.label.get(words.language, "").casefold() for entry in words.elements.values()}
    return label if label.casefold() not in taken else unique(label, taken | {label})


def _unbracketed(explanation: str | None) -> str | None:
    bare = re.sub(r"\A\(|\)\.?\Z", "", explanation or "").strip()
    return bare[:1].upper() + bare[1:] if bare else None


def _ask(
    words: Words, word: str, same: Sequence[Mention], groups: Sequence[Sequence[Mention]]
) -> None:
    label = same[0].printed.label
    if word.startswith(" ") and len(groups) > 1:
        what = said(
            "'{label}' is explained differently at {vendors}: it became {count} elements. Are they "
            "one thing, and what is each called?",
            label=label,
            vendors=[group[0].vendor_name for group in groups],
            count=len(groups),
        )
        words.open_points.append(what)
    else:
        ways = {vocabulary.normal(m.printed.explanation) for m in same if m.printed.explanation}
        if len(ways) > 1:
            what = said(
                "'{label}' is explained in {count} ways: which is right?",
                label=label,
                count=len(ways),
            )
            words.open_points.append(what)
    told = " ".join(f"{m.printed.label} {m.printed.explanation or ''}" for m in same)
    if vocabulary.speaks_of("calculated", told):
        what = said(
            "'{label}' seems to be calculated: if it is about persons, set `profiling: true` and "
            "write its card in scores/.",
            label=label,
        )
        words.open_points.append(what)


def foreign_words(words: Words) -> list[Message]:
    """Return a point for each own label with words of another language: publishing refuses them."""
    points = []
    for label in words.only_printed:
        if found := foreign(label, words.language, strict=True):
            what = said(
                "'{label}' has words of another language ({words}): write it anew.",
                label=label,
                words=[one.word for one in found],
            )
            points.append(what)
    return points


# Explanations compared by the words that tell them apart.


def _common_words(by_word: Mapping[str, Sequence[Mention]]) -> frozenset[str]:
    """Return the words that explain several labels of the page, and so tell nothing."""
    seen: dict[str, set[str]] = defaultdict(set)
    for word, same in by_word.items():
        for mention in same:
            for one in vocabulary.normal(mention.printed.explanation or "").split():
                seen[one].add(word)
    weak = {vocabulary.normal(one) for one in vocabulary.page_words()["page"]["weak"]}
    return frozenset(weak | {one for one, labels in seen.items() if len(labels) > 1})


def _by_meaning(same: Sequence[Mention], common: frozenset[str]) -> list[list[Mention]]:
    groups: list[tuple[set[str], list[Mention]]] = []
    for mention in same:
        found = set(vocabulary.normal(mention.printed.explanation or "").split())
        telling = {one for one in found - common if len(one) >= _TELLING}
        near = [group for group in groups if not telling or not group[0] or telling & group[0]]
        if near:
            near[0][0].update(telling)
            near[0][1].append(mention)
        else:
            groups.append((telling, [mention]))
    return [group for _, group in groups]

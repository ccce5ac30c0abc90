"""
The recogniser: a batch of texts in, columns of findings out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

from klarsyn.recognition import (
    addresses,
    companies,
    digits,
    fields,
    lettered,
    names,
    network,
    secrets,
)
from klarsyn.recognition.batch import Block, ByteRecords, blocks
from klarsyn.recognition.findings import CATEGORIES, UNKNOWN, Findings, Hit, settled
from klarsyn.recognition.known import KnownPeople, every_number, known_hit
from klarsyn.recognition.scan import Trigger, engine, has_hyperscan

Ner = Callable[[Sequence[str]], Iterable[Iterable[tuple[int, int, str]]]]
"""Names entities: for each text (start, end, category), in characters of that text."""

Sieve = Callable[[bytes, dict[int, int], bytearray], list[tuple[int, int]]]
"""Of runs of digits in a text in Latin-1, which may be known numbers, by how those end."""


class Digits(NamedTuple):
    """What is done with runs of digits."""

    read: Callable[[str, bytes, dict[int, int], list[Hit]], None]  #: the text, and it in Latin-1
    likely: Sieve


TRIGGERS: Final[tuple[Trigger, ...]] = (
    *digits.TRIGGERS,
    *lettered.TRIGGERS,
    *network.TRIGGERS,
    *secrets.TRIGGERS,
    *addresses.TRIGGERS,
    *companies.TRIGGERS,
)
_RUNS: Final = TRIGGERS.index(digits.RUNS)
_READERS: Final = {
    read: [n for n, trigger in enumerate(TRIGGERS) if trigger.read is read]
    for read in dict.fromkeys(trigger.read for trigger in TRIGGERS if not trigger.run)
}
_NER: Final = 0.65  # confidence of what the user's own recogniser names


def recognise(
    batch: Sequence[str] | ByteRecords,
    *,
    categories: Collection[str] = CATEGORIES,
    field_names: str | Sequence[str | None] | None = None,
    known: KnownPeople | None = None,
    ner: Ner | None = None,
    fast: bool | None = None,
) -> Findings:
    """
    Find personal data in a batch of records.

    `batch`: texts, or UTF-8 in one buffer with offsets (`ByteRecords`); findings count characters
    or bytes accordingly. Any text is taken, lone surrogates and invalid UTF-8 too.
    `categories`: what to look for beside the known people; without PERSON it is several times as
    fast.
    `field_names`: the name of the field that the records come from, or one for each record. A name
    that tells a category makes the whole value a finding of it, checked where a check is known.
    `known`: the company's own customers, marked in the column `known`.
    `ner`: a recogniser of entities of your own, such as a spaCy pipeline; None is used by default.
    `fast`: True demands Hyperscan (ImportError without the extra `audit`), False does without it,
    None takes it if it is there. Both find the same.
    """
    wanted = frozenset(categories)
    if unknown := wanted - set(CATEGORIES):
        raise ValueError(f"no such category: {', '.join(sorted(unknown))}")
    texts = batch.texts() if isinstance(batch, ByteRecords) else list(batch)
    fast = has_hyperscan() if fast is None else fast
    scanner, runs = engine(TRIGGERS, fast=fast), _digits(fast=fast)
    told = _told(field_names, len(texts))
    out = Findings()
    for block in blocks(texts):
        hits = _found(block, scanner.places(block.data), runs, known)
        if "PERSON" in wanted:
            names.find(block.text, hits)
        if ner is not None:
            hits += _named(block, ner)
        if told:
            hits += _values(block, told)
        if len(wanted) < len(CATEGORIES):
            hits = [hit for hit in hits if hit[2] in wanted or hit.known != UNKNOWN]
        originals = texts if isinstance(batch, ByteRecords) else None
        block.place(settled(hits), out, originals, theirs=bool(ner or told))
    return out


@cache
def _digits(*, fast: bool) -> Digits:
    """Return what judges the runs of digits of a block: with NumPy, or one after the other."""
    if fast:
        from klarsyn.recognition import digitsfast, knownfast

        return Digits(digitsfast.read, knownfast.likely_numbers)
    return Digits(digits.read_all, every_number)


def _found(
    block: Block, places: list[dict[int, int]], runs: Digits, known: KnownPeople | None
) -> list[Hit]:
    """Return what the rules find at the triggers' places, and the known people."""
    hits: list[Hit] = []
    text = block.text
    runs.read(text, block.data, places[_RUNS], hits)
    for read, own in _READERS.items():
        found = places[own[0]] if len(own) == 1 else {at: 0 for n in own for at in places[n]}
        for start, end in found.items():
            read(text, start, end, hits)
    hits += [
        company
        for hit in hits
        if hit.category == "ORGNR" and (company := companies.before_number(text, hit))
    ]
    if known is not None:
        known.mark(text, hits, places[_RUNS].keys())
        hits += _known_numbers(block, places[_RUNS], known, runs.likely)
        known.names.find(text, hits)
    return hits


def _known_numbers(
    block: Block, runs: dict[int, int], known: KnownPeople, likely: Sieve
) -> list[Hit]:
    """Return the runs of digits that are a known person's number, whatever else they may be."""
    hits = []
    for start, end in likely(block.data, runs, known.endings):
        if found := known.number(block.text[start:end]):
            hits.append(known_hit(start, end, found, found[1]))
    return hits


def _named(block: Block, ner: Ner) -> list[Hit]:
    """Return what the user's recogniser names in the normalised records."""
    spans = [block.span(n) for n in range(len(block.starts))]
    hits: list[Hit] = []
    for (start, end), entities in zip(spans, ner([block.text[a:b] for a, b in spans]), strict=True):
        for first, last, category in entities:
            if 0 <= first < last <= end - start:
                hits.append(Hit(start + first, start + last, category, "ner", _NER))
    return hits


def _told(field_names: str | Sequence[str | None] | None, count: int) -> list[str | None]:
    """Return the category that each record's field announces; [] if none does."""
    if field_names is None:
        return []
    if isinstance(field_names, str):
        category = fields.category_of(field_names)
        return [category] * count if category else []
    if len(field_names) != count:
        raise ValueError(f"{len(field_names)} field names for {count} records")
    return [fields.category_of(name) if name else None for name in field_names]


def _values(block: Block, told: list[str | None]) -> list[Hit]:
    """Return the whole values of fields whose names tell what they hold."""
    values = []
    for n in range(len(block.starts)):
        category = told[block.first + n]
        if category and (value := fields.read(block.text, *block.span(n), category)):
            values.append(value)
    return values

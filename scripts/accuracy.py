"""
How well personal data is recognised: `just accuracy`.

    .venv/bin/python scripts/accuracy.py                  the 300 notes, and the development sets
    .venv/bin/python scripts/accuracy.py --fuzz 1000000   random texts: no crash, offsets valid

A record counts once for a category: right if the category is both labelled and found in it. So
precision, recall and F1 say how far one may trust "this note holds a telephone number". Spans that
match letter by letter are counted too (column "spans").

The development sets are not part of Klarsyn; they are read where KLARSYN_CORPORA names a folder.
Labels: COMPANY counts as ORG, CARD and IBAN as BANK. A record whose only organisation is one
mentioned in the news (ORGMENTION: a party, a football club) is left out of the count of ORG.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from klarsyn.recognition import CATEGORIES, KnownPeople, recognise

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "tests" / "recognition" / "notes"
SAME = {"COMPANY": "ORG", "CARD": "BANK", "IBAN": "BANK"}
UNCOUNTED = "ORGMENTION"
SKIPPED = "skipped: KLARSYN_CORPORA not set"
ENGLISH = {"ner/presidio_gen_large.jsonl": ("PERSON", "PHONE", "BANK", "EMAIL", "IP", "NATID")}

Span = tuple[str, int, int]  # category, start, end


@dataclass(slots=True)
class Score:
    """What was found of one category."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the found that is right."""
        return self.right / (self.right + self.wrong or 1)

    @property
    def recall(self) -> float:
        """The share of the labelled that is found."""
        return self.right / (self.right + self.missed or 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed or 1)

    def note(self, *, labelled: bool, found: bool) -> None:
        """Count one record."""
        self.right += labelled and found
        self.wrong += found and not labelled
        self.missed += labelled and not found


@dataclass(slots=True)
class Report:
    """Scores by category, in all and by language."""

    categories: tuple[str, ...]
    total: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    languages: dict[tuple[str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    spans: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))

    @property
    def macro(self) -> float:
        """The mean F1 of the categories."""
        return sum(self.total[one].f1 for one in self.categories) / len(self.categories)

    @property
    def micro(self) -> Score:
        """All categories together."""
        scores = [self.total[one] for one in self.categories]
        return Score(
            sum(one.right for one in scores),
            sum(one.wrong for one in scores),
            sum(one.missed for one in scores),
        )


def records(path: Path) -> list[dict[str, Any]]:
    """Return the records of a set."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def notes() -> list[dict[str, Any]]:
    """Return the notes that are committed."""
    return [one for path in sorted(NOTES.glob("*.jsonl")) for one in records(path)]


def corpora() -> Path | None:
    """Return the folder of the development sets, None if it is not named."""
    folder = os.environ.get("KLARSYN_CORPORA")
    return Path(folder) if folder else None


def measured(every: list[dict[str, Any]], categories: tuple[str, ...] = CATEGORIES) -> Report:
    """Return how well the records' labels are found."""
    found: dict[int, set[Span]] = defaultdict(set)
    for one in recognise([record["text"] for record in every]):
        found[one.record].add((one.category, one.start, one.end))
    report = Report(categories)
    for n, record in enumerate(every):
        spans = {(SAME.get(s["label"], s["label"]), s["start"], s["end"]) for s in record["spans"]}
        _count(report, record.get("lang", "?"), spans, found[n])
    return report


def _count(report: Report, language: str, labelled: set[Span], found: set[Span]) -> None:
    has, got = {one[0] for one in labelled}, {one[0] for one in found}
    for category in report.categories:
        if category == "ORG" and UNCOUNTED in has and "ORG" not in has:
            continue
        for score in (report.total[category], report.languages[category, language]):
            score.note(labelled=category in has, found=category in got)
        for span in labelled | found:
            if span[0] == category:
                report.spans[category].note(labelled=span in labelled, found=span in found)


@dataclass(slots=True)
class KnownReport:
    """How often the known customers are found, by the way they are written."""

    count: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)  #: somebody known is found
    right: Counter[str] = field(default_factory=Counter)  #: and it is the one who is meant


def known_customers(folder: Path) -> KnownReport:
    """Return how well the customers of known_customers_dev are found in its notes."""
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as stream:
        customers = list(csv.DictReader(stream))
    rows = [
        {"company" if one["type"] == "company" else "name": one["name"], **_contact(one)}
        for one in customers
    ]
    every = records(folder / "notes.jsonl")
    known = KnownPeople.build(rows)
    who: dict[int, set[str]] = defaultdict(set)
    for one in recognise([note["text"] for note in every], categories=("EMAIL",), known=known):
        if one.known >= 0:
            who[one.record].add(customers[one.known]["id"])
    report = KnownReport()
    for n, note in enumerate(every):
        report.count[note["variant"]] += 1
        report.found[note["variant"]] += bool(who[n])
        report.right[note["variant"]] += bool(who[n] & set(note["known_ids"]))
    return report


def _contact(customer: dict[str, str]) -> dict[str, str]:
    return {"email": customer["email"], "phone": customer["phone"]}


def print_report(title: str, report: Report) -> None:
    """Print a row a category, and the means."""
    languages = sorted({language for _, language in report.languages})
    head = "".join(f"{language:>7}" for language in languages)
    print(f"\n{title}\n  {'category':<9}  precision  recall     F1  spans  records{head}")
    for category in report.categories:
        score, spans = report.total[category], report.spans[category]
        each = "".join(_cell(report.languages[category, one]) for one in languages)
        row = f"{score.precision:9.3f}  {score.recall:6.3f}  {score.f1:5.3f}  {spans.f1:5.3f}"
        print(f"  {category:<9}  {row}  {score.right + score.missed:7}{each}")
    micro = report.micro
    print(f"  {'micro':<9}  {micro.precision:9.3f}  {micro.recall:6.3f}  {micro.f1:5.3f}")
    print(f"  {'macro':<9}  {'':9}  {'':6}  {report.macro:5.3f}")


def _cell(score: Score) -> str:
    return f"{score.f1:7.3f}" if score.right + score.missed + score.wrong else f"{'-':>7}"


def print_known(title: str, report: KnownReport) -> None:
    """Print a row for each way of writing; for a decoy every find is false."""
    print(f"\n{title}\n  {'way':<18}  notes  found  the right one")
    for way, count in report.count.items():
        found, right = report.found[way] / count, report.right[way] / count
        print(f"  {way:<18}  {count:5}  {found:5.3f}  {right:5.3f}")


def random_texts(count: int, seed: int) -> Iterator[str]:
    """Yield random texts: of any code points, and of what notes are made of, cut and mixed."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    pieces = [one["text"] for one in notes()] or ["Ring Anna på 070-174 06 05"]
    signs = "\0\n\t -.,:@()+/#åäöæøÅ\u0301\u030a\u200b\xa0\xad\ud800\U0001f600ﬁİß0123456789"
    for _ in range(count):
        parts = []
        for _ in range(chance.randint(1, 6)):
            piece = chance.choice(pieces)
            begin = chance.randrange(len(piece))
            parts += [piece[begin : begin + chance.randint(1, 30)], chance.choice(signs)]
            parts.append(chr(chance.randrange(0x110000)))
        yield "".join(parts)


def fuzz(count: int, seed: int = 1) -> int:
    """Recognise random texts and check every finding; return how many findings there were."""
    findings = 0
    every = random_texts(count, seed)
    while batch := [text for text, _ in zip(every, range(10_000), strict=False)]:
        for one in recognise(batch):
            text = batch[one.record]
            assert 0 <= one.start < one.end <= len(text), (text, one)
            assert one.category in CATEGORIES, one
            findings += 1
    return findings


def main(words: Iterable[str] | None = None) -> None:
    """Print the scores of all sets that are there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--fuzz", type=int, metavar="COUNT", help="random texts instead")
    asked = parser.parse_args(list(words) if words is not None else None)
    if asked.fuzz:
        began = time.monotonic()
        findings = fuzz(asked.fuzz)
        print(f"{asked.fuzz} random texts, {findings} findings, {time.monotonic() - began:.0f} s")
        return
    print_report("300 notes (tests/recognition/notes)", measured(notes()))
    folder = corpora()
    if folder is None:
        print(f"\ndevelopment sets {SKIPPED}")
        return
    print_report("nordcrm/dev", measured(records(folder / "nordcrm" / "dev.jsonl.gz")))
    for name, categories in ENGLISH.items():
        print_report(name, measured(records(folder / name), categories))
    print_known("known_customers_dev", known_customers(folder / "known_customers_dev"))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

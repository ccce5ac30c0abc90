"""
Our detector of text in the wrong language beside two statistical ones.

    pip install lingua-language-detector py3langid
    python benchmarks/language_detectors.py [--pairs]

Each sample of tests/language/samples.toml is put on a page of each of the six languages.
Recall: how many of those on a wrong page are found. False alarms: how many of those on a right
page are flagged. Neither of the two others is a dependency of Klarsyn, so run this by hand.
"""

from __future__ import annotations

import argparse
import platform
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from klarsyn.language import LANGUAGES, foreign, mismatch

ROOT = Path(__file__).parent.parent
NEIGHBOURS = frozenset({"sv", "da", "nb"})
Flags = Callable[[str, str], bool]


class Case(NamedTuple):
    """A text on a page."""

    text: str
    language: str
    page: str
    right: bool


def main() -> None:
    """Print one table for sentences and one for labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", action="store_true", help="recall for each pair of languages")
    pairs = parser.parse_args().pairs
    samples = tomllib.loads((ROOT / "tests/language/samples.toml").read_text(encoding="utf-8"))
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for kind in ("sentences", "labels"):
        cases = list(placed(samples[kind]))
        print(f"\n{kind}: {sum(not case.right for case in cases)} on a wrong page,", end=" ")
        print(f"{sum(case.right for case in cases)} on a right one")
        print(f"{'':24}{'recall':>8}{'sv-da-nb':>10}{'false alarms':>14}{'precision':>11}{'µs':>8}")
        for name, flags in detectors():
            report(name, flags, cases, pairs=pairs)


def placed(rows: list[dict[str, Any]]) -> Iterator[Case]:
    """Put every text on every page. A text is right wherever the row or `also` says so."""
    for row in rows:
        also = {tuple(pair.split(":")) for pair in row.get("also", [])}
        for language in LANGUAGES:
            text = row[language]
            for page in LANGUAGES:
                same = row[page].casefold() == text.casefold()
                right = same or (language, page) in also
                yield Case(text, language, page, right)


def report(name: str, flags: Flags, cases: list[Case], *, pairs: bool) -> None:
    """Print one line for a detector, and its recall for each pair if asked."""
    flags("Detta är bara till för att läsa in allt.", "da")
    start = time.perf_counter()
    flagged = [flags(case.text, case.page) for case in cases]
    each = (time.perf_counter() - start) / len(cases)
    wrong, found = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    alarms = Counter[bool]()
    for case, flag in zip(cases, flagged, strict=True):
        if case.right:
            alarms[flag] += 1
        else:
            wrong[case.language, case.page] += 1
            found[case.language, case.page] += flag
    near = [pair for pair in wrong if NEIGHBOURS.issuperset(pair)]
    recall = found.total() / wrong.total()
    close = sum(found[pair] for pair in near) / sum(wrong[pair] for pair in near)
    precision = found.total() / max(1, found.total() + alarms[True])
    print(
        f"{name:24}{recall:8.1%}{close:10.1%}{alarms[True]:8} /{alarms.total():4}"
        f"{precision:11.2%}{each * 1e6:8.0f}"
    )
    if pairs:
        told = (f"{one} on {page} {found[one, page]}/{wrong[one, page]}" for one, page in wrong)
        print("    " + ", ".join(told))


def detectors() -> Iterator[tuple[str, Flags]]:
    """Ours, plain and strict; the others as far as they are installed."""
    yield "klarsyn", ours(strict=False)
    yield "klarsyn, strict", ours(strict=True)
    try:
        for distance in (0.0, 0.25, 0.5):
            yield f"lingua, distance {distance}", lingua(distance)
    except ImportError:
        print("lingua is not installed")
    try:
        yield "py3langid", py3langid()
    except ImportError:
        print("py3langid is not installed")


def ours(*, strict: bool) -> Flags:
    """Return Klarsyn's own verdict."""

    def flags(text: str, page: str) -> bool:
        return bool(foreign(text, page, strict=strict)) or mismatch(text, page) is not None

    return flags


def lingua(distance: float) -> Flags:
    """Lingua restricted to the six; a distance over 0 makes it silent where it is less sure."""
    module = import_module("lingua")
    codes = [getattr(module.IsoCode639_1, language.upper()) for language in LANGUAGES]
    builder = module.LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    detector = builder.with_minimum_relative_distance(distance).build()

    def flags(text: str, page: str) -> bool:
        said = detector.detect_language_of(text)
        return bool(said is not None and said.iso_code_639_1.name.lower() != page)

    return flags


def py3langid() -> Flags:
    """py3langid restricted to the six."""
    module = import_module("py3langid.langid")
    identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE)
    names = {language: "no" if language == "nb" else language for language in LANGUAGES}
    identifier.set_languages(list(names.values()))

    def flags(text: str, page: str) -> bool:
        return bool(identifier.classify(text)[0] != names[page])

    return flags


if __name__ == "__main__":
    main()

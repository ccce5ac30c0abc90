"""
The last look before a site is written: what would make a page false or unreadable.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from klarsyn.errors import Problem, said
from klarsyn.language import blocks, foreign, language_name, mismatch
from klarsyn.register.facts import parts
from klarsyn.register.register import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from klarsyn.errors import Message
    from klarsyn.register.register import Register

LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
_LINEAR_BELOW = 0.04045  # sRGB: darker shares of a channel are linear
PAPER = {"accent": "#ffffff", "accent_dark": "#12161c"}


def of_register(register: Register) -> list[Problem]:
    """Return what is wrong with the register's own texts and colours, with file and line."""
    found = [*_texts(register), *_colours(register)]
    return [
        Problem(f"{register.folder.name}/{place.file}", register.line(place), what, remedy)
        for place, what, remedy in found
    ]


def _texts(register: Register) -> Iterator[tuple[Place, Message, Message]]:
    for file, whole in register.wholes():
        for path, text in parts(whole):
            if not isinstance(text, dict):
                continue
            for language in register.company.languages:
                if told := _wrong_language(text[language], language):
                    remedy = said("write it in {language}", language=_names(language))
                    yield Place(file, f"{path}/{language}"), told, remedy


def _names(language: str) -> dict[str, str]:
    return {one: language_name(language, one) for one in ("sv", "da", "nb", "en", "de", "fi")}


@lru_cache(maxsize=100_000)
def _wrong_language(text: str, language: str) -> Message | None:
    """Tell why a text is not in its language, or None; the same text is judged once."""
    if words := foreign(text, language):
        told = ", ".join(sorted({f"'{one.word}'" for one in words}))
        return said("{words} is of another language", words=told)
    if other := mismatch(text, language):
        return said("the text is in {language}", language=_names(other))
    return None


def of_pages(pages: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with rendered pages: blocks of text in another language."""
    problems = []
    seen: dict[str, set[str]] = defaultdict(set)
    for path, page in pages.items():
        language = path.partition("/")[0] if "/" in path else ""
        for block in blocks(page, language, seen[language]) if language else ():
            if told := _wrong_language(block.text, block.language):
                remedy = said("correct the text in the register or the catalogue")
                problems.append(Problem(path, block.line, told, remedy))
    return problems


def _colours(register: Register) -> Iterator[tuple[Place, Message, Message]]:
    look = register.company.look
    for name, paper in PAPER.items():
        colour = getattr(look, name)
        if (found := contrast(colour, paper)) < LEAST_CONTRAST:
            what = said(
                "{colour} on {paper} has a contrast of {found}",
                colour=colour,
                paper=paper,
                found=f"{math.floor(found * 100) / 100:.2f}",
            )
            remedy = said("take a colour with at least {least}", least=LEAST_CONTRAST)
            yield Place("company.yaml", f"look/{name}"), what, remedy


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours #rrggbb (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(pair, 16) / 255 for pair in re.findall("[0-9a-f]{2}", colour)]
    red, green, blue = (
        share / 12.92 if share <= _LINEAR_BELOW else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""
Papers to look at: of the examples, made once, and of the small register after some edits.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from klarsyn.publication.papers import Choice, Commission, choices, make
from klarsyn.publication.papers.document import Fields, Heading, Paragraph, Table
from tests.publication.sites import DAY, example
from tests.register import builders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from klarsyn.publication.papers import Paper
    from klarsyn.publication.papers.document import Block, Field, Line, Lines
    from tests.register.builders import Edit

PROCESSOR = builders.swap(builders.COMPANY, "[controller]", "[controller, processor]")
SUB_PROCESSOR = builders.line(
    builders.VENDOR, "role: {value: processor", "role: {value: sub-processor, source: own}"
)
NATURE = builders.after(
    builders.VENDOR,
    "declaration: listed",
    "    nature: {value: {en: Keeps the questions.}, source: own}\n",
)


def order(*edits: Edit, on: date = DAY) -> Commission:
    """Return an order for papers of the small register, in English."""
    return Commission(builders.register(*edits), "en", on)


def small(choice: Choice, *edits: Edit, on: date = DAY) -> Paper:
    """Return a paper of the small register."""
    return make(order(*edits, on=on), choice)


def of_example(name: str, language: str) -> Commission:
    """Return an order for papers of an example."""
    return Commission(example(name), cast("Any", language), DAY)


@cache
def every(name: str, language: str) -> tuple[Paper, ...]:
    """Return every paper of an example in a language."""
    ordered = of_example(name, language)
    return tuple(make(ordered, one) for one in choices(ordered))


def named(name: str, language: str, paper: str) -> Paper:
    """Return one paper of an example by its file's name."""
    (found,) = [one for one in every(name, language) if paper == one.name]
    return found


def fields(paper: Paper) -> list[tuple[str, list[str]]]:
    """Return every field below the head of a paper with the words in it."""
    return [
        (one.label, words(one.lines))
        for block in paper.blocks
        if isinstance(block, Fields)
        for one in block.fields
    ]


def filled(blocks: Iterable[Block]) -> list[Field]:
    """Return the fields that some blocks hold."""
    return [one for block in blocks if isinstance(block, Fields) for one in block.fields]


def sentences(blocks: Iterable[Block]) -> list[Line]:
    """Return the lines of the paragraphs among some blocks."""
    return [block.line for block in blocks if isinstance(block, Paragraph)]


def field(paper: Paper, label: str) -> list[str]:
    """Return the words in the first field with a label."""
    return next(told for name, told in fields(paper) if name == label)


def words(lines: Lines) -> list[str]:
    """Return lines as plain text, with their marks."""
    return [one.words for one in lines]


def headings(paper: Paper) -> list[str]:
    """Return the headings of a paper."""
    return [block.text for block in paper.blocks if isinstance(block, Heading)]


def table(paper: Paper, number: int = 0) -> Table:
    """Return one of a paper's tables."""
    return [block for block in paper.blocks if isinstance(block, Table)][number]


def rows(paper: Paper, number: int = 0) -> list[list[str]]:
    """Return the cells of a table as text, lines of a cell joined."""
    return [["; ".join(words(cell)) for cell in row] for row in table(paper, number).rows]


def below(paper: Paper, heading: str) -> list[str]:
    """Return the labels of the fields between a heading and the next."""
    found: list[str] = []
    inside = False
    for block in paper.blocks:
        if isinstance(block, Heading):
            inside = block.text == heading
        elif inside and isinstance(block, Fields):
            found += [one.label for one in block.fields]
    return found

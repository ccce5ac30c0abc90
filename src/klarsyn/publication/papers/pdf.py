"""
A paper as tagged PDF (PDF/UA-1), set by Typst.

The words go to Typst as data (JSON), never as markup, so that nothing in a register can be read as
a command. Only the fonts inside Typst are used and the day is the paper's own: the same paper is
the same bytes on every machine.
"""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from klarsyn.errors import PaperRefused, said
from klarsyn.publication.papers.document import Bullets, Fields, Heading, Line, Paragraph

if TYPE_CHECKING:
    from types import ModuleType

    from klarsyn.publication.papers.document import Block, Lines, Paper

STANDARD = "ua-1"
_ZERO_WIDTH_SPACE = "\u200b"
_RUN = re.compile(r"\S{18,}")
_ADDRESS = re.compile(r"[/@_]|\w\.\w")
_JOINT = re.compile(r"(?<=[/.@_?=&-])(?=\w)")
_ENDLESS = re.compile(r"([^\W_]{30})(?=[^\W_]{10})")  # longer than any word of the six languages
_LACKING = re.compile(r"the text `\"(.+?)\"` could not be displayed")


def pdf(paper: Paper) -> bytes:
    """
    Return the paper as PDF/UA-1.

    Raises PaperRefused where Typst is not installed, or where a letter stands in none of its
    fonts: a name with a letter left out would be another name.
    """
    typst = _typst()
    source = files(__package__).joinpath("paper.typ").read_bytes()
    midnight = datetime(paper.on.year, paper.on.month, paper.on.day, tzinfo=UTC)
    try:
        made = typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(_data(paper), ensure_ascii=False)},
            pdf_standards=[STANDARD],
            timestamp=midnight,
        )
    except typst.TypstError as failure:
        raise _refusal(failure.message) from None
    return bytes(made)


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError:
        raise PaperRefused(
            said("PDF needs Typst, which is not installed."),
            said("Run {command}, or choose another format.", command="pip install klarsyn[pdf]"),
        ) from None
    return typst


def _refusal(message: str) -> PaperRefused:
    found = _LACKING.search(message)
    if found is None:
        return PaperRefused(
            said("Typst could not set the paper: {reason}", reason=message[:200]),
            said("Choose another format, and tell the makers."),
        )
    return PaperRefused(
        said("No font of the PDF has the letter {letter}.", letter=found[1]),
        said("Choose the format html or md, which have every letter."),
    )


def _data(paper: Paper) -> dict[str, Any]:
    before, between, after = re.split(r"\{pages?\}", paper.page_of)
    return {
        "title": breakable(paper.title),
        "company": paper.company,
        "language": paper.language,
        "day": {"year": paper.on.year, "month": paper.on.month, "day": paper.on.day},
        "until": paper.on.isoformat(),
        "page": [before, between, after],
        "edition": [_field(one.label, one.lines) for one in paper.edition],
        "blocks": [_block(one) for one in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if isinstance(block, Heading):
        return kind | {"level": block.level, "text": breakable(block.text)}
    if isinstance(block, Paragraph):
        return kind | {"line": _line(block.line)}
    if isinstance(block, Bullets):
        return kind | {"lines": list(map(_line, block.lines))}
    if isinstance(block, Fields):
        return kind | {"fields": [_field(one.label, one.lines) for one in block.fields]}
    return kind | {
        "caption": breakable(block.caption),
        "header": list(map(breakable, block.header)),
        "is_headed": block.is_headed,
        "widths": list(block.widths),
        "rows": [[list(map(_line, cell)) for cell in row] for row in block.rows],
    }


def _field(label: str, lines: Lines) -> dict[str, Any]:
    return {"label": breakable(label), "lines": list(map(_line, lines))}


def _line(line: Line) -> dict[str, Any]:
    return dataclasses.asdict(line) | {"text": breakable(line.text)}


def breakable(text: str) -> str:
    """
    Return a text whose addresses and endless words may be broken in a narrow column.

    The words of a language are left to hyphenation.
    """
    return _RUN.sub(lambda run: _broken(run[0]), text)


def _broken(run: str) -> str:
    parted = _JOINT.sub(_ZERO_WIDTH_SPACE, run) if _ADDRESS.search(run) else run
    return _ENDLESS.sub(rf"\1{_ZERO_WIDTH_SPACE}", parted)

"""
Papers as files: one, or every one that a register can fill.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from klarsyn.errors import OutputRefused, UnknownName, said
from klarsyn.publication.output import write
from klarsyn.publication.papers.choice import choices, make
from klarsyn.publication.papers.commission import Commission
from klarsyn.publication.papers.html import html
from klarsyn.publication.papers.markdown import markdown
from klarsyn.publication.papers.pdf import pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from klarsyn.publication.papers.choice import Choice
    from klarsyn.publication.papers.document import Paper
    from klarsyn.register.facts import Language
    from klarsyn.register.register import Register

FORMATS: Mapping[str, Callable[[Paper], bytes]] = {"md": markdown, "html": html, "pdf": pdf}
"""Every format by the ending of its files."""


def commission(register: Register, on: date, language: str | None = None) -> Commission:
    """
    Return an order for papers in a language that the company publishes in; the first if none.

    Raises UnknownName for any other.
    """
    published = register.company.languages
    for one in published:
        if language in {None, one}:
            return Commission(register, one, on)
    raise UnknownName(
        said(
            "{company} does not publish in {language}.", company=_name(register), language=language
        ),
        said("Name one of: {names}.", names=", ".join(published)),
    )


def _name(register: Register) -> str:
    return register.company.name


def export(order: Commission, choice: Choice, form: str) -> bytes:
    """Return one paper in one format."""
    return FORMATS[form](make(order, choice))


def all_files(
    register: Register, on: date, forms: Sequence[str], languages: Sequence[Language] = ()
) -> dict[str, bytes]:
    """Return every paper that the register can fill, by `LANGUAGE/NAME.FORMAT`."""
    files = {}
    for language in languages or register.company.languages:
        order = Commission(register, language, on)
        for choice in choices(order):
            paper = make(order, choice)
            for form in forms:
                files[f"{language}/{paper.name}.{form}"] = FORMATS[form](paper)
    return files


def export_all(register: Register, on: date, forms: Sequence[str], out: Path) -> int:
    """Make `out` hold every paper and nothing else; return how many files. See `output.write`."""
    files = all_files(register, on, forms)
    write(files, out)
    return len(files)


def save(content: bytes, path: Path) -> None:
    """
    Write a file at one stroke; what lay there stays whole until then.

    Raises OutputRefused where that cannot be done.
    """
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as failure:
        raise OutputRefused(
            said("{file} cannot be written ({reason}).", file=str(path), reason=_why(failure)),
            said("Name a file that you may write, in a folder that is there."),
        ) from None


def _why(failure: OSError) -> str:
    return failure.strerror or "?"

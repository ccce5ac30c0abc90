"""
The tree of errors: one stable id and one exit code each.

    KlarsynError
    ├── SettingsError        10  settings-invalid      klarsyn.yaml is missing or wrong
    ├── RegisterError        11  register-invalid      the register cannot be read as it is
    ├── FindingsRemain        1  findings-remain       `check --strict` found open findings
    ├── PageError            12  page-invalid          a page would be false or unreadable
    ├── OutputRefused        13  output-refused        the output folder is not ours to replace
    ├── SourcePageError      14  source-page-unread    `init --from` could not read the page
    ├── UnknownName          15  unknown-name          asked for something that does not exist
    ├── RegisterExists       16  register-exists       `init` would write over a register
    ├── ArchiveDamaged       17  archive-damaged       an archived page is not what was written
    ├── PaperRefused         18  paper-refused         a legal paper cannot be made
    └── ChangesFound          3  changes-found         `diff --exit-code` found more than wording

Ids and codes are public (docs/reference/errors.md); a test refuses duplicates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Message:
    """
    A sentence that can still be said in any language.

    `text` is the English sentence with named {places}; `facts` fill them. A fact may be a string,
    a number, a date, a quotation, another message, a list of facts, or a text in several
    languages (a mapping from language to string).
    """

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text.format_map({name: _english(fact) for name, fact in self.facts.items()})


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else's, in their own language, as a fact of a message."""

    text: str
    language: str

    def __str__(self) -> str:
        """Return the words in plain quotation marks."""
        return f'"{self.text}"'


def said(text: str, /, **facts: object) -> Message:
    """Return a message; the catalogue's extractor collects the text where this is called."""
    return Message(text, facts)


def _english(fact: object) -> str:
    if isinstance(fact, dict):
        return str(fact.get("en") or next(iter(fact.values()), ""))
    if isinstance(fact, (list, tuple)):
        return ", ".join(map(_english, fact))
    return str(fact)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a user's file: where it stands, what is wrong, and what to do about it."""

    file: str
    line: int
    what: Message = field(compare=False)
    remedy: Message = field(compare=False)

    def __str__(self) -> str:
        """Return `file:line: what: remedy`, in English."""
        return f"{self.file}:{self.line}: {self.what}: {self.remedy}"


class KlarsynError(Exception):
    """Something that Klarsyn refuses or cannot do; every error of ours descends from this."""

    id: ClassVar[str] = "klarsyn-error"
    exit_code: ClassVar[int] = 70

    def __init__(self, message: Message, remedy: Message | None = None) -> None:
        """Keep the message, and the next move where there is one."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Return message, remedy and id on one line, in English."""
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.message}{tail} [{self.id}]"


class ManyProblems(KlarsynError):
    """Mistakes in the user's files, all told at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of file and line."""
        self.problems = tuple(sorted(problems))
        super().__init__(said("Mistakes: {count}.", count=len(self.problems)))

    def __str__(self) -> str:
        """Return one line a problem, and the id."""
        return "\n".join([*map(str, self.problems), f"[{self.id}]"])


class SettingsError(ManyProblems):
    """The file klarsyn.yaml is missing or holds mistakes."""

    id = "settings-invalid"
    exit_code = 10


class RegisterError(ManyProblems):
    """The register cannot be read: something in it is unknown, missing or contradicts itself."""

    id = "register-invalid"
    exit_code = 11


class FindingsRemain(KlarsynError):
    """Open findings remain and `--strict` was asked for."""

    id = "findings-remain"
    exit_code = 1


class PageError(ManyProblems):
    """A page would be false or unreadable, so nothing was published; the old site stays."""

    id = "page-invalid"
    exit_code = 12


class OutputRefused(KlarsynError):
    """The output folder holds something that Klarsyn did not write, so it is left alone."""

    id = "output-refused"
    exit_code = 13


class SourcePageError(KlarsynError):
    """The page kept by hand could not be read as a list of vendors."""

    id = "source-page-unread"
    exit_code = 14


class UnknownName(KlarsynError):
    """A name that was asked for does not exist."""

    id = "unknown-name"
    exit_code = 15


class RegisterExists(KlarsynError):
    """A register lies there already, and `init` never writes over one."""

    id = "register-exists"
    exit_code = 16


class ArchiveDamaged(KlarsynError):
    """A page of the archive in the output folder is missing, or is not what was written."""

    id = "archive-damaged"
    exit_code = 17


class ChangesFound(KlarsynError):
    """Two versions of the register differ in more than wording, and `--exit-code` was asked for."""

    id = "changes-found"
    exit_code = 3


class PaperRefused(KlarsynError):
    """A legal paper cannot be made: its ground is missing, or the means to print it."""

    id = "paper-refused"
    exit_code = 18

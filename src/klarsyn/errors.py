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
    ├── StorageError         19  storage-failed        the database cannot be used
    │   ├── StorageNewer     20  storage-newer         the database is of a newer Klarsyn
    │   ├── MigrationChanged 21  migration-changed     what was applied is not what we carry
    │   ├── StorageConflict  22  storage-conflict      a row breaks a rule of the database
    │   └── SecretUnreadable 23  secret-unreadable     a stored secret cannot be decrypted
    ├── KeysMissing          24  keys-missing          the environment gives no keys, or wrong ones
    ├── ConnectionInvalid    40  connection-invalid    a vendor's `connection` is wrong, or no key
    ├── CallRefused          41  call-refused          Klarsyn itself will not make such a call
    ├── VendorError          42  vendor-error          a vendor did not do what it was asked for
    │   ├── KeyRefused       43  key-refused           the key is wrong or has expired
    │   ├── RightsMissing    44  rights-missing        the key lacks a right, or the plan a feature
    │   ├── NotThere         45  not-there             the vendor has no such record
    │   ├── RecordRefused    46  record-refused        the vendor refuses this record or value
    │   ├── Throttled        47  vendor-throttled      the vendor takes no more for the moment
    │   ├── VendorDown       48  vendor-down           the vendor cannot be reached, or is at fault
    │   ├── ReplyUnread      49  reply-unread          a reply is not what its documents say
    │   └── OutcomeUnknown   50  outcome-unknown       nobody knows whether a call was carried out
    ├── FileRefused          30  file-refused          a vendor's file is damaged or harmful
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


class KeysMissing(KlarsynError):
    """Klarsyn's own keys are not in the environment, or cannot be read."""

    id = "keys-missing"
    exit_code = 24


class ConnectionInvalid(ManyProblems):
    """The `connection` of a vendor in the register is wrong, or something in it is missing."""

    id = "connection-invalid"
    exit_code = 40


class CallRefused(KlarsynError):
    """Klarsyn refuses to make a call: it could hit more than one record, or tell somebody."""

    id = "call-refused"
    exit_code = 41


class VendorError(KlarsynError):
    """A vendor did not do what it was asked for; told without a word of what was said."""

    id = "vendor-error"
    exit_code = 42

    def __init__(
        self,
        message: Message,
        remedy: Message | None = None,
        *,
        status: int = 0,
        code: str = "",
        after: float | None = None,
    ) -> None:
        """Keep the status, the vendor's own code, and after how many seconds to try again."""
        super().__init__(message, remedy)
        self.status = status
        self.code = code
        self.after = after


class KeyRefused(VendorError):
    """The key is wrong or has expired."""

    id = "key-refused"
    exit_code = 43


class RightsMissing(VendorError):
    """The key lacks a right, or the plan lacks the feature."""

    id = "rights-missing"
    exit_code = 44


class NotThere(VendorError):
    """The vendor has no such record."""

    id = "not-there"
    exit_code = 45


class RecordRefused(VendorError):
    """The vendor refuses this record or value, and would again."""

    id = "record-refused"
    exit_code = 46


class Throttled(VendorError):
    """The vendor takes no more for the moment."""

    id = "vendor-throttled"
    exit_code = 47


class VendorDown(VendorError):
    """The vendor cannot be reached, or says that the fault is its own."""

    id = "vendor-down"
    exit_code = 48


class ReplyUnread(VendorError):
    """A reply is too large, cut off, or not what the vendor's documents say."""

    id = "reply-unread"
    exit_code = 49


class OutcomeUnknown(VendorError):
    """The connection was lost after a call that must not be repeated; nobody knows its outcome."""

    id = "outcome-unknown"
    exit_code = 50


class FileRefused(KlarsynError):
    """A file that a vendor handed out is damaged, too big or built to do harm; reading stopped."""

    id = "file-refused"
    exit_code = 30

    def __init__(
        self, file: str, entry: str | Message, what: Message, remedy: Message | None = None
    ) -> None:
        """Keep where it went wrong; neither message repeats what the file holds."""
        place = said("{file}: {entry}", file=file, entry=entry) if entry else file
        super().__init__(said("{place}: {what}.", place=place, what=what), remedy)
        self.file = file
        self.entry = entry
        self.what = what


class StorageError(KlarsynError):
    """The database cannot be opened or reached, or it failed while it was used."""

    id = "storage-failed"
    exit_code = 19


class StorageNewer(StorageError):
    """The database was brought up to date by a newer Klarsyn, so this one leaves it alone."""

    id = "storage-newer"
    exit_code = 20


class MigrationChanged(StorageError):
    """A migration that was applied to the database is not the one that this Klarsyn carries."""

    id = "migration-changed"
    exit_code = 21


class StorageConflict(StorageError):
    """A row breaks a rule of the database: it is there already, or what it names is not."""

    id = "storage-conflict"
    exit_code = 22


class SecretUnreadable(StorageError):
    """A stored secret cannot be decrypted: its key is missing, or the row was altered."""

    id = "secret-unreadable"
    exit_code = 23

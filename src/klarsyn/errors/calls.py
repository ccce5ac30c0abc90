"""
Errors of connections, of calls to vendors, and of files that vendors hand out.
"""

from __future__ import annotations

from klarsyn.errors.roots import KlarsynError, ManyProblems
from klarsyn.errors.sentences import Message, said


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

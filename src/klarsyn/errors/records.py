"""
Errors of the database, of durable work, and of the journal.
"""

from __future__ import annotations

from klarsyn.errors.roots import KlarsynError
from klarsyn.errors.sentences import Message


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


class KeysMissing(KlarsynError):
    """Klarsyn's own keys are not in the environment, or cannot be read."""

    id = "keys-missing"
    exit_code = 24


class WorkRefused(KlarsynError):
    """Durable work cannot be started or carried on as it was asked for; what is stored stays."""

    id = "work-refused"
    exit_code = 25


class WorkFailed(KlarsynError):
    """A step, or a whole piece of work, ended in an error; of it only id and message are kept."""

    id = "work-failed"
    exit_code = 26

    def __init__(
        self,
        message: Message,
        remedy: Message | None = None,
        *,
        cause: str = "",
        after: float | None = None,
    ) -> None:
        """Keep the id of the error that it was, and after how many seconds to try again."""
        super().__init__(message, remedy)
        self.cause = cause
        self.after = after


class JournalDamaged(KlarsynError):
    """An entry of the journal, its tree or a checkpoint is not what was written or signed."""

    id = "journal-damaged"
    exit_code = 60

    def __init__(self, what: Message, remedy: Message, *, number: int = 0) -> None:
        """Keep the number of the entry where it was found; 0 where it is none's."""
        super().__init__(what, remedy)
        self.number = number


class EntryDiffers(KlarsynError):
    """The journal has another entry under a key that was to be recorded."""

    id = "entry-differs"
    exit_code = 61


class EvidenceUnread(KlarsynError):
    """A public key or a checkpoint that evidence was to be verified by cannot be read."""

    id = "evidence-unread"
    exit_code = 62


class BackupRefused(KlarsynError):
    """A backup cannot be written there, is not whole, or may not be restored here."""

    id = "backup-refused"
    exit_code = 27


class StorageUnsound(KlarsynError):
    """`storage check` found something wrong with Klarsyn's own database."""

    id = "storage-unsound"
    exit_code = 28

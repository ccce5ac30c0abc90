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
    ├── WorkRefused          25  work-refused          durable work cannot be started or carried on
    ├── WorkFailed           26  work-failed           a step, or work as a whole, ended in an error
    ├── BackupRefused        27  backup-refused        a backup cannot be made, read or restored
    ├── StorageUnsound       28  storage-unsound       `storage check` found what is wrong
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
    ├── JournalDamaged       60  journal-damaged       the evidence is not what was written
    ├── EntryDiffers         61  entry-differs         an entry's key was used for something else
    ├── EvidenceUnread       62  evidence-unread       a key or checkpoint to verify by is none
    ├── FileRefused          30  file-refused          a vendor's file is damaged or harmful
    ├── ScoreNotCalculated   75  score-not-calculated  no card says how the element is calculated
    ├── ScoreTableMissing    76  score-table-missing   a score lacks a table or its amounts
    ├── PlanRefused          77  plan-refused          a plan is none, or not what would be done now
    ├── DeliveryIncomplete   78  delivery-incomplete   `deliver apply` could not send all of it
    ├── SignInRefused        80  sign-in-refused       name and passphrase do not belong together
    ├── RoleMissing          81  role-missing          the person's role does not allow it
    ├── OwnRequest           82  own-request           nobody approves their own request
    ├── ApprovalVoid         83  approval-void         there is nothing to decide, or no longer
    ├── ApprovalMissing      84  approval-missing      it waits for somebody's approval
    ├── AccountRefused       85  account-refused       such an account cannot be made or removed
    ├── TaskClosed           86  task-closed           the task is not to be ended like that
    ├── EvidenceRefused      87  evidence-refused      the file cannot be kept as evidence
    ├── SourceInvalid        71  source-invalid        `source:` names what is not there
    ├── SourceUnread         72  source-unread         the company's own people cannot be read
    ├── RowsRejected         73  rows-rejected         `source check` found rows that are wrong
    └── ChangesFound          3  changes-found         `--exit-code`, and there are changes

Ids and codes are public (docs/reference/errors.md); a test refuses duplicates.
"""

from klarsyn.errors.calls import (
    CallRefused,
    ConnectionInvalid,
    FileRefused,
    KeyRefused,
    NotThere,
    OutcomeUnknown,
    RecordRefused,
    ReplyUnread,
    RightsMissing,
    Throttled,
    VendorDown,
    VendorError,
)
from klarsyn.errors.people import (
    AccountRefused,
    ApprovalMissing,
    ApprovalVoid,
    DeliveryIncomplete,
    EvidenceRefused,
    OwnRequest,
    PlanRefused,
    RoleMissing,
    RowsRejected,
    ScoreNotCalculated,
    ScoreTableMissing,
    SignInRefused,
    SourceInvalid,
    SourceUnread,
    TaskClosed,
)
from klarsyn.errors.records import (
    BackupRefused,
    EntryDiffers,
    EvidenceUnread,
    JournalDamaged,
    KeysMissing,
    MigrationChanged,
    SecretUnreadable,
    StorageConflict,
    StorageError,
    StorageNewer,
    StorageUnsound,
    WorkFailed,
    WorkRefused,
)
from klarsyn.errors.register import (
    ArchiveDamaged,
    ChangesFound,
    FindingsRemain,
    OutputRefused,
    PageError,
    PaperRefused,
    RegisterError,
    RegisterExists,
    SettingsError,
    SourcePageError,
    UnknownName,
)
from klarsyn.errors.roots import KlarsynError, ManyProblems
from klarsyn.errors.sentences import Message, Problem, Quote, said

__all__ = [
    "AccountRefused",
    "ApprovalMissing",
    "ApprovalVoid",
    "ArchiveDamaged",
    "BackupRefused",
    "CallRefused",
    "ChangesFound",
    "ConnectionInvalid",
    "DeliveryIncomplete",
    "EntryDiffers",
    "EvidenceRefused",
    "EvidenceUnread",
    "FileRefused",
    "FindingsRemain",
    "JournalDamaged",
    "KeyRefused",
    "KeysMissing",
    "KlarsynError",
    "ManyProblems",
    "Message",
    "MigrationChanged",
    "NotThere",
    "OutcomeUnknown",
    "OutputRefused",
    "OwnRequest",
    "PageError",
    "PaperRefused",
    "PlanRefused",
    "Problem",
    "Quote",
    "RecordRefused",
    "RegisterError",
    "RegisterExists",
    "ReplyUnread",
    "RightsMissing",
    "RoleMissing",
    "RowsRejected",
    "ScoreNotCalculated",
    "ScoreTableMissing",
    "SecretUnreadable",
    "SettingsError",
    "SignInRefused",
    "SourceInvalid",
    "SourcePageError",
    "SourceUnread",
    "StorageConflict",
    "StorageError",
    "StorageNewer",
    "StorageUnsound",
    "TaskClosed",
    "Throttled",
    "UnknownName",
    "VendorDown",
    "VendorError",
    "WorkFailed",
    "WorkRefused",
    "said",
]

"""
Errors of the company's own people, of deliveries, and of those who work here.
"""

from __future__ import annotations

from klarsyn.errors.roots import KlarsynError, ManyProblems


class SourceInvalid(ManyProblems):
    """The `source:` of klarsyn.yaml names an element or a column that there is none of."""

    id = "source-invalid"
    exit_code = 71


class SourceUnread(KlarsynError):
    """The file or database with the company's own people cannot be opened, or read to its end."""

    id = "source-unread"
    exit_code = 72


class RowsRejected(KlarsynError):
    """Rows of the source are wrong, so the people in them are neither sent nor removed."""

    id = "rows-rejected"
    exit_code = 73


class ScoreNotCalculated(KlarsynError):
    """An element is no score, or its card does not say how it is calculated."""

    id = "score-not-calculated"
    exit_code = 75


class ScoreTableMissing(KlarsynError):
    """A score is calculated from a table that klarsyn.yaml does not map, or maps in part."""

    id = "score-table-missing"
    exit_code = 76


class PlanRefused(KlarsynError):
    """A plan of deliveries cannot be read, or is not what would be done now."""

    id = "plan-refused"
    exit_code = 77


class DeliveryIncomplete(KlarsynError):
    """Something that was planned was not sent: a vendor refused it, takes no more, or is shut."""

    id = "delivery-incomplete"
    exit_code = 78


class SignInRefused(KlarsynError):
    """Name and passphrase do not belong together, or there were too many attempts."""

    id = "sign-in-refused"
    exit_code = 80


class RoleMissing(KlarsynError):
    """The role of whoever signed in does not allow this."""

    id = "role-missing"
    exit_code = 81


class OwnRequest(KlarsynError):
    """Nobody approves their own request, unless klarsyn.yaml switches four eyes off."""

    id = "own-request"
    exit_code = 82


class ApprovalVoid(KlarsynError):
    """A request was decided before, has lapsed, or is about something else than was shown."""

    id = "approval-void"
    exit_code = 83


class ApprovalMissing(KlarsynError):
    """Something waits for an approval that nobody has given, or that no longer counts."""

    id = "approval-missing"
    exit_code = 84


class AccountRefused(KlarsynError):
    """An account cannot be made, or is the last administrator's and cannot be removed."""

    id = "account-refused"
    exit_code = 85


class TaskClosed(KlarsynError):
    """A task has ended, or is not ended in this way."""

    id = "task-closed"
    exit_code = 86


class EvidenceRefused(KlarsynError):
    """A file cannot be kept as evidence: missing, empty, too large, or not a plain file."""

    id = "evidence-refused"
    exit_code = 87

"""
What people do and decide: tasks by hand, attestations, approvals, and the accounts they act under.
"""

from klarsyn.tasks.approvals import Approvals, Decision, Request
from klarsyn.tasks.evidence import Evidence, Upload, Uploads
from klarsyn.tasks.expiry import Erased, expire
from klarsyn.tasks.records import Recorded, Records
from klarsyn.tasks.reminders import Reminder, reminders
from klarsyn.tasks.sheets import Case, for_job
from klarsyn.tasks.users import Right, Role, SignedIn, User, Users
from klarsyn.tasks.work import NewTask, Task, Tasks, Voice, Wanted

__all__ = [
    "Approvals",
    "Case",
    "Decision",
    "Erased",
    "Evidence",
    "NewTask",
    "Recorded",
    "Records",
    "Reminder",
    "Request",
    "Right",
    "Role",
    "SignedIn",
    "Task",
    "Tasks",
    "Upload",
    "Uploads",
    "User",
    "Users",
    "Voice",
    "Wanted",
    "expire",
    "for_job",
    "reminders",
]

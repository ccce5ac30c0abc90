"""
From a fact sheet to what a person has to do: where no call reaches, a task with a letter.

A letter goes to the vendor where it has no API at all, else to the colleague who has the account.
Nobody's data stand in it: whoever sends it names the person, with no more than it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from klarsyn.errors import Message, said
from klarsyn.tasks.work import Kind, NewTask
from klarsyn.vendors.jobs import Outcome
from klarsyn.vendors.progress import Level
from klarsyn.vendors.sheet import Depth, Job, Vendor

JobName = Literal["read", "find", "rectify", "erase", "deliver"]
WITHIN: Final[dict[JobName, timedelta]] = {
    "read": timedelta(days=30),
    "find": timedelta(days=14),
    "rectify": timedelta(days=14),
    "erase": timedelta(days=14),
    "deliver": timedelta(days=14),
}
"""
How long a person is given. Half of the month of Art. 12(3) is left for the answer to whoever
asked; an attestation is in no such hurry.
"""
AGAIN: Final = 12
"""Months for which an attestation lasts, as Signifly's sheet has it; R49 asks for a review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a task is about: which row of the register, on which day, for whom."""

    key: str
    """What makes it one task: workflow and record, or vendor and day."""
    vendor: str
    """The vendor's id in the register."""
    company: str
    """Who signs the letters."""
    today: date
    subject: str = ""
    """The journal's random id of the person, where it is about one."""
    due: date | None = None
    """By when, where that is not computed from the job."""
    again: int = AGAIN
    """After how many months an attestation is due again."""


def for_job(
    case: Case,
    sheet: Vendor,
    job: JobName,
    outcome: Outcome | None = None,
    after: Job | None = None,
) -> NewTask | None:
    """
    Return the task that a job leaves to a person; None where it leaves none.

    Without an outcome, what the sheet says of the whole job decides. With one, what became of one
    record does: a person finishes what was refused, settles what is unknown, and does what the
    sheet's job `after` it was done leaves over.
    """
    what = _of_the_sheet(sheet, job) if outcome is None else _of_a_record(outcome, after)
    if what is None:
        return None
    due = case.due or case.today + WITHIN[job]
    kind = _kind(sheet, job) if outcome is None else "manual"
    return NewTask(
        key=f"{case.key}:{job}",
        kind=kind,
        vendor=case.vendor,
        what=said("{vendor}: {deed}: {what}", vendor=sheet.name, deed=DEEDS[job], what=what),
        due=due,
        letter=_letter(case, sheet, job, what, due),
        subject=case.subject,
        again=case.again if kind == "attestation" else 0,
    )


def _of_the_sheet(sheet: Vendor, job: JobName) -> Message | None:
    how_far = sheet.jobs[job]
    if how_far.depth is Depth.MANUAL or how_far.by_hand:
        return how_far.note or said("a person has to do this at the vendor")
    return None


def _of_a_record(outcome: Outcome, after: Job | None) -> Message | None:
    why = outcome.why or said("a person has to do this at the vendor")
    if outcome.state == "unknown":
        return said("nobody knows whether it was done; look there, and settle it: {why}", why=why)
    if outcome.state == "refused" and outcome.level is Level.MANUAL:
        return why
    return after.by_hand if after and outcome.state == "done" else None


def _kind(sheet: Vendor, job: JobName) -> Kind:
    how_far = sheet.jobs[job]
    by_hand = how_far.depth is Depth.MANUAL and job == "read"
    return "attestation" if by_hand or how_far.by_hand == "attestation" else "manual"


DEEDS: Final[dict[JobName, Message]] = {
    "read": said("tell what is held of people"),
    "find": said("find what is held of a person"),
    "rectify": said("correct what is held of a person"),
    "erase": said("erase what is held of a person"),
    "deliver": said("enter what is declared"),
}
_ASKED: Final[dict[JobName, Message]] = {
    "read": said(
        "We keep a register of those who process data for us, and have to verify it (where you "
        "process on our behalf, Art. 28(3)(h) GDPR has you make the information available). "
        "Please send us a statement, signed with a name and a role, of what you hold of our "
        "customers and their staff, also where you hold nothing."
    ),
    "find": said(
        "A person has asked which data are held of them (Art. 15 GDPR). Please send us a copy of "
        "what you hold of the person named below, or tell us that it is nothing."
    ),
    "rectify": said(
        "Data of a person were wrong (Art. 16 and 19 GDPR). Please correct what you hold of the "
        "person named below, and confirm it, or tell us that it is nothing."
    ),
    "erase": said(
        "Data of a person have to be erased (Art. 17 and 19 GDPR). Please erase what you hold of "
        "the person named below, copies too, and confirm it, or tell us that it is nothing."
    ),
    "deliver": said("Please enter the data that we hand over separately, and nothing else."),
}
_PERSON: Final = said(
    "[Name the person here, with no more than it takes to know them again. Take this line out "
    "afterwards.]"
)


def _letter(case: Case, sheet: Vendor, job: JobName, what: Message, due: date) -> Message:
    about_one = job in {"find", "rectify", "erase"}
    facts: dict[str, object] = {
        "vendor": sheet.name,
        "company": case.company,
        "due": due,
        "what": what,
        "person": _PERSON if about_one else "",
        "reference": case.subject or case.key,
    }
    if sheet.api.protocol == "none":
        return Message(_TO_THE_VENDOR.text, {**facts, "asked": _ASKED[job]})
    return Message(_TO_A_COLLEAGUE.text, {**facts, "deed": DEEDS[job]})


_TO_THE_VENDOR: Final = said(
    "To {vendor}\n\n{asked}\n\n{person}\n\nPlease answer by {due}, and name the reference "
    "{reference}.\n\nKind regards\n{company}"
)
_TO_A_COLLEAGUE: Final = said(
    "To whoever has our account at {vendor}\n\nThere is something that only a person can do "
    "there: {deed}: {what}.\n\n{person}\n\nPlease do it by {due}, take a picture of the screen "
    "that shows it, and name the reference {reference}.\n\nThank you\n{company}"
)

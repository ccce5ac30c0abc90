"""
How long everything is kept that is Klarsyn's own, on which ground: a table, each row dated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from klarsyn.errors import Message, said
from klarsyn.rules.periods import before
from klarsyn.settings import OwnRetention

How = Literal["query", "steps", "recipients", "never"]
"""By what it is counted and erased; see retention.py. Never: not by time alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A class of what is kept."""

    id: str
    what: Message
    ends: Message
    """From when its period counts, or what ends it."""
    why: Message
    """The ground on which it is kept for so long, and no longer."""
    tables: tuple[str, ...]
    how: How = "query"
    period: str = ""
    """A key of `retention:` in klarsyn.yaml, or a period; blank where each row has its own end."""
    count: str = ""
    """The query that counts what is due."""
    drop: tuple[str, ...] = ()
    """The queries that erase it."""
    dated: bool = True
    """Whether it tells how long it has been due; else it is never told as overdue."""
    decided: date = date(2026, 11, 26)
    """The day on which this row was written; a later one changes it for all that is kept."""

    def stated(self, periods: OwnRetention) -> str:
        """Return its period, as klarsyn.yaml has it; blank where each row has its own end."""
        return str(getattr(periods, self.period, self.period)) if self.period else ""

    def limit(self, periods: OwnRetention, now: datetime) -> datetime:
        """Return the instant before which something must have begun to be due by now."""
        period = self.stated(periods)
        return datetime.combine(before(now.date(), period), now.timetz()) if period else now


_MINIMAL: Final = said("Art. 5(1)(e) GDPR: no longer than its purpose needs")
_OWN_END: Final = said("at the instant that stands with it")
_ENDED: Final = said("when somebody ends it")
_ACCOUNT: Final = said("Art. 5(2) GDPR: what was done can be shown")

TABLE: Final[Sequence[Kept]] = (
    Kept(
        id="dead-letters",
        what=said("rows that a vendor refused to the end, sealed"),
        ends=said("30 days after the refusal"),
        why=said("Art. 5(1)(e) GDPR: long enough to put them right and try again"),
        tables=("dead_letter",),
        count="count_dead_letters",
        drop=("drop_expired_dead_letters",),
    ),
    Kept(
        id="uploads",
        what=said("files that were uploaded to tasks, sealed"),
        ends=said("`keep_evidence` after the task ended"),
        why=_ACCOUNT,
        tables=("upload",),
        count="count_uploads",
        drop=("remove_expired_uploads",),
    ),
    Kept(
        id="tasks",
        what=said("tasks that have ended"),
        ends=said("`keep_evidence` after the end"),
        why=_ACCOUNT,
        tables=("task",),
        count="count_tasks",
        drop=("remove_expired_tasks",),
    ),
    Kept(
        id="approvals",
        what=said("requests for approval, and what was decided, sealed"),
        ends=said("two years after the end"),
        why=_ACCOUNT,
        tables=("approval_request",),
        count="count_approvals",
        drop=("remove_old_approvals",),
    ),
    Kept(
        id="accounts",
        what=said("accounts of those who work here, sealed"),
        ends=said("a year after they were last used"),
        why=said("Art. 5(1)(c), 32 GDPR: who no longer works here has no way in"),
        tables=("account",),
        count="count_accounts",
        drop=("remove_expired_accounts",),
    ),
    Kept(
        id="secrets",
        what=said("secrets that a vendor gave at run time, sealed"),
        ends=_OWN_END,
        why=said("Art. 32 GDPR: what opens nothing any more is not kept"),
        tables=("secret",),
        count="count_secrets",
        drop=("remove_expired_secrets",),
    ),
    Kept(
        id="past-recipients",
        what=said("which vendor once had data of whom, as hashes, and by what to find it"),
        ends=said("after the last vendor has removed them"),
        why=said(
            "Art. 15(1)(c), 19 GDPR; C-154/21: past recipients are told; C-553/07: a year is too "
            "short where the data themselves are kept for longer"
        ),
        tables=("delivery", "person_identity", "person_known_by", "journal_subject"),
        how="recipients",
        period="past_recipients",
        count="count_past_recipients",
        drop=("drop_past_recipients",),
    ),
    Kept(
        id="recipients",
        what=said("which vendor has data of whom, as hashes"),
        ends=said("when the vendor has removed them"),
        why=said("Art. 15(1)(c), 17(1), 19 GDPR: what was sent can be told, and taken back"),
        tables=("delivery", "person_identity", "person_known_by", "element_number"),
        how="never",
    ),
    Kept(
        id="refused-changes",
        what=said("changes that a vendor refused to the end, as hashes"),
        ends=said("after they were last sent"),
        why=_MINIMAL,
        tables=("change",),
        period="refused",
        count="count_refused_changes",
        drop=("drop_refused_changes",),
    ),
    Kept(
        id="changes",
        what=said("changes that are to be carried out, as hashes"),
        ends=said("when they are carried out, or a person has settled them"),
        why=_MINIMAL,
        tables=("change",),
        how="never",
    ),
    Kept(
        id="lifted-opt-outs",
        what=said("opt-outs of people who came back, as hashes"),
        ends=said("after they were lifted"),
        why=said("Art. 7(1) GDPR: until then an older word of a vendor's is known as older"),
        tables=("opt_out",),
        period="lifted",
        count="count_lifted_opt_outs",
        drop=("drop_lifted_opt_outs",),
    ),
    Kept(
        id="opt-outs",
        what=said("opt-outs, as hashes"),
        ends=said("when a fresh opt-in lifts them"),
        why=said("Art. 21(3) GDPR: who objected is not sent it again, after an erasure either"),
        tables=("opt_out",),
        how="never",
    ),
    Kept(
        id="lifted-tombstones",
        what=said("marks of people who were erased and came back by themselves, as hashes"),
        ends=said("after they were lifted"),
        why=said("Art. 5(2) GDPR: that they were let in again can be explained"),
        tables=("tombstone", "tombstone_lift"),
        period="lifted",
        count="count_lifted_tombstones",
        drop=("drop_lifted_tombstones", "drop_stray_lifts"),
    ),
    Kept(
        id="tombstones",
        what=said("marks of people who were erased, as hashes"),
        ends=said("when they come back by themselves, which takes an approval"),
        why=said("Art. 17(1) GDPR: neither the source nor a backup may bring them back"),
        tables=("tombstone",),
        how="never",
    ),
    Kept(
        id="restrictions",
        what=said("whose data rest, as hashes"),
        ends=_ENDED,
        why=said("Art. 18 GDPR"),
        tables=("restriction",),
        how="never",
    ),
    Kept(
        id="objections",
        what=said("changes that a customer objects to, by the customer's id"),
        ends=_ENDED,
        why=said("Art. 28(2) GDPR: an objection holds the change"),
        tables=("customer_hold",),
        how="never",
    ),
    Kept(
        id="journal",
        what=said("evidence: vendors, kinds, counts, hashes, random ids"),
        ends=said("never: a chain with a hole proves nothing"),
        why=said("Art. 5(2) GDPR; who an id is lies outside of it, and is erased"),
        tables=("journal_head", "journal_entry", "journal_row", "journal_checkpoint"),
        how="never",
    ),
    Kept(
        id="steps",
        what=said("recorded steps of work that has ended, sealed, and its spent due rows"),
        ends=said("after the work ended"),
        why=said("Art. 5(1)(e) GDPR: long enough to see how it ended"),
        tables=("due",),
        how="steps",
        period="steps",
    ),
    Kept(
        id="waits",
        what=said("work that waits for its time, by references"),
        ends=said("when it is started"),
        why=_MINIMAL,
        tables=("due",),
        how="never",
    ),
    Kept(
        id="limits",
        what=said("how much a vendor still takes, and how often a sign-in was tried"),
        ends=said("after a limit was last touched and is whole again"),
        why=_MINIMAL,
        tables=("bucket",),
        period="P31D",
        count="count_buckets",
        drop=("drop_buckets",),
    ),
    Kept(
        id="leases",
        what=said("places at a vendor that a process held"),
        ends=_OWN_END,
        why=_MINIMAL,
        tables=("lease",),
        period="P1D",
        count="count_leases",
        drop=("drop_leases",),
    ),
    Kept(
        id="strays",
        what=said("hashes that belong to nobody any more"),
        ends=said("at once; there should be none"),
        why=_MINIMAL,
        tables=("person_identity", "person_known_by", "tombstone_lift"),
        count="count_strays",
        drop=("drop_stray_identities", "drop_stray_known_by", "drop_stray_lifts"),
        dated=False,
    ),
    Kept(
        id="installation",
        what=said("what is set up here: vendors, elements, pauses, samples; nothing of people"),
        ends=_ENDED,
        why=said("not personal data, but for the pseudonym of who set it up"),
        tables=(
            "element_in_effect",
            "element_number",
            "enabled_connection",
            "paused_delivery",
            "dropped_element",
            "migration",
        ),
        how="never",
    ),
)

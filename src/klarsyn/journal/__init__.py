"""
Evidence: what happened, in a hash chain and under a signed tree, so that it can be proved later.

Append-only. What is recorded is names, counts and hashes; people are random ids and staff
pseudonyms, and no value of anybody is in it. docs/how-to/verify-evidence.md tells an auditor how
to check it without Klarsyn.
"""

from klarsyn.journal.checkpoints import Checkpoint
from klarsyn.journal.checkpoints import kept as kept_checkpoint
from klarsyn.journal.entries import Entry, Json, Row
from klarsyn.journal.export import export
from klarsyn.journal.filed import verify_file
from klarsyn.journal.journal import Journal
from klarsyn.journal.notes import PublicKey, public_keys
from klarsyn.journal.reading import Selection
from klarsyn.journal.subjects import in_no_order
from klarsyn.journal.verification import Verdict, verify

__all__ = [
    "Checkpoint",
    "Entry",
    "Journal",
    "Json",
    "PublicKey",
    "Row",
    "Selection",
    "Verdict",
    "export",
    "in_no_order",
    "kept_checkpoint",
    "public_keys",
    "verify",
    "verify_file",
]

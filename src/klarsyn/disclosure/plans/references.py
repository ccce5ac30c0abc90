"""
By what a vendor knows people where nothing of theirs is declared for that: a reference.

It says nothing: it is made of the person's random subject in the journal and of the vendor's id.
So two vendors cannot join their lists by them, a new key of the hashes changes none, and a subject
that is forgotten takes its references along.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b
from typing import Final

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.people.ledger import Person
from klarsyn.vendors.reading import Seen

_USE: Final = b"klarsyn refer 1"
_BYTES: Final = 16


def references(around: Around, opened: Ceiling, people: Collection[Person]) -> dict[Person, str]:
    """Return each person's reference at a vendor; of nobody where the vendor takes none."""
    if not opened.how.reference:
        return {}
    subjects = around.journal.subjects.of(people)
    return {one: reference(opened.vendor, subjects[one]) for one in people}


def reference(vendor: str, subject: str) -> str:
    """Return 32 hexadecimal digits for a subject at a vendor (BLAKE2b under the subject)."""
    key = subject.encode()
    return blake2b(vendor.encode(), key=key, person=_USE, digest_size=_BYTES).hexdigest()


def shown(opened: Ceiling, seen: Seen) -> str:
    """Return what a record shows in the place of a reference."""
    value = seen.values().get(opened.how.match_on)
    return value.reveal() if value else ""

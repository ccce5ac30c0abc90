"""
The facts of the gate, as they were when a run began: in memory, and never changed.

Whoever asks gives hashes; a name decides nothing. In doubt the gate is shut: an element that
nobody put in effect is not, and a hash under a key that is not given stops the run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from klarsyn.personal import Personal

if TYPE_CHECKING:
    from klarsyn.people.hashes import Hashes
    from klarsyn.people.identities import Identity

MARKETING: Final = "marketing"
"""The family of purposes that a person can always end (R42), as a purpose's `kind` says it."""
_ALL = ""


@dataclass(frozen=True, slots=True, repr=False)
class GateFacts:
    """What may be sent, and to whom not."""

    effective: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """Since when, by vendor and element."""
    holds: frozenset[tuple[str, str, str]] = frozenset()
    """Customer, vendor and element; no element means all of the vendor."""
    restricted: frozenset[bytes] = frozenset()
    opt_outs: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    """Identities by family of purposes."""
    tombstones: frozenset[bytes] = frozenset()
    person_keys: frozenset[str] = frozenset()
    """Keys under which there are restrictions."""
    identity_keys: frozenset[str] = frozenset()
    """Keys under which there are opt-outs or tombstones; none: nobody need be hashed."""

    def in_effect(self, vendor: str, element: str, on: date) -> bool:
        """Tell whether the notice period is over, on a day (R15)."""
        since = self.effective.get((vendor, element))
        return since is not None and since <= on

    def held(self, customer: str, vendor: str, element: str) -> bool:
        """Tell whether an objection of the customer's holds an element, or all of a vendor."""
        if not self.holds:
            return False
        return not self.holds.isdisjoint(((customer, vendor, element), (customer, vendor, _ALL)))

    def hashes_of_person(self, hashes: Hashes, key: Personal[str]) -> frozenset[bytes]:
        """Return the person's hash under every key that occurs; none where nobody is restricted."""
        return frozenset(hashes.under(one).person(key) for one in self.person_keys)

    def hashes_of_identities(
        self, hashes: Hashes, identities: Iterable[Identity]
    ) -> frozenset[bytes]:
        """Return every form under every key that occurs; none where nobody is known by any."""
        if not self.identity_keys:
            return frozenset()
        return hashes.identities(identities, self.identity_keys)

    def is_restricted(self, person: Collection[bytes]) -> bool:
        """Tell whether the processing is restricted (Art. 18); see hashes_of_person."""
        return not self.restricted.isdisjoint(person)

    def erased(self, identities: Collection[bytes]) -> bool:
        """Tell whether somebody known by any of these was erased; see hashes_of_identities."""
        return not self.tombstones.isdisjoint(identities)

    def opted_out(self, identities: Collection[bytes], family: str = MARKETING) -> bool:
        """Tell whether somebody known by any of these opted out, wherever they said so (D20)."""
        return not self.opt_outs.get(family, frozenset()).isdisjoint(identities)

    def __repr__(self) -> str:
        """Return how many facts of each sort."""
        out = sum(map(len, self.opt_outs.values()))
        return (
            f"<GateFacts: {len(self.effective)} in effect, {len(self.holds)} holds, "
            f"{len(self.restricted)} restricted, {out} opt-outs, {len(self.tombstones)} tombstones>"
        )

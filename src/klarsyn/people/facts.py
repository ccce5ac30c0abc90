"""
The facts of the gate in Klarsyn's database: notices and rights write them, a delivery loads them.

Nothing here is a value of a person's: people and what they are known by are hashes under a key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from klarsyn.clock import Clock
from klarsyn.people.gate import MARKETING, GateFacts
from klarsyn.people.hashes import Hashes
from klarsyn.people.identities import Identity, identity_forms
from klarsyn.personal import Personal
from klarsyn.storage import Storage, Value

OURSELVES = "self"
"""The origin of an opt-out that no vendor told us."""
PERSON = "person"
"""The kind of a tombstone of a person's own hash; the gate asks for none, a restore does."""


@dataclass(frozen=True, slots=True)
class InEffect:
    """Since which day a vendor may have an element, and on which day that was announced."""

    vendor: str
    element: str
    since: date
    announced: date


@dataclass(frozen=True, slots=True)
class Hold:
    """What a customer objects to; `element` is empty where it is all of the vendor."""

    customer: str
    vendor: str
    element: str
    reason: str
    """The id of the objection, or a word of ours; never what the customer wrote."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A hash, and the key that it was made with."""

    hash: bytes
    key_id: str
    family: str = ""


class Facts:
    """The facts in a storage. Each write is one transaction, or part of the caller's."""

    def __init__(self, storage: Storage, clock: Clock, hashes: Hashes) -> None:
        """Write hashes under the key of `hashes`, at the clock's instants."""
        self._storage = storage
        self._clock = clock
        self._hashes = hashes

    def load(self) -> GateFacts:
        """Return all facts; KeysMissing where some lie under a key that is not given."""
        restricted = [_known(row) for row in self._storage.run("restrictions")]
        tombstones = [_known(row) for row in self._storage.run("tombstones")]
        opt_outs: dict[str, set[bytes]] = defaultdict(set)
        identity_keys = {one.key_id for one in tombstones}
        for identity, family, key_id in self._storage.run("opt_outs"):
            opt_outs[str(family)].add(_bytes(identity))
            identity_keys.add(str(key_id))
        person_keys = {one.key_id for one in restricted}
        self._hashes.refuse_unknown(person_keys | identity_keys)
        return GateFacts(
            effective={(one.vendor, one.element): one.since for one in self.elements_in_effect()},
            holds=frozenset((one.customer, one.vendor, one.element) for one in self.holds()),
            restricted=frozenset(one.hash for one in restricted),
            opt_outs={family: frozenset(out) for family, out in opt_outs.items()},
            tombstones=frozenset(one.hash for one in tombstones),
            person_keys=frozenset(person_keys),
            identity_keys=frozenset(identity_keys),
        )

    # Effective dates

    def put_in_effect(
        self, vendor: str, elements: Iterable[str], since: date, announced: date, by: str
    ) -> None:
        """Let a vendor have elements from a day on; a later word about one replaces this."""
        days = {"since": since.isoformat(), "announced": announced.isoformat()}
        columns = {"element": list(elements)}
        self._storage.run_many("put_in_effect", columns, vendor=vendor, **days, **self._entered(by))

    def end_effect(self, vendor: str, element: str) -> bool:
        """Take an element from a vendor again, at once; False where it had none."""
        return bool(self._storage.run("end_effect", vendor=vendor, element=element))

    def elements_in_effect(self) -> list[InEffect]:
        """Return every element at every vendor, also those whose day lies ahead."""
        return [
            InEffect(str(vendor), str(element), _day(since), _day(announced))
            for vendor, element, since, announced in self._storage.run("elements_in_effect")
        ]

    # Objections of customers, restrictions of people

    def hold(self, customer: str, vendor: str, element: str, reason: str, by: str) -> None:
        """Hold an element, or with "" all of a vendor, for all people of a customer's."""
        self._storage.run(
            "put_hold",
            customer=customer.casefold(),
            vendor=vendor,
            element=element,
            reason=reason,
            **self._entered(by),
        )

    def end_hold(self, customer: str, vendor: str, element: str) -> bool:
        """Let go of it; False where it was not held."""
        ended = {"customer": customer.casefold(), "vendor": vendor, "element": element}
        return bool(self._storage.run("end_hold", **ended))

    def holds(self) -> list[Hold]:
        """Return what is held for whom."""
        return self._storage.read(Hold, "customer_holds")

    def restrict(self, key: Personal[str], by: str) -> None:
        """Restrict what is done with a person's data (Art. 18)."""
        person = self._hashes.person(key)
        key_id = self._hashes.key_id
        self._storage.run("put_restriction", person=person, key_id=key_id, **self._entered(by))

    def end_restriction(self, key: Personal[str]) -> bool:
        """End it, under whichever key it was noted; False where there was none."""
        every = [self._hashes.under(one).person(key) for one in self._hashes.keys.secrets]
        return self._any("end_restriction", [{"person": one} for one in every])

    # Opt-outs

    def opt_out(
        self,
        identities: Iterable[Identity],
        since: datetime,
        origin: str = OURSELVES,
        family: str = MARKETING,
    ) -> None:
        """Note that somebody opted out of a family of purposes, at a vendor's or at ours."""
        self._storage.run_many(
            "put_opt_out",
            {"identity": [one for _, one in self._forms(identities, self._hashes)]},
            key_id=self._hashes.key_id,
            origin=origin,
            family=family,
            since=since.timestamp(),
        )

    def opt_in(
        self,
        identities: Iterable[Identity],
        at: datetime,
        by: str,
        family: str = MARKETING,
        also: Collection[bytes] = (),
    ) -> bool:
        """
        Lift opt-outs after a fresh and proved opt-in; `by` is its proof. False for none.

        `also` are hashes of whatever else the person is known by.
        """
        told: dict[str, Value] = {"family": family, "lifted_at": at.timestamp(), "lifted_by": by}
        rows = self._under_every_key(identities) + [{"identity": one} for one in sorted(also)]
        return self._any("lift_opt_out", [row | told for row in rows])

    def told_by(self, origin: str, family: str = MARKETING) -> dict[bytes, bool]:
        """Return what an origin has told of before: identity -> whether that was lifted since."""
        rows = self._storage.run("opt_outs_told", origin=origin, family=family)
        return {_bytes(identity): lifted is not None for identity, lifted in rows}

    def forget_lifted(
        self, identities: Iterable[bytes], origin: str, family: str = MARKETING
    ) -> None:
        """Forget opt-outs that were lifted, so that the origin's next word is a new one."""
        columns = {"identity": list(identities)}
        self._storage.run_many("forget_lifted_opt_out", columns, origin=origin, family=family)

    # Tombstones

    def bury(self, identities: Iterable[Identity], since: datetime) -> None:
        """
        Note that somebody was erased: each form of each address and number by itself.

        Under every key that is given: what an older backup holds lies under an older one. Who
        erases one of several people of a firm leaves out what is the firm's
        (`Identity.about_person`), or nobody of it is sent any more.
        """
        told = list(identities)
        self._bury(
            [
                (key_id, kind, one)
                for key_id in self._hashes.keys.secrets
                for kind, one in self._forms(told, self._hashes.under(key_id))
            ],
            since,
        )

    def bury_person(self, key: Personal[str], since: datetime) -> None:
        """Note that the person with this key was erased: no backup brings back what is theirs."""
        every = self._hashes.keys.secrets
        hashes = [(key_id, PERSON, self._hashes.under(key_id).person(key)) for key_id in every]
        self._bury(hashes, since)

    def _bury(self, found: Iterable[tuple[str, str, bytes]], since: datetime) -> None:
        """Keep tombstones, each of key id, kind and hash."""
        rows = list(found)
        columns: dict[str, Sequence[Value]] = {
            "key_id": [one for one, _, _ in rows],
            "kind": [one for _, one, _ in rows],
            "identity": [one for _, _, one in rows],
        }
        self._storage.run_many("put_tombstone", columns, since=since.timestamp())

    def lift(self, identities: Iterable[Identity], approval: str, by: str) -> bool:
        """Let somebody be sent again who came back by themselves; False where none was erased."""
        told: dict[str, Value] = {
            "lifted_at": self._clock.now().timestamp(),
            "approval": approval,
            "lifted_by": by,
        }
        rows = [row | told for row in self._under_every_key(identities)]
        return self._any("lift_tombstone", rows)

    def _forms(self, identities: Iterable[Identity], hashes: Hashes) -> Iterator[tuple[str, bytes]]:
        """Yield kind and hash of every form."""
        for one in identities:
            for form in identity_forms(one.kind, one.form.reveal()):
                yield one.kind, hashes.identity(one.kind, form)

    def _under_every_key(self, identities: Iterable[Identity]) -> list[dict[str, Value]]:
        every = self._hashes.identities(identities, self._hashes.keys.secrets)
        return [{"identity": one} for one in sorted(every)]

    def _any(self, query: str, rows: list[dict[str, Value]]) -> bool:
        """Run a query for every row, in one transaction; tell whether any of them hit."""
        with self._storage.transaction():
            return bool([hit for row in rows for hit in self._storage.run(query, **row)])

    def _entered(self, by: str) -> dict[str, Value]:
        return {"entered_by": by, "entered_at": self._clock.now().timestamp()}


def _known(row: Collection[Value]) -> _Known:
    one, key_id = row
    return _Known(_bytes(one), str(key_id))


def _bytes(value: Value) -> bytes:
    return cast("bytes", value)  # the column holds nothing else


def _day(value: Value) -> date:
    return date.fromisoformat(str(value))

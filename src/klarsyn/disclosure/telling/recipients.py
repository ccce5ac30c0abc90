"""
Who received a person's data, and who once did (GDPR Art. 15(1)(c), 19; C-154/21).

From the ledger, which knows hashes, and from the journal, which knows elements: an address that is
asked for is hashed under every key, and goes nowhere.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from klarsyn.errors import UnknownName, said
from klarsyn.journal import Journal, Selection
from klarsyn.people import normal, packed
from klarsyn.people.hashes import Hashes
from klarsyn.people.identities import identity_forms
from klarsyn.people.ledger import Holding, Ledger, Person
from klarsyn.people.meaning import Kind
from klarsyn.people.rejected import Rejections
from klarsyn.people.source import Source
from klarsyn.personal import Personal


@dataclass(frozen=True, slots=True)
class Held:
    """A data element that a vendor has of somebody, where, and since when."""

    element: str
    place: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """A vendor that has, or once had, something of one person."""

    vendor: str
    person: Person = field(repr=False)
    subject: str
    """Who the person is in the journal; blank where it has never spoken of them."""
    first_at: datetime
    last_at: datetime
    holds: tuple[Held, ...]
    once: tuple[str, ...]
    """Elements that it was sent, and that it holds no more."""

    @property
    def removed_at(self) -> datetime | None:
        """When it was told to remove the person; None where it holds something."""
        return None if self.holds else self.last_at

    def plain(self) -> dict[str, Any]:
        """Return it for programs."""
        removed = self.removed_at
        return {
            "vendor": self.vendor,
            "subject": self.subject,
            "first_at": self.first_at.isoformat(),
            "last_at": self.last_at.isoformat(),
            "holds": [
                {"element": one.element, "place": one.place, "since": one.since.isoformat()}
                for one in self.holds
            ],
            "once": list(self.once),
            "removed_at": removed.isoformat() if removed else None,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Who is known by an address."""

    in_source: int
    """People in the source who have it now."""
    past: int
    """People who were delivered under it and are not, or not under it, in the source any more."""
    recipients: tuple[Recipient, ...]


def who_has(
    address: Personal[str], source: Source, ledger: Ledger, hashes: Hashes, journal: Journal
) -> Found:
    """
    Return who received data of the people with an e-mail address, vendors of the past too.

    UnknownName where it is no address.
    """
    form = normal.email(unicodedata.normalize("NFC", address.reveal()).strip())
    if not form:
        raise UnknownName(said("This is no e-mail address."))
    every = [hashes.under(one) for one in hashes.keys.secrets]
    forms = frozenset(identity_forms("email", form))
    keys = list(_in_source(forms, source))
    now = {one.person(key) for key in keys for one in every}
    past = {
        person
        for one in every
        for form in forms
        for person in ledger.people_known_by(one.identity("email", form))
    } - now
    found = [one for person in now | past for one in _recipients(person, ledger, journal)]
    found.sort(key=lambda one: (one.vendor, one.person))
    return Found(len(keys), len(past), tuple(found))


def _in_source(forms: frozenset[str], source: Source) -> Iterator[Personal[str]]:
    """Yield the keys of people in the source who have an address, in any of its forms."""
    for batch in source.read(Rejections()):
        columns = [one for one in batch.columns.values() if one.kind is Kind.EMAIL]
        for at, person in enumerate(batch):
            values = [one.normal[at] for one in columns if one.normal[at]]
            if any(not forms.isdisjoint(identity_forms("email", one)) for one in values):
                yield person.key


def _recipients(person: Person, ledger: Ledger, journal: Journal) -> Iterator[Recipient]:
    subject = journal.subjects.known(person) or ""
    sent = _sent(subject, journal) if subject else {}
    for holding in ledger.holdings_of(person):
        holds = tuple(_held(holding, ledger))
        once = sent.get(holding.vendor, set()) - {one.element for one in holds}
        yield Recipient(
            holding.vendor,
            person,
            subject,
            _instant(holding.first_at),
            _instant(holding.last_at),
            holds,
            tuple(sorted(once)),
        )


def _held(holding: Holding, ledger: Ledger) -> Iterator[Held]:
    placed = {one.number: one for one in ledger.placed(holding.vendor)}
    for number, (_, at) in packed.read_held(holding.held).items():
        one = placed[number]
        yield Held(one.element, one.place, _instant(at))


def _sent(subject: str, journal: Journal) -> Mapping[str, set[str]]:
    """Return which elements the journal says that each vendor was sent of a subject."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in journal.entries(Selection(kind="delivery.sent", subject=subject)):
        for row in journal.rows(entry.number):
            if row.subject == subject:
                found[entry.vendor].update(json.loads(row.facts)["set"])
    return found


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)

"""
An installation with a row in every table, and invented people who can be erased from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from argon2.profiles import CHEAPEST

from klarsyn import keys as klarsyn_keys
from klarsyn.disclosure.letters import DeadLetters
from klarsyn.disclosure.pauses import Pauses
from klarsyn.durable import Due
from klarsyn.errors import said
from klarsyn.journal import Journal
from klarsyn.people import packed
from klarsyn.people.facts import Facts
from klarsyn.people.hashes import Hashes
from klarsyn.people.identities import Identity
from klarsyn.people.ledger import Difference, Kind, Ledger, Person
from klarsyn.personal import Personal, Secret
from klarsyn.storage import Buckets, EnabledConnections, Sealing, Storage, Vault
from klarsyn.tasks import Approvals, Tasks, Uploads, Users
from klarsyn.tasks.evidence import Evidence
from klarsyn.tasks.passphrases import Passphrases
from klarsyn.tasks.work import NewTask
from klarsyn.upkeep.tables import BACKED_UP

if TYPE_CHECKING:
    from klarsyn.keys import Keys
    from klarsyn.testing import StillClock

OLD = f"old:{'O' * 43}"
KEYS = klarsyn_keys.load({"KLARSYN_KEYS": OLD})
ROTATED = klarsyn_keys.load({"KLARSYN_KEYS": f"{OLD} new:{'N' * 43}"})
PHRASE = Secret("granite lantern swims at noon")
DAY = date(2026, 11, 26)
VENDOR = "mailchimp"


@dataclass
class House:
    """Klarsyn's tables, opened."""

    storage: Storage
    clock: StillClock
    keys: Keys = KEYS
    people: set[int] = field(default_factory=set)

    @cached_property
    def hashes(self) -> Hashes:
        """Hashes under the key in use."""
        return Hashes(self.keys)

    @cached_property
    def facts(self) -> Facts:
        """What the gate reads."""
        return Facts(self.storage, self.clock, self.hashes)

    @cached_property
    def ledger(self) -> Ledger:
        """What vendors were sent."""
        return Ledger(self.storage, self.clock)

    @cached_property
    def journal(self) -> Journal:
        """Evidence."""
        return Journal(self.storage, self.clock, self.keys)

    @cached_property
    def letters(self) -> DeadLetters:
        """Refused rows."""
        return DeadLetters(self.storage, self.clock, Sealing(self.keys.all("seal")))

    @cached_property
    def users(self) -> Users:
        """Those who work here."""
        return Users(self.storage, self.clock, self.keys, self.journal, Passphrases(CHEAPEST))

    @cached_property
    def tasks(self) -> Tasks:
        """What is done by hand."""
        uploads = Uploads(self.storage, self.keys)
        return Tasks(self.storage, self.clock, self.users, uploads, self.journal)

    @cached_property
    def approvals(self) -> Approvals:
        """What somebody agrees to."""
        return Approvals(self.storage, self.clock, self.keys, self.users, self.journal)

    # People

    def person(self, number: int) -> Person:
        """Return the hash of an invented person."""
        return self.hashes.person(Personal(f"C-{number}"))

    def change(self, number: int, kind: Kind = "create", vendor: str = VENDOR) -> None:
        """Let something about a person be to be sent."""
        wanted = b"" if kind == "remove" else packed.wanted({1: bytes([number]) * 12})
        found = Difference(self.person(number), kind, frozenset(), frozenset(), wanted)
        self.ledger.put_changes(vendor, "run", self.hashes.key_id, [found])

    def deliver(self, number: int, kind: Kind = "create", vendor: str = VENDOR) -> None:
        """Let a vendor have taken it."""
        self.change(number, kind, vendor)
        (one,) = [one for one in self.ledger.changes(vendor) if one.person == self.person(number)]
        known = sorted(self.hashes.identities(identities(number)))
        self.ledger.know(self.hashes.key_id, [(one.person, known)])
        self.ledger.finish(vendor, one)

    def settle_in(self, number: int) -> None:
        """Leave a trace of a person in every table that may hold one."""
        self.people.add(number)
        person = self.person(number)
        subject = self.journal.subject(person)
        self.deliver(number)
        self.change(number, vendor="pipedrive")
        self.letters.put("pipedrive", person, {"email": f"freja.{number}@example.com"})
        told = [(subject, {"outcome": "created"})]
        self.journal.append(f"run:sent:{subject}:0", "delivery.sent", vendor=VENDOR, people=told)
        what = said("Tell {vendor} about the reference.", vendor="signifly")
        task = NewTask(
            key=f"t{number}",
            kind="manual",
            vendor="signifly",
            what=what,
            due=DAY,
            subject=subject,
        )
        opened = self.tasks.open(task)
        who = self.users.sign_in("freja", PHRASE)
        self.tasks.done(opened.id, [Evidence(Personal("letter.txt"), b"Dear Freja")], who)
        arguments = {"vendor": VENDOR, "people": [person.hex()]}
        soon = self.clock.now() + timedelta(days=1)
        Due(self.storage, self.clock).put(
            "disclosure.read-back", f"{VENDOR}-{number}", soon, arguments=arguments
        )

    def erase(self, number: int) -> None:
        """Erase a person, as a right will: everywhere, and mark them as erased."""
        person, now = self.person(number), self.clock.now()
        self.facts.bury(identities(number), now)
        self.facts.bury_person(Personal(f"C-{number}"), now)
        with self.storage.transaction():
            self.letters.forget(person)
            self.ledger.forget(person)
            self.journal.forget(person)

    # Everything

    def furnish(self, people: int = 2) -> House:
        """Put something into every table that a backup holds."""
        storage, clock, now = self.storage, self.clock, self.clock.now()
        self.users.add("freja", PHRASE, "administrator", None)
        self.ledger.numbers(VENDOR, {"person.email": "member.email"})
        self.facts.put_in_effect(VENDOR, ["person.email"], DAY, DAY, "test")
        self.facts.hold("k-1", VENDOR, "", "objection-1", "test")
        self.facts.restrict(Personal("C-90"), "test")
        self.facts.opt_out(identities(91), now)
        self.facts.bury(identities(92), now - timedelta(days=9))
        self.facts.lift(identities(92), "approval", "test")
        for number in range(1, people + 1):
            self.settle_in(number)
        what = said("Remove {count} people.", count=3)
        self.approvals.ask("plan", "delivery", what, "d1", self.users.sign_in("freja", PHRASE))
        Pauses(storage, clock).pause("hotjar", "test", said("for a while"))
        EnabledConnections(storage, clock).enable(VENDOR, "digest", "test")
        Vault(storage, self.keys.all("seal")).put("hubspot:refresh", Secret("token"))
        Buckets(storage, clock).take("mailchimp", 1, 10)
        storage.run(
            "put_dropped_element",
            vendor=VENDOR,
            element="person.phone",
            now=now.timestamp(),
            looked=5,
            dropped=1,
        )
        self.journal.checkpoint()
        return self

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table that a backup holds."""
        return {
            name: [tuple(row.values()) for page in table.pages(self.storage) for row in page]
            for name, table in BACKED_UP.items()
        }

    def is_shut_for(self, number: int) -> bool:
        """Tell whether the gate takes a person for erased."""
        gate = self.facts.load()
        return gate.erased(gate.hashes_of_identities(self.hashes, identities(number)))

    def traces_of(self, number: int) -> dict[str, int]:
        """Count the rows that have a person's hash, or hashes by which they can be found."""
        every = [self.hashes.under(one) for one in self.keys.secrets]
        hidden: set[bytes] = {one.person(Personal(f"C-{number}")) for one in every}
        hidden |= self.hashes.identities(identities(number), self.keys.secrets)
        texts = {one.hex() for one in hidden}
        found = {}
        for name, rows in self.content().items():
            if name not in {"tombstone", "tombstone_lift"}:  # these say that they were erased
                found[name] = sum(
                    any(value in hidden or str(value) in texts for value in row)
                    or any(text in str(value) for value in row for text in texts)
                    for row in rows
                )
        return {name: count for name, count in found.items() if count}


def identities(number: int) -> list[Identity]:
    """Return by what an invented person is known again."""
    return [
        Identity("email", Personal(f"freja.{number}@example.com"), "person.email", True),
        Identity("phone", Personal(f"+447700900{number:03}"), "person.phone", True),
    ]


def moved(clock: StillClock, **by: float) -> datetime:
    """Let time pass, and return the instant after it."""
    clock.move(**by)
    return clock.now()

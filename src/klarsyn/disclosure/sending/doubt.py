"""
What a vendor may have been sent without anybody knowing: a worker died, or a reply was lost.

It is sent again, which settles it. Where the source has changed meanwhile it cannot be, so the
vendor is asked: its records are compared with the hashes of what was sent and of what it held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from klarsyn.disclosure.around import Around
from klarsyn.disclosure.plans.ceiling import Ceiling
from klarsyn.disclosure.plans.references import references
from klarsyn.disclosure.sending.courier import AWAY
from klarsyn.disclosure.sending.removing import SETTLED
from klarsyn.errors import KlarsynError, Message, said
from klarsyn.people import packed
from klarsyn.people.ledger import Change, Person
from klarsyn.people.meaning import Kind, kind_of
from klarsyn.people.normal import email
from klarsyn.personal import Personal
from klarsyn.transport.connection import Purpose
from klarsyn.vendors.reading import Seen, read

NOT_FOUND = said("nobody knows whether it arrived, and the vendor does not list it yet")
Found = tuple[str, bytes]
"""The vendor's key of a record, and the hash of what it is found by."""


def take_back(around: Around, opened: Ceiling, run: str, changes: Iterable[Change]) -> None:
    """Drop changes that are no longer wanted; of those that may have arrived, find out first."""
    unsure = []
    for one in changes:
        if not one.in_doubt:
            around.ledger.drop(opened.vendor, one.person)
        elif _is_known(around, opened, one):
            _settle(around, opened, run, one, (one.known_as, packed.NOTHING))
        else:
            unsure.append(one)
    if unsure:
        Asking(around, opened, unsure).settle(run)


def _is_known(around: Around, opened: Ceiling, one: Change) -> bool:
    """Tell whether the vendor knows somebody by the same key, whatever has arrived."""
    sets, _ = one.difference
    return bool(one.known_as) and (opened.how.by_key or _number(around, opened) not in sets)


def _number(around: Around, opened: Ceiling) -> int | None:
    """Return the number of what the vendor knows somebody by; None where it is a reference."""
    match = opened.match
    if match is None:
        return None
    return around.ledger.numbers(opened.vendor, {match.element: match.place})[match.element]


def _settle(around: Around, opened: Ceiling, run: str, one: Change, found: Found | None) -> None:
    """
    Note that a vendor holds somebody, or has never taken them.

    What was to be changed has to be sent again, whatever it is by then: it may be there or not.
    """
    vendor, number = opened.vendor, _number(around, opened)
    subject = around.journal.subject(one.person)
    with around.storage.transaction():
        if found:
            held = {number: hash_ for number, (hash_, _) in packed.read_held(one.held).items()}
            sent = packed.read_wanted(one.wanted)
            holds = {
                each: sent[each]
                if sent.get(each) == held.get(each)
                else (found[1] if each == number else packed.NOTHING)
                for each in held.keys() | sent.keys()
            }
            around.ledger.finish(
                vendor, replace(one, wanted=packed.wanted(holds)), known_as=found[0]
            )
        else:
            around.ledger.drop(vendor, one.person)
        around.journal.append(
            f"{run}:in-doubt:{subject}:{one.attempts}",
            "delivery.settled",
            vendor=vendor,
            facts={"run": run},
            people=[(subject, {"outcome": "found" if found else "not-arrived"})],
        )


class Asking:
    """Asks a vendor for people whose key it never told, or may have changed."""

    def __init__(self, around: Around, opened: Ceiling, unsure: Sequence[Change]) -> None:
        """Nothing is asked yet."""
        self._around = around
        self._opened = opened
        self._unsure = unsure
        self._number = _number(around, opened)
        self._by_key = {one.known_as: one for one in unsure if one.known_as}
        self._references = references(around, opened, [one.person for one in unsure])

    def settle(self, run: str) -> None:
        """Read the vendor's list once; whoever is not in it is looked for again, for a day."""
        around, opened = self._around, self._opened
        surroundings = around.surroundings(opened.vendor)
        found: dict[Person, Found] = {}
        try:
            with around.bind(opened.vendor).open(Purpose.AUDIT, surroundings) as connection:
                for page in read(connection, opened.record):
                    for seen in page:
                        found |= self._whose(seen)
        except KlarsynError as error:
            self._later(self._unsure, error.message, getattr(error, "after", None) or 0)
            return
        absent = [one for one in self._unsure if one.person not in found]
        now = around.clock.now().timestamp()
        young = [one for one in absent if now - (one.sent_at or 0) < SETTLED]
        self._later(young, NOT_FOUND)
        for one in self._unsure:
            if one not in young:
                _settle(around, opened, run, one, found.get(one.person))

    def _later(self, changes: Iterable[Change], why: Message, after: float = 0) -> None:
        """Let changes wait as long again as they have, or as long as the vendor says."""
        now = self._around.clock.now().timestamp()
        for one in changes:
            pause = max(AWAY.total_seconds(), after, now - (one.sent_at or now))
            vendor, person = self._opened.vendor, one.person
            self._around.ledger.postpone(vendor, person, "waiting", why, now + pause)

    def _whose(self, seen: Seen) -> dict[Person, Found]:
        """Return whose record it is, by its key or by a hash; nothing where it is nobody's."""
        if one := self._by_key.get(seen.key):
            held = packed.read_held(one.held)
            hash_ = held[self._number][0] if self._number in held else packed.NOTHING
            return {one.person: (seen.key, hash_)}
        value = seen.values().get(self._opened.how.match_on)
        if value is None:
            return {}
        for one in self._unsure:
            if hash_ := self._agrees(one, value):
                return {one.person: (seen.key, hash_)}
        return {}

    def _agrees(self, one: Change, value: Personal[str]) -> bytes:
        """Return the hash by which a value is somebody's: what was sent, or what was held."""
        hashes, match, text = self._around.hashes, self._opened.match, value.reveal()
        if self._references.get(one.person) == text:
            return packed.NOTHING
        if match is None:
            return b""
        if kind_of(self._around.register.elements[match.element]) is Kind.EMAIL:
            text = email(text)
        hashed = hashes.element(match.element, one.person, Personal(text))
        sent = packed.read_wanted(one.wanted).get(self._number or 0)
        held = packed.read_held(one.held).get(self._number or 0, (b"", 0))[0]
        return hashed if hashed in {sent, held} else b""

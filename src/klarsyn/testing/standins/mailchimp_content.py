"""
Whom Mailchimp's stand-in knows at the start: two audiences, and strangers where none should be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.mailchimp_audience import Audience, Member, MergeField, Note
from klarsyn.testing.standins.mailchimp_wire import Json, told

NEWS = "3f9a1c07be"
"""The audience with PHONE, COMPANY, SOURCE, RATING and an address."""
PARTNERS = "b27d4e9016"
"""The audience whose tags are others."""
ORDER = (
    "subscribed",
    "subscribed",
    "unsubscribed",
    "cleaned",
    "pending",
    "archived",
    "transactional",
)
SOURCES = ("Partner", "Messe", "Web")
NEWS_COLUMNS = (
    MergeField(1, "FNAME", "First Name", required=True),
    MergeField(2, "LNAME", "Last Name"),
    MergeField(3, "ADDRESS", "Address", "address"),
    MergeField(4, "PHONE", "Phone Number", "phone"),
    MergeField(5, "COMPANY", "Company"),
    MergeField(6, "SOURCE", "Source"),
    MergeField(7, "RATING", "Rating", "number"),
)
PARTNER_COLUMNS = (
    MergeField(1, "FNAME", "Fornavn"),
    MergeField(2, "LNAME", "Efternavn"),
    MergeField(3, "MMERGE3", "Firma"),
    MergeField(4, "MOBIL", "Mobil", "phone"),
    MergeField(5, "KILDE", "Kilde", "dropdown", required=True, choices=SOURCES),
)
INTERESTS = ("9c2f4b7a10", "d01e58ac33")
#: What one finds at a member's own places, in both audiences.
OWN_PLACES = ("email_address", "merge_fields.FNAME", "merge_fields.LNAME", "status")
#: What Mailchimp keeps of a member though nobody declared it.
UNDECLARED = ("ip_signup", "ip_opt", "location", "stats.ecommerce_data", "activity", "events")


class Content:
    """Fills audiences from invented people and notes where each of them is."""

    def __init__(
        self, people: Sequence[InventedPerson], now: datetime, counter: Iterator[int]
    ) -> None:
        """Count members, notes and tags by `counter`; all happened before `now`."""
        self._people = people
        self._now = now
        self._counter = counter
        self.planted: list[Planted] = []

    def audiences(self) -> dict[str, Audience]:
        """Return both audiences; everybody is in the first, every other in the second."""
        news = self._audience(NEWS, "KlarPris nyheder", NEWS_COLUMNS, INTERESTS)
        partners = self._audience(PARTNERS, "Partnere", PARTNER_COLUMNS, ())
        for person in self._people:
            self._news(news, person)
            if person.number % 2 == 0:
                self._partner(partners, person)
        return {one.id: one for one in (news, partners)}

    def _audience(
        self, list_id: str, name: str, columns: tuple[MergeField, ...], interests: tuple[str, ...]
    ) -> Audience:
        created = self._ago(900)
        return Audience(list_id, name, created, list(columns), self._counter, interests)

    def _news(self, audience: Audience, person: InventedPerson) -> None:
        status = ORDER[person.number % len(ORDER)]
        member = self._member(audience, person, status)
        member.merge_fields |= {
            "ADDRESS": _address(person),
            "PHONE": person.phone,
            "COMPANY": person.company,
            "SOURCE": SOURCES[person.number % len(SOURCES)],
            "RATING": 40 + person.number % 60,
        }
        member.traits |= {
            "ip_signup": f"192.0.2.{person.number % 256}",
            "ip_opt": f"198.51.100.{person.number % 256}",
            "location": _location(person),
            "orders": (1 + person.number % 3, 1250.5),
            "email_client": "Thunderbird",
            "language": "da",
            "vip": person.number % 5 == 0,
            "interests": {INTERESTS[person.number % 2]: True},
        }
        if status == "unsubscribed":
            member.traits["unsubscribe_reason"] = "N/A (Unsubscribed by an admin)"
        kept = status != "archived"
        columns = [f"merge_fields.{one}" for one in ("SOURCE", "RATING", "PHONE", "COMPANY")]
        self._plant(person, *OWN_PLACES, *columns, "merge_fields.ADDRESS", expected=kept)
        self._plant(person, *UNDECLARED)
        self._happened(member, person)
        if person.number % 3 == 0:
            self._strangers(audience, member, person)

    def _partner(self, audience: Audience, person: InventedPerson) -> None:
        status = "archived" if (person.number + 2) % 10 == 0 else "subscribed"
        member = self._member(audience, person, status)
        other = self._other(person, 3)
        member.merge_fields |= {
            "MMERGE3": f"{person.company}, att. {other.name}",
            "MOBIL": person.phone,
            "KILDE": SOURCES[person.number % len(SOURCES)],
        }
        columns = [f"merge_fields.{one}" for one in ("MMERGE3", "MOBIL", "KILDE")]
        self._plant(person, *OWN_PLACES, *columns, expected=status != "archived")
        self._plant(other, "merge_fields.MMERGE3")

    def _member(self, audience: Audience, person: InventedPerson, status: str) -> Member:
        joined = self._ago(400 - person.number % 300)
        member = Member(
            person.email,
            audience.id,
            next(self._counter),
            status,
            self._ago(90 - person.number % 80),
            source="Import" if person.number % 2 else "Hosted Signup Form",
            rating=1 + person.number % 5,
            merge_fields={"FNAME": person.first_name, "LNAME": person.last_name},
            status_before="subscribed" if status == "archived" else "",
        )
        member.traits |= {"timestamp_signup": told(joined), "timestamp_opt": told(joined)}
        audience.members[member.hash] = member
        audience.tag(member, "Installatør", joined)
        return member

    def _happened(self, member: Member, person: InventedPerson) -> None:
        """Write what a member did: mails, clicks, an order, an event, a goal."""
        campaign = {"campaign_id": "7e1f00c2ab", "campaign_title": "Forårets priser"}
        link = {"link_clicked": f"https://klarpris.example/?who={person.email}"}
        member.activity += [
            self._did("generic_signup", 300, signup_category="API"),
            self._did("sent", 60, **campaign),
            self._did("open", 59, **campaign),
            self._did("click", 58, **campaign, **link),
            self._did("order", 30, order_id=f"K-{person.number}", order_total="1250.50"),
        ]
        if member.status == "cleaned":
            hard = {"bounce_type": "hard", "bounce_has_open_activity": False}
            member.activity.append(self._did("bounce", 20, **campaign, **hard))
        member.events.append(
            {
                "occurred_at": told(self._ago(15)),
                "name": "asked_for_offer",
                "properties": {"company": person.company, "phone": person.phone},
            }
        )
        member.goals.append(
            {
                "goal_id": 1,
                "event": "Signup page",
                "last_visited_at": told(self._ago(14)),
                "data": f"customer={person.organisation_number}",
            }
        )

    def _strangers(self, audience: Audience, member: Member, person: InventedPerson) -> None:
        """Let a careless colleague write about others: in notes, a tag and a conversation."""
        first, second, third = (self._other(person, step) for step in (1, 2, 4))
        for days, text in (
            (40, f"Betaler for {second.name}, {second.street}, {second.city}."),
            (10, f"Ring i stedet til {first.name} på {first.phone} eller {first.email}."),
        ):
            when = self._ago(days)
            member.notes.append(Note(next(self._counter), text, "Nora fra KlarPris", when, when))
            note = {"note_id": str(member.notes[-1].id), "note_text": text}
            member.activity.append(self._did("note", days, **note, created_by="Nora"))
        member.activity.append(
            self._did(
                "conversation",
                9,
                thread_id="T-1",
                message_text=f"Skriv til {third.email}, jeg holder op. {person.first_name}",
                created_by=person.name,
                is_user=False,
                has_read=True,
                from_email=person.email,
            )
        )
        audience.tag(member, f"Kollega til {third.name}", self._ago(8))
        self._plant(first, "last_note.note", "notes.note", "activity.note_text")
        self._plant(second, "notes.note", "activity.note_text")
        self._plant(third, "activity.message_text", "tags.name")

    def _plant(self, person: InventedPerson, *places: str, expected: bool = False) -> None:
        self.planted += [Planted(person, f"member.{place}", expected) for place in places]

    def _other(self, person: InventedPerson, steps: int) -> InventedPerson:
        return self._people[(person.number + steps) % len(self._people)]

    def _did(self, kind: str, days: int, **more: object) -> Json:
        return {"activity_type": kind, "created_at_timestamp": told(self._ago(days)), **more}

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days)


def _address(person: InventedPerson) -> Json:
    return {
        "addr1": person.street,
        "addr2": "",
        "city": person.city,
        "state": "Nordland",
        "zip": person.postal_code,
        "country": person.country,
    }


def _location(person: InventedPerson) -> Json:
    return {
        "latitude": 55.0 + person.number / 100,
        "longitude": 10.0 + person.number / 100,
        "gmtoff": 1,
        "dstoff": 2,
        "country_code": person.country,
        "timezone": "Europe/Copenhagen",
        "region": "84",
    }

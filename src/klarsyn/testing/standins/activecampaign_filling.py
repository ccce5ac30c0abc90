"""
The people whom KlarPris has put into its ActiveCampaign account, and those whom colleagues have.
"""

from __future__ import annotations

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.activecampaign_account import ActiveCampaignAccount

#: How many people are written where they should not be.
MISPLACED = 8


class ActiveCampaignFilling(ActiveCampaignAccount):
    """An account in use."""

    def fill(self) -> None:
        """Found the account: lists, fields, score and colleague, then the people."""
        super().fill()
        self._found()
        for person in self.people:
            self._admit(person)
        self._misplace()

    def _found(self) -> None:
        now = self.now()
        phoneless = {"username": "office", "firstName": "Office", "lastName": "KlarPris"}
        self.add("users", **phoneless, email="office@klarpris.example", phone="", signature=None)
        for name in ("News", "Offers"):
            self.add("lists", stringid=name.lower(), userid="1", user="1", name=name, cdate=now)
        for place, title in enumerate(("Source", "Access", "Remark"), 1):
            off = dict.fromkeys(("isrequired", "show_in_list", "rows", "cols"), "0")
            more = {"title": title, "perstag": title.upper(), "type": "text", "descript": ""}
            more |= {"defval": "", "visible": "1", "service": "", "cdate": now, "udate": now}
            self.add("fields", **more, **off, ordernum=str(place), options=[], relations=[])
        told_so = {"name": "Rating", "descript": "computed", "status": "1"}
        self.add("scores", reltype="contact", **told_so, cdate=now, mdate=now)

    def _admit(self, person: InventedPerson) -> None:
        now = self.now()
        names = {"firstName": person.first_name, "lastName": person.last_name}
        contact = self.new_contact(person.email, **names, phone=person.phone)
        number = contact["id"]
        account = self.new_account(person.company)
        self.tie(number, account["id"], "Owner")
        self.set_list(contact, "1", "1112"[person.number % 4])
        self.set_value(number, "1", f"partner-{person.number % 3}")
        self.set_value(number, "2", ("trial", "paid")[person.number % 2])
        score = {"score": "1", "deal": None, "scoreValue": str(10 * person.number)}
        self.add("scoreValues", contact=number, **score, cdate=now, mdate=now)
        place = {"campaignid": "1", "messageid": "1", "geoaddrid": "1", "geoAddress": "1"}
        self.add("geoIps", contact=number, **place, ip4="3221226219", tstamp=now)
        opened = {"reference_type": "Log", "reference_action": "open", "referenceModelName": "log"}
        about = {"reference_id": "1", "jsonData": None, "userid": "0", "permission": ""}
        self.add("activities", subscriberid=number, contact=number, **opened, **about, tstamp=now)
        places = ("contact.firstName", "contact.lastName", "contact.email", "contact.phone")
        more = ("account.name", "fieldValue.value", "scoreValue", "contactList.status")
        self.planted += [Planted(person, place) for place in (*places, *more)]

    def _misplace(self) -> None:
        """Let colleagues write people where nobody looks for them."""
        if len(self.people) < MISPLACED:
            return
        note, field, deal, tag, firm, mail, bounced, gone = self.people[:MISPLACED]
        self.new_note(f"Rang {note.name}, {note.phone}", "Subscriber", "5")
        self.set_value("6", "3", f"same as {field.email}")
        owed = self.new_deal("7", f"Offer to {deal.name}", value="250000", account="7")
        self.new_note(f"{deal.email} wants a discount", "Deal", owed["id"])
        self.set_tag("8", self.tag_named(f"friend of {tag.name}")["id"])
        self.new_account(f"{firm.name} (private)")
        self.add(
            "emailActivities",
            subscriberid="6",
            contact="6",
            fromAddress="office@klarpris.example",
            toAddress=mail.email,
            subject="Your offer",
            message=f"Dear {mail.first_name}",
            tstamp=self.now(),
        )
        why = {"codeid": "1", "code": "1", "error": f"550 {bounced.email}: no such mailbox"}
        whose = {"subscriberid": "7", "contact": "7", "email": bounced.email, "source": ""}
        sent = {"bounceid": "1", "bounce": "1", "campaignid": "1", "campaign": "1"}
        message = {"messageid": "1", "message": "1", "tstamp": self.now()}
        self.add("bounceLogs", **why, **whose, **sent, **message)
        former = self.new_contact(f"old.{gone.email}", firstName=gone.first_name)
        self.discard(former["id"])
        places = ("note.note", "fieldValue.value", "deal.title", "tag.tag", "account.name")
        more = ("emailActivity.toAddress", "bounceLog.error", "trash.contact.email")
        people = zip(self.people, (*places, *more), strict=False)
        self.planted += [Planted(person, place, expected=False) for person, place in people]
        self.planted.append(Planted(deal, "note.note", expected=False))

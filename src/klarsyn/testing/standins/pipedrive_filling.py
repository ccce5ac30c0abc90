"""
Whom KlarPris has in its Pipedrive, and where colleagues wrote about them besides.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.pipedrive_wire import Record, stamp

if TYPE_CHECKING:
    from klarsyn.testing.people import InventedPerson
    from klarsyn.testing.standins.pipedrive_leads import PipedriveLeads


def key(name: str) -> str:
    """Return the 40 hexadecimal digits by which a company's own field is known."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


OTHER_EMAIL = key("Privat e-mail")
CUSTOMER_TYPE = key("Kundetype")
INTERESTS = key("Interesser")
ORGANISATION_NUMBER = key("CVR-nummer")
CONTACT_ON_SITE = key("Kontakt på stedet")
_OWN = {
    "persons": (
        (OTHER_EMAIL, "Privat e-mail", "varchar", ()),
        (CUSTOMER_TYPE, "Kundetype", "enum", ("Prøve", "Betalende")),
        (INTERESTS, "Interesser", "set", ("VVS", "El")),
    ),
    "organizations": ((ORGANISATION_NUMBER, "CVR-nummer", "varchar", ()),),
    "deals": ((CONTACT_ON_SITE, "Kontakt på stedet", "text", ()),),
}
_GIVEN = {
    "persons": (("name", "varchar"), ("email", "varchar"), ("phone", "phone"), ("org_id", "org")),
    "organizations": (("name", "varchar"), ("address", "address")),
    "deals": (("title", "varchar"), ("value", "monetary"), ("person_id", "people")),
}
_USERS = (("Signe Kontor", "signe@klarpris.example"), ("Mads Salg", "mads@klarpris.example"))


def fill(account: PipedriveLeads) -> None:
    """Fill an account: customers, their firms, and what was written about them."""
    for kind, own in _OWN.items():
        given = [_field(kind, code, code.capitalize(), one, ()) for code, one in _GIVEN[kind]]
        account.fields[kind] = given + [_field(kind, *one) for one in own]
    account.users = [_user(number, *one) for number, one in enumerate(_USERS, 1)]
    start = account.clock.now() - timedelta(days=90)
    for person in account.people:
        when = start + timedelta(hours=person.number)
        address = {"value": f"{person.street}, {person.postal_code} {person.city}"}
        cvr = {ORGANISATION_NUMBER: person.organisation_number}
        firm = {"name": person.company, "address": address, "custom_fields": cvr}
        customer(account, person, account.new("organizations", firm, when)["id"], when)
        _plant(account, person, "organization.name", "organization.address")
    if account.people:
        _misplace(account)
    account.remember_all()


def customer(account: PipedriveLeads, person: InventedPerson, firm: int, when: Any) -> Record:
    """Put somebody in as a person of a firm."""
    values = {
        "name": person.name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "org_id": firm,
        "emails": [{"value": person.email, "primary": True, "label": "work"}],
        "phones": [{"value": person.phone, "primary": True, "label": "mobile"}],
        "custom_fields": {CUSTOMER_TYPE: 2},
    }
    _plant(account, person, "person.name", "person.emails", "person.phones")
    return account.new("persons", values, when)


def _misplace(account: PipedriveLeads) -> None:
    """Write about people where one would not look for them."""
    at = account.clock.now() - timedelta(days=60)
    who = [account.people[number % len(account.people)] for number in range(12)]
    ids = [one.number + 1 for one in who]
    note = account.new_note(f"<p>Ring til {who[1].name} på {who[1].phone}</p>", person_id=ids[1])
    account.new_comment(note["id"], f"{who[3].name} har svaret på {who[3].email}")
    account.new_note(f"Faktura til {who[2].email}", org_id=ids[3])
    account.new("deals", {"title": f"Aftale med {who[3].name}", "person_id": ids[3]}, at)
    account.new(
        "deals",
        {
            "title": f"{who[4].name}, opsagt",
            "org_id": ids[4],
            "is_archived": True,
            "custom_fields": {CONTACT_ON_SITE: f"{who[4].name}, {who[4].phone}"},
        },
        at,
    )
    lasting: Record = {
        "participants": [{"person_id": ids[0], "primary": True}],
        "person_id": ids[0],
    }
    lasting["participants"] += [{"person_id": ids[5], "primary": False}]
    call = {"subject": "Opkald", "note": f"{who[5].name} vil have svar på {who[5].email}"}
    attendee: Record = {"email": who[6].email, "name": who[6].name, "status": "accepted"}
    attendee |= {"is_organizer": False, "person_id": None, "user_id": None}
    account.new("activities", {**lasting, **call, "attendees": [attendee]}, at)
    account.records["persons"][ids[7]]["custom_fields"][OTHER_EMAIL] = who[7].email
    was = (f"{who[8].name} ({who[8].email})", who[8].name)
    account.note_change("persons", ids[8], "name", was, stamp(at))
    _file(account, f"Kontrakt {who[9].name}.pdf", ids[9], stamp(at))
    _mail(account, who[10], ids[10], stamp(at))
    account.new_lead(title=f"Interesse fra {who[11].name}", person_id=ids[11])
    account.new_lead(
        title=f"{who[2].name} (kold)",
        organization_id=ids[2],
        is_archived=True,
        custom_fields={CONTACT_ON_SITE: who[2].phone},
    )
    customer(account, who[0], ids[0], at)
    account.remove("persons", customer(account, who[1], ids[1], at))
    for number, place in (
        *((1, "note.content"), (2, "note.content"), (3, "note.comment"), (3, "deal.title")),
        *((4, "deal.archived.title"), (4, "deal.custom_fields"), (5, "activity.note")),
        *((6, "activity.attendees"), (7, "person.custom_fields"), (8, "person.changelog")),
        *((9, "file.name"), (10, "mail.subject"), (10, "mail.from"), (11, "lead.title")),
        *((2, "lead.archived.title"), (2, "lead.custom_fields"), (1, "person.deleted")),
    ):
        _plant(account, who[number], place, expected=False)


def _plant(
    account: PipedriveLeads, person: InventedPerson, *places: str, expected: bool = True
) -> None:
    account.planted += [Planted(person, one, expected) for one in places]


def _field(kind: str, code: str, name: str, field_type: str, options: tuple[str, ...]) -> Record:
    chosen = [{"id": number, "label": one} for number, one in enumerate(options, 1)]
    field = (
        {"field_name": name, "field_code": code, "field_type": field_type, "subfields": None}
        | {"options": chosen or None}
        | {"is_custom_field": len(code) == 40}  # noqa: PLR2004  (the length of a key)
        | {"is_optional_response_field": False}
    )
    return field | ({"description": name} if kind == "deals" else {})


def _user(number: int, name: str, email: str) -> Record:
    access = {"app": "sales", "admin": number == 1, "permission_set_id": f"set-{number}"}
    return (
        {"id": number, "name": name, "email": email, "phone": None, "is_you": number == 1}
        | {"default_currency": "DKK", "locale": "da_DK", "lang": 1, "activated": True}
        | {"last_login": "2026-11-01 08:00:00", "created": "2024-01-02 08:00:00"}
        | {"modified": None, "has_created_company": number == 1, "access": [access]}
        | {"active_flag": True, "timezone_name": "Europe/Copenhagen"}
        | {"timezone_offset": "+01:00", "role_id": 1, "icon_url": None, "is_deleted": False}
    )


def _file(account: PipedriveLeads, name: str, person: int, when: str) -> None:
    number = account.number("files")
    texts = ("cid", "s3_bucket", "mail_message_id", "mail_template_id", "deal_name")
    account.files[number] = (
        {"id": number, "user_id": 1, "person_id": person, "name": name, "file_name": name}
        | dict.fromkeys(("deal_id", "org_id", "product_id", "activity_id", "lead_id"))
        | dict.fromkeys((*texts, "product_name", "lead_name", "description"), "")
        | {"add_time": when, "update_time": when, "file_size": 1024, "active_flag": True}
        | {"inline_flag": False, "remote_location": "s3", "remote_id": f"remote-{number}"}
    )


def _mail(account: PipedriveLeads, person: InventedPerson, person_id: int, when: str) -> None:
    number = account.number("mails")
    sender: Record = {"id": 1, "email_address": person.email, "name": person.name}
    sender |= {"linked_person_id": person_id, "linked_person_name": person.name}
    name, email = _USERS[0]
    receiver: Record = {"id": 2, "email_address": email, "name": name, "linked_person_id": None}
    receiver |= {"linked_person_name": None}
    flags: tuple[str, ...] = ("mail_link_tracking_enabled", "draft", "deleted", "sent")
    flags += (
        "sent_from_pipedrive",
        "smart_bcc",
        "has_attachments",
        "has_inline_attachments",
        "has_real_attachments",
    )
    account.mails[number] = (
        {"id": number, "mail_thread_id": number, "user_id": 1, "account_id": "mailbox-1"}
        | {"from": [sender | {"mail_message_party_id": 1}], "cc": [], "bcc": []}
        | {"to": [receiver | {"mail_message_party_id": 2}], "mail_tracking_status": None}
        | {"subject": f"Hilsen fra {person.name}", "snippet": f"Ring på {person.phone}"}
        | {"body_url": f"https://mail.example/{number}", "draft": ""}
        | {f"{one}_flag": 0 for one in flags}
        | {f"{one}_flag": 1 for one in ("read", "synced", "has_body")}
        | dict.fromkeys(("message_time", "add_time", "update_time"), when)
        | {"person_id": person_id, "org_id": None, "deal_id": None}
    )

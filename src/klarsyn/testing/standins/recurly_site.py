"""
What a Recurly site holds, and how its records look from outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted, StandIn
from klarsyn.testing.standins.recurly_wire import Record, refuse, stamp

LIVE = frozenset({"active", "canceled", "future", "paused"})
#: Copied into the address of an invoice or a transaction when it is made.
ADDRESS = ("phone", "street1", "street2", "city", "region", "postal_code", "country")
#: What a redaction clears on an account.
CLEARED = ("username", "email", "cc_emails", "first_name", "last_name", "company", "vat_number")


class RecurlySite(StandIn):
    """The records of one site, filled with people."""

    name = "recurly"
    hosts = ("v3.recurly.com", "v3.eu.recurly.com")
    #: How long a redaction takes; the vendor says only that it is asynchronous.
    REDACTION_SECONDS: ClassVar[float] = 600

    def fill(self) -> None:
        """Give everybody an account, and write some into records that are somebody else's."""
        self.accounts: dict[str, Record] = {}
        self.billing_infos: dict[str, Record] = {}
        self.shipping_addresses: dict[str, Record] = {}
        self.notes: dict[str, Record] = {}
        self.invoices: dict[str, Record] = {}
        self.transactions: dict[str, Record] = {}
        self.subscriptions: dict[str, Record] = {}
        self.line_items: dict[str, Record] = {}
        self.acquisitions: dict[str, Record] = {}
        self.redactions: dict[str, datetime] = {}
        """Accounts that are being redacted, and when it will be done."""
        self._last_number = 0
        self._opened = self.clock.now() - timedelta(days=400)
        self.definitions = [
            self.made("cf", name=name, object="custom_field_definition", related_type="account")
            | {"user_access": "write", "display_name": name, "tooltip": None, "deleted_at": None}
            for name in ("partner", "remark")
        ]
        for person in self.people:
            self._open_account(person)
        for place, person in enumerate(self.people):
            self._misplace(person, place)

    # Making records

    def made(self, prefix: str, **fields: object) -> Record:
        """Return a record with the next id; while the site is filled, a minute after the last."""
        self._last_number += 1
        opened = self._opened + timedelta(minutes=self._last_number)
        at = stamp(self.clock.now() if self._server else opened)
        number = f"{prefix}{self._last_number:010}"
        return {"id": number, "created_at": at, "updated_at": at, **fields}

    def touch(self, record: Record) -> None:
        """Note that a record has changed."""
        record["updated_at"] = stamp(self.clock.now())

    def new_account(self, code: str) -> Record:
        """Return an account, kept, with nothing filled in."""
        empty = dict.fromkeys((*CLEARED, "preferred_locale", "preferred_time_zone"))
        account = self.made("ac", **empty)
        account |= {
            "object": "account",
            "code": code,
            "state": "active",
            "deleted_at": None,
            "hosted_login_token": hashlib.sha256(code.encode()).hexdigest()[:32],
            "bill_to": "self",
            "tax_exempt": False,
            "address": dict.fromkeys(ADDRESS),
            "custom_fields": [],
            "parent_account_id": None,
            "dunning_campaign_id": None,
        }
        self.accounts[account["id"]] = account
        return account

    def new_billing_info(self, account_id: str) -> Record:
        """Return billing data of an account, kept, with an invented card."""
        card = {
            "object": "credit_card",
            "card_type": "Visa",
            "first_six": "411111",
            "last_four": "1111",
            "exp_month": 12,
            "exp_year": self.clock.now().year + 3,
        }
        info = self.made("bi", object="billing_info", account_id=account_id, valid=True)
        info |= dict.fromkeys(("first_name", "last_name", "company", "vat_number"))
        info |= {"address": dict.fromkeys(ADDRESS), "payment_method": card, "updated_by": None}
        info |= {"primary_payment_method": True, "backup_payment_method": False}
        self.billing_infos[info["id"]] = info
        return info

    def new_note(self, account_id: str, message: str) -> Record:
        """Return a note on an account, kept."""
        note = self.made("no", object="account_note", account_id=account_id, user=None)
        note["message"] = message
        del note["updated_at"]  # a note never changes
        self.notes[note["id"]] = note
        return note

    # Looking

    def find_account(self, key: str) -> Record:
        """Return an account by its id or `code-<code>`, whatever its state, or refuse."""
        for account in self.accounts.values():
            if key in (account["id"], f"code-{account['code']}"):
                return account
        raise refuse(404, "not_found", "Couldn't find Account", "account_id")

    def of(self, records: dict[str, Record], account_id: str) -> Iterator[Record]:
        """Return the records of an account."""
        return (one for one in records.values() if one["account_id"] == account_id)

    def shown_account(self, account: Record) -> Record:
        """Return an account as a reply has it, with its addresses and what is known by counting."""
        number = account["id"]
        states = {one["state"] for one in self.of(self.subscriptions, number)}
        infos = list(self.of(self.billing_infos, number))
        flags = {f"has_{one}_subscription": one in states for one in sorted(LIVE)}
        return (
            account
            | flags
            | {
                "has_live_subscription": bool(states & LIVE),
                "has_past_due_invoice": any(
                    one["state"] == "past_due" for one in self.of(self.invoices, number)
                ),
                "shipping_addresses": list(self.of(self.shipping_addresses, number)),
                "billing_info": infos[0] if infos else None,
            }
        )

    def mini(self, account_id: str) -> Record:
        """Return the few fields of an account that other records show."""
        account = self.accounts[account_id]
        names = ("id", "object", "code", "email", "first_name", "last_name", "company")
        return {name: account[name] for name in names} | {
            "parent_account_id": None,
            "bill_to": "self",
        }

    def shown(self, record: Record) -> Record:
        """Return a record of the books with its account as it is now."""
        inside = {name: value for name, value in record.items() if name != "account_id"}
        return inside | {"account": self.mini(record["account_id"])}

    # Filling

    def _open_account(self, person: InventedPerson) -> None:
        account = self.new_account(f"kp-{1001 + person.number}")
        number = account["id"]
        address = _address(person)
        names = {"first_name": person.first_name, "last_name": person.last_name}
        account |= names | {
            "email": person.email,
            "username": person.email,
            "company": person.company,
            "vat_number": person.organisation_number,
            "preferred_locale": "da-DK",
            "address": dict(address),
            "custom_fields": [{"name": "partner", "value": "Nordlys Partner"}],
        }
        info = self.new_billing_info(number)
        info |= names | {"company": person.company, "address": dict(address)}
        shipping = self.made("sa", object="shipping_address", account_id=number, nickname="Office")
        shipping |= names | address | {"company": person.company, "email": person.email}
        self.shipping_addresses[shipping["id"]] = shipping | {"vat_number": None}
        self.acquisitions[number] = self.made("aq", object="account_acquisition") | {
            "account_id": number,
            "channel": "referral",
            "subchannel": None,
            "campaign": "spring",
        }
        self._bill(number, info, names | address)
        for place in (
            *("account.first_name", "account.last_name", "account.email", "account.username"),
            *("account.company", "account.vat_number", "account.address.phone"),
            *("account.address.street1", "billing_info.first_name", "billing_info.address.phone"),
            *("shipping_address.email", "shipping_address.phone", "invoice.address.street1"),
            "transaction.billing_address.phone",
        ):
            self.planted.append(Planted(person, place))

    def _bill(self, account_id: str, info: Record, address: Record) -> None:
        """Let an account have a subscription that has been paid once."""
        subscription = self.made("su", object="subscription", account_id=account_id)
        subscription |= {
            "uuid": _uuid(subscription["id"]),
            "plan": {"id": "pl0000000001", "object": "plan", "code": "basic", "name": "Basic"},
            "state": "active" if len(self.accounts) % 2 else "expired",
            "currency": "DKK",
            "quantity": 1,
            "unit_amount": 100.0,
            "total": 100.0,
            "auto_renew": True,
            "collection_method": "automatic",
            "current_period_ends_at": stamp(self.clock.now() + timedelta(days=20)),
            "customer_notes": None,
        }
        invoice = self.made("in", object="invoice", account_id=account_id, type="charge")
        invoice |= {
            "number": str(1000 + len(self.invoices)),
            "state": "paid",
            "origin": "purchase",
            "address": dict(address),
            "currency": "DKK",
            "subtotal": 100.0,
            "total": 100.0,
            "paid": 100.0,
            "balance": 0.0,
            "collection_method": "automatic",
            "subscription_ids": [subscription["id"]],
            "customer_notes": None,
        }
        transaction = self.made("tr", object="transaction", account_id=account_id)
        transaction |= {
            "uuid": _uuid(transaction["id"]),
            "type": "purchase",
            "origin": "api",
            "status": "success",
            "success": True,
            "amount": 100.0,
            "currency": "DKK",
            "billing_address": dict(address),
            "payment_method": dict(info["payment_method"]),
            "ip_address_v4": "192.0.2.7",
            "invoice": {"id": invoice["id"], "object": "invoice", "number": invoice["number"]},
        }
        self.subscriptions[subscription["id"]] = subscription
        self.invoices[invoice["id"]] = invoice
        self.transactions[transaction["id"]] = transaction

    def _misplace(self, person: InventedPerson, place: int) -> None:
        """Write every fifth person into somebody else's records, and close an account or two."""
        other = list(self.accounts.values())[(place + 1) % len(self.accounts)]
        match place % 5:
            case 0:
                text = f"Talk to {person.name}, {person.email} or {person.phone}."
                self.new_note(other["id"], text)
                where = "account_note.message"
            case 1:
                other["cc_emails"] = person.email
                where = "account.cc_emails"
            case 2:
                other["custom_fields"].append({"name": "remark", "value": f"ask {person.name}"})
                where = "account.custom_fields"
            case 3:
                invoice = next(self.of(self.invoices, other["id"]))
                invoice["customer_notes"] = f"Delivered by hand to {person.name}"
                where = "invoice.customer_notes"
            case _:
                twin = self.new_account(f"kp-old-{place}")
                twin |= {"email": person.email, "state": "inactive", "username": person.name}
                twin["deleted_at"] = stamp(self._opened)
                where = "account.username (inactive)"
        self.planted.append(Planted(person, where, expected=False))


def _address(person: InventedPerson) -> Record:
    return dict.fromkeys(ADDRESS) | {
        "phone": person.phone,
        "street1": person.street,
        "city": person.city,
        "postal_code": person.postal_code,
        "country": person.country,
    }


def _uuid(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:32]

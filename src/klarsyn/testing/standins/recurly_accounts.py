"""
Recurly's accounts: find, make, change, reactivate, and what hangs on them.
"""

from __future__ import annotations

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.recurly_books import RecurlyBooks
from klarsyn.testing.standins.recurly_site import ADDRESS
from klarsyn.testing.standins.recurly_wire import (
    ORDERING,
    Record,
    checked,
    listed,
    permitted,
    refuse,
)

#: What may be changed, and how long it may be; 0 is any length and any type.
CHANGEABLE = {
    "username": 255,
    "email": 255,
    "cc_emails": 255,
    "first_name": 255,
    "last_name": 255,
    "company": 100,
    "vat_number": 20,
    "preferred_locale": 255,
    "preferred_time_zone": 255,
    "bill_to": 6,
    "tax_exempt": 0,
    "address": 0,
    "custom_fields": 0,
    "billing_info": 0,
}
CREATABLE = CHANGEABLE | {"code": 50, "shipping_addresses": 0}
ADDRESSABLE = dict.fromkeys(ADDRESS, 255) | {"street1": 50, "street2": 50, "geo_code": 20}
BILLABLE = {"first_name": 50, "last_name": 50, "company": 100, "vat_number": 255, "address": 0}
BILLABLE |= {"token_id": 22, "primary_payment_method": 0, "backup_payment_method": 0}
SHIPPABLE = {
    **dict.fromkeys(("nickname", "first_name", "last_name", "company", "email"), 255),
    **dict.fromkeys(("street1", "street2", "city", "region"), 255),
    "vat_number": 20,
    "phone": 30,
    "postal_code": 20,
    "country": 50,
    "geo_code": 20,
}
SHIPPING_NEEDS = ("first_name", "last_name", "street1", "city", "postal_code", "country")


class RecurlyAccounts(RecurlyBooks):
    """Routes to what is a person's own."""

    @route("GET", "/accounts")
    def get_accounts(self, request: Request) -> Reply:
        """The accounts of the site; `email` is exact, and blank finds those without."""
        permitted(request, {*ORDERING, "email"})
        found = list(self.accounts.values())
        if "email" in request.query:
            email = request.param("email")
            found = [one for one in found if (one["email"] or "") == email]
        return listed(request, [self.shown_account(one) for one in found], self.DEFAULT_LIMIT)

    @route("POST", "/accounts")
    def create_account(self, request: Request) -> Reply:
        """Make an account; its code is for ever and unique among the closed ones too."""
        given = checked(request.json(), CREATABLE)
        code = given.pop("code", "")
        if not code:
            raise refuse(422, "validation", "Code can't be blank", "code")
        if any(one["code"] == code for one in self.accounts.values()):
            raise refuse(422, "validation", "Code has already been taken", "code")
        shipping = [_shippable(one) for one in given.pop("shipping_addresses", None) or ()]
        _check(given)
        account = self.new_account(code)
        self._apply(account, given)
        for one in shipping:
            self._ship(account["id"], one)
        return Reply(201, self.shown_account(account))

    @route("GET", "/accounts/{account_id}")
    def get_account(self, request: Request, account_id: str) -> Reply:
        """One account."""
        del request
        return Reply(200, self.shown_account(self.find_account(account_id)))

    @route("PUT", "/accounts/{account_id}")
    def update_account(self, request: Request, account_id: str) -> Reply:
        """Change what is given and nothing else, though the verb is PUT."""
        account = self.find_account(account_id)
        given = checked(request.json(), CHANGEABLE)
        _check(given)
        self._apply(account, given)
        return Reply(200, self.shown_account(account))

    @route("PUT", "/accounts/{account_id}/reactivate")
    def reactivate(self, request: Request, account_id: str) -> Reply:
        """Open a closed account again; its cards do not come back."""
        del request
        account = self.find_account(account_id)
        if account["state"] == "active":
            raise refuse(422, "validation", "The account is already active")
        account |= {"state": "active", "deleted_at": None}
        self.touch(account)
        return Reply(200, self.shown_account(account))

    @route("GET", "/accounts/{account_id}/acquisition")
    def get_acquisition(self, request: Request, account_id: str) -> Reply:
        """Where an account came from."""
        del request
        number = self.find_account(account_id)["id"]
        if number not in self.acquisitions:
            raise refuse(404, "not_found", "Couldn't find Acquisition")
        return Reply(200, self.shown(self.acquisitions[number]))

    @route("DELETE", "/accounts/{account_id}/acquisition")
    def delete_acquisition(self, request: Request, account_id: str) -> Reply:
        """Forget where an account came from."""
        self.get_acquisition(request, account_id)
        del self.acquisitions[self.find_account(account_id)["id"]]
        return Reply(204)

    @route("GET", "/accounts/{account_id}/balance")
    def get_balance(self, request: Request, account_id: str) -> Reply:
        """What an account owes."""
        del request
        number = self.find_account(account_id)["id"]
        owed = sum(one["balance"] for one in self.of(self.invoices, number))
        balance = {"currency": "DKK", "amount": owed}
        body = {"object": "account_balance", "past_due": owed > 0, "balances": [balance]}
        return Reply(200, body | {"account": self.mini(number)})

    @route("GET", "/accounts/{account_id}/external_accounts")
    def get_external_accounts(self, request: Request, account_id: str) -> Reply:
        """The account's twins in app stores: none."""
        self.find_account(account_id)
        permitted(request, ())
        return listed(request, [], self.DEFAULT_LIMIT)

    # Billing data

    @route("GET", "/accounts/{account_id}/billing_infos")
    def get_billing_infos(self, request: Request, account_id: str) -> Reply:
        """The billing data of an account."""
        permitted(request, {"ids", "sort", "begin_time", "end_time"})
        found = self.of(self.billing_infos, self.find_account(account_id)["id"])
        return listed(request, found, self.DEFAULT_LIMIT)

    @route("GET", "/accounts/{account_id}/billing_infos/{number}")
    def get_billing_info(self, request: Request, account_id: str, number: str) -> Reply:
        """One set of billing data; a card is four and six digits of itself."""
        del request
        return Reply(200, self._hanging(self.billing_infos, account_id, number))

    @route("PUT", "/accounts/{account_id}/billing_infos/{number}")
    def update_billing_info(self, request: Request, account_id: str, number: str) -> Reply:
        """Change billing data, what is given only."""
        info = self._hanging(self.billing_infos, account_id, number)
        self._bill_to(info, checked(request.json(), BILLABLE))
        return Reply(200, info)

    @route("DELETE", "/accounts/{account_id}/billing_infos/{number}")
    def delete_billing_info(self, request: Request, account_id: str, number: str) -> Reply:
        """Remove billing data for ever."""
        del request
        del self.billing_infos[self._hanging(self.billing_infos, account_id, number)["id"]]
        return Reply(204)

    @route("GET", "/accounts/{account_id}/billing_info")
    def get_only_billing_info(self, request: Request, account_id: str) -> Reply:
        """The billing data of an account on a site without wallets."""
        del request
        return Reply(200, self._only(account_id))

    @route("PUT", "/accounts/{account_id}/billing_info")
    def update_only_billing_info(self, request: Request, account_id: str) -> Reply:
        """Change the billing data of an account on a site without wallets."""
        return self.update_billing_info(request, account_id, self._only(account_id)["id"])

    @route("DELETE", "/accounts/{account_id}/billing_info")
    def delete_only_billing_info(self, request: Request, account_id: str) -> Reply:
        """Remove the billing data of an account on a site without wallets."""
        return self.delete_billing_info(request, account_id, self._only(account_id)["id"])

    # Shipping addresses

    @route("GET", "/accounts/{account_id}/shipping_addresses")
    def get_shipping_addresses(self, request: Request, account_id: str) -> Reply:
        """The shipping addresses of an account."""
        permitted(request, ORDERING)
        found = self.of(self.shipping_addresses, self.find_account(account_id)["id"])
        return listed(request, found, self.DEFAULT_LIMIT)

    @route("POST", "/accounts/{account_id}/shipping_addresses")
    def create_shipping_address(self, request: Request, account_id: str) -> Reply:
        """Add a shipping address; success is 200 here."""
        account = self.find_account(account_id)
        return Reply(200, self._ship(account["id"], _shippable(request.json())))

    @route("GET", "/accounts/{account_id}/shipping_addresses/{number}")
    def get_shipping_address(self, request: Request, account_id: str, number: str) -> Reply:
        """One shipping address."""
        del request
        return Reply(200, self._hanging(self.shipping_addresses, account_id, number))

    @route("PUT", "/accounts/{account_id}/shipping_addresses/{number}")
    def update_shipping_address(self, request: Request, account_id: str, number: str) -> Reply:
        """Change a shipping address, what is given only."""
        address = self._hanging(self.shipping_addresses, account_id, number)
        address |= checked(request.json(), SHIPPABLE)
        self.touch(address)
        return Reply(200, address)

    @route("DELETE", "/accounts/{account_id}/shipping_addresses/{number}")
    def delete_shipping_address(self, request: Request, account_id: str, number: str) -> Reply:
        """Remove a shipping address for ever."""
        del request
        del self.shipping_addresses[
            self._hanging(self.shipping_addresses, account_id, number)["id"]
        ]
        return Reply(204)

    # Notes

    @route("GET", "/accounts/{account_id}/notes")
    def get_notes(self, request: Request, account_id: str) -> Reply:
        """What colleagues wrote about an account."""
        permitted(request, {"ids"})
        found = self.of(self.notes, self.find_account(account_id)["id"])
        return listed(request, found, self.DEFAULT_LIMIT)

    @route("POST", "/accounts/{account_id}/notes")
    def create_note(self, request: Request, account_id: str) -> Reply:
        """Write a note on an account."""
        given = checked(request.json(), {"message": 0})
        if not given.get("message"):
            raise refuse(422, "validation", "Message can't be blank", "message")
        return Reply(201, self.new_note(self.find_account(account_id)["id"], given["message"]))

    @route("GET", "/accounts/{account_id}/notes/{number}")
    def get_note(self, request: Request, account_id: str, number: str) -> Reply:
        """One note."""
        del request
        return Reply(200, self._hanging(self.notes, account_id, number))

    @route("DELETE", "/accounts/{account_id}/notes/{number}")
    def delete_note(self, request: Request, account_id: str, number: str) -> Reply:
        """Remove a note for ever."""
        del request
        del self.notes[self._hanging(self.notes, account_id, number)["id"]]
        return Reply(204)

    # Below the routes

    def _hanging(self, records: dict[str, Record], account_id: str, number: str) -> Record:
        """Return a record if it hangs on that account, or refuse."""
        record = records.get(number)
        if record is None or record["account_id"] != self.find_account(account_id)["id"]:
            raise refuse(404, "not_found", "Couldn't find the record of that account")
        return record

    def _only(self, account_id: str) -> Record:
        for info in self.of(self.billing_infos, self.find_account(account_id)["id"]):
            return info
        raise refuse(404, "not_found", "Couldn't find BillingInfo")

    def _apply(self, account: Record, given: Record) -> None:
        """Change an account; a custom field without a value goes, the others stay."""
        fields = {one["name"]: one["value"] for one in account["custom_fields"]}
        fields |= {one["name"]: one["value"] for one in given.pop("custom_fields", None) or ()}
        kept = [{"name": name, "value": value} for name, value in fields.items() if value]
        billing = given.pop("billing_info", None)
        address = account["address"] | (given.pop("address", None) or {})
        account |= given | {"address": address, "custom_fields": kept}
        self.touch(account)
        if billing is not None:
            known = next(self.of(self.billing_infos, account["id"]), None)
            self._bill_to(known or self.new_billing_info(account["id"]), billing)

    def _bill_to(self, info: Record, given: Record) -> None:
        address = info["address"] | checked(given.pop("address", None) or {}, ADDRESSABLE)
        given.pop("token_id", None)
        info |= given | {"address": address}
        self.touch(info)

    def _ship(self, account_id: str, given: Record) -> Record:
        empty = {name: None for name in SHIPPABLE if name != "geo_code"}
        address = self.made("sa", object="shipping_address", account_id=account_id)
        address |= empty | given
        self.shipping_addresses[address["id"]] = address
        return address


def _check(given: Record) -> None:
    """Refuse what no account may have, before anything is changed."""
    email = given.get("email")
    if email and ("@" not in email or " " in email):
        raise refuse(422, "validation", "Email is not a valid address", "email")
    checked(given.get("address") or {}, ADDRESSABLE)
    checked(given.get("billing_info") or {}, BILLABLE)
    for one in given.get("custom_fields") or ():
        field = checked(one, {"name": 50, "value": 255})
        if not field.get("name") or "value" not in field:
            raise refuse(422, "validation", "A custom field has a name and a value", "name")


def _shippable(given: Record) -> Record:
    address = checked(given, SHIPPABLE)
    for name in SHIPPING_NEEDS:
        if not address.get(name):
            raise refuse(422, "validation", f"{name} can't be blank", name)
    return address

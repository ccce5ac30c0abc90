"""
A Recurly site's books: invoices, transactions, subscriptions and charges, kept for the auditor.
"""

from __future__ import annotations

from typing import ClassVar

from klarsyn.testing.serving import Reply, Request, route
from klarsyn.testing.standins.recurly_site import RecurlySite
from klarsyn.testing.standins.recurly_wire import ORDERING, Record, listed, permitted, refuse

#: The filters of a list beside the ordering.
FILTERS = {
    "invoices": ("state", "type"),
    "transactions": ("type", "success"),
    "subscriptions": ("state",),
    "line_items": ("original", "state", "type"),
    "acquisitions": (),
}


class RecurlyBooks(RecurlySite):
    """Routes to what is not a person's own record but names one."""

    #: Documented; a test may shrink it.
    DEFAULT_LIMIT: ClassVar[int] = 20

    def book(self, request: Request, kind: str, account_key: str = "") -> Reply:
        """Return a page of a kind of record, of the site or of one account."""
        permitted(request, {*ORDERING, *FILTERS[kind]})
        records: dict[str, Record] = getattr(self, kind)
        found = list(records.values())
        if account_key:
            found = list(self.of(records, self.find_account(account_key)["id"]))
        if state := request.param("state"):
            found = [one for one in found if one["state"] == state]
        return listed(request, [self.shown(one) for one in found], self.DEFAULT_LIMIT)

    def entry(self, kind: str, number: str) -> Record:
        """Return one record of the books by its id, or refuse."""
        records: dict[str, Record] = getattr(self, kind)
        if number not in records:
            name = kind.removesuffix("s").replace("_", " ").title().replace(" ", "")
            raise refuse(404, "not_found", f"Couldn't find {name}")
        return records[number]

    @route("GET", "/invoices")
    def get_invoices(self, request: Request) -> Reply:
        """All invoices of the site."""
        return self.book(request, "invoices")

    @route("GET", "/transactions")
    def get_transactions(self, request: Request) -> Reply:
        """All transactions of the site."""
        return self.book(request, "transactions")

    @route("GET", "/subscriptions")
    def get_subscriptions(self, request: Request) -> Reply:
        """All subscriptions of the site."""
        return self.book(request, "subscriptions")

    @route("GET", "/line_items")
    def get_line_items(self, request: Request) -> Reply:
        """All charges and credits of the site."""
        return self.book(request, "line_items")

    @route("GET", "/acquisitions")
    def get_acquisitions(self, request: Request) -> Reply:
        """Where the accounts of the site came from."""
        return self.book(request, "acquisitions")

    @route("GET", "/accounts/{account_id}/invoices")
    def get_account_invoices(self, request: Request, account_id: str) -> Reply:
        """The invoices of an account."""
        return self.book(request, "invoices", account_id)

    @route("GET", "/accounts/{account_id}/transactions")
    def get_account_transactions(self, request: Request, account_id: str) -> Reply:
        """The transactions of an account."""
        return self.book(request, "transactions", account_id)

    @route("GET", "/accounts/{account_id}/subscriptions")
    def get_account_subscriptions(self, request: Request, account_id: str) -> Reply:
        """The subscriptions of an account."""
        return self.book(request, "subscriptions", account_id)

    @route("GET", "/accounts/{account_id}/line_items")
    def get_account_line_items(self, request: Request, account_id: str) -> Reply:
        """The charges and credits of an account."""
        return self.book(request, "line_items", account_id)

    @route("GET", "/invoices/{invoice_id}")
    def get_invoice(self, request: Request, invoice_id: str) -> Reply:
        """One invoice, by its id or `number-<number>`."""
        del request
        numbered = {f"number-{one['number']}": one["id"] for one in self.invoices.values()}
        return Reply(200, self.shown(self.entry("invoices", numbered.get(invoice_id, invoice_id))))

    @route("GET", "/transactions/{transaction_id}")
    def get_transaction(self, request: Request, transaction_id: str) -> Reply:
        """One transaction."""
        del request
        return Reply(200, self.shown(self.entry("transactions", transaction_id)))

    @route("GET", "/subscriptions/{subscription_id}")
    def get_subscription(self, request: Request, subscription_id: str) -> Reply:
        """One subscription."""
        del request
        return Reply(200, self.shown(self.entry("subscriptions", subscription_id)))

    @route("PUT", "/subscriptions/{subscription_id}/cancel")
    def cancel_subscription(self, request: Request, subscription_id: str) -> Reply:
        """Let a subscription end with its period."""
        del request
        return self._end(subscription_id, "canceled")

    @route("DELETE", "/subscriptions/{subscription_id}")
    def terminate_subscription(self, request: Request, subscription_id: str) -> Reply:
        """End a subscription now."""
        permitted(request, {"refund", "charge"})
        return self._end(subscription_id, "expired")

    @route("DELETE", "/line_items/{line_item_id}")
    def delete_line_item(self, request: Request, line_item_id: str) -> Reply:
        """Take back a charge that stands on no invoice yet."""
        del request
        if self.entry("line_items", line_item_id)["state"] != "pending":
            raise refuse(422, "validation", "The line item has been invoiced already")
        del self.line_items[line_item_id]
        return Reply(204)

    @route("GET", "/custom_field_definitions")
    def get_definitions(self, request: Request) -> Reply:
        """The custom fields that were set up in the vendor's pages."""
        permitted(request, {*ORDERING, "related_type"})
        kind = request.param("related_type", "account")
        found = [one for one in self.definitions if one["related_type"] == kind]
        return listed(request, found, self.DEFAULT_LIMIT)

    def charge(self, account_id: str, amount: float) -> Record:
        """Put a charge on an account that stands on no invoice yet, as colleagues do by hand."""
        item = self.made("li", object="line_item", account_id=account_id, type="charge")
        item |= {"state": "pending", "currency": "DKK", "amount": amount, "description": "Visit"}
        self.line_items[item["id"]] = item
        return item

    def _end(self, subscription_id: str, state: str) -> Reply:
        subscription = self.entry("subscriptions", subscription_id)
        if subscription["state"] == "expired":
            raise refuse(422, "validation", "The subscription has ended already")
        subscription["state"] = state
        self.touch(subscription)
        return Reply(200, self.shown(subscription))

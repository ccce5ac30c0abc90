"""
How customers are delivered to e-conomic and Reviso: one by one, each with all that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from klarsyn.errors import RecordRefused, said
from klarsyn.transport.connection import Connection
from klarsyn.transport.words import GET, POST, PUT, Filled, IdempotencyKey
from klarsyn.vendors.economic_whole import NOBODY, Whole, set_text
from klarsyn.vendors.economic_wire import escaped, listed
from klarsyn.vendors.elements import CHANGES, Elements, body_of
from klarsyn.vendors.sheet import Places, Row, RowOutcome, RowState

_ONE = "/customers/{id}"
_BY_EMAIL = listed("/customers", query={"filter": Filled("email$like:*{asked}*")})
NUMBERS = {
    "customer_group": ("customerGroup", "customerGroupNumber"),
    "payment_terms": ("paymentTerms", "paymentTermsNumber"),
    "vat_zone": ("vatZone", "vatZoneNumber"),
}


def customers_at(key: IdempotencyKey | None, keeps: tuple[str, ...]) -> Whole:
    """Return how customers are replaced."""
    return Whole(
        one=GET(_ONE),
        write=PUT(_ONE, body=CHANGES, key=key),
        keeps=keeps,
        blank={"name": NOBODY, "barred": True},
        loose=("attention", "customerContact", "defaultDeliveryLocation"),
    )


def customers_given(
    elements: Elements, whole: Whole
) -> Callable[[Connection, Sequence[Row], Places], Iterator[RowOutcome]]:
    """
    Return a delivery of customers, one by one, each known by number or else by e-mail.

    A PUT to a number that nobody has makes a customer of that number.
    """
    add = POST("/customers", body=CHANGES, key=whole.write.key)

    def send(connection: Connection, rows: Sequence[Row], places: Places) -> Iterator[RowOutcome]:
        del places
        for row in rows:
            try:
                yield given(connection, row)
            except RecordRefused as refusal:
                yield RowOutcome(row, "refused", why=refusal.message)

    def given(connection: Connection, row: Row) -> RowOutcome:
        told = row.values.get("number") or row.known_as
        numbers = [told] if told else _numbers(connection, row)
        if len(numbers) > 1:
            why = said("several customers have this e-mail: give the number of one")
            return RowOutcome(row, "refused", why=why)
        before = whole.now(connection, {"id": numbers[0]}) if numbers else None
        if row.known_as == told and before and not _same(before, row):
            why = said("the number may be another customer's by now: name and e-mail differ")
            return RowOutcome(row, "refused", why=why)
        body = before or _needed(connection)
        rest = {name: value for name, value in row.values.items() if name != "number"}
        for path, value in body_of(elements, rest).items():
            set_text(body, path, value)
        call = whole.write if numbers else add
        reply = connection.call(call, id=next(iter(numbers), ""), changes=body)
        state: RowState = "updated" if before else "created"
        key = reply.at("customerNumber") or next(iter(numbers), "")
        return RowOutcome(row, state, str(key))

    return send


def _numbers(connection: Connection, row: Row) -> list[str]:
    """Return the numbers of the customers who have a row's e-mail."""
    email = row.values.get("email")
    if not email:
        return []
    every = [one for page in connection.pages(_BY_EMAIL, asked=escaped(email)) for one in page]
    return [str(one["customerNumber"]) for one in every if email.casefold() in _addresses(one)]


def _addresses(customer: Mapping[str, Any]) -> list[str]:
    """Return a customer's addresses, of which a field may hold several."""
    return str(customer.get("email", "")).casefold().split()


def _same(before: Mapping[str, Any], row: Row) -> bool:
    """Return whether a customer has the name or an address of a row."""
    name, email = row.values.get("name"), row.values.get("email")
    return before.get("name") == name or (email or "").casefold() in _addresses(before)


def _needed(connection: Connection) -> dict[str, Any]:
    """Return what a new customer has to have, as the company has settled it."""
    known = connection.settings
    body: dict[str, Any] = {
        place: {number: int(known[name])}
        for name, (place, number) in NUMBERS.items()
        if known.get(name)
    }
    return body | ({"currency": known["currency"]} if known.get("currency") else {})

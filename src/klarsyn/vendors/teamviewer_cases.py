"""
Cases of TeamViewer: one that is open for each customer, opened without an invitation.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from klarsyn.errors import OutcomeUnknown, RecordRefused, said
from klarsyn.vendors.sheet import (
    CHANGES,
    GET,
    POST,
    PUT,
    Connection,
    Cursor,
    Element,
    Places,
    Row,
    RowOutcome,
    RowState,
    body_of,
)

DETAILS = {"full_list": True}
SESSIONS = GET(
    "/sessions",
    query={"state": "open,closed", **DETAILS},
    items="sessions",
    pages=Cursor("next_offset", "offset"),
)
OPEN = SESSIONS.but(query={"state": "open", **DETAILS})
CASE = "/sessions/{id}"
SET_CASE, ADD_CASE = PUT(CASE, body=CHANGES), POST("/sessions", body=CHANGES)
CUSTOMER = (
    Element("email", "end_customer.email", "user.contact.email"),
    Element("name", "end_customer.name", "user.name"),
    Element("description", means="user.content.private", most=4000, free=True),
    Element("waiting_message", means="user.content.private", free=True),
    Element("custom_api", means="user.content.private", most=4000, free=True),
)


def send(connection: Connection, rows: Sequence[Row], _places: Places) -> Iterator[RowOutcome]:
    """Change the open case of each customer, or open one; nobody is invited."""
    group, cases = connection.settings.get("group"), open_cases(connection)
    for row in rows:
        email = (row.values.get("email") or "").casefold()
        if not (email and group):
            yield RowOutcome(row, "refused", why=NO_ADDRESS if group else NO_GROUP)
            continue
        body, known = body_of(CUSTOMER, row.values), cases.get(email)
        try:
            if known:
                body["end_customer"] = {**known["end_customer"], **body["end_customer"]}
                connection.call(SET_CASE, id=known["code"], changes=body)
            else:
                body = {"groupname": group, **body}
                cases[email] = connection.call(ADD_CASE, changes=body).json
        except RecordRefused as refusal:
            yield RowOutcome(row, "refused", why=refusal.message)
        except OutcomeUnknown as doubt:
            yield RowOutcome(row, "unknown", why=doubt.message)
        else:
            state: RowState = "updated" if known else "created"
            yield RowOutcome(row, state, cases[email]["code"])


def open_cases(connection: Connection) -> dict[str, Any]:
    """Return the open cases by their customer's address: a second one would be opened else."""
    cases = (one for page in connection.pages(OPEN) for one in page)
    named = ((one, one.get("end_customer") or {}) for one in cases)
    return {who["email"].casefold(): one for one, who in named if who.get("email")}


NO_ADDRESS = said("a case is known by its customer's address, and there is none")
NO_GROUP = said("the setting `group` has to name the group in which cases are opened")

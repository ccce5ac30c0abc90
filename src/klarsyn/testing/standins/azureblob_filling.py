"""
What KlarPris has in its storage account: invoices, dumps, exports, and what nobody thinks of.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

from klarsyn.testing.people import InventedPerson
from klarsyn.testing.serving import Planted
from klarsyn.testing.standins.azureblob_keeping import Blob, Keeping

#: Bookkeeping material is kept for five years.
BOOKKEEPING = timedelta(days=5 * 365)
_PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
)


def fill_account(keeping: Keeping, people: Sequence[InventedPerson]) -> list[Planted]:
    """Put the people into containers; return where each of them lies, the container first."""
    for name in ("backups", "crm", "exports", "invoices", "uploads"):
        keeping.create(name, {"owner": "finance"} if name == "invoices" else {})
    if not people:
        return []
    planted = [*_before_versioning(keeping, people), *_invoices(keeping, people)]
    planted += [*_dump(keeping, people), *_strays(keeping, people)]
    planted += [*_history(keeping, people), *_protected(keeping, people)]
    return planted


def customer_id(person: InventedPerson) -> str:
    """Return the number by which KlarPris knows a customer."""
    return f"K-{1001 + person.number}"


def _put(
    keeping: Keeping,
    path: str,
    text: str,
    kind: str = "text/plain",
    tags: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Blob:
    """Keep a text under `container/name`; its tags are found at once."""
    container, _, name = path.partition("/")
    blob = Blob(name, text.encode(), keeping.now(), "", content_type=kind)
    blob.tags, blob.metadata = tags or {}, metadata or {}
    keeping.put(keeping.containers[container], blob)
    blob.searchable_from = blob.modified
    return blob


def _before_versioning(keeping: Keeping, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put what was deleted before somebody turned versioning on: a blob, and a container."""
    wanted, keeping.protection.versioning = keeping.protection.versioning, False
    container, name = keeping.containers["exports"], "old-list.csv"
    _put(keeping, f"exports/{name}", _table(people[-3:]), "text/csv")
    container.lineages[name].delete("", keeping.protection, keeping.now())
    yield from (Planted(one, f"exports/{name}#deleted", expected=False) for one in people[-3:])
    keeping.create("campaign-2025", {})
    _put(keeping, "campaign-2025/recipients.csv", _table(people[:2]), "text/csv")
    keeping.remove("campaign-2025")
    place = "campaign-2025/recipients.csv#container-deleted"
    yield from (Planted(one, place, expected=False) for one in people[:2])
    keeping.protection.versioning = wanted
    container.sweep(keeping.now())


def _invoices(keeping: Keeping, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put an invoice for each of the people, in three formats, with tags and metadata."""
    formats = (
        ("txt", "text/plain", _letter),
        ("csv", "text/csv", _row),
        ("json", "application/json", _object),
    )
    for person in people:
        ending, kind, write = formats[person.number % 3]
        path = f"invoices/2026/F-{5001 + person.number}.{ending}"
        customer = {"customer": customer_id(person)}
        _put(keeping, path, write(person), kind, {**customer, "kind": "invoice"}, customer)
        yield Planted(person, path)
        yield Planted(person, f"{path}#tags.customer")


def _dump(keeping: Keeping, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put last night's dump of the customer database."""
    head = "INSERT INTO customers (id, name, email, phone, company, organisation_number) VALUES\n"
    rows = ",\n".join(
        f"({one.number}, '{one.name}', '{one.email}', '{one.phone}', '{one.company}',"
        f" '{one.organisation_number}')"
        for one in people
    )
    path = "backups/nightly/customers-2026-11-25.sql"
    _put(keeping, path, f"{head}{rows};\n", "application/sql")
    yield from (Planted(one, path) for one in people)


def _strays(keeping: Keeping, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put people where a careless colleague put them: names, metadata, notes, a picture."""
    for person in people[:3]:
        path = f"exports/newsletter/{person.email}.json"
        _put(keeping, path, "{}", "application/json")
        yield Planted(person, f"{path}#name", expected=False)
    first, second, third = (people[number % len(people)] for number in range(3))
    note = f"Ring til {second.name} på {second.phone} om tilbuddet.\n"
    _put(keeping, "uploads/notes/møde.txt", note, "text/plain; charset=utf-8")
    yield Planted(second, "uploads/notes/møde.txt", expected=False)
    metadata = {"uploaded_by": first.email}
    blob = _put(keeping, "uploads/logo.png", "", "image/png", metadata=metadata)
    blob.content = _PICTURE + b"\x00\x00\x00@tEXtAuthor\x00" + third.email.encode()
    yield Planted(first, "uploads/logo.png#metadata.uploaded_by", expected=False)
    yield Planted(third, "uploads/logo.png", expected=False)


def _history(keeping: Keeping, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put a list whose last person is gone by now, except from a snapshot and a version."""
    path = "crm/customers.csv"
    blob = _put(keeping, path, _table(people), "text/csv")
    keeping.snapshot(keeping.containers["crm"], blob, {})
    _put(keeping, path, _table(people[:-1]), "text/csv")
    kind = "version" if keeping.protection.versioning else "deleted-snapshot"
    yield from (Planted(one, path) for one in people[:-1])
    yield from (Planted(one, f"{path}#snapshot", expected=False) for one in people)
    yield from (Planted(one, f"{path}#{kind}", expected=False) for one in people)


def _protected(keeping: Keeping, people: Sequence[InventedPerson]) -> Iterator[Planted]:
    """Put two invoices that cannot be deleted: by a hold, and by a policy."""
    held, kept = people[0], people[1 % len(people)]
    _put(keeping, "invoices/2021/F-101.txt", _letter(held)).legal_hold = True
    blob = _put(keeping, "invoices/2021/F-102.txt", _letter(kept))
    blob.immutable_until, blob.immutable_mode = keeping.now() + BOOKKEEPING, "Locked"
    yield Planted(held, "invoices/2021/F-101.txt")
    yield Planted(kept, "invoices/2021/F-102.txt")


def _letter(person: InventedPerson) -> str:
    return (
        f"Faktura F-{5001 + person.number}\n\n{person.company} (CVR {person.organisation_number})\n"
        f"Att. {person.name}\n{person.street}\n{person.postal_code} {person.city}\n"
        f"{person.email}, {person.phone}\n\nBlandingsbatteri 1 stk. 1.249,00 DKK\n"
    )


def _fields(person: InventedPerson) -> dict[str, str]:
    return {
        "customer": customer_id(person),
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "company": person.company,
        "organisation_number": person.organisation_number,
    }


def _object(person: InventedPerson) -> str:
    return json.dumps({"invoice": f"F-{5001 + person.number}", "customer": _fields(person)})


def _row(person: InventedPerson) -> str:
    return _table([person])


def _table(people: Sequence[InventedPerson]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(_fields(people[0])))
    writer.writeheader()
    writer.writerows(map(_fields, people))
    return text.getvalue()

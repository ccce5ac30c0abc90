import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klarsyn.publication.table import COLUMNS, harmless, table
from tests.publication.sites import edition, example
from tests.register.builders import ELEMENTS, VENDOR, line, register, swap, unknown
from tests.strategies import declared_registers

ADDRESS = "https://list.example/gdpr/"
HEARSAY = line(VENDOR, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")


def rows(whole):
    """Return the rows of a register's table, read by the standard library."""
    text = table(edition(whole), ADDRESS).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@settings(max_examples=25)
@given(declared_registers())
def test_rows_are_the_uses_of_the_register(whole):
    """
    One row for each vendor, purpose and element, secrets apart; one for a purpose without any.
    """
    expected = []
    for one, vendor in whole.vendors.items():
        for processing in vendor.processing:
            shared = [
                (one, processing.purpose, processing.declaration, element, held.direction)
                for held in processing.elements
                for element in (held.element, *held.includes)
                if whole.elements[element].sensitivity != "secret"
            ]
            expected += shared or [(one, processing.purpose, processing.declaration, "", "")]
    keys = ("vendor_id", "purpose_id", "declaration", "element_id", "direction")

    assert sorted(expected) == sorted(tuple(row[key] for key in keys) for row in rows(whole))


def test_row_says_what_the_register_says():
    """
    Every column of one row of the small register.
    """
    assert {
        "vendor_id": "postdesk",
        "vendor": "Postdesk",
        "purpose_id": "support",
        "purpose": "Customer support",
        "declaration": "listed",
        "element_id": "person.name",
        "element": "Name",
        "part_of": "",
        "direction": "delivered",
        "about": "person",
        "origin": "provided",
        "sensitivity": "ordinary",
        "role": "processor",
        "legal_basis": "6-1-b-contract",
        "entity": "Postdesk ApS",
        "entity_country": "DK",
        "storage_country": "DE",
        "access_country": "DK",
        "transfer_grounds": "",
        "retention": "P2Y",
        "retention_criterion": "",
        "status": "active",
        "start": "2025-02-01",
        "end": "",
        "not_verified": "",
        "page": "https://list.example/gdpr/en/vendors/postdesk.html",
    } == rows(register())[0]


def test_columns_are_stable():
    """
    A later version may add columns at the end; these stay, in this order.
    """
    head = table(edition(register()), "").decode().partition("\r\n")[0]

    assert ",".join(COLUMNS) == head
    assert 26 == len(COLUMNS)


def test_unverified_facts_are_named_in_their_row():
    """
    G4: which of a row's facts nobody has verified stands in the row.
    """
    row = rows(register(HEARSAY))[0]

    assert (
        "role entity entity_country storage_country access_country retention status start"
        == row["not_verified"]
    )


def test_fact_that_is_not_known_is_an_empty_cell():
    """
    A gap is empty, and not unverified.
    """
    row = rows(register(unknown(VENDOR, "start")))[0]

    assert ("", "") == (row["start"], row["not_verified"])


def test_grounds_of_transfer_are_the_proved_ones():
    """
    R82: Nordlys: Relaygrove by standard clauses and adequacy, Puffinpost by the framework.
    """
    found = {row["vendor_id"]: row["transfer_grounds"] for row in rows(example("nordlys"))}

    assert "US:scc CA:adequacy" == found["relaygrove"]
    assert "US:dpf" == found["puffinpost"]


def test_secret_has_no_row():
    """
    R11: a secret is never listed among data that are shared.
    """
    secret = swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")

    assert "order.score" not in {row["element_id"] for row in rows(register(secret))}


def test_lines_end_as_the_standard_says():
    """
    RFC 4180: CRLF, also after the last line; UTF-8 without a mark.
    """
    whole = table(edition(example("nordlys")), ADDRESS)

    assert whole.endswith(b"\r\n")
    assert whole.count(b"\r\n") == whole.count(b"\n")
    assert not whole.startswith(b"\xef\xbb\xbf")
    assert "Näkymäpaja" in whole.decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start):
    """
    What a spreadsheet would run gets an apostrophe before it.
    """
    assert f"'{start}1+1" == harmless(f"{start}1+1")


def test_a_name_cannot_become_a_formula():
    """
    Whatever somebody calls a vendor, the cell is text.
    """
    named = swap(VENDOR, "name: Postdesk\n", "name: '=HYPERLINK(\"https://x.example\")'\n")

    found = {row["vendor"] for row in rows(register(named))}

    assert {'\'=HYPERLINK("https://x.example")', "Vault"} == found


@given(st.text(max_size=20))
def test_harmless_cells_come_back_as_they_were(text):
    """
    Only what could be a formula changes, and only by one apostrophe.
    """
    assert text == harmless(text).removeprefix("'") or text.startswith("'")
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))

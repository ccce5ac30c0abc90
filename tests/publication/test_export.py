import json
from datetime import date

import msgspec
import pytest

from klarsyn.publication import build, export
from tests.publication.jsonschemas import complaints
from tests.publication.sites import UPDATED, built, edition, example, spoken
from tests.register.builders import COMPANY, VENDOR, add, line, register, unknown

BASE = "https://klarpris.example/subprocessors/"


def listing(*edits):
    """Return the list of the small register after some edits."""
    return json.loads(build(edition(register(*edits))).files["subprocessors.json"])


@pytest.fixture(scope="module")
def klarpris():
    """KlarPris's list, as a program reads it."""
    return json.loads(built("klarpris", "en").files["subprocessors.json"])


@pytest.fixture(scope="module")
def schema():
    """The published schema."""
    return json.loads(built("klarpris", "en").files["schemas/subprocessors-1.json"])


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_list_follows_its_published_schema(name):
    """
    What the schema promises, the list keeps.
    """
    files = built(name, "en").files
    published = json.loads(files["schemas/subprocessors-1.json"])

    assert [] == complaints(json.loads(files["subprocessors.json"]), published)


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("version", 2, "/version: 2 is none of [1]"),
        ("updated", "yesterday", "/updated: 'yesterday' is no date"),
        ("vendors", {}, "/vendors: {} is no array"),
        ("languages", [1], "/languages/0: 1 is no string"),
    ],
)
def test_schema_refuses_another_list(klarpris, schema, key, value, complaint):
    """
    The schema is not so wide that anything fits.
    """
    assert [complaint] == complaints({**klarpris, key: value}, schema)


def test_schema_names_what_is_never_left_out(klarpris, schema):
    """
    A program may count on the rows, their ids and their elements.
    """
    without = {**klarpris, "vendors": [{"name": "Zapier"}]}
    told = complaints(without, schema)

    assert {"/vendors/0: lacks id", "/vendors/0: lacks elements"} <= set(told)
    assert [] == [one for one in told if "elements" in one and one.startswith("/elements")]


def test_schema_is_the_newest_dialect_at_its_own_address(klarpris, schema):
    """
    The list names the schema, and the schema names itself by the same address.
    """
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    assert f"{BASE}schemas/subprocessors-1.json" == schema["$id"] == klarpris["$schema"]


def test_list_stands_at_both_places():
    """
    The list beside the pages and the one that programs look for are the same.
    """
    files = built("klarpris", "en").files

    assert files["subprocessors.json"] == files[".well-known/subprocessors.json"]
    assert files["subprocessors.json"].endswith(b"}\n")


def test_klarpris_has_16_rows_and_49_elements(klarpris):
    """
    The 16 rows of the page kept by hand, with the 49 elements that it printed.
    """
    rows = {one["id"]: one for one in klarpris["vendors"]}

    assert 16 == len(rows) == len(klarpris["vendors"])
    assert 49 == sum(len(one["elements"]) for one in rows.values())
    assert [] == rows["e-conomic"]["elements"]
    assert [] == rows["e-conomic"]["incidental_elements"]
    assert "e-conomic" == rows["e-conomic"]["name"]


def test_rows_refer_only_to_what_the_list_explains(klarpris):
    """
    Each element and each purpose of a row has an entry with labels.
    """
    rows = klarpris["vendors"]
    named = {one for row in rows for one in (*row["elements"], *row["incidental_elements"])}

    assert named <= set(klarpris["elements"])
    assert {one for row in rows for one in row["purposes"]} <= set(klarpris["purposes"])


def test_labels_are_in_every_language(klarpris):
    """
    The list speaks six languages whatever the pages do.
    """
    label = klarpris["elements"]["person.email"]["label"]

    assert {"sv", "da", "nb", "en", "de", "fi"} == set(label)
    assert "E-postadress" == label["sv"]


def test_page_of_a_row_is_where_it_says(klarpris):
    """
    The address of a vendor's page is complete and leads to a page of the site.
    """
    files = built("klarpris", "en").files

    assert [] == [
        one["page"]
        for one in klarpris["vendors"]
        if not one["page"].startswith(BASE) or one["page"].removeprefix(BASE) not in files
    ]


def test_list_can_be_read_back():
    """
    Decoding and encoding gives the same bytes: nothing is lost between the two.
    """
    content = built("klarpris", "en").files["subprocessors.json"]
    rows = msgspec.json.decode(content, type=export.SubProcessors)

    written = export.listing(spoken(example("klarpris"), "en"), UPDATED, BASE)

    assert written == rows
    assert content == export.encoded(rows)


def test_unknown_fact_is_null_with_its_date():
    """
    What is not known is null, never verified, and says by when it will be known.
    """
    assert {
        "value": None,
        "verified": False,
        "source": None,
        "as_of": None,
        "to_be_known_by": "2027-06-30",
    } == listing(unknown(VENDOR, "start"))["vendors"][0]["start"]


@pytest.mark.parametrize(
    ("basis", "verified"),
    [
        ("own", True),
        ("agreement", True),
        ("vendor-page", True),
        ("third-party", False),
        ("inferred", False),
        ("memory", False),
        ("not-found", False),
    ],
)
def test_fact_is_verified_by_its_source(basis, verified):
    """
    R12: only a vendor's own word, a paper or our own records verify a fact.
    """
    sources = f"sources: {{own: {{what: told, as_of: 2026-10, basis: {basis}}}}}"
    row = listing(line(VENDOR, "sources: ", sources))["vendors"][0]

    assert {
        "value": "Postdesk ApS",
        "verified": verified,
        "source": "told",
        "as_of": "2026-10",
        "to_be_known_by": None,
    } == row["entity"]["name"]


def test_incidental_data_are_kept_apart():
    """
    What can only be written in is not in the list of elements.
    """
    row = listing(line(VENDOR, "declaration:", "declaration: incidental"))["vendors"][0]

    assert [] == row["elements"]
    assert ["person.name", "person.email"] == row["incidental_elements"]


def test_contact_is_an_address_to_write_to():
    """
    A contact is its e-mail address; names of persons stay out of the list for machines.
    """
    contact = "contact: {value: {name: A. Jensen, email: privacy@f.example}, source: own}"
    found = listing(line(COMPANY, "contact: ", contact))

    assert "privacy@f.example" == found["company"]["contact"]["value"]
    assert "Jensen" not in json.dumps(found)


def test_transfers_name_country_ground_and_check():
    """
    R83: to which country, on which ground, and when that was looked at.
    """
    transfer = "transfers: [{to: US, mechanism: dpf, source: own, checked: 2026-10-02}]\n"

    assert [{"to": "US", "mechanism": "dpf", "verified": True, "checked": "2026-10-02"}] == listing(
        add(VENDOR, transfer)
    )["vendors"][0]["transfers"]


def test_without_an_address_links_are_relative():
    """
    A company that has not said where the site will lie gets links inside it.
    """
    found = listing()

    assert "schemas/subprocessors-1.json" == found["$schema"]
    assert "en/vendors/postdesk.html" == found["vendors"][0]["page"]


def test_address_gets_its_closing_slash():
    """
    A base address without a closing slash means the same.
    """
    address = add(COMPANY, "look: {base_address: 'https://f.example/list'}\n")
    found = listing(address)

    assert "https://f.example/list/en/vendors/postdesk.html" == found["vendors"][0]["page"]
    assert date.fromisoformat(found["updated"]) == UPDATED

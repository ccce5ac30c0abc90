import pytest
from hypothesis import given, settings

from klarsyn.publication.pages import matrix
from tests.publication.sites import LANGUAGES, example, rendered, spoken
from tests.register.builders import ELEMENTS, VENDOR, register, swap
from tests.strategies import declared_registers

KINDS = {
    "delivered": "we send it",
    "generated-at-vendor": "it arises at the vendor",
    "entered-by-staff": "our staff write it there",
    "held-by-us-at-the-host": "we keep it ourselves, at this host",
    "incidental": "can be written in, normally none",
}

SECOND = swap(
    VENDOR,
    "entity:\n  name",
    """\
  - purpose: hosting
    role: {value: processor, source: own}
    declaration: listed
    access: {value: true, source: own}
    storage: {value: true, source: own}
    retention: {period: {value: P2Y, source: own}}
    elements:
      - {element: person.name, direction: generated-at-vendor}
entity:
  name""",
)


def cells(page):
    """Return what stands in each cell, by vendor's name and element's label."""
    table = page.root.one("table", class_="matrix")
    heads = [one.text for one in table.one("thead").every("th")][2:]
    found: dict[tuple[str, str], str] = {}
    for row in table.one("tbody").every("tr"):
        words = [one.text for one in row.every("td")][1:]
        assert len(heads) == len(words)
        found |= {(row.one("th").text, head): word for head, word in zip(heads, words, strict=True)}
    return {place: word for place, word in found.items() if word}


def counts(page):
    """Return the number in each row and in each column."""
    table = page.root.one("table", class_="matrix")
    rows = {row.one("th").text: row.every("td")[0].text for row in table.one("tbody").every("tr")}
    heads = [one.text for one in table.one("thead").every("th")][2:]
    foot = [one.text for one in table.one("tfoot").every("td")][1:]
    return rows, dict(zip(heads, foot, strict=True))


def declared(whole):
    """Return the kinds of each vendor and element, read from the register by hand."""
    found: dict[tuple[str, str], set[str]] = {}
    for vendor in whole.vendors.values():
        for processing in vendor.processing:
            for held in processing.elements:
                incidental = processing.declaration == "incidental"
                kind = "incidental" if incidental else held.direction
                for one in (held.element, *held.includes):
                    if whole.elements[one].sensitivity != "secret":
                        place = vendor.name, whole.elements[one].label["en"]
                        found.setdefault(place, set()).add(KINDS[kind])
    return found


@settings(max_examples=25)
@given(declared_registers())
def test_matrix_says_what_the_register_declares(whole):
    """
    A cell for each vendor and element that is declared, in the words of each way; no other.
    """
    expected = declared(whole)
    found = rendered(matrix, whole)
    told = cells(found["en/matrix.html"]) if found else {}

    assert expected == {place: set(words.split("; ")) for place, words in told.items()}


@settings(max_examples=25)
@given(declared_registers())
def test_counts_are_those_of_the_register(whole):
    """
    Each row counts the vendor's elements, each column the element's vendors, and no column is 0.
    """
    expected = declared(whole)
    found = rendered(matrix, whole)
    if not found:
        assert {} == expected
        return
    rows, columns = counts(found["en/matrix.html"])
    labels = {label for _, label in expected}

    assert rows == {
        vendor.name: str(sum(name == vendor.name for name, _ in expected))
        for vendor in whole.vendors.values()
    }
    assert columns == {one: str(sum(label == one for _, label in expected)) for one in labels}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_head_says_what_it_heads(language):
    """
    Each th has its scope, and the table a caption that names its region.
    """
    (page,) = rendered(matrix, example("klarpris"), language).values()
    table = page.root.one("table")
    region = page.root.one("div", role="region")

    assert 2 + 20 + 16 + 1 == len(table.every("th"))
    assert {"col"} == {one.attributes["scope"] for one in table.one("thead").every("th")}
    assert {"row"} == {one.attributes["scope"] for one in table.one("tbody").every("th")}
    assert region.attributes["aria-labelledby"] == table.one("caption").attributes["id"]
    assert "0" == region.attributes["tabindex"]


def test_sign_is_that_of_the_first_way_and_the_words_are_of_all():
    """
    What is sent for one purpose and arises there for another shows one sign and says both.
    """
    page = rendered(matrix, register(SECOND))["en/matrix.html"]
    cell = page.root.one("tbody").every("tr")[0].every("td")[1]

    assert "sent" == cell.attributes["class"]
    assert "we send it; it arises at the vendor" == cell.text


def test_legend_explains_every_sign_and_no_other():
    """
    Nordlys uses all five, the small register two.
    """
    for whole, expected in (
        (spoken(example("nordlys"), "en"), {"sent", "written", "arises", "kept", "maybe"}),
        (register(), {"sent", "kept"}),
    ):
        root = rendered(matrix, whole)["en/matrix.html"].root
        legend = root.one("ul", class_="legend").every("li")
        filled = [one for one in root.one("tbody").every("td") if one.every("span")]

        assert expected == {one.attributes["class"] for one in filled}
        assert expected == {one.attributes["class"] for one in legend if one.attributes}


def test_secret_has_no_column():
    """
    R11: a secret is told below the table, never in it.
    """
    secret = swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")
    page = rendered(matrix, register(secret))["en/matrix.html"]

    assert "Order score" not in page.root.one("table").text
    assert "Vault: Order score: never shared" in page.root.one("p", class_="note").text

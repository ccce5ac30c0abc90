"""G4. A fact that is not verified is never printed without its mark."""

import json

import pytest

from klarsyn.publication import build
from klarsyn.publication.papers import Choice, Commission, make
from klarsyn.publication.papers.document import lines_of
from tests.publication.sites import DAY, edition, read, small
from tests.register.builders import COMPANY, OWN, PURPOSES, VENDOR, add, register, swap

HEARSAY = OWN.replace("basis: own", "basis: memory")
ALL = [swap(file, OWN, HEARSAY) for file in (COMPANY, PURPOSES, VENDOR)]
MEASURES = "dpv:hasTechnicalOrganisationalMeasure"  # declared, no facts
#: Said of the company without a fact: its own declaration.
DECLARED = {"Data protection officer"}


def is_marked(element):
    """Tell whether something is printed as not verified, or as not yet known."""
    return bool(
        element.every("span", class_="unverified") or element.every("span", class_="unknown")
    )


def test_every_fact_of_a_vendor_bears_the_mark():
    """
    All sources of a vendor and its purposes are memory: nothing on its page is printed plainly.
    """
    page = read(small(*ALL)["en/vendors/postdesk.html"]).root
    measures = page.one("section", aria_labelledby="measures").facts()  # declared, no facts
    facts = {word: fact for word, fact in page.facts().items() if word not in measures}

    assert len(facts) > 10
    assert [] == [word for word, fact in facts.items() if not is_marked(fact)]


def test_every_fact_on_the_overview_bears_the_mark():
    """
    The row of the vendor, its role too, and what is said of the company.
    """
    overview = read(small(*ALL)["en/index.html"]).root
    row = overview.one("tr", id="postdesk")
    about = overview.one("section").facts()
    roles = [cell for cell in row.every("td") if cell.every("span", class_="role")]

    assert [] == [word for word, fact in row.facts().items() if not is_marked(fact)]
    assert [True] == [is_marked(cell) for cell in roles]
    assert DECLARED == {word for word, fact in about.items() if not is_marked(fact)}


def test_list_for_machines_says_which_facts_are_verified():
    """
    Each fact of such a vendor says `verified: false`.
    """
    listing = json.loads(build(edition(register(*ALL))).files["subprocessors.json"])
    (vendor,) = [one for one in listing["vendors"] if "postdesk" == one["id"]]

    assert {False} == set(verifications(vendor))
    assert {False} == set(verifications(listing["company"]))


ANNEX_III = (
    "This annex must be completed for Modules Two and Three, in case of the specific "
    "authorisation of sub-processors (Clause 9(a), Option 1)."
)
ANNEX_IV = (
    "This annex needs to be completed in case of specific authorisation of sub-processors "
    "(Clause 7.7(a), Option 1)."
)
#: What a paper says of its own, or of what the company declares without a source.
ON_PAPER = {
    "scc-2021-914": {
        "The law asks for none.",
        "Customer support",
        "Name and E-mail address",
        "None.",
        "TLS 1.3.",
        "Nature of the processing: as stated above",
        "Identify the competent supervisory authority/ies in accordance with Clause 13",
        ANNEX_III,
    },
    "scc-2021-915": {
        "The law asks for none.",
        "Customer support",
        "Name and E-mail address",
        "None.",
        "TLS 1.3.",
        "as annex IV describes it for each sub-processor",
        ANNEX_IV,
    },
}


@pytest.mark.parametrize("name", ON_PAPER)
def test_every_fact_on_a_paper_bears_the_mark(name):
    """
    Memory alone: parties, transfer, description and assistance are all marked, or not yet known.
    """
    transfer = "transfers: [{to: US, mechanism: scc, source: own, module: c2p}]\n"
    order = Commission(register(*ALL, add(VENDOR, transfer)), "en", DAY)
    lines = list(lines_of(make(order, Choice(name, "postdesk")).blocks))

    assert 10 < sum(one.state == "unverified" for one in lines)
    assert ON_PAPER[name] == {one.text for one in lines if one.state == "known"}


def test_page_of_a_data_element_marks_every_fact_of_its_holder():
    """
    Role, countries and period of such a vendor bear the mark on the page of each element.
    """
    found = read(small(*ALL)["en/data/person.name.html"]).root
    (row,) = [one for one in found.one("tbody").every("tr") if "Postdesk" in one.one("th").text]
    cells = {one.attributes["data-label"]: one for one in row.every("td")}

    assert all(is_marked(cells[one]) for one in ("Purpose", "Kept for"))
    assert [] == [word for word, fact in cells["Where"].facts().items() if not is_marked(fact)]


def test_files_for_machines_do_not_state_what_is_not_verified():
    """
    JSON-LD leaves such facts out; CSV names them in each row.
    """
    files = build(edition(register(*ALL))).files
    graph = json.loads(files["subprocessors.jsonld"])["@graph"]
    (vendor,) = [one for one in graph if "#vendor-postdesk" == one["@id"]]
    rows = files["subprocessors.csv"].decode().splitlines()

    assert {"@id", "@type", "schema:name", MEASURES} == set(vendor)
    assert ["dpv:Recipient"] == vendor["@type"]
    assert all("role entity entity_country" in one for one in rows if one.startswith("postdesk"))


def verifications(value):
    """Yield what every fact at and below a value says of itself."""
    if isinstance(value, dict):
        if "verified" in value:
            yield value["verified"]
        for one in value.values():
            yield from verifications(one)
    elif isinstance(value, list):
        for one in value:
            yield from verifications(one)

import pytest
from hypothesis import given, settings

from klarsyn.publication.pages import data
from tests.publication.sites import LANGUAGES, example, rendered, spoken
from tests.register.builders import ELEMENTS, HOST, VENDOR, add, line, register, swap, unknown
from tests.strategies import declared_registers

SECRET = swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")
NOBODY = add(
    ELEMENTS,
    """\
  person.phone:
    label: {en: Phone number}
    explanation: {en: Where we call back.}
    about: person
    origin: collected
    dpv: {terms: ["pd:TelephoneNumber"], match: exact}
    fideslang: {terms: [user.contact.phone_number], match: close}
""",
)
HEARSAY = line(VENDOR, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")


def page(element, *edits):
    """Return the page of an element of the small register after some edits."""
    return rendered(data, register(*edits))[f"en/data/{element}.html"].root


def holders(root):
    """Return the vendors in the table of who has it, once for each row."""
    return [row.one("th").every("a")[0].text for row in root.one("tbody").every("tr")]


def index(root):
    """Return element and number of vendors of each row of the list."""
    return {row.one("th").text: row.every("td")[-1].text for row in root.one("tbody").every("tr")}


def test_page_tells_who_has_it_what_for_and_how_it_gets_there():
    """
    The question a customer asks, in one row: vendor, purpose, way, country, period.
    """
    row = page("person.name").one("tbody").every("tr")[0]
    words = {cell.attributes["data-label"]: cell.text for cell in row.every("td")}

    assert "Postdesk" == row.one("th").text
    assert {
        "Purpose": "Customer supportprocessor",
        "How it gets there": "we send it",
        "Kept for": "2 years",
    } == {head: words[head] for head in ("Purpose", "How it gets there", "Kept for")}
    assert "Country of storageGermany" in words["Where"]


@settings(max_examples=15)
@given(declared_registers())
def test_pages_list_every_holder_and_no_other(whole):
    """
    For each element the vendors that the register declares, once for each purpose.
    """
    found = rendered(data, whole)
    listed = index(found.pop("en/data/index.html").root)
    for one, element in whole.elements.items():
        expected = [
            vendor.name
            for vendor in whole.vendors.values()
            for processing in vendor.processing
            for held in processing.elements
            for name in (held.element, *held.includes)
            if name == one
        ]
        root = found[f"en/data/{one}.html"].root
        tables = root.every("table")
        if element.sensitivity == "secret":
            assert [] == tables
            assert element.label["en"] not in listed
            continue
        assert expected == (holders(root) if tables else [])
        assert str(len(set(expected)) or "none") == listed[element.label["en"]]


def test_element_that_nobody_has_says_so():
    """
    That no vendor has the telephone number is an answer too.
    """
    root = page("person.phone", NOBODY)

    assert [] == root.every("table")
    assert "No vendor is declared to have it." in root.one("section", aria_labelledby="who").text
    listed = rendered(data, register(NOBODY))["en/data/index.html"].root
    assert "none" == index(listed)["Phone number"]


def test_page_tells_what_it_is():
    """
    R3, R18: whose it is, where it is from, its explanation, its terms and how well they fit.
    """
    root = page("person.phone", NOBODY)
    facts = root.one("section", aria_labelledby="what").facts()
    terms = root.one("section", aria_labelledby="terms").facts()

    assert "Where we call back." == root.one("p", class_="lead").text
    assert "a person" == facts["About"].text
    assert "had from others" == facts["Origin"].text
    assert "not yet known" == facts["From whom"].text
    assert "pd:TelephoneNumber (exact)" == terms["Data Privacy Vocabulary"].text
    assert "user.contact.phone_number (close)" == terms["Fideslang"].text


def test_score_leads_to_its_card():
    """
    R46: who asks about a score finds how it is made.
    """
    root = page("order.score")

    assert ["../scores/order-score.html"] == [
        one.attributes["href"] for one in root.one("section", aria_labelledby="what").every("a")
    ]
    assert "calculated score (profiling)" in root.one("section", aria_labelledby="what").text


def test_secret_is_never_printed_as_shared():
    """
    R11: its page says that it is never shared, and has no table of who has it.
    """
    root = page("order.score", SECRET)

    assert [] == root.every("table")
    assert "It is never shared with any vendor." in root.one("main").text
    assert "never shared" in root.one("p", class_="note").text
    assert "Vault" == root.one("p", class_="note").every("a")[0].text


def test_unverified_facts_bear_the_mark():
    """
    R12: role, countries and period of a vendor known from memory only are marked.
    """
    row = page("person.name", HEARSAY).one("tbody").every("tr")[0]

    assert 5 == len(row.every("span", class_="unverified"))


def test_country_that_is_not_known_is_said_to_be_so():
    """
    An empty cell would look like an answer.
    """
    gaps = [
        line(VENDOR, "storage: {value: [", "storage: {not_yet_known_until: 2027-06-30}"),
        line(VENDOR, "access: {value: [", "access: {not_yet_known_until: 2027-06-30}"),
        unknown(VENDOR, "country"),
    ]
    row = page("person.name", *gaps).one("tbody").every("tr")[0]

    assert ["not yet known"] == [one.text for one in row.every("span", class_="unknown")]


def test_ways_name_the_vendors_they_lead_to():
    """
    From us to Postdesk, kept by us at Vault, and passed on by Vault to Postdesk.
    """
    conduit = line(HOST, "is_source: true", "conduit_for: {value: [postdesk], source: own}")
    ways = page("person.name", conduit).one("section", aria_labelledby="ways").facts()

    assert {
        "sent by us": "Postdesk",
        "kept there by ourselves": "Vault",
        "passed on by Vault": "Postdesk",
    } == {way: vendors.text for way, vendors in ways.items()}


def test_vendor_no_longer_used_is_marked_and_gets_nothing_more():
    """
    What an ended vendor had is told; nothing is said to be sent there.
    """
    root = rendered(data, spoken(example("nordlys"), "en"))["en/data/person.name.html"].root
    row = root.one("tbody").every("tr")[0]

    assert "Antwortfach" in row.one("th").text
    assert "no longer used" == row.one("th").one("span").text
    assert "Antwortfach" not in root.one("section", aria_labelledby="ways").text


def test_part_of_a_group_is_found_under_its_own_name():
    """
    Nordlys: the telephone number stands at Snakkebord as part of the contact details.
    """
    root = rendered(data, spoken(example("nordlys"), "en"))["en/data/person.phone.html"].root

    assert ["Skerryvault", "Snakkebord"] == holders(root)
    assert "as part of: Contact details" in root.one("tbody").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_leads_to_every_page(language):
    """
    Each element of KlarPris is one link in the list, secrets below it.
    """
    found = rendered(data, example("klarpris"), language)
    root = found.pop(f"{language}/data/index.html").root
    links = [one.attributes["href"] for one in root.one("main").every("a")][1:]

    assert sorted(f"{language}/data/{one}" for one in links) == sorted(found)
    assert "account.password.html" == root.one("section").one("a").attributes["href"]

"""
The picture of data flows tells what the words tell, and both tell what the register says.

Three independent readings are compared: the register by hand, the lines of the SVG, the sentences.
"""

import re

import pytest
from hypothesis import given, settings

from klarsyn.language import joined
from klarsyn.publication.pages import flows
from tests.publication.sites import DAY, LANGUAGES, example, rendered, spoken
from tests.register.builders import ELEMENTS, HOST, VENDOR, add, line, register, swap
from tests.strategies import declared_registers

WAYS = {
    "sent by us": "delivered",
    "written in by our staff": "entered-by-staff",
    "arising at the vendor": "generated-at-vendor",
    "kept there by ourselves": "held-by-us-at-the-host",
}
SENTENCE = re.compile(r"(\d+) data elements?, (.+?)( \(normally none\))?( \(not verified\))?: (.+)")


def declared(whole):
    """Return from, to, way, style and labels of each flow, read from the register by hand."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for one, vendor in whole.vendors.items():
        if vendor.is_over(DAY):
            continue
        for processing in vendor.processing:
            for held in processing.elements:
                source = one if held.direction == "generated-at-vendor" else ""
                style = "incidental" if processing.declaration == "incidental" else "listed"
                for element in (held.element, *held.includes):
                    if whole.elements[element].sensitivity != "secret":
                        flow = (source, one, held.direction, style)
                        found.setdefault(flow, {})[whole.elements[element].label["en"]] = None
    targets = {to for _, to, _, _ in found}
    return [(*flow, list(labels)) for flow, labels in found.items()] + [
        one for one in passed(whole) if {one[0], one[1]} <= targets
    ]


def passed(whole):
    """Return what vendors pass on: what the conduit has and the target gets delivered."""
    for one, vendor in whole.vendors.items():
        for processing in vendor.processing:
            fact = processing.conduit_for
            carried = {e for held in processing.elements for e in (held.element, *held.includes)}
            for target in fact.value if fact else ():
                labels = {
                    whole.elements[element].label["en"]: None
                    for other in whole.vendors[target].processing
                    for held in other.elements
                    for element in (held.element, *held.includes)
                    if held.direction == "delivered"
                    and element in carried
                    and whole.elements[element].sensitivity != "secret"
                }
                if labels:
                    yield one, target, "passed-on", "listed", list(labels)


def drawn(page):
    """Return from, to, way, style and number of each line of the picture."""
    picture = page.root.one("svg", class_="picture")
    found = []
    for group in (one for one in picture.every("g") if "data-to" in one.attributes):
        kind, way, style, *_ = group.attributes["class"].split()
        assert "flow" == kind
        ends = group.attributes["data-from"], group.attributes["data-to"]
        found.append((*ends, way, style, int(group.one("text").text)))
    return found


def told(page):
    """Return from, to, way, style, number and labels of each sentence below the picture."""
    ids = {}
    sentences = []
    for vendor in (one for lists in page.root.every("ul", class_="flows") for one in items(lists)):
        target = vendor.every("a")[0]
        one = target.attributes["href"].removeprefix("vendors/").removesuffix(".html")
        ids[target.text] = one
        sentences += [(one, each.text) for each in items(vendor.one("ul"))]
    found = []
    for target, sentence in sentences:
        match = SENTENCE.fullmatch(sentence)
        assert match, sentence
        number, way, rarely, _, labels = match.groups()
        source = target if way == "arising at the vendor" else ""
        if way.startswith("passed on by "):
            source = ids[way.removeprefix("passed on by ")]
        kind = WAYS.get(way, "passed-on")
        found.append(
            (source, target, kind, "incidental" if rarely else "listed", int(number), labels)
        )
    return found


def items(element):
    """Return the items of a list, not those of lists inside."""
    return [one for one in element.inside if not isinstance(one, str)]


def compare(whole):
    """Compare register, picture and words."""
    (page,) = rendered(flows, whole).values()
    expected = sorted((*one[:4], len(one[4]), joined(one[4], "en")) for one in declared(whole))

    assert [one[:5] for one in expected] == sorted(drawn(page))
    assert expected == sorted(told(page))


@pytest.mark.parametrize("name", ["klarpris", "nordlys"])
def test_picture_and_words_tell_what_the_register_says(name):
    """
    Every flow: from whom, to whom, which way, how often and how many data elements.
    """
    compare(spoken(example(name), "en"))


@settings(max_examples=25)
@given(declared_registers())
def test_picture_and_words_agree_for_any_register(whole):
    """
    Whatever is declared, the three readings are the same.
    """
    if rendered(flows, whole):
        compare(whole)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_agree_with_the_picture_in_every_language(language):
    """
    KlarPris: as many sentences as lines, in the same order of numbers, for each vendor.
    """
    (page,) = rendered(flows, example("klarpris"), language).values()
    lines = sorted((to, way, style, count) for _, to, way, style, count in drawn(page))
    sentences = sorted(
        (vendor.attributes["id"], *one.attributes["class"].split()[:2], int(one.text.split()[0]))
        for lists in page.root.every("ul", class_="flows")
        for vendor in items(lists)
        for one in items(vendor.one("ul"))
    )

    assert 17 == len(lines)
    assert lines == sentences


def test_picture_is_named_and_described():
    """
    The picture's name and description stand on the page, and the description points to the words.
    """
    (page,) = rendered(flows, spoken(example("nordlys"), "en")).values()
    picture = page.root.one("svg", class_="picture")
    by_id = {one.attributes["id"]: one.text for one in page.root.walk() if "id" in one.attributes}

    assert "img" == picture.attributes["role"]
    assert "Picture of the data flows" == by_id[picture.attributes["aria-labelledby"]]
    assert (
        "7 vendors, 12 flows. Everything in it stands in words beside or below it."
        == by_id[picture.attributes["aria-describedby"]]
    )


def test_every_word_of_the_picture_stands_below_it():
    """
    Names, countries and titles in the picture are those of the list.
    """
    (page,) = rendered(flows, spoken(example("nordlys"), "en")).values()
    whole = page.root.one("div", class_="told").text
    lines = page.root.one("svg", class_="picture").every("text")
    words = [one.text for one in lines if one.attributes["class"] in {"name", "place", "group"}]

    assert 20 < len(words)
    assert "Nordlys" == words.pop(0)
    assert [] == [one for one in words if one not in whole]


def test_vendor_without_data_is_told_and_not_drawn():
    """
    "None" is said in words, with what it is: proved or a claim.
    """
    (page,) = rendered(flows, spoken(example("klarpris"), "en")).values()
    still = page.root.one("section", aria_labelledby="still")

    assert ["e-conomic", "Hotjar", "Signifly"] == [one.text for one in still.every("a")]
    assert all("a claim not yet proved" in one.text for one in still.every("li"))


def test_secret_is_not_drawn():
    """
    R11: a secret is told in a sentence, never as a flow.
    """
    secret = swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")
    (page,) = rendered(flows, register(secret)).values()

    assert [("", "vault", "held-by-us-at-the-host", "listed", 2)] == [
        one for one in drawn(page) if one[1] == "vault"
    ]
    assert "never shared" in page.root.one("p", class_="note").text


def test_unverified_conduit_bears_the_mark():
    """
    R12: what is only inferred is told as not verified.
    """
    hearsay = line(HOST, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")
    conduit = line(HOST, "is_source: true", "conduit_for: {value: [postdesk], source: own}")
    (page,) = rendered(flows, register(hearsay, conduit)).values()
    sentences = [one.text for one in page.root.every("li", class_="passed-on listed doubtful")]

    assert [
        "2 data elements, passed on by Vault (not verified): Name and E-mail address"
    ] == sentences
    assert "passed on by another vendor (not verified)" in page.root.one("ul", class_="legend").text
    assert 1 == len(page.root.every("g", class_="flow passed-on listed doubtful"))


def test_register_without_data_has_no_picture():
    """
    Where nothing flows there is no page, and no link to one.
    """
    elements = "    elements:\n      - {element: person.name, direction: delivered}\n"
    more = "      - {element: person.email, direction: delivered}\n"
    ended = [
        swap(VENDOR, elements + more, ""),
        line(VENDOR, "declaration: ", "declaration: none"),
        swap(HOST, elements.replace("delivered", "held-by-us-at-the-host"), ""),
        line(HOST, "- {element: person.email"),
        line(HOST, "- {element: order.score"),
        line(HOST, "declaration: ", "declaration: none"),
        add(HOST, ""),
    ]

    assert {} == rendered(flows, register(*ended))

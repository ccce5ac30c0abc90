import pytest

from klarsyn.errors import RegisterError
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    OWN,
    PURPOSES,
    SCORE,
    VENDOR,
    Edit,
    add,
    after,
    edited,
    line,
    load,
    register,
    swap,
)

ROW_OF_EMAIL = "- {element: person.email, direction: delivered"
TWO_LANGUAGES = line(COMPANY, "languages:", "languages: [en, sv]")


def refused(*edits: Edit) -> list[str]:
    """Return what the loading refuses, as `file: beginning of the line: what: remedy`."""
    files = edited(*edits)
    with pytest.raises(RegisterError) as refusal:
        load(files)
    told = []
    for problem in refusal.value.problems:
        assert problem.file.startswith("register/")
        name = problem.file.removeprefix("register/")
        text = files[name].splitlines()[problem.line - 1].strip()
        told.append(f"{name}: {text.split(':')[0]}: {problem.what}: {problem.remedy}")
    return told


ROWS = {
    "a text without one of the languages (R16)": (
        (TWO_LANGUAGES, line(COMPANY, "title:", "title: {en: Processors, sv: Biträden}")),
        f"{COMPANY}: introduction",
        "the text lacks sv",
    ),
    "a source that the file does not name": (
        (line(VENDOR, "risk:", "risk: {value: low, source: owm}"),),
        f"{VENDOR}: risk",
        "the source 'owm' is not in the register: did you mean 'own'?",
    ),
    "a source of a score card": (
        (line(SCORE, "period:", "period: {value: P1Y, source: invented}"),),
        f"{SCORE}: period",
        "the source 'invented' is not in the register: add it, or name another",
    ),
    "a time zone that does not exist": (
        (line(COMPANY, "timezone:", "timezone: Europe/Esbjerg"),),
        f"{COMPANY}: timezone",
        "'Europe/Esbjerg' is no time zone",
    ),
    "a language twice": (
        (line(COMPANY, "languages:", "languages: [en, en]"),),
        f"{COMPANY}: languages",
        "a language stands here twice",
    ),
    "an unreviewed language that is not published": (
        (add(COMPANY, "not_reviewed: [fi]\n"),),
        f"{COMPANY}: not_reviewed",
        "fi is not published",
    ),
    "a finding to publish that no rule makes": (
        (add(COMPANY, "publish_findings: [role-mising]\n"),),
        f"{COMPANY}: publish_findings",
        "'role-mising' is not in the register: did you mean 'role-missing'?",
    ),
    "a category of people that is not declared (R57)": (
        (
            swap(
                PURPOSES,
                "[customers], source: own}\n  hosting",
                "[customer], source: own}\n  hosting",
            ),
        ),
        f"{PURPOSES}: data_subjects",
        "the category of people 'customer' is not in the register: did you mean 'customers'?",
    ),
    "a score card that is not there (R5)": (
        (line(ELEMENTS, "score:", "score: order-scores"),),
        f"{ELEMENTS}: order.score",
        "the score card 'order-scores' is not in the register: did you mean 'order-score'?",
    ),
    "profiling without a score card (R5, R44)": (
        (line(ELEMENTS, "score:"),),
        f"{ELEMENTS}: order.score",
        "'order.score' is profiling and names no score card",
    ),
    "a card that its element does not name (R5)": (
        (line(ELEMENTS, "score:", "score: order-score"), add("scores/other.yaml", edited()[SCORE])),
        "scores/other.yaml: elements",
        "'order.score' does not name this card",
    ),
    "an input of a score that is not declared": (
        (swap(SCORE, "{label: {en: Orders}, ", "{label: {en: Orders}, element: order.sum, "),),
        f"{SCORE}: inputs",
        "the element 'order.sum' is not in the register",
    ),
    "two elements of one label (R16, D04)": (
        (swap(ELEMENTS, "{en: E-mail address}", "{en: NAME}"),),
        f"{ELEMENTS}: label",
        "person.name, person.email",
    ),
    "an end before the start": (
        (add(VENDOR, "end: {value: 2025-01-31, source: own}\n"),),
        f"{VENDOR}: end",
        "the end lies before the start",
    ),
    "a purpose that is not declared (R7)": (
        (line(VENDOR, "- purpose:", "- purpose: suport"),),
        f"{VENDOR}: - purpose",
        "the purpose 'suport' is not in the register: did you mean 'support'?",
    ),
    "none, and elements all the same": (
        (line(VENDOR, "declaration:", "declaration: none"),),
        f"{VENDOR}: - purpose",
        "it declares none, and lists elements",
    ),
    "data, and no element (R8)": (
        (
            line(VENDOR, "elements:"),
            line(VENDOR, "- {element: person.name"),
            line(VENDOR, "- {element: person.email"),
        ),
        f"{VENDOR}: - purpose",
        "it declares data, and lists no element",
    ),
    "a consent purpose that is not declared (R88)": (
        (add(VENDOR, "device_consent: cookies\n"),),
        f"{VENDOR}: device_consent",
        "the purpose 'cookies' is not in the register",
    ),
    "an element that is not declared (R8)": (
        (swap(VENDOR, "element: person.email", "element: person.emial"),),
        f"{VENDOR}: - {{element",
        "the element 'person.emial' is not in the register: did you mean 'person.email'?",
    ),
    "an included element that is not declared (R8)": (
        (swap(VENDOR, ROW_OF_EMAIL, f"{ROW_OF_EMAIL}, includes: [person.age]"),),
        f"{VENDOR}: - {{element",
        "the element 'person.age' is not in the register",
    ),
    "an element twice in one row": (
        (swap(VENDOR, "element: person.email", "element: person.name"),),
        f"{VENDOR}: - {{element",
        "'person.name' is listed twice",
    ),
    "a secret that is delivered (R11)": (
        (after(ELEMENTS, "label: {en: E-mail address}", "    sensitivity: secret\n"),),
        f"{VENDOR}: - {{element",
        "'person.email' is a secret and is declared as delivered",
    ),
    "a definition that the card does not have (D06)": (
        (
            line(
                HOST,
                "- {element: order.score",
                "- {element: order.score, direction: held-by-us-at-the-host, definition: shares}",
            ),
        ),
        f"{HOST}: - {{element",
        "the definition 'shares' is not in the register: did you mean 'share'?",
    ),
    "a definition of what is no score": (
        (swap(VENDOR, ROW_OF_EMAIL, f"{ROW_OF_EMAIL}, definition: share"),),
        f"{VENDOR}: - {{element",
        "the definition 'share' is not in the register: add it, or name another",
    ),
    "a card of an element that is not declared": (
        (line(SCORE, "elements:", "elements: [order.score, order.total]"),),
        f"{SCORE}: elements",
        "the element 'order.total' is not in the register",
    ),
    "a statute that does not exist (R36)": (
        (
            line(
                VENDOR,
                "retention:",
                "retention: {period: {value: P5Y, source: own}, statute: dk-bokkeeping}",
            ),
        ),
        f"{VENDOR}: retention",
        "'dk-bokkeeping' is not in the register: did you mean 'dk-bookkeeping'?",
    ),
    "a conduit to a vendor that is not there (D13)": (
        (after(VENDOR, "declaration:", "    conduit_for: {value: [vualt], source: own}\n"),),
        f"{VENDOR}: conduit_for",
        "the vendor 'vualt' is not in the register: did you mean 'vault'?",
    ),
    "a score shown at a vendor that is not there (R48)": (
        (add(SCORE, "shown_per_person: {value: [postdsk], source: own}\n"),),
        f"{SCORE}: shown_per_person",
        "the vendor 'postdsk' is not in the register: did you mean 'postdesk'?",
    ),
    "a text with no language at all (R16)": (
        (line(COMPANY, "title:", "title: {}"),),
        f"{COMPANY}: title",
        "title",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_contradiction_is_refused(row):
    """
    What files say of each other has to fit; the place and the nearest name are told.
    """
    edits, place, what = row
    told = refused(*edits)

    assert any(one.startswith(place) and what in one for one in told), told


def test_small_register_contradicts_nothing():
    """
    What the rows above spoil is in order without them.
    """
    assert {"postdesk", "vault"} == set(register().vendors)


@pytest.mark.parametrize("file", [COMPANY, PURPOSES, ELEMENTS, SCORE])
def test_each_text_of_each_file_needs_every_language(file):
    """
    R16: a company that publishes in two languages writes every text in both, in every file.
    """
    texts = edited()[file].count("{en: ")
    told = [one for one in refused(TWO_LANGUAGES) if one.startswith(file)]

    assert texts == len(told)


def test_card_is_no_excuse_where_a_second_row_may_list_the_element():
    """
    One element may stand in two rows of a vendor: they are two purposes (R7).
    """
    second = edited()[VENDOR].split("processing:\n")[1].split("entity:")[0]
    twice = after(VENDOR, "processing:", second.replace("support", "hosting"))

    assert 2 == len(register(twice).vendors["postdesk"].processing)


def test_every_contradiction_is_told_at_once():
    """
    One run tells all mistakes, in the order of file and line.
    """
    told = refused(
        line(VENDOR, "risk:", "risk: {value: low, source: nowhere}"),
        line(VENDOR, "- purpose:", "- purpose: selling"),
        line(COMPANY, "timezone:", "timezone: Mars/Olympus"),
        line(HOST, OWN, "sources: {}"),
    )
    files = [one.split(":")[0] for one in told]

    assert sorted(files) == files
    assert {COMPANY, VENDOR, HOST} == set(files)
    assert [COMPANY, VENDOR, VENDOR] == files[:3]

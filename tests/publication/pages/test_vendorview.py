import pytest

from tests.publication.sites import LANGUAGES, built, pages, read, small
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    HOST,
    SCORE,
    VENDOR,
    add,
    after,
    line,
    swap,
    unknown,
)

GAP = "not yet known (to be known by 30 June 2027)"
HEARSAY = "sources: {own: {what: told, as_of: 2026-11-01, basis: memory}}"
OPEN_SCORE = swap(
    SCORE, "confirmed: {value: true, source: own}", "confirmed: {not_yet_known_until: 2027-06-30}"
)
SECOND = after(
    SCORE,
    "confirmed: ",
    "  count:\n    text: {en: The number of orders.}\n    confirmed: "
    "{not_yet_known_until: 2027-06-30}\n",
)
NO_STORAGE = line(VENDOR, "storage: {value: [", "storage: {not_yet_known_until: 2027-06-30}")
NO_ACCESS = line(VENDOR, "access: {value: [", "access: {not_yet_known_until: 2027-06-30}")
SECRET = swap(ELEMENTS, "origin: inferred", "origin: inferred\n    sensitivity: secret")
ENDED = "transfers: [{to: US, mechanism: dpf, source: own, since: 2024-01-01, until: 2025-01-01}]\n"


def overview(*edits):
    """Return the overview of the small register after some edits."""
    return read(small(*edits)["en/index.html"]).root


def page(*edits, vendor="postdesk"):
    """Return a vendor's page after some edits."""
    return read(small(*edits)[f"en/vendors/{vendor}.html"]).root


def rows(root, heading):
    """Return the facts below a heading."""
    return root.one("section", aria_labelledby=heading).facts()


def is_marked(element):
    """Tell whether a fact bears the mark of the unverified."""
    return ["not verified"] == [one.text for one in element.every("span", class_="unverified")]


# What is known, not verified, not known


def test_verified_fact_is_printed_plainly():
    """
    R12: a fact of our own records or a paper has no mark.
    """
    found = page()

    assert "Postdesk ApS" == rows(found, "entity")["Legal entity"].text
    assert [] == found.every("span", class_="unverified")
    assert [] == found.every("span", class_="unknown")


def test_unverified_facts_bear_the_mark():
    """
    R12: a fact from memory is printed with "not verified" beside it, each of them.
    """
    found = page(line(VENDOR, "sources: ", HEARSAY))
    told = {**rows(found, "entity"), **rows(found, "where"), **rows(found, "purpose-1")}
    without_source = {"Legal basis", "Data subjects"}  # of purposes.yaml

    assert "Denmark not verified" == told["Country of access"].text
    assert without_source == {word for word, fact in told.items() if not is_marked(fact)}


def test_unverified_role_bears_the_mark_on_the_overview_too():
    """
    R1, R12: the overview does not print as certain what the vendor's page marks.
    """
    row = overview(line(VENDOR, "sources: ", HEARSAY)).one("tr", id="postdesk")
    role = next(one for one in row.every("td") if one.every("span", class_="role"))

    assert "processor" in role.text
    assert is_marked(role)


def test_authority_that_follows_from_an_unverified_country_is_marked():
    """
    R92: which authority leads follows the country, and is no more certain than it.
    """
    about = rows(overview(line(COMPANY, "sources: ", HEARSAY)), "about")

    assert is_marked(about["Contact"])
    assert is_marked(about["Supervisory authority"])


def test_unknown_fact_says_so_with_its_date():
    """
    An honest gap names the day by which it will be closed.
    """
    found = page(unknown(VENDOR, "start"))

    assert GAP == rows(found, "papers")["In use since"].text
    assert "unknown" == rows(found, "papers")["In use since"].one("span").attributes["class"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_klarpris_marks_what_is_inferred_in_every_language(language):
    """
    Zapier's country is from memory, its address not known until 22 February 2027.
    """
    root = pages(built("klarpris", language))[f"{language}/vendors/zapier.html"].root
    entity = list(rows(root, "entity").values())
    marks = [one.every("span", class_="unverified") for one in entity]

    assert [0, 0, 0, 1] == [len(found) for found in marks]
    assert marks[3][0].text
    assert "22" in entity[1].one("span", class_="unknown").text
    assert "2027" in entity[1].one("span", class_="unknown").text


def test_overview_shows_only_columns_that_are_known():
    """
    A term that is not known for a vendor is left out of its row, not filled with gaps.
    """
    found = overview(NO_STORAGE, unknown(VENDOR, "start")).one("tr", id="postdesk")

    assert ["Legal entity", "Country of the entity", "Country of access"] == list(found.facts())
    assert [] == found.every("span", class_="unknown")


def test_what_is_nowhere_known_is_no_column():
    """
    KlarPris: no role, no start and no country of access is known, and the overview has none.
    """
    root = pages(built("klarpris", "en"))["en/index.html"].root.one("tbody")
    terms = {term.text for term in root.every("dt")}

    assert {"Legal entity", "Country of the entity"} <= terms
    assert set() == terms & {"In use since", "Country of access"}
    assert [] == root.every("span", class_="role")


def test_vendor_of_whom_nothing_is_known_says_so():
    """
    An empty cell would look like an answer.
    """
    name = line(VENDOR, "name: {value", "name: {not_yet_known_until: 2027-06-30}")
    gaps = [unknown(VENDOR, "country"), unknown(VENDOR, "start")]
    found = overview(name, *gaps, NO_STORAGE, NO_ACCESS)

    assert ["not yet known"] == [
        one.text for one in found.one("tr", id="postdesk").every("span", class_="unknown")
    ]


# Data


def test_overview_lists_every_element_that_is_shared():
    """
    What a vendor may have stands in its row by name.
    """
    row = overview().one("tr", id="postdesk")

    assert ["Name", "E-mail address"] == [
        one.text for one in row.one("ul", class_="data").every("li")
    ]


def test_secret_never_stands_in_a_list_of_data():
    """
    R11, D07: a secret is not printed as data that are shared, on any page.
    """
    found = small(SECRET)
    row = read(found["en/index.html"]).root.one("tr", id="vault")
    vault = read(found["en/vendors/vault.html"]).root

    assert "Order score" not in row.text
    assert "Order score" not in vault.one("table").text
    assert ["Order score: never shared."] == [
        one.text.partition(" It stands")[0] for one in vault.every("p", class_="note")
    ]


def test_secret_says_in_which_form_it_is_held():
    """
    R11: where the form is known, it is told.
    """
    start = "- {element: order.score, direction: held-by-us-at-the-host"
    form = line(HOST, start, f"{start}, form: {{value: {{en: a salted hash}}, source: own}}}}")
    note = page(SECRET, form, vendor="vault").one("p", class_="note")

    assert "Order score: never shared; held as a salted hash" == note.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_klarpris_password_is_in_no_list(language):
    """
    D07: the password of the earlier page is a sentence wherever it is told, and no datum.
    """
    found = {path: one.root for path, one in pages(built("klarpris", language)).items()}
    with_notes = [
        path
        for path, root in found.items()
        if root.every("p", class_="note") and not root.every("p", role="note")
    ]
    note = found[f"{language}/vendors/microsoft.html"].every("p", class_="note")[-1].text
    secret = note.partition(":")[0]
    lists = [one for root in found.values() for one in root.every("ul", class_="data")]
    tables = [one for root in found.values() for one in root.every("table", class_="elements")]

    assert len(secret) > 3
    assert not any(secret in [item.text for item in one.every("li")] for one in lists)
    assert not any(secret in [head.text for head in one.every("th")] for one in tables)
    if language not in {"de", "fi"}:
        told = ("data/account.password", "flows", "matrix", "vendors/microsoft")
        assert [f"{language}/{one}.html" for one in told] == with_notes


def test_element_tells_whose_it_is_where_it_is_from_and_how_it_gets_there():
    """
    R3, R18: each element with its subject, its origin and its direction.
    """
    heads = page().one("table", class_="elements").every("tr")
    cells = [[cell.text for cell in row.inside if not isinstance(cell, str)] for row in heads]

    assert ["Data element", "About", "Origin", "How it gets there"] == cells[0]
    assert ["Name", "a person", "given by the person", "we send it"] == cells[1]


def test_score_with_one_confirmed_meaning_prints_that():
    """
    D06: a settled score has one definition.
    """
    score = page(SECOND, vendor="vault").one("ul", class_="definitions")

    assert ["The share of orders that were paid in time."] == [
        one.text for one in score.every("li")
    ]


def test_unsettled_score_prints_both_definitions_as_unconfirmed():
    """
    D06: as long as nobody confirms one, all that are in print stand there with their doubt.
    """
    score = page(OPEN_SCORE, SECOND, vendor="vault").one("ul", class_="definitions")

    assert [
        "The share of orders that were paid in time. (not confirmed)",
        "The number of orders. (not confirmed)",
    ] == [one.text for one in score.every("li")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_klarpris_rating_prints_both_definitions(language):
    """
    D06: share and order statistics were both printed; both are shown, neither as settled.
    """
    root = pages(built("klarpris", language))[f"{language}/vendors/zapier.html"].root
    both = [one.text for one in root.one("ul", class_="definitions").every("li")]

    assert 2 == len(both)
    assert both[0].rpartition("(")[2] == both[1].rpartition("(")[2] != ""


def test_unproved_none_is_called_a_claim():
    """
    R12: "no personal data" without evidence is printed as a claim not yet proved.
    """
    root = pages(built("klarpris", "en"))["en/index.html"].root.one("tr", id="e-conomic")

    assert (
        "No personal data are stored at the vendor: a claim not yet proved."
        == root.one("p", class_="none").text
    )


def test_proved_none_is_a_statement():
    """
    R12: with evidence the claim is a statement.
    """
    root = pages(built("nordlys", "en"))["en/index.html"].root
    told = {one.text for one in root.every("p", class_="none")}

    assert {"No personal data are stored at the vendor."} == told


# Papers and grounds


def test_ground_of_transfer_that_has_ended_is_not_printed_as_one():
    """
    R83: what was a ground until last year is none today.
    """
    found = rows(page(add(VENDOR, ENDED)), "where")
    ground = found.get("Ground of transfer")

    assert ground is None or "2025" in ground.text


def test_page_does_not_contradict_its_own_open_points():
    """
    R82: a page that prints a ground as verified does not say below that there is none.
    """
    root = pages(built("klarpris", "en"))["en/vendors/zapier.html"].root
    ground = rows(root, "where")["Ground of transfer"]
    points = [one.text for one in root.one("section", aria_labelledby="open").every("li")]
    lacking = [one for one in points if "no ground of transfer" in one]

    assert not lacking or is_marked(ground) or ground.every("span", class_="unknown")


def test_missing_agreement_is_printed_as_missing():
    """
    R56: what is missing to an agreement stands where the agreement would.
    """
    found = rows(page(unknown(VENDOR, "plan_used")), "papers")["Data processing agreement"]

    assert "whether the agreement covers the plan in use is not known" == found.text
    assert "unknown" == found.one("span").attributes["class"]


def test_agreement_is_named_by_version_and_day():
    """
    R56: which agreement, and since when.
    """
    found = rows(page(), "papers")["Data processing agreement"]

    assert "version 2.0, signed on 15 January 2025" == found.text


def test_controller_needs_no_agreement():
    """
    R56: with a controller no agreement is due, and none is missed.
    """
    controller = line(VENDOR, "role: ", "role: {value: controller, source: own}")
    found = rows(page(controller, unknown(VENDOR, "plan_used")), "papers")

    assert "none is due" == found["Data processing agreement"].text


def test_addresses_are_links_and_short():
    """
    A web address is a link, printed without its scheme.
    """
    link = rows(page(), "papers")["Its own sub-processors"].one("a")

    assert "https://vendor.example/subprocessors" == link.attributes["href"]
    assert "vendor.example/subprocessors" == link.text


def test_sources_stand_below_with_their_date_and_reach():
    """
    R12: where facts come from, how far it carries and of which day it is.
    """
    sources = page().one("ul", class_="sources").every("li")

    assert ["our own records (our own records, 1 November 2026)"] == [one.text for one in sources]


def test_open_points_of_a_vendor_stand_on_its_page():
    """
    What the company publishes of its findings is on the page of the vendor that it is about.
    """
    published = add(COMPANY, "publish_findings: [risk-missing]\n")
    found = page(published, unknown(VENDOR, "risk"), unknown(HOST, "risk"))

    assert 1 == len(found.one("section", aria_labelledby="open").every("li"))
    assert "Postdesk" in found.one("section", aria_labelledby="open").text


def test_period_and_legal_basis_are_in_words():
    """
    R10, R13: how long and on which ground, as a person would say it.
    """
    found = rows(page(), "purpose-1")

    assert "2 years" == found["Kept for"].text
    assert "contract, Art. 6(1)(b)" == found["Legal basis"].text
    assert "Customers" == found["Data subjects"].text


def test_criterion_stands_in_place_of_a_period():
    """
    R10: where no period can be named, the criterion is.
    """
    kept = "retention: {criterion: {value: {en: As long as the account lives}, source: own}}"
    found = rows(page(line(VENDOR, "retention: ", kept)), "purpose-1")

    assert "As long as the account lives" == found["Kept for"].text

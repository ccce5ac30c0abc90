import pytest

from klarsyn.publication.pages import scores
from klarsyn.publication.voice import Voice
from tests.publication.sites import LANGUAGES, edition, example, rendered, spoken
from tests.register.builders import SCORE, line, register, unknown

HEARSAY = line(SCORE, "sources: ", "sources: {own: {what: told, as_of: 2026, basis: memory}}")


def card(*edits):
    """Return the page of the small register's card after some edits."""
    return rendered(scores, register(*edits))["en/scores/order-score.html"].root


def test_card_says_what_the_law_asks_for():
    """
    R44-R46: method, period, version, who acts, effect, human step, objection, example.
    """
    facts = card().one("section", aria_labelledby="how").facts()

    assert {
        "How it is calculated": "A count.",
        "Over which period": "1 year",
        "Version": "1.10",
        "Who acts on it": "Nobody.",
        "What it leads to": "None.",
        "Where a human decides": "A person looks at every case.",
        "How to object": "Write to us.",
        "An example": "If ten orders were five, the score would be half.",
    } == {word: fact.text for word, fact in facts.items()}


def test_inputs_say_origin_direction_and_weight():
    """
    R46: Nordlys: what goes in, where it is from, which way it moves the score and how much.
    """
    found = rendered(scores, spoken(example("nordlys"), "en"))["en/scores/activity-score.html"]
    rows = found.root.one("tbody").every("tr")

    assert ["Days with a login", "observed in use", "raises it", "40/100"] == [
        one.text for one in rows[0].inside if not isinstance(one, str)
    ]
    assert "../data/account.logins.html" == rows[0].one("a").attributes["href"]


def test_input_without_an_element_or_a_weight_says_so():
    """
    A gap in the card is a gap on the page.
    """
    cells = [one.text for one in card().one("tbody").one("tr").every("td")]

    assert ["not a data element of its own", "raises it", "not yet known"] == cells


@pytest.mark.parametrize(
    "key",
    [
        "inputs",
        "period",
        "method",
        "version",
        "acted_on_by",
        "effect",
        "human_step",
        "objection",
        "example",
    ],
)
def test_gap_is_said_as_not_yet_known(key):
    """
    R46: what the card does not say yet is printed as that, with its date.
    """
    root = card(unknown(SCORE, key))
    gaps = [one.text for one in root.every("span", class_="unknown")]

    assert "not yet known (to be known by 30 June 2027)" in gaps


def test_unverified_card_bears_marks():
    """
    R12: what somebody only remembers of a score is marked, its meaning too.
    """
    root = card(HEARSAY)

    assert ["not confirmed"] == [
        one.text for one in root.one("section", aria_labelledby="meaning").every("span")
    ]
    assert 1 == len(
        root.one("section", aria_labelledby="inputs").every("span", class_="unverified")
    )
    assert 8 == len(root.one("section", aria_labelledby="how").every("span", class_="unverified"))


def test_confirmed_meaning_has_no_mark():
    """
    D06: a settled definition is printed plainly.
    """
    meaning = card().one("section", aria_labelledby="meaning")

    assert ["The share of orders that were paid in time."] == [
        one.text for one in meaning.every("li")
    ]


def test_card_names_the_vendors_that_get_it():
    """
    R45, R48: each vendor with its element, and which may show single persons' scores.
    """
    found = rendered(scores, spoken(example("nordlys"), "en"))["en/scores/activity-score.html"]
    who = found.root.one("section", aria_labelledby="who").every("li")

    assert [
        "Näkymäpaja: Activity score (may show it for single persons)",
        "Skerryvault: Activity score",
    ] == [one.text for one in who]


def test_two_definitions_are_told_by_vendor():
    """
    D06: KlarPris's vendors mean two different things by one score.
    """
    found = rendered(scores, spoken(example("klarpris"), "en"))
    who = found["en/scores/customer-rating.html"].root.one("section", aria_labelledby="who")
    meant = {
        one.every("a")[0].text: one.text.partition("Meant here: ")[2] for one in who.every("li")
    }

    assert "The customer's share, calculated by an algorithm." == meant["ActiveCampaign"]
    assert "The customer's order statistics, determined by an algorithm." == meant["Zapier"]


@pytest.mark.parametrize(
    ("name", "path"), [("klarpris", "scores/index.html"), ("nordlys", "scores/activity-score.html")]
)
def test_navigation_leads_to_the_list_or_to_the_only_card(name, path):
    """
    A list of one would be a detour.
    """
    link = scores.link(edition(example(name)), Voice("en"))

    assert link is not None
    assert path == link.path


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_leads_to_every_card(language):
    """
    KlarPris has three.
    """
    found = rendered(scores, example("klarpris"), language)
    root = found.pop(f"{language}/scores/index.html").root

    assert sorted(found) == sorted(
        f"{language}/scores/{one.attributes['href']}"
        for one in root.one("main").one("ul").every("a")
    )
    assert 3 == len(found)

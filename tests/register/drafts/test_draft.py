import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klarsyn.register.drafts.draft import draft
from klarsyn.register.drafts.draftcompany import Answers, PageFile, languages_of, timezone_of
from klarsyn.register.drafts.handwritten import read_page
from klarsyn.register.facts import Contact, PrintedLabel
from klarsyn.register.loading import assemble
from klarsyn.register.register import Register
from tests.register.drafts.written_pages import MARKUP, TEXTS, vendor_pages

ROOT = Path(__file__).parents[3]
PAGES = Path(__file__).parent / "pages"
KLARPRIS = ROOT / "examples" / "klarpris" / "page.txt"
TODAY = date(2026, 11, 30)


def drafted(path, answers=None):
    """Draft a register from a page, and return the draft and the register."""
    content = path.read_bytes()
    page = read_page(content.decode(), html=path.suffix == ".html", language=None)
    file = PageFile(path.name, hashlib.sha256(content).hexdigest())
    made = draft(answers or Answers(), TODAY, page, file)
    return made, register_of(made)


def register_of(made) -> Register:
    """Return the register that a draft's files hold."""
    return assemble(
        {
            path.removeprefix("register/"): content
            for path, content in made.files.items()
            if path.startswith("register/")
        },
        Path("register"),
    )


@pytest.fixture(scope="module")
def klarpris():
    """A draft from KlarPris's page, and its register."""
    return drafted(KLARPRIS)


@pytest.fixture(scope="module")
def klarpris_page():
    """KlarPris's page as it was read."""
    return read_page(KLARPRIS.read_text(), html=False, language=None)


def points(made):
    """Return the open points in English."""
    return [str(point) for point in made.open_points]


def test_klarpris_becomes_a_register(klarpris):
    """
    Sixteen vendors by their own names and kinds; three hold none, three only at times.
    """
    _, register = klarpris
    kinds = {vendor.name: vendor.kind for vendor in register.vendors.values()}
    claims = Counter(one.processing[0].declaration for one in register.vendors.values())

    assert 16 == len(kinds)
    assert ("e-mail-marketing", "accounting", "crm") == (
        kinds["Mailchimp"],
        kinds["e-conomic"],
        kinds["Pipedrive"],
    )
    assert {"listed": 10, "none": 3, "incidental": 3} == claims
    assert ["sv"] == register.company.languages
    assert "KlarPris" == register.company.name


def test_what_was_printed_is_kept_letter_for_letter(klarpris, klarpris_page):
    """
    Every heading, label, explanation and statement stands in the register as on the page.
    """
    _, register = klarpris
    kept = [
        (
            vendor.printed.heading,
            vendor.printed.purpose,
            vendor.printed.statement,
            [
                (held.printed.label, held.printed.explanation)
                for held in vendor.processing[0].elements
                if held.printed
            ],
        )
        for vendor in register.vendors.values()
    ]
    printed = [
        (one.heading, one.purpose, one.statement, [(e.label, e.explanation) for e in one.elements])
        for one in klarpris_page.vendors
    ]

    assert sorted(printed) == sorted(kept)
    assert 49 == sum(len(row[3]) for row in kept)


def test_page_is_kept_with_its_hash(klarpris):
    """
    The page is named as the source, and what it claims of all vendors is kept.
    """
    printed = klarpris[1].company.printed

    assert hashlib.sha256(KLARPRIS.read_bytes()).hexdigest() == printed.sha256
    assert ("page.txt", "sv", date(2022, 1, 25)) == (
        printed.file,
        printed.language,
        printed.updated,
    )
    assert printed.agreements_for_all
    assert printed.outro.startswith("Alla våra underleverantörer omfattas")


def test_known_words_get_standard_ids_and_one_word_is_one_element(klarpris):
    """
    "E-mail" in nine rows is one element, with the label of the standard table.
    """
    _, register = klarpris
    rows = Counter(use.held.element for use in register.uses())

    assert 9 == rows["person.email"]
    assert {"sv": "E-postadress"} == register.elements["person.email"].label
    assert "secret" == register.elements["account.password"].sensitivity
    assert 4 == rows["rating"]


def test_one_word_explained_differently_is_two_elements_and_a_question(klarpris):
    """
    "Status" is a subscription at Mailchimp and a registration at Zapier (D04).
    """
    made, register = klarpris

    assert {"status.mailchimp", "status.zapier"} <= set(register.elements)
    assert [one for one in points(made) if "'Status'" in one and "Mailchimp, Zapier" in one]
    assert [one for one in points(made) if "'Rating' is explained in 2 ways" in one]


def test_purposes_are_recognised_across_languages_and_misspellings(klarpris):
    """
    NYHETSBREV and NYHEDSBREVE are one purpose; IINTERN KOMMUNIKATION is known too.
    """
    _, register = klarpris
    purpose = {one: vendor.processing[0].purpose for one, vendor in register.vendors.items()}

    assert "newsletter" == purpose["activecampaign"] == purpose["mailchimp"]
    assert "invoicing" == purpose["e-conomic"] == purpose["recurly"] == purpose["reviso"]
    assert "internal_communication" == purpose["slack"]
    assert 11 == len(register.purposes)


def test_what_is_not_known_expires_in_three_months(klarpris):
    """
    From the last day of November it is the last of February.
    """
    vendor = klarpris[1].vendors["slack"]

    assert date(2027, 2, 28) == vendor.agreement.not_yet_known_until
    assert vendor.countries.storage.value is None


def test_secret_is_never_delivered(klarpris):
    """
    A password is held by ourselves at the host, in a form that has to be said.
    """
    held = {one.element: one for one in klarpris[1].vendors["microsoft"].processing[0].elements}

    assert "held-by-us-at-the-host" == held["account.password"].direction
    assert held["account.password"].form


def test_columns_become_facts_with_the_page_as_source():
    """
    Entity, country and mechanism are taken; what has no field stands under remarks.
    """
    _, register = drafted(PAGES / "fjordlys.html")
    sentry = register.vendors["sentry"]

    assert "Functional Software, Inc." == sentry.entity.name.value
    assert (["US"], "page") == (sentry.countries.storage.value, sentry.countries.storage.source)
    assert [("US", "dpf", "scc")] == [(o.to, o.mechanism, o.fallback) for o in sentry.transfers]
    assert ["NO", "FI"] == register.vendors["nordsky-cloud"].countries.storage.value
    assert "Applies to: All customers" in [one.what for one in sentry.remarks]


def test_country_of_which_nobody_says_what_it_means_is_not_verified():
    """
    "Placering: Danmark" may be storage, access or seat: it is marked as our reading.
    """
    made, register = drafted(PAGES / "havblik.html")
    storage = register.vendors["postduen"].countries.storage
    source = register.source("postduen", storage.source)

    assert (["DK"], "inferred") == (storage.value, source.basis)
    assert [one for one in points(made) if "'Placering'" in one]


def test_page_without_a_date_keeps_its_texts_as_a_comment():
    """
    A date is never invented; the block waits for it.
    """
    page = read_page("Acme vendors\n\nHello.\n\nSlack (chat)\n- Name\n", html=False, language="en")

    made = draft(Answers(name="Acme"), TODAY, page, PageFile("page.txt", "0" * 64))

    assert register_of(made).company.printed is None
    assert "#   intro: Hello." in made.files["register/company.yaml"].decode()
    assert "The page bears no date that can be told; write it in company.yaml." in points(made)


def test_words_that_nobody_knows_become_entries_in_the_language_of_the_page():
    """
    An unknown label keeps the page to its own language, and asks what it is.
    """
    answers = Answers(languages=("da", "en"))

    made, register = drafted(PAGES / "havblik.html", answers)

    assert {"da": "Bådens navn"} == register.elements["badens-navn"].label
    assert register.elements["badens-navn"].question
    assert ["da"] == register.company.languages
    assert [one for one in points(made) if one.startswith("en can be published when")]


def test_common_words_are_published_in_every_language_asked_for():
    """
    Where all labels come from the tables, all six languages can be had.
    """
    page = read_page("Slack (chat)\n- Name\n- Telefon\n", html=False, language="en")
    answers = Answers(name="Acme", languages=("sv", "da", "nb", "en", "de", "fi"))

    register = register_of(draft(answers, TODAY, page))

    assert list(answers.languages) == register.company.languages
    assert "Puhelinnumero" == register.elements["person.phone"].label["fi"]
    assert ["de", "fi"] == register.company.not_reviewed


def test_vendor_in_two_rows_is_one_vendor_with_two_purposes():
    """
    Slack for chat and for support is one file.
    """
    text = "Slack (chat)\n- Name\n\nSLACK (support)\n- E-mail\n"

    register = register_of(draft(Answers(), TODAY, read_page(text, html=False, language="en")))

    assert ["slack"] == list(register.vendors)
    assert ["customer_chat", "support"] == [o.purpose for o in register.vendors["slack"].processing]


def test_two_words_for_one_thing_in_a_row_are_one_element():
    """
    First and last name are a name; both words are kept.
    """
    text = "Slack (chat)\n- First name\n- Last name\n"

    made = draft(Answers(), TODAY, read_page(text, html=False, language="en"))
    (held,) = register_of(made).vendors["slack"].processing[0].elements

    assert "person.name" == held.element
    assert PrintedLabel(label="First name, Last name") == held.printed
    assert [one for one in points(made) if "were taken as one thing" in one]


def test_line_that_was_not_understood_is_an_open_point():
    """
    Nothing of the page is dropped in silence.
    """
    text = "Slack (chat)\n- Name\n\n## Your rights\n\nObject by:\n\n- pigeon post\n"

    made = draft(Answers(), TODAY, read_page(text, html=False, language="en"))

    assert "Line 8 was not understood: - pigeon post" in points(made)


def test_answers_alone_make_a_register():
    """
    A few vendors are a beginning; their purposes and data are honest gaps.
    """
    answers = Answers("Åkes Bär", "SE", ("sv", "fi"), ("Mailchimp", "Zörk & Co"), "a@example.org")

    register = register_of(draft(answers, TODAY))

    assert ["mailchimp", "zork-co"] == list(register.vendors)
    assert ("akes-bar", "SE") == (register.company.id, register.company.country.value)
    assert "Europe/Stockholm" == register.company.timezone
    assert Contact(email="a@example.org") == register.company.contact.value
    assert "unstated" == register.vendors["mailchimp"].processing[0].purpose
    assert register.elements["unstated.data"].question


@pytest.mark.parametrize(
    ("country", "zone", "languages"),
    [
        ("DK", "Europe/Copenhagen", ("da", "en")),
        ("FI", "Europe/Helsinki", ("fi", "en")),
        ("GB", "Europe/London", ("en",)),
        ("JP", "UTC", ("en",)),
    ],
)
def test_country_proposes_zone_and_languages(country, zone, languages):
    """
    Where the country tells nothing, nothing is made up.
    """
    assert (zone, languages) == (timezone_of(country, "en"), languages_of(country))


@pytest.mark.parametrize("path", [KLARPRIS, *sorted(PAGES.iterdir())], ids=lambda path: path.name)
def test_draft_is_the_same_every_time(path):
    """
    The same page on the same day makes the same bytes.
    """
    assert drafted(path)[0].files == drafted(path)[0].files


NAMES = st.text(min_size=1, max_size=40).filter(str.strip)
VENDOR_NAMES = st.lists(NAMES, min_size=1, max_size=4).map(tuple)


@given(NAMES, VENDOR_NAMES)
def test_any_answers_make_a_register_that_loads(name, vendors):
    """
    Whatever a company or a vendor is called.
    """
    register = register_of(draft(Answers(name=name, vendors=vendors), TODAY))

    assert 1 <= len(register.vendors) <= len(vendors)


@given(vendor_pages())
def test_draft_of_any_page_with_a_vendor_loads(text):
    """
    Whatever stands on the page, the register made of it is valid.
    """
    page = read_page(text, html=False, language=None)

    register = register_of(draft(Answers(), TODAY, page, PageFile("page.txt", "0" * 64)))

    assert "slack" in register.vendors


@given(st.one_of(TEXTS, MARKUP), st.booleans())
def test_draft_of_any_text_loads(text, html):
    """
    A page without a vendor needs one to be named.
    """
    page = read_page(text, html=html, language="sv")

    made = draft(Answers(vendors=("Zork",)), TODAY, page, PageFile("page.txt", "0" * 64))

    assert "Zork" in {vendor.name for vendor in register_of(made).vendors.values()}


def test_further_columns_are_taken_where_they_fit():
    """
    Contact, dates and addresses of papers are facts; the EU is no country.
    """
    text = """
| Vendor | Purpose | Data | Location | Contact | Start | DPA | Sub-processors |
|---|---|---|---|---|---|---|---|
|Foo|chat|name|EU (Ireland)|a@a.example|1 May 2024|[DPA](https://a.example)|https://b.example|
| Bar | chat | name | EU/EEA | Ann | soon | signed | yes |
"""
    page = read_page(text, html=False, language="en")

    made = draft(Answers(), TODAY, page, PageFile("page.md", "0" * 64))
    foo, bar = (register_of(made).vendors[one] for one in ("foo", "bar"))

    assert (["IE"], "reading") == (foo.countries.storage.value, foo.countries.storage.source)
    assert Contact(email="a@a.example") == foo.entity.contact.value
    assert date(2024, 5, 1) == foo.start.value
    assert "https://a.example" == (foo.agreement_terms and foo.agreement_terms.value)
    assert "https://b.example" == foo.own_list.value
    assert (None, Contact(name="Ann")) == (bar.countries.storage.value, bar.entity.contact.value)
    assert ["Location: EU/EEA", "Start: soon", "DPA: signed", "Sub-processors: yes"] == [
        one.what for one in bar.remarks
    ]
    assert "Bar: in which countries is 'EU/EEA'?" in points(made)

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from klarsyn.errors import SourcePageError
from klarsyn.register.drafts.handwritten import LARGEST_PAGE, read_file, read_page
from tests.register.drafts.written_pages import MARKUP, TEXTS, filled_lines

KLARPRIS = Path(__file__).parents[3] / "examples" / "klarpris" / "page.txt"
PAGES = Path(__file__).parent / "pages"
EVERY_PAGE = [KLARPRIS, *sorted(PAGES.iterdir())]


def read(path):
    """Read a page from its file."""
    return read_file(path.read_bytes(), path.name)


def shape(vendor):
    """Return name, purpose and labels of a vendor."""
    return vendor.name, vendor.purpose, [one.label for one in vendor.elements]


@pytest.fixture(scope="module")
def klarpris():
    """KlarPris's page as it was read."""
    return read(KLARPRIS)


def test_klarpris_has_sixteen_vendors_and_every_line_a_use(klarpris):
    """
    16 headings, 49 elements, 6 statements; nothing is left over.
    """
    uses = Counter(line.use for line in klarpris.lines)

    assert 16 == len(klarpris.vendors)
    assert 49 == sum(len(vendor.elements) for vendor in klarpris.vendors)
    assert 6 == sum(vendor.statement is not None for vendor in klarpris.vendors)
    assert {
        "title": 1,
        "updated": 1,
        "intro": 1,
        "heading": 16,
        "element": 49,
        "statement": 6,
        "outro": 1,
    } == uses


def test_klarpris_is_read_letter_for_letter(klarpris):
    """
    Brackets, no-break spaces and Danish words stay as they are printed.
    """
    by_name = {vendor.name: vendor for vendor in klarpris.vendors}

    assert "sv" == klarpris.language
    assert "KlarPris underleverantörer" == klarpris.title
    assert date(2022, 1, 25) == klarpris.updated
    assert "Senast uppdaterad: 25.01.2022." == klarpris.updated_as_printed
    assert "MICROSOFT\u00a0(HOSTING)" == by_name["MICROSOFT"].heading
    assert "INTERNE VIRKSOMHEDSNOTER" == by_name["EVERNOTE"].purpose
    assert (
        "(Vilken samarbetspartner använder kunden t ex Orderstyrning.)."
        == by_name["ACTIVECAMPAIGN"].elements[4].explanation
    )


def test_html_table_is_read_by_the_headings_of_its_columns():
    """
    Cells with lists, breaks and commas are lists; further columns are kept with their heading.
    """
    page = read(PAGES / "fjordlys.html")
    nordsky, sentry, paybird, quillmark = page.vendors

    assert "en" == page.language
    assert date(2026, 3, 3) == page.updated
    assert ("Nordsky Cloud", "Cloud hosting", ["Name", "Email address", "Uploaded files"]) == shape(
        nordsky
    )
    assert ["IP address", "user ID", "shoe size"] == shape(sentry)[2]
    assert "(EU sizes, if given)" == sentry.elements[2].explanation
    assert ["Payment card", "Invoices", "Billing address"] == shape(paybird)[2]
    assert "We do not store personal data here." == quillmark.statement
    assert [
        ("entity", "Functional Software, Inc."),
        ("storage", "United States"),
        ("mechanism", "SCCs, EU-US DPF"),
        ("other", "All customers"),
    ] == [(one.about, one.text) for one in sentry.columns]


def test_what_no_reader_sees_is_counted_as_ignored():
    """
    Scripts, styles, navigation and footer are told apart from what was not understood.
    """
    uses = Counter(line.use for line in read(PAGES / "fjordlys.html").lines)

    assert 5 == uses["ignored"]
    assert 0 == uses["not-understood"]


def test_headings_with_paragraphs_and_definitions_are_read():
    """
    "Formål: ..." may stand in a paragraph or beside a term.
    """
    page = read(PAGES / "havblik.html")

    assert "da" == page.language
    assert date(2025, 8, 14) == page.updated
    assert [
        ("Postduen", "Nyhedsbreve", ["Navn", "e-mail", "bådens navn"]),
        ("Kajkassen", "Fakturering", ["Navn", "adresse", "CVR-nummer"]),
        ("Fyrtaarn", "Intern kommunikation", []),
    ] == [shape(vendor) for vendor in page.vendors]
    assert ("Spørgsmål? Skriv til privatliv@havblik.example.",) == page.outro


def test_pipe_table_is_read():
    """
    A row of a Markdown table is one line with one use.
    """
    page = read(PAGES / "tindegruppen.md")

    assert "nb" == page.language
    assert ("Steinvakt", "Drift", ["Navn", "e-post", "passord"]) == shape(page.vendors[0])
    assert ["row"] * 4 == [line.use for line in page.lines if line.vendor]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Our sub-processors:\n- Foo AS: newsletters (Norway)\n- Bar: invoicing (US)\n",
            [("Foo AS", "newsletters", []), ("Bar", "invoicing", [])],
        ),
        (
            "# Vendors\n\n- **Foo** – hosting\n- **Mailchimp** – newsletters\n",
            [("Foo", "hosting", []), ("Mailchimp", "newsletters", [])],
        ),
        (
            "## Foo\n- Purpose: hosting\n- Data: name, e-mail\n## Bar\n- Purpose: chat\n",
            [("Foo", "hosting", ["name", "e-mail"]), ("Bar", "chat", [])],
        ),
        (
            "- Foo\n  - Purpose: hosting\n  - Data: name\n- Bar\n  - Purpose: chat\n",
            [("Foo", "hosting", ["name"]), ("Bar", "chat", [])],
        ),
        (
            "Acme vendors\n\nFoo AS\nPurpose: hosting\nData: name\n\nBar AS\nPurpose: chat\n",
            [("Foo AS", "hosting", ["name"]), ("Bar AS", "chat", [])],
        ),
        (
            "## Foo\n\nPurpose:\n- hosting\n\nData:\n- name\n\n## Bar\n\nPurpose:\nchat\n",
            [("Foo", "hosting", ["name"]), ("Bar", "chat", [])],
        ),
        (
            "Foo (hosting)\n- Name\n- E-mail that goes on\n  in the next line\n",
            [("Foo", "hosting", ["Name", "E-mail that goes on in the next line"])],
        ),
    ],
)
def test_lists_and_fields_in_plain_text_are_read(text, expected):
    """
    A vendor is a bullet, a heading with bullets, or a heading with fields.
    """
    page = read_page(text, html=False, language="en")

    assert expected == [shape(vendor) for vendor in page.vendors]
    assert () == page.not_understood


def test_cell_that_spans_rows_belongs_to_each():
    """
    A purpose printed once for two vendors is the purpose of both.
    """
    rows = "<tr><td>Foo<td rowspan=2>Hosting<tr><td>Bar"
    table = f"<table><tr><th>Name<th>Purpose{rows}</table>"

    vendors = read_page(table, html=True, language="en").vendors

    assert [("Foo", "Hosting", []), ("Bar", "Hosting", [])] == [shape(one) for one in vendors]


def test_broken_html_is_read_as_far_as_it_goes():
    """
    Unclosed cells, a navigation that never ends and half a tag do no harm.
    """
    text = (
        "<nav><a>Home\n<h1>Vendors</h1><table><tr><th>Name<th>Purpose<tr><td>Foo &amp; Co<td>Chat"
        "</table><p>Bye <b>all</p></i><![odd <"
    )

    page = read_page(text, html=True, language="en")

    assert [("Foo & Co", "Chat", [])] == [shape(vendor) for vendor in page.vendors]


def test_line_that_is_not_understood_is_told():
    """
    A bullet below no vendor is listed with its number.
    """
    text = "Slack (chat)\n- Name\n\n## Your rights\n\nObject by:\n\n- letter\n- pigeon\n"

    page = read_page(text, html=False, language="en")

    assert [(8, "- letter"), (9, "- pigeon")] == [
        (line.number, line.text) for line in page.not_understood
    ]


@pytest.mark.parametrize("language", ["sv", "fi"])
def test_language_that_was_given_is_kept(language):
    """
    Nothing is guessed where the answer is known.
    """
    page = read_page(KLARPRIS.read_text(), html=False, language=language)

    assert (language, True) == (page.language, page.language_given)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\n",
        b"%PDF-1.7\n\x00\x01\x02",
        b"\x89PNG\r\n\x1a\n\x00",
        b"Hello there.\nNothing to see.\n",
        b"x" * (LARGEST_PAGE + 1),
    ],
    ids=["empty", "blank", "pdf", "picture", "no vendor", "huge"],
)
def test_file_that_is_no_page_of_vendors_is_refused_with_a_remedy(content):
    """
    Whoever names the wrong file is told what to do.
    """
    with pytest.raises(SourcePageError) as refusal:
        read_file(content, "page.txt")

    assert "page.txt" in str(refusal.value)
    assert refusal.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_older_encodings_are_read(encoding):
    """
    A page saved by an old editor keeps its letters.
    """
    page = read_file("Fönster (drift)\n- Lösenord\n".encode(encoding), "page.txt")

    assert ("Fönster", "drift", ["Lösenord"]) == shape(page.vendors[0])


@pytest.mark.parametrize("path", EVERY_PAGE, ids=lambda path: path.name)
def test_every_line_of_every_page_is_used(path):
    """
    No page of ours has a line that nobody accounts for.
    """
    page = read(path)

    assert filled_lines(path.read_text()) == {line.number for line in page.lines}
    assert () == page.not_understood


@given(TEXTS)
def test_every_line_of_any_text_has_exactly_one_use(text):
    """
    Whatever is read, no line is lost and none is used twice.
    """
    lines = read_page(text, html=False, language="en").lines

    assert sorted(filled_lines(text)) == [line.number for line in lines]


@given(MARKUP)
def test_every_line_of_any_markup_is_accounted_for(text):
    """
    However broken the markup is, each line has a use.
    """
    lines = read_page(text, html=True, language="en").lines

    assert filled_lines(text) == {line.number for line in lines}


@pytest.mark.parametrize(
    "line",
    [
        "- x" * 300_000,
        "[" * 900_000,
        "|" * 900_000,
        "-" * 900_000 + "x",
        "- Zork\n" * 100_000,
        "a (" * 300_000,
    ],
    ids=["dashes", "brackets", "pipes", "rule", "bullets", "unclosed"],
)
@pytest.mark.slow
def test_huge_page_is_read_in_seconds(line):
    """
    No line makes the reader go over it again and again.
    """
    page = read_page(f"Slack (chat)\n- Name\n\n{line}\n", html=False, language="en")

    assert "Slack" == page.vendors[0].name
